/* text: from bytes a person typed to the code points that the matcher reads.
 *
 * NFKC with case folding (Unicode Standard Annex 15; utf8proc), zero-width characters and stray combining marks
 * dropped, typographic quotes made plain. Linear: at most TEXT_MARKS combining marks in a row are kept, since the
 * canonical ordering of a run of marks is not linear in its length. Nothing allocates. */
#ifndef QANTAR_ENGINE_TEXT_H
#define QANTAR_ENGINE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_POINTS = 8192, TEXT_MARKS = 2 };

/* Set on a letter that was a capital; only texts without rare characters keep it. */
enum { TEXT_CAPITAL = 1 << 24 };

struct text {
	int32_t points[TEXT_POINTS]; /* code points | TEXT_CAPITAL */
	size_t count;
	bool cut;                /* the text went on */
	char bytes[TEXT_POINTS]; /* working memory */
};

void text_read(struct text *text, const char *source, size_t bytes);

/* A letter or digit of any script. */
bool text_is_word(int32_t point);
bool text_is_digit(int32_t point);

/* Hash of bytes, the same on every machine (FNV-1a, 64 bits, and a final mix). Not keyed: every table that it indexes
 * is built from the base alone, so a question can only look up. */
uint64_t text_hash(const char *bytes, size_t count);
uint64_t text_mix(uint64_t hash);

#endif
