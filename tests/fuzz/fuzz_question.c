/* link: knowledge */
/* question: a conversation, a line a message, over the small base. Every answer is whole: valid UTF-8, ids of the
 * base, a date where something is stated, nothing where nothing is. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "knowledge.h"

static struct knowledge *knowledge;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	struct knowledge_options options = { .directory = QANTAR_SOURCE "/tests/fakes/base" };
	struct knowledge_report report = { 0 };
	struct error error = { 0 };
	knowledge = knowledge_load(&options, &report, &error);
	if (!knowledge) {
		fprintf(stderr, "%s\n", report.count > 0 ? report.problems[0].message : error.text);
		exit(1);
	}
	knowledge_report_finish(&report);
	return 0;
}

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void look_at(const struct answer *answer)
{
	bool states = answer->kind == ANSWER_FACT || answer->kind == ANSWER_FACTS;
	require(answer->text && answer->text[0] && utf8_valid(answer->text, strlen(answer->text)));
	require(!states || (answer->facts_count > 0 && answer->as_of[0] && answer->sources_count > 0));
	require(answer->kind != ANSWER_UNSURE || (answer->candidates_count > 0 && answer->facts_count == 0));
	require(answer->confidence >= 0 && answer->confidence <= 1);
	require(states || answer->confidence <= 0);
	require(answer->related_count <= KNOWLEDGE_RELATED && answer->candidates_count <= KNOWLEDGE_CANDIDATES);
	require(answer->language >= LANGUAGE_EN && answer->language <= LANGUAGE_KK);
}

static void turn(struct knowledge_context *context, const char *text, size_t bytes)
{
	struct knowledge_context before = *context;
	char *path = knowledge_explain(knowledge, context, text, bytes);
	require(memcmp(&before, context, sizeof before) == 0);
	struct answer answer;
	enum knowledge_refusal refusal = knowledge_answer(knowledge, context, text, bytes, &answer);
	require((refusal == KNOWLEDGE_NOT_UTF8) == (!utf8_valid(text, bytes) && bytes <= KNOWLEDGE_QUESTION_BYTES));
	bool explained = refusal == KNOWLEDGE_ANSWERED && !memchr(text, '\0', bytes);
	require(explained == (path != NULL)); /* a NUL is a space for an answer; explain does not take it */
	if (refusal == KNOWLEDGE_ANSWERED) {
		look_at(&answer);
		answer_finish(&answer);
	} else {
		require(memcmp(&before, context, sizeof before) == 0);
	}
	free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct knowledge_context context = { 0 };
	const char *text = (const char *)data;
	while (size > 0) {
		const char *end = memchr(text, '\n', size);
		size_t bytes = end ? (size_t)(end - text) : size;
		turn(&context, text, bytes);
		size_t used = bytes + (end ? 1 : 0);
		text += used;
		size -= used;
	}
	return 0;
}
