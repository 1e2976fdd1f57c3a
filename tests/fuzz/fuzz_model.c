/* link: knowledge */
/* model: a trained model with damage. The input is a list of changes to a sound one, five bytes each: where (four
 * bytes) and what to xor; the first two bytes cut its end off. Either it is refused with words, or questions are
 * answered from it in bounds. */
#include "fuzz.h"
#include "scene.h"

#include <string.h>

#include "engine/load.h"
#include "engine/match.h"
#include "engine/model.h"

static struct base base;
static struct buffer sound;
static struct match_question question;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	struct knowledge_report report = { 0 };
	struct error error = { 0 };
	buffer_init(&sound, 64 << 20);
	if (!base_load(scene_create(), &base, &report, &error) || !model_train(&base, &sound, &error)) {
		fprintf(stderr, "%s\n", report.count > 0 ? report.problems[0].message : error.text);
		exit(1);
	}
	knowledge_report_finish(&report);
	return 0;
}

static void ask(const struct model *model)
{
	static const char *const texts[] = {
		"When did the dam break?", "сколько человек эвакуировали из Ордейла", "xqzt",
		"hw mny poeple lft the town",
	};
	struct match *match = match_create(&base, model);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct match_candidate candidates[MATCH_CANDIDATES];
		match_read(match, texts[i], strlen(texts[i]), &question);
		size_t count = match_rank(match, &question, candidates, MATCH_CANDIDATES);
		for (size_t k = 0; k < count; k++) {
			if (candidates[k].fact >= base.facts_count + base.talks_count)
				abort();
		}
		for (uint32_t k = 0; k < question.tokens_count; k++)
			if (!match_word(match, question.tokens[k].word))
				abort();
	}
	match_destroy(match);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	size_t cut = (size_t)data[0] * 256 + data[1];
	size_t count = cut < sound.bytes ? sound.bytes - cut : 0;
	uint8_t *bytes = aligned_alloc(64, (count + 64) / 64 * 64);
	if (!bytes)
		return 0;
	memcpy(bytes, sound.data, count);
	for (size_t i = 2; i + 5 <= size && count > 0; i += 5) {
		uint32_t where;
		memcpy(&where, data + i, sizeof where);
		bytes[where % count] ^= data[i + 4];
	}
	struct error error = { 0 };
	struct model *model = model_open(&base, bytes, count, NULL, &error);
	if (model)
		ask(model);
	else if (error.text[0] == '\0')
		abort();
	model_close(model);
	free(bytes);
	return 0;
}
