#include "engine/idmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static uint32_t hash_text(const char *text)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return (uint32_t)(hash ^ hash >> 32);
}

void idmap_init(struct idmap *map)
{
	*map = (struct idmap){ 0 };
}

void idmap_finish(struct idmap *map)
{
	free(map->slots);
	idmap_init(map);
}

/* Where `key` is or would be. The map always keeps free slots. */
static struct idmap_slot *slot_of(const struct idmap *map, const char *key, uint32_t hash)
{
	size_t i = hash & (map->capacity - 1);
	while (map->slots[i].key && (map->slots[i].hash != hash || strcmp(map->slots[i].key, key) != 0))
		i = (i + 1) & (map->capacity - 1);
	return &map->slots[i];
}

static void grow(struct idmap *map)
{
	struct idmap larger = { .capacity = map->capacity ? map->capacity * 2 : 64, .count = map->count };
	larger.slots = memory_zeroed(larger.capacity, sizeof *larger.slots);
	for (size_t i = 0; i < map->capacity; i++)
		if (map->slots[i].key)
			*slot_of(&larger, map->slots[i].key, map->slots[i].hash) = map->slots[i];
	free(map->slots);
	*map = larger;
}

uint32_t idmap_add(struct idmap *map, const char *key, uint32_t value)
{
	if (map->count * 3 >= map->capacity * 2)
		grow(map);
	uint32_t hash = hash_text(key);
	struct idmap_slot *slot = slot_of(map, key, hash);
	if (slot->key)
		return slot->value;
	*slot = (struct idmap_slot){ key, hash, value };
	map->count++;
	return IDMAP_NONE;
}

uint32_t idmap_find(const struct idmap *map, const char *key)
{
	if (!key || !map->capacity)
		return IDMAP_NONE;
	const struct idmap_slot *slot = slot_of(map, key, hash_text(key));
	return slot->key ? slot->value : IDMAP_NONE;
}
