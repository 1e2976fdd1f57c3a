/* idmap: text to number, for ids and for finding a text that stands twice.
 *
 * Keys are borrowed and must outlive the map. init does not allocate. */
#ifndef QANTAR_ENGINE_IDMAP_H
#define QANTAR_ENGINE_IDMAP_H

#include <stddef.h>
#include <stdint.h>

#define IDMAP_NONE UINT32_MAX

struct idmap_slot {
	const char *key; /* NULL: free */
	uint32_t hash, value;
};

struct idmap {
	struct idmap_slot *slots; /* a power of two of them */
	size_t capacity, count;
};

void idmap_init(struct idmap *map);
void idmap_finish(struct idmap *map);

/* IDMAP_NONE when `key` is new and now stands for `value`; else the value that it stands for already. */
uint32_t idmap_add(struct idmap *map, const char *key, uint32_t value);
/* IDMAP_NONE when absent (NULL too). */
uint32_t idmap_find(const struct idmap *map, const char *key);

#endif
