#include "engine/bare.h"

enum { BARE_WORDS = 6 }; /* of the longest such question: "and when exactly did that happen" */

/* Exactly one thing is asked for. */
static bool asks_one_thing(unsigned expects)
{
	return expects && !(expects & (expects - 1));
}

static bool is_about(const struct fact *fact, const struct fact *last)
{
	for (uint32_t i = 0; i < fact->entities_count; i++)
		for (uint32_t j = 0; j < last->entities_count; j++)
			if (fact->entities[i] == last->entities[j])
				return true;
	return fact->topic == last->topic;
}

static bool is_related(const struct fact *last, uint32_t fact)
{
	for (uint32_t i = 0; i < last->related_count; i++)
		if (last->related[i] == fact)
			return true;
	return false;
}

/* The fact that tells what is asked of the last one: the matcher's best of its neighbours; UINT32_MAX: none. */
static uint32_t find(const struct knowledge *knowledge, uint32_t last, unsigned expects)
{
	const struct scratch *scratch = knowledge->scratch;
	const struct fact *facts = knowledge->base.facts;
	uint32_t found = UINT32_MAX;
	for (size_t i = 0; i < scratch->others_count; i++) {
		uint32_t fact = scratch->others[i].fact;
		if (fact >= knowledge->base.facts_count || fact == last || !(facts[fact].expects & expects) ||
		    facts[fact].unknown || !is_about(&facts[fact], &facts[last]))
			continue;
		if (is_related(&facts[last], fact))
			return fact;
		found = found == UINT32_MAX ? fact : found;
	}
	return found;
}

bool bare_decide(const struct knowledge *knowledge, const struct knowledge_context *context, const char *text,
		 size_t bytes, struct decision *decision)
{
	struct scratch *scratch = knowledge->scratch;
	const struct match_question *question = &scratch->whole;
	uint32_t last = context_last(knowledge, context);
	if (last == UINT32_MAX || question->content || question->tokens_count > BARE_WORDS ||
	    !asks_one_thing(question->expects))
		return false;
	unsigned expects = question->expects;
	const struct fact *fact = &knowledge->base.facts[last];
	match_read_after(knowledge->match, text, bytes, last, &scratch->other);
	scratch->others_count = match_rank(knowledge->match, &scratch->other, scratch->others, MATCH_CANDIDATES);
	uint32_t found = find(knowledge, last, expects);
	if (found == UINT32_MAX && (expects == EXPECTS_WHEN ? *fact->from != '\0' : (fact->expects & expects) != 0))
		found = last; /* what was told holds it already: its date, or the thing asked for */
	if (found == UINT32_MAX)
		return false;
	bool unknown = knowledge->base.facts[found].unknown;
	decision->kind = unknown ? ANSWER_KNOWN_UNKNOWN : ANSWER_FACT;
	decision->confidence = unknown ? 0 : (double)match_thresholds(knowledge->match)->answer;
	decision->why = "a bare question word, about what was told last";
	decision->followed = true;
	decide_tell(decision, found);
	if (found == last && expects == EXPECTS_WHEN)
		decision->told[0].lead = LEAD_DATE;
	return true;
}
