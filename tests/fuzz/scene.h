/* scene: the small base of tests/fakes/base in a directory of its own, for the fuzzers that write into one.
 *
 * Included by one source file each; the directory is in memory where the system has such a place, and goes at exit. */
#ifndef QANTAR_TESTS_SCENE_H
#define QANTAR_TESTS_SCENE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"

enum { SCENE_PATH_BYTES = 512 };

static char scene[SCENE_PATH_BYTES / 2];

static const char *const scene_files[] = {
	"sources.json", "lexicon.json", "facts/flood.json", "questions/unrelated.jsonl",
};

static inline void scene_path(const char *name, char path[SCENE_PATH_BYTES])
{
	snprintf(path, SCENE_PATH_BYTES, "%s/%s", scene, name);
}

static inline void scene_write(const char *name, const void *data, size_t size)
{
	char path[SCENE_PATH_BYTES];
	scene_path(name, path);
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static inline void scene_remove(void)
{
	char path[SCENE_PATH_BYTES];
	for (size_t i = 0; i < sizeof scene_files / sizeof *scene_files; i++) {
		scene_path(scene_files[i], path);
		unlink(path);
	}
	scene_path("facts", path);
	rmdir(path);
	scene_path("questions", path);
	rmdir(path);
	rmdir(scene);
}

/* Returns the directory. Exits when it cannot be made. */
static inline const char *scene_create(void)
{
	const char *above = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(scene, sizeof scene, "%s/qantar-fuzz-%ld", above, (long)getpid());
	struct error error = { 0 };
	char path[SCENE_PATH_BYTES];
	scene_path("facts", path);
	bool made = file_make_directory(path, &error);
	scene_path("questions", path);
	made = made && file_make_directory(path, &error);
	for (size_t i = 0; made && i < sizeof scene_files / sizeof *scene_files; i++) {
		struct buffer text;
		snprintf(path, sizeof path, "%s/tests/fakes/base/%s", QANTAR_SOURCE, scene_files[i]);
		made = file_read(path, 1 << 20, &text, &error);
		if (made)
			scene_write(scene_files[i], text.data, text.bytes);
		buffer_finish(&text);
	}
	if (!made) {
		fprintf(stderr, "%s\n", error.text);
		exit(1);
	}
	atexit(scene_remove);
	return scene;
}

#endif
