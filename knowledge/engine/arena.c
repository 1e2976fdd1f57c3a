#include "engine/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

struct block {
	struct block *next;
	max_align_t memory[];
};

struct arena {
	struct block *blocks; /* the first is the one in use */
	size_t used, size;    /* of the first */
	size_t bytes;
};

struct arena *arena_create(void)
{
	return memory_zeroed(1, sizeof(struct arena));
}

void arena_destroy(struct arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

static struct block *add_block(struct arena *arena, size_t bytes)
{
	struct block *block = memory_zeroed(1, sizeof *block + bytes);
	arena->bytes += sizeof *block + bytes;
	return block;
}

static void *take(struct arena *arena, size_t bytes, size_t align)
{
	size_t at = (arena->used + align - 1) / align * align;
	if (arena->blocks && at <= arena->size && bytes <= arena->size - at) {
		arena->used = at + bytes;
		return (char *)arena->blocks->memory + at;
	}
	if (bytes > ARENA_BLOCK_BYTES / 4 && arena->blocks) { /* its own block, behind the one in use */
		struct block *block = add_block(arena, bytes);
		block->next = arena->blocks->next;
		arena->blocks->next = block;
		return block->memory;
	}
	arena->size = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;
	struct block *block = add_block(arena, arena->size);
	block->next = arena->blocks;
	arena->blocks = block;
	arena->used = bytes;
	return block->memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > (SIZE_MAX >> 1) / size)
		abort();
	return take(arena, count * size, _Alignof(max_align_t));
}

char *arena_text(struct arena *arena, const char *text, size_t bytes)
{
	char *copy = take(arena, bytes + 1, 1);
	memcpy(copy, text, bytes);
	return copy;
}

size_t arena_bytes(const struct arena *arena)
{
	return arena->bytes;
}
