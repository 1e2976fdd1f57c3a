/* link: knowledge */
/* facts: a file of a base as a foreign hand may have left it. Whatever it holds, loading ends with a base or
 * with a report of which every line has a file, words, and, past line 0, a column. The first byte picks which file
 * of the base it is. */
#include "fuzz.h"
#include "scene.h"

#include "engine/load.h"
#include "engine/report.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	scene_create();
	return 0;
}

static void restore(const char *name)
{
	char path[SCENE_PATH_BYTES];
	struct buffer text;
	snprintf(path, sizeof path, "%s/tests/fakes/base/%s", QANTAR_SOURCE, name);
	if (file_read(path, 1 << 20, &text, NULL))
		scene_write(name, text.data, text.bytes);
	buffer_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {
		"facts/flood.json", "lexicon.json", "sources.json", "questions/unrelated.jsonl",
	};
	if (size < 1)
		return 0;
	const char *name = names[data[0] % 4];
	scene_write(name, data + 1, size - 1);
	struct base base = { 0 };
	struct knowledge_report report = { 0 };
	struct error error = { 0 };
	bool loaded = base_load(scene, &base, &report, &error);
	bool told = error.text[0] != '\0';
	for (size_t i = 0; i < report.count; i++) {
		const struct knowledge_problem *problem = &report.problems[i];
		if (!problem->kind || !problem->message || !problem->message[0] || !problem->file)
			abort();
		if (problem->line > 0 && problem->column == 0)
			abort();
		told = told || !problem->warning;
	}
	if (!loaded && !told)
		abort();
	base_finish(&base);
	knowledge_report_finish(&report);
	restore(name);
	return 0;
}
