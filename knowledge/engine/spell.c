#include "engine/spell.h"

#include <string.h>

#include "engine/key.h"

enum {
	SPELL_LEAST = 4,      /* letters of a word that is corrected at all */
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

/* The distance of words that differ in length by one at most, 2 for all that is more than one. */
static unsigned one_apart(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
	size_t same = 0, shorter = a_bytes < b_bytes ? a_bytes : b_bytes;
	while (same < shorter && a[same] == b[same])
		same++;
	if (a_bytes != b_bytes) {
		size_t a_from = same + (a_bytes > b_bytes), b_from = same + (b_bytes > a_bytes);
		return memcmp(a + a_from, b + b_from, a_bytes - a_from) == 0 ? 1 : 2;
	}
	if (same == a_bytes)
		return 0;
	if (memcmp(a + same + 1, b + same + 1, a_bytes - same - 1) == 0)
		return 1;
	bool swapped = same + 1 < a_bytes && a[same] == b[same + 1] && a[same + 1] == b[same];
	return swapped && memcmp(a + same + 2, b + same + 2, a_bytes - same - 2) == 0 ? 1 : 2;
}

unsigned spell_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes, unsigned most)
{
	unsigned char rows[3][KEY_BYTES + 1];
	if (a_bytes > b_bytes + most || b_bytes > a_bytes + most)
		return most + 1;
	if (most == 1)
		return one_apart(a, a_bytes, b, b_bytes);
	for (size_t j = 0; j <= b_bytes; j++)
		rows[0][j] = (unsigned char)j;
	for (size_t i = 1; i <= a_bytes; i++) {
		unsigned char *row = rows[i % 3], *above = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
		/* Only cells this near the diagonal can be small enough; those beside them count as too large. */
		size_t first = i > most ? i - most : 1, last = i + most < b_bytes ? i + most : b_bytes;
		unsigned least = row[first - 1] = (unsigned char)(first == 1 ? i : most + 1);
		for (size_t j = first; j <= last; j++) {
			unsigned best = above[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u);
			if (above[j] + 1u < best)
				best = above[j] + 1u;
			if (row[j - 1] + 1u < best)
				best = row[j - 1] + 1u;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1u < best)
				best = before[j - 2] + 1u;
			row[j] = (unsigned char)best;
			least = best < least ? best : least;
		}
		if (last < b_bytes)
			row[last + 1] = (unsigned char)(most + 1);
		if (least > most)
			return most + 1;
	}
	unsigned distance = rows[a_bytes % 3][b_bytes];
	return distance <= most ? distance : most + 1;
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
	uint32_t letters;
	unsigned most; /* edits */
	unsigned best_distance;
	uint32_t best;
};

static void look_at(struct search *search, uint32_t found)
{
	const struct layout_word *words = search->layout->data[SECTION_WORDS], *word = &words[found];
	const char *other = (const char *)search->layout->data[SECTION_TEXT] + word->key;
	unsigned distance = spell_distance(search->key, search->bytes, other, word->key_bytes, search->most);
	if (distance > search->most || substituted(search->key, search->bytes, other, word->key_bytes))
		return;
	bool better = distance < search->best_distance ||
		      (distance == search->best_distance && word->count > words[search->best].count);
	if (better) {
		search->best = found;
		search->best_distance = distance;
	}
}

static void look_through(struct search *search, size_t bucket)
{
	const struct layout_spell *spell = search->layout->data[SECTION_SPELL];
	const uint32_t *starts = search->layout->data[SECTION_SPELL_STARTS];
	for (uint32_t i = starts[bucket]; i < starts[bucket + 1]; i++) {
		uint32_t differing = spell[i].letters ^ search->letters;
		for (unsigned edit = 0; edit < 2 * search->most; edit++)
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
	struct search search = { layout, key, bytes, spell_letters(key, bytes), most, most + 1, UINT32_MAX };
	size_t letter = (unsigned char)key[0] & (LAYOUT_SPELL_LETTERS - 1);
	for (size_t length = bytes - most; length <= bytes + most; length++)
		look_through(&search, length * LAYOUT_SPELL_LETTERS + letter);
	return search.best;
}
