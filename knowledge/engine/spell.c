#include "engine/spell.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/key.h"

enum {
	SPELL_LEAST = 4,      /* letters of a word that is corrected at all */
	SPELL_ANY = 5,        /* from which on every edit is: a shorter word has lost a letter */
	SPELL_TWO = 9,        /* letters from which two edits are allowed */
	SPELL_SUBSTITUTE = 6, /* letters from which one may stand for another: tanks are not banks */
	SPELL_MOST = LAYOUT_SPELL_LENGTHS - 3,
};

uint32_t spell_letters(const char *key, size_t bytes)
{
	uint32_t letters = 0;
	for (size_t i = 0; i < bytes; i++)
		letters |= 1u << ((unsigned char)key[i] & 31);
	return letters;
}

/* A key as the columns of the distance's table are computed from it: for each letter, a bit for every place it has. */
struct pattern {
	uint64_t places[UCHAR_MAX + 1];
	size_t bytes;
};

static void pattern_set(struct pattern *pattern, const char *key, size_t bytes)
{
	memset(pattern, 0, sizeof(*pattern));
	pattern->bytes = bytes;
	for (size_t i = 0; i < bytes; i++)
		pattern->places[(unsigned char)key[i]] |= 1ull << i;
}

/* A column at a time, its differences from cell to cell as bits (Hyyro, A bit-vector algorithm for computing
 * Levenshtein and Damerau edit distances, 2003, with the transposition of section 4). */
static unsigned pattern_distance(const struct pattern *pattern, const char *key, size_t bytes)
{
	uint64_t up = ~0ull, down = 0, diagonal = 0, before = 0, last = 1ull << (pattern->bytes - 1);
	unsigned distance = (unsigned)pattern->bytes;
	for (size_t j = 0; j < bytes; j++) {
		uint64_t places = pattern->places[(unsigned char)key[j]];
		uint64_t swapped = ((~diagonal & places) << 1) & before;
		diagonal = (((places & up) + up) ^ up) | places | down | swapped;
		uint64_t right = down | ~(diagonal | up), left = diagonal & up;
		distance += (right & last) != 0;
		distance -= (left & last) != 0;
		right = right << 1 | 1;
		up = left << 1 | ~(diagonal | right);
		down = diagonal & right;
		before = places;
	}
	return distance;
}

unsigned spell_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
	struct pattern pattern;
	pattern_set(&pattern, a, a_bytes);
	return pattern_distance(&pattern, b, b_bytes);
}

/* Whether short words differ by one letter put for another. */
static bool substituted(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
	if (a_bytes != b_bytes || a_bytes >= SPELL_SUBSTITUTE)
		return false;
	unsigned differing = 0;
	for (size_t i = 0; i < a_bytes; i++)
		differing += a[i] != b[i];
	return differing == 1;
}

struct search {
	const struct layout *layout;
	const char *key;
	size_t bytes;
	struct pattern pattern;
	uint32_t letters;
	unsigned most; /* edits */
	unsigned best_distance;
	uint32_t best;
};

static void look_at(struct search *search, uint32_t found)
{
	const struct layout_word *word = (const struct layout_word *)search->layout->data[SECTION_WORDS] + found;
	const char *other = (const char *)search->layout->data[SECTION_TEXT] + word->key;
	unsigned distance = pattern_distance(&search->pattern, other, word->key_bytes);
	if (distance > search->most || substituted(search->key, search->bytes, other, word->key_bytes))
		return;
	/* Of words as near the commoner one, which comes first among the words. */
	if (distance < search->best_distance || (distance == search->best_distance && found < search->best)) {
		search->best = found;
		search->best_distance = distance;
	}
}

/* The words of one length. An edit that puts a letter for another changes two letters of the set, one that adds or
 * drops a letter one; and a difference in length takes as many of the latter. */
static void look_through(struct search *search, size_t length)
{
	const struct layout_spell *spell = search->layout->data[SECTION_SPELL];
	const uint32_t *starts = search->layout->data[SECTION_SPELL_STARTS];
	size_t bucket = length * LAYOUT_SPELL_LETTERS + ((unsigned char)search->key[0] & (LAYOUT_SPELL_LETTERS - 1));
	size_t apart = length > search->bytes ? length - search->bytes : search->bytes - length;
	size_t changes = 2 * search->most - apart;
	for (uint32_t i = starts[bucket]; i < starts[bucket + 1]; i++) {
		uint32_t differing = spell[i].letters ^ search->letters;
		for (size_t change = 0; change < changes; change++)
			differing &= differing - 1; /* drops one letter */
		if (!differing)
			look_at(search, spell[i].word);
	}
}

uint32_t spell_find(const struct layout *layout, const char *key, size_t bytes)
{
	if (bytes < SPELL_LEAST || bytes > SPELL_MOST)
		return UINT32_MAX;
	unsigned most = bytes >= SPELL_TWO ? 2 : 1;
	struct search search = { .layout = layout,
				 .key = key,
				 .bytes = bytes,
				 .letters = spell_letters(key, bytes),
				 .most = most,
				 .best_distance = most + 1,
				 .best = UINT32_MAX };
	pattern_set(&search.pattern, key, bytes);
	for (size_t length = bytes < SPELL_ANY ? bytes + 1 : bytes - most; length <= bytes + most; length++)
		look_through(&search, length);
	return search.best;
}

/* ---- training ---- */

/* LAYOUT_SPELL_BUCKETS: a word that no misspelt one is taken for. */
static uint32_t spell_bucket(const struct layout_word *word, const char *key)
{
	if (word->key_bytes == 0 || word->key_bytes >= LAYOUT_SPELL_LENGTHS || (key[0] >= '0' && key[0] <= '9'))
		return LAYOUT_SPELL_BUCKETS;
	return word->key_bytes * (uint32_t)LAYOUT_SPELL_LETTERS + ((unsigned char)key[0] & (LAYOUT_SPELL_LETTERS - 1));
}

void spell_build(struct layout_draft *draft)
{
	const struct layout_word *words = (const struct layout_word *)(void *)draft->sections[SECTION_WORDS].data;
	const char *text = draft->sections[SECTION_TEXT].data;
	uint32_t starts[LAYOUT_SPELL_BUCKETS + 2] = { 0 };
	uint32_t count = (uint32_t)(draft->sections[SECTION_WORDS].bytes / sizeof(*words));
	struct layout_spell *spell = memory_zeroed(count + 1, sizeof(*spell));
	for (uint32_t i = 0; i < count; i++)
		starts[spell_bucket(&words[i], text + words[i].key) + 1]++;
	for (uint32_t bucket = 0; bucket <= LAYOUT_SPELL_BUCKETS; bucket++)
		starts[bucket + 1] += starts[bucket];
	for (uint32_t i = 0; i < count; i++) {
		const char *key = text + words[i].key;
		uint32_t bucket = spell_bucket(&words[i], key);
		spell[starts[bucket]++] = (struct layout_spell){ spell_letters(key, words[i].key_bytes), i };
	}
	/* Every start has moved to the next one's place. */
	memmove(starts + 1, starts, LAYOUT_SPELL_BUCKETS * sizeof(starts[0]));
	starts[0] = 0;
	buffer_append(&draft->sections[SECTION_SPELL], spell, starts[LAYOUT_SPELL_BUCKETS] * sizeof(*spell));
	buffer_append(&draft->sections[SECTION_SPELL_STARTS], starts, (LAYOUT_SPELL_BUCKETS + 1) * sizeof(starts[0]));
	free(spell);
}
