/* Runs a fuzz target over the files of its corpus, once each: the fuzzers' regression test for any compiler. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUT_BYTES = 1 << 20 };

static bool replay(const char *folder, const char *name)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	uint8_t *bytes = malloc(INPUT_BYTES);
	size_t count = bytes ? fread(bytes, 1, INPUT_BYTES, file) : 0;
	fclose(file);
	/* as long as the input, so that a read past its end is seen */
	uint8_t *exact = realloc(bytes, count > 0 ? count : 1);
	if (exact)
		LLVMFuzzerTestOneInput(exact, count);
	free(exact);
	return exact != NULL;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "use: %s CORPUS\n", argv[0]);
		return 2;
	}
	LLVMFuzzerInitialize(&argc, &argv);
	DIR *folder = opendir(argv[1]);
	if (!folder) {
		perror(argv[1]);
		return 1;
	}
	unsigned count = 0;
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		if (entry->d_name[0] != '.' && !replay(argv[1], entry->d_name)) {
			perror(entry->d_name);
			return 1;
		}
		count += entry->d_name[0] != '.';
	}
	closedir(folder);
	printf("%u inputs replayed\n", count);
	return count > 0 ? 0 : 1;
}
