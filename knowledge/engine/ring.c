#include "engine/ring.h"

#include <stdlib.h>

#include "base/buffer.h"

struct entry {
	uint32_t hash, example;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	return x->hash != y->hash ? (x->hash > y->hash) - (x->hash < y->hash)
				  : (x->example > y->example) - (x->example < y->example);
}

void ring_init(struct ring *ring, const struct examples *examples, uint32_t first, uint32_t end)
{
	uint32_t count = end - first;
	struct entry *entries = memory_zeroed(count + 1, sizeof *entries);
	ring->items = memory_zeroed(count + 1, sizeof *ring->items);
	ring->count = count;
	for (uint32_t i = 0; i < count; i++)
		entries[i] = (struct entry){ examples_list(examples)[first + i].hash, first + i };
	qsort(entries, count, sizeof *entries, compare_entries);
	for (uint32_t i = 0; i < count; i++)
		ring->items[i] = entries[i].example;
	free(entries);
}

void ring_finish(struct ring *ring)
{
	free(ring->items);
	*ring = (struct ring){ 0 };
}

uint32_t ring_place(const struct ring *ring, const struct examples *examples, uint32_t point)
{
	uint32_t low = 0, high = ring->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (examples_list(examples)[ring->items[middle]].hash < point)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ring->count ? low : 0;
}
