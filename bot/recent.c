#include "recent.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

struct memory {
	char *key;
	struct memory *newer, *older;
	void *value;
};

struct recent {
	size_t most, value_bytes, count;
	void *tree; /* tsearch(3), by key */
	struct memory *newest, *oldest;
};

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct memory *)a)->key, ((const struct memory *)b)->key);
}

static void memory_free(void *at)
{
	struct memory *memory = at;
	free(memory->key);
	free(memory->value);
	free(memory);
}

struct recent *recent_create(size_t most, size_t value_bytes)
{
	struct recent *recent = memory_zeroed(1, sizeof *recent);
	recent->most = most ? most : 1;
	recent->value_bytes = value_bytes;
	return recent;
}

void recent_destroy(struct recent *recent)
{
	if (!recent)
		return;
	tdestroy(recent->tree, memory_free);
	free(recent);
}

static void unlink_memory(struct recent *recent, struct memory *memory)
{
	*(memory->newer ? &memory->newer->older : &recent->newest) = memory->older;
	*(memory->older ? &memory->older->newer : &recent->oldest) = memory->newer;
}

static void link_newest(struct recent *recent, struct memory *memory)
{
	memory->newer = NULL;
	memory->older = recent->newest;
	*(recent->newest ? &recent->newest->newer : &recent->oldest) = memory;
	recent->newest = memory;
}

void *recent_get(struct recent *recent, const char *key)
{
	struct memory probe = { .key = (char *)key };
	struct memory **found = tfind(&probe, &recent->tree, compare);
	struct memory *memory;
	if (found) {
		memory = *found;
		unlink_memory(recent, memory);
	} else {
		if (recent->count == recent->most) {
			struct memory *oldest = recent->oldest;
			unlink_memory(recent, oldest);
			tdelete(oldest, &recent->tree, compare);
			memory_free(oldest);
			recent->count--;
		}
		memory = memory_zeroed(1, sizeof *memory);
		memory->key = memory_text(key);
		memory->value = memory_zeroed(1, recent->value_bytes);
		tsearch(memory, &recent->tree, compare);
		recent->count++;
	}
	link_newest(recent, memory);
	return memory->value;
}

size_t recent_count(const struct recent *recent)
{
	return recent->count;
}

char *recent_key(const char *a, const char *b, const char *c)
{
	size_t bytes = strlen(a) + strlen(b) + strlen(c) + 3;
	char *key = memory_zeroed(bytes, 1);
	char *end = stpcpy(key, a);
	*end++ = '\n';
	end = stpcpy(end, b);
	*end++ = '\n';
	stpcpy(end, c);
	return key;
}
