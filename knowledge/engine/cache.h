/* cache: trained models as files.
 *
 * A model's file is named by the base's hash and MODEL_VERSION, so a changed base never meets an old model. What is
 * found is mapped, not read, and trusted no more than any file: owner and mode are checked here, every offset by
 * model_open. */
#ifndef QANTAR_ENGINE_CACHE_H
#define QANTAR_ENGINE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	CACHE_NAME_BYTES = 48,
	CACHE_MODELS_KEPT = 8,            /* of one directory; the oldest go when a new one is written */
};
#define CACHE_FILE_BYTES ((size_t)1 << 30) /* a larger file is refused */

struct cache_map {
	const void *bytes; /* page-aligned; NULL: none */
	size_t count;
};

void cache_name(uint64_t base_hash, char name[CACHE_NAME_BYTES]);

/* False when there is no such file, it is not a regular file of ours or root's, or others may write to it. */
bool cache_map_open(struct cache_map *map, const char *directory, const char *name, struct error *error);
void cache_map_close(struct cache_map *map);
/* Pages of a map that need not stay in memory: they are read from the file again when they are looked at. */
void cache_map_let_go(const void *at, size_t bytes);

/* Makes the directory, writes by rename (0600), and removes the oldest models beyond CACHE_MODELS_KEPT. */
bool cache_write(const char *directory, const char *name, const void *bytes, size_t count, struct error *error);

#endif
