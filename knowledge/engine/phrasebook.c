#include "engine/phrasebook.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

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
	const uint32_t *unrelated; /* SECTION_UNRELATED; [unrelated_count] */
	uint32_t unrelated_count;
};

/* Never 0, which is free. */
static uint32_t check_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | 1;
}

static struct slot *slot_of(const struct phrasebook *book, uint64_t hash)
{
	size_t i = hash & (book->capacity - 1);
	while (book->slots[i].talk && book->slots[i].check != check_of(hash))
		i = (i + 1) & (book->capacity - 1);
	return &book->slots[i];
}

static void put(struct phrasebook *book, uint64_t hash, uint32_t talk)
{
	*slot_of(book, hash) = (struct slot){ check_of(hash), talk + 1 };
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

struct phrasebook *phrasebook_create(const struct base *base, const struct layout *layout)
{
	struct phrasebook *book = memory_zeroed(1, sizeof *book);
	struct words *words = memory_zeroed(1, sizeof *words);
	size_t phrases = 0;
	for (uint32_t i = 0; i < base->talks_count; i++)
		phrases += base->talks[i].phrases.count;
	book->capacity = 16;
	while (book->capacity <= phrases * 4 / 3)
		book->capacity *= 2;
	book->slots = memory_zeroed(book->capacity, sizeof *book->slots);
	book->safety = UINT32_MAX;
	for (uint32_t i = 0; i < base->talks_count; i++)
		add_talk(book, base, i, words);
	book->unrelated = layout->data[SECTION_UNRELATED];
	book->unrelated_count = layout->count[SECTION_UNRELATED];
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

uint32_t phrasebook_find(const struct phrasebook *book, const struct words *words)
{
	return words->more || !words->count ? UINT32_MAX : find(book, words_hash(words, 0, words->count));
}

/* ---- unrelated questions, in the model ---- */

/* Where the question stands, or would. */
static uint32_t place_unrelated(const uint32_t *slots, uint32_t count, uint64_t hash)
{
	uint32_t place = layout_place(hash, count);
	while (slots[place] && slots[place] != check_of(hash))
		place = layout_next(place, count);
	return place;
}

void phrasebook_train(const struct base *base, struct buffer *out)
{
	uint32_t count = layout_slots(base->unrelated.count);
	uint32_t *slots = memory_zeroed(count, sizeof *slots);
	struct words *words = memory_zeroed(1, sizeof *words);
	for (uint32_t i = 0; i < base->unrelated.count; i++) {
		words_read(words, base->unrelated.items[i], strlen(base->unrelated.items[i]));
		uint64_t hash = words_hash(words, 0, words->count);
		if (words->count && !words->more)
			slots[place_unrelated(slots, count, hash)] = check_of(hash);
	}
	buffer_append(out, slots, count * sizeof *slots);
	free(words);
	free(slots);
}

bool phrasebook_is_unrelated(const struct phrasebook *book, const struct words *words)
{
	if (words->more || !words->count)
		return false;
	uint64_t hash = words_hash(words, 0, words->count);
	return book->unrelated[place_unrelated(book->unrelated, book->unrelated_count, hash)];
}

/* ---- people in danger ---- */

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
