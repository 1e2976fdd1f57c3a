/* base_fixture: the small base of tests/unit/base in a directory of its own, for tests that change it. */
#ifndef QANTAR_TESTS_BASE_FIXTURE_H
#define QANTAR_TESTS_BASE_FIXTURE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/file.h"

struct base_fixture {
	char directory[64];
	char *facts, *sources, *lexicon, *unrelated; /* the files as they are in the source; owned */
};

static inline void fixture_write(const struct base_fixture *fixture, const char *name, const char *text, size_t bytes)
{
	struct error error = { 0 };
	char *path = file_join(fixture->directory, name);
	if (!file_write(path, text, bytes, 0600, &error))
		fprintf(stderr, "%s\n", error.text);
	free(path);
}

/* Copies a file of the source's base and returns its text. */
static inline char *fixture_copy(const struct base_fixture *fixture, const char *name)
{
	struct buffer text;
	char *path = file_join(QANTAR_SOURCE "/tests/unit/base", name);
	if (!file_read(path, 1 << 20, &text, NULL))
		abort();
	free(path);
	fixture_write(fixture, name, buffer_text(&text), text.bytes);
	return buffer_take(&text);
}

static inline void fixture_create(struct base_fixture *fixture)
{
	static const char *const folders[] = { "facts", "questions", "cache" };
	snprintf(fixture->directory, sizeof fixture->directory, "/tmp/qantar-test-XXXXXX");
	if (!mkdtemp(fixture->directory))
		abort();
	for (size_t i = 0; i < 3; i++) {
		char *path = file_join(fixture->directory, folders[i]);
		if (mkdir(path, 0700) != 0)
			abort();
		free(path);
	}
	fixture->sources = fixture_copy(fixture, "sources.json");
	fixture->lexicon = fixture_copy(fixture, "lexicon.json");
	fixture->unrelated = fixture_copy(fixture, "questions/unrelated.jsonl");
	fixture->facts = fixture_copy(fixture, "facts/flood.json");
}

/* Writes the file again with the first `old` in `text` replaced by `new`. */
static inline void fixture_change(const struct base_fixture *fixture, const char *name, const char *text,
				  const char *old, const char *new)
{
	struct buffer changed;
	const char *at = strstr(text, old);
	if (!at)
		abort();
	buffer_init(&changed, 64u << 20);
	buffer_append(&changed, text, (size_t)(at - text));
	buffer_append_text(&changed, new);
	buffer_append_text(&changed, at + strlen(old));
	fixture_write(fixture, name, buffer_text(&changed), changed.bytes);
	buffer_finish(&changed);
}

static inline int fixture_remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status, (void)kind, (void)walk;
	return remove(path);
}

static inline void fixture_destroy(struct base_fixture *fixture)
{
	char **texts[] = { &fixture->facts, &fixture->sources, &fixture->lexicon, &fixture->unrelated };
	nftw(fixture->directory, fixture_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < 4; i++) {
		free(*texts[i]);
		*texts[i] = NULL;
	}
}

#endif
