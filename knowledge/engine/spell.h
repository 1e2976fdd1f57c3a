/* spell: the word of the base that a misspelt word was meant to be.
 *
 * Compares keys (key.h), so a misspelling in another script is found too. Words of four letters and more at distance 1,
 * of nine and more at distance 2: insertions, deletions, substitutions, and neighbours swapped (optimal string
 * alignment); the first letter has to be right, as it nearly always is. A delete index would take two megabytes for the
 * same: the words of about that length with that letter are few enough to be scanned, letter sets first, of which an
 * edit changes two letters at most. */
#ifndef QANTAR_ENGINE_SPELL_H
#define QANTAR_ENGINE_SPELL_H

#include "engine/layout.h"

/* UINT32_MAX when no word is near enough. */
uint32_t spell_find(const struct layout *layout, const char *key, size_t bytes);

/* The letters of a key as a bit set. */
uint32_t spell_letters(const char *key, size_t bytes);

/* Distance of two keys, neither empty, both shorter than KEY_BYTES. */
unsigned spell_distance(const char *a, size_t a_bytes, const char *b, size_t b_bytes);

/* Training: SECTION_SPELL and its starts, from the words. */
void spell_build(struct layout_draft *draft);

#endif
