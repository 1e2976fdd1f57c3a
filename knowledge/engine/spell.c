#include "engine/spell.h"

#include <string.h>

#include "engine/key.h"

enum {
	SPELL_LEAST = 4,        /* letters of a word that is corrected at all */
	SPELL_TWO = 9,          /* letters from which two edits are allowed, the first letter right */
	SPELL_SUBSTITUTE = 6,   /* letters from which one may stand for another: tanks are not banks */
	SPELL_MOST = LAYOUT_SPELL_LENGTHS - 3,
};

uint32_t spell_letters(const char *key, size_t bytes)
{
	uint32_t letters = 0;
	for (size_t i = 0; i < bytes; i++)
		letters |= 1u << ((unsigned char)key[i] & 31);
	return letters;
}

unsigned spell_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes, unsigned most)
{
	unsigned char rows[3][KEY_BYTES + 1];
	if (a_bytes > b_bytes + most || b_bytes > a_bytes + most)
		return most + 1;
	for (size_t j = 0; j <= b_bytes; j++)
		rows[0][j] = (unsigned char)j;
	for (size_t i = 1; i <= a_bytes; i++) {
		unsigned char *row = rows[i % 3], *above = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
		unsigned least = row[0] = (unsigned char)i;
		for (size_t j = 1; j <= b_bytes; j++) {
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

uint32_t spell_find(const struct layout *layout, const char *key, size_t bytes)
{
	if (bytes < SPELL_LEAST || bytes > SPELL_MOST)
		return UINT32_MAX;
	const struct layout_spell *spell = layout->data[SECTION_SPELL];
	const uint32_t *starts = layout->data[SECTION_SPELL_STARTS];
	const struct layout_word *words = layout->data[SECTION_WORDS];
	const char *text = layout->data[SECTION_TEXT];
	unsigned most = bytes >= SPELL_TWO ? 2 : 1, best_distance = most + 1;
	uint32_t letters = spell_letters(key, bytes), best = UINT32_MAX;
	for (uint32_t i = starts[bytes - most]; i < starts[bytes + most + 1]; i++) {
		uint32_t differing = spell[i].letters ^ letters;
		for (unsigned edit = 0; edit < 2 * most; edit++)
			differing &= differing - 1; /* drops one letter */
		if (differing)
			continue;
		const struct layout_word *word = &words[spell[i].word];
		const char *other = text + word->key;
		unsigned distance = spell_distance(key, bytes, other, word->key_bytes, most);
		if (distance > most || (distance > 1 && other[0] != key[0]) || substituted(key, bytes, other, word->key_bytes))
			continue;
		distance = 2 * distance + (other[0] != key[0]); /* people rarely get the first letter wrong */
		bool better = best == UINT32_MAX || distance < best_distance ||
			      (distance == best_distance && word->count > words[best].count);
		if (better) {
			best = spell[i].word;
			best_distance = distance;
		}
	}
	return best;
}
