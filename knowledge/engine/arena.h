/* arena: memory that is given out in pieces and given back at once.
 *
 * A piece stays where it is until the arena is destroyed. Memory comes in blocks of ARENA_BLOCK_BYTES (a larger piece
 * gets its own); when there is none the program aborts: what goes into an arena is capped before. */
#ifndef QANTAR_ENGINE_ARENA_H
#define QANTAR_ENGINE_ARENA_H

#include <stddef.h>

enum { ARENA_BLOCK_BYTES = 128 << 10 };

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);

/* Zeroed, aligned for any type. `count * size` must not overflow (aborts). */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A copy with a NUL behind it; unaligned, so that texts lie close. */
char *arena_text(struct arena *arena, const char *text, size_t bytes);
/* Bytes taken from the system. */
size_t arena_bytes(const struct arena *arena);

#endif
