#include "engine/phrasebook.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

#define UNRELATED (UINT32_MAX - 1) /* as a talk: no talk, but a question that must not be answered */

/* The place in the table and 32 more bits of the hash: of thousands of phrases no two will ever be alike. */
struct slot {
	uint32_t check; /* upper half of the hash */
	uint32_t talk;  /* + 1; 0: free */
};

struct phrasebook {
	struct slot *slots;
	size_t capacity;       /* a power of two, a third more than the phrases at least */
	size_t safety_longest; /* words of the longest phrase of people in danger */
	uint32_t safety;
};

static struct slot *slot_of(const struct phrasebook *book, uint64_t hash)
{
	size_t i = hash & (book->capacity - 1);
	while (book->slots[i].talk && book->slots[i].check != (uint32_t)(hash >> 32))
		i = (i + 1) & (book->capacity - 1);
	return &book->slots[i];
}

static void put(struct phrasebook *book, uint64_t hash, uint32_t talk)
{
	*slot_of(book, hash) = (struct slot){ (uint32_t)(hash >> 32), talk + 1 };
}

static void add_talk(struct phrasebook *book, const struct base *base, uint32_t talk, struct words *words)
{
	const struct texts *phrases = &base->talks[talk].phrases;
	bool safety = strcmp(base->talks[talk].id, "safety") == 0;
	if (safety)
		book->safety = talk;
	for (uint32_t i = 0; i < phrases->count; i++) {
		words_read(words, phrases->items[i], strlen(phrases->items[i]));
		if (!words->count)
			continue;
		uint64_t hash = words_hash(words, 0, words->count);
		put(book, hash, talk);
		if (safety && words->count > book->safety_longest)
			book->safety_longest = words->count;
	}
}

static void add_unrelated(struct phrasebook *book, const struct base *base, struct words *words)
{
	for (uint32_t i = 0; i < base->unrelated.count; i++) {
		words_read(words, base->unrelated.items[i], strlen(base->unrelated.items[i]));
		uint64_t hash = words_hash(words, 0, words->count);
		if (words->count && !words->more && !slot_of(book, hash)->talk)
			put(book, hash, UNRELATED);
	}
}

struct phrasebook *phrasebook_create(const struct base *base)
{
	struct phrasebook *book = memory_zeroed(1, sizeof *book);
	struct words *words = memory_zeroed(1, sizeof *words);
	size_t phrases = base->unrelated.count;
	for (uint32_t i = 0; i < base->talks_count; i++)
		phrases += base->talks[i].phrases.count;
	book->capacity = 16;
	while (book->capacity <= phrases * 4 / 3)
		book->capacity *= 2;
	book->slots = memory_zeroed(book->capacity, sizeof *book->slots);
	book->safety = UINT32_MAX;
	for (uint32_t i = 0; i < base->talks_count; i++)
		add_talk(book, base, i, words);
	add_unrelated(book, base, words);
	free(words);
	return book;
}

void phrasebook_destroy(struct phrasebook *book)
{
	if (!book)
		return;
	free(book->slots);
	free(book);
}

static uint32_t find(const struct phrasebook *book, uint64_t hash)
{
	return slot_of(book, hash)->talk - 1; /* UINT32_MAX when the slot is free */
}

static uint32_t find_whole(const struct phrasebook *book, const struct words *words)
{
	return words->more || !words->count ? UINT32_MAX : find(book, words_hash(words, 0, words->count));
}

uint32_t phrasebook_find(const struct phrasebook *book, const struct words *words)
{
	uint32_t found = find_whole(book, words);
	return found == UNRELATED ? UINT32_MAX : found;
}

bool phrasebook_is_unrelated(const struct phrasebook *book, const struct words *words)
{
	return find_whole(book, words) == UNRELATED;
}

bool phrasebook_is_safety(const struct phrasebook *book, const struct words *words)
{
	if (book->safety == UINT32_MAX)
		return false;
	if (phrasebook_find(book, words) == book->safety)
		return true;
	for (size_t at = 0; at < words->count; at++) {
		uint64_t hash = WORDS_HASH;
		for (size_t count = 1; count <= book->safety_longest && at + count <= words->count; count++) {
			hash = words_hash_more(words, at + count - 1, hash);
			if (count >= PHRASEBOOK_INSIDE && find(book, hash) == book->safety)
				return true;
		}
	}
	return false;
}

uint32_t phrasebook_safety(const struct phrasebook *book)
{
	return book->safety;
}
