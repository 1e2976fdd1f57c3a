/* answer: the public calls around one question. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/compose.h"

static const char *const kind_names[] = {
	[ANSWER_FACT] = "fact",       [ANSWER_FACTS] = "facts",
	[ANSWER_UNSURE] = "unsure",   [ANSWER_KNOWN_UNKNOWN] = "known_unknown",
	[ANSWER_UNKNOWN] = "unknown", [ANSWER_SMALL_TALK] = "smalltalk",
	[ANSWER_SAFETY] = "safety",
};

const char *answer_kind_name(enum answer_kind kind)
{
	return kind_names[kind];
}

enum knowledge_refusal knowledge_answer(const struct knowledge *knowledge, struct knowledge_context *context,
					const char *question, size_t bytes, struct answer *answer)
{
	char text[KNOWLEDGE_QUESTION_BYTES];
	struct decision decision;
	*answer = (struct answer){ 0 };
	if (bytes > sizeof text)
		return KNOWLEDGE_TOO_LONG;
	if (!utf8_valid(question, bytes))
		return KNOWLEDGE_NOT_UTF8;
	for (size_t i = 0; i < bytes; i++)
		text[i] = question[i] ? question[i] : ' ';
	decide(knowledge, context, text, bytes, &decision);
	if (!compose(knowledge, context, &decision, answer))
		return KNOWLEDGE_NO_MEMORY;
	compose_remember(answer, &decision, context);
	return KNOWLEDGE_ANSWERED;
}

static void finish_choices(struct answer_choice *choices, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(choices[i].id);
		free(choices[i].question);
	}
	free(choices);
}

void answer_finish(struct answer *answer)
{
	free(answer->text);
	free(answer->claimant);
	for (size_t i = 0; i < answer->facts_count; i++)
		free(answer->facts[i]);
	free(answer->facts);
	for (size_t i = 0; i < answer->sources_count; i++) {
		struct answer_source *source = &answer->sources[i];
		free(source->id);
		free(source->title);
		free(source->publisher);
		free(source->date);
		free(source->address);
	}
	free(answer->sources);
	finish_choices(answer->candidates, answer->candidates_count);
	finish_choices(answer->related, answer->related_count);
	*answer = (struct answer){ 0 };
}
