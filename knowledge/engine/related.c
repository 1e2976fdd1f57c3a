#include "engine/related.h"

const char *related_question(const struct fact *fact, enum language language)
{
	if (fact->questions[language].count)
		return fact->questions[language].items[0];
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++)
		if (fact->questions[i].count)
			return fact->questions[i].items[0];
	return fact->id;
}

/* Adds the fact unless it is there, was told, or has no answer. */
static size_t add(const struct knowledge *knowledge, const struct knowledge_context *context,
		  const struct decision *decision, uint32_t fact, uint32_t out[KNOWLEDGE_RELATED], size_t count)
{
	if (count == KNOWLEDGE_RELATED || fact >= knowledge->base.facts_count)
		return count;
	const struct fact *one = &knowledge->base.facts[fact];
	if (one->unknown || one->superseded_by != UINT32_MAX || context_told(knowledge, context, fact))
		return count;
	for (uint32_t i = 0; i < decision->told_count; i++)
		if (decision->told[i].fact == fact)
			return count;
	for (size_t i = 0; i < count; i++)
		if (out[i] == fact)
			return count;
	out[count] = fact;
	return count + 1;
}

size_t related_find(const struct knowledge *knowledge, const struct knowledge_context *context,
		    const struct decision *decision, uint32_t out[KNOWLEDGE_RELATED])
{
	const struct base *base = &knowledge->base;
	const struct scratch *scratch = knowledge->scratch;
	size_t count = 0;
	if (decision->kind == ANSWER_UNSURE || decision->kind == ANSWER_SAFETY || decision->kind == ANSWER_SMALL_TALK)
		return 0;
	for (uint32_t i = 0; i < decision->told_count; i++)
		for (uint32_t j = 0; j < base->facts[decision->told[i].fact].related_count; j++)
			count = add(knowledge, context, decision, base->facts[decision->told[i].fact].related[j], out,
				    count);
	/* Nothing was told: what names the same things, if the question names any. */
	if (!decision->told_count && scratch->whole.entities_count)
		for (size_t i = 0; i < scratch->candidates_count; i++)
			if (scratch->candidates[i].named > 0)
				count = add(knowledge, context, decision, scratch->candidates[i].fact, out, count);
	/* Else a question from each of the first topics, so that nobody is left without a way on. */
	if (!decision->told_count && !count)
		for (uint32_t topic = 0; topic < base->topics_count; topic++)
			for (uint32_t i = 0; i < base->facts_count; i++)
				if (base->facts[i].topic == topic) {
					count = add(knowledge, context, decision, i, out, count);
					break;
				}
	return count;
}
