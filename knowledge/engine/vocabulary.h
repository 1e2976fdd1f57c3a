/* vocabulary: the words of a base, with how often the texts of each language hold them. For building a lexis. */
#ifndef QANTAR_ENGINE_VOCABULARY_H
#define QANTAR_ENGINE_VOCABULARY_H

#include "base/buffer.h"
#include "engine/base.h"
#include "engine/token.h"

struct vocabulary_word {
	uint32_t text; /* in `texts` */
	uint8_t bytes, flags; /* enum layout_word_flag */
	uint32_t counts[LANGUAGE_COUNT]; /* LANGUAGE_NONE: in texts that tell none, such as names */
};

struct vocabulary {
	struct buffer *texts; /* borrowed: the words, a NUL after each */
	struct buffer words;  /* struct vocabulary_word */
	uint32_t *slots;      /* word + 1 */
	uint32_t slots_count;
	struct text text;
	struct tokens tokens;
};

/* Reads all texts of the base; the commonest words first. vocabulary_finish frees what it holds, the texts excepted. */
void vocabulary_read(struct vocabulary *vocabulary, const struct base *base, struct buffer *texts);
void vocabulary_finish(struct vocabulary *vocabulary);

uint32_t vocabulary_count(const struct vocabulary *vocabulary);
const struct vocabulary_word *vocabulary_word(const struct vocabulary *vocabulary, uint32_t index);
const char *vocabulary_text(const struct vocabulary *vocabulary, uint32_t index);

/* How often the texts hold it. */
uint32_t vocabulary_total(const struct vocabulary *vocabulary, uint32_t index);

/* The language that most of the texts are in that hold the word; of texts that tell none, what its letters suggest. */
enum language vocabulary_language(const struct vocabulary_word *word, enum key_script script);

/* Names, and words of which only a list knows, are written alike in all languages; but not the little words within
 * names ("the": `stop`), nor what next to nobody but Kazakh texts writes. */
bool vocabulary_tells_language(const struct vocabulary_word *word, bool stop);

#endif
