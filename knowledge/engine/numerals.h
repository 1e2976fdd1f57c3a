/* numerals: the numbers that a text names, in figures, in words or in both: "3,000", "3 thousand", "ten thousand",
 * "пятьсот", "он сегіз". */
#ifndef QANTAR_ENGINE_NUMERALS_H
#define QANTAR_ENGINE_NUMERALS_H

#include "engine/match.h"
#include "engine/token.h"

struct numerals; /* the words for numbers; immutable */

struct numerals *numerals_create(void);
void numerals_destroy(struct numerals *table);

/* Fills question->numbers. "One" and its likes count within a number only; "thousands" is none. */
void numerals_read(const struct numerals *table, const struct tokens *tokens, struct match_question *question);

#endif
