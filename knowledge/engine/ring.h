/* ring: a choice of examples, a different one for each fact, that an edit elsewhere hardly changes.
 *
 * The examples stand in the order of their hashes, as on a circle, and who chooses takes those that follow a point
 * (Karger and others, "Consistent hashing and random trees", 1997). Every so many in the order of the files would be
 * other ones as soon as a question is written or taken out. */
#ifndef QANTAR_ENGINE_RING_H
#define QANTAR_ENGINE_RING_H

#include "engine/examples.h"

struct ring {
	uint32_t *items; /* indices of examples; [count], owned */
	uint32_t count;
};

/* Of the examples from `first` to before `end`. */
void ring_init(struct ring *ring, const struct examples *examples, uint32_t first, uint32_t end);
void ring_finish(struct ring *ring);

/* The place of the first example at or after the point; 0 when the ring is empty. */
uint32_t ring_place(const struct ring *ring, const struct examples *examples, uint32_t point);

/* The example `away` places further on. */
static inline uint32_t ring_at(const struct ring *ring, uint32_t place, uint32_t away)
{
	return ring->items[((uint64_t)place + away) % ring->count];
}

#endif
