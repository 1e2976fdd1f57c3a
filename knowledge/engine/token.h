/* token: a text cut into words, with contractions and chat spellings written out.
 *
 * "What's the PM's plan? 3 000 ppl" -> what is the pm plan . 3000 people */
#ifndef QANTAR_ENGINE_TOKEN_H
#define QANTAR_ENGINE_TOKEN_H

#include "engine/key.h"
#include "engine/text.h"

enum {
	TOKEN_BYTES = 64,
	TOKEN_COUNT = 512,
	TOKEN_TEXT = 8192
}; /* a longer word is cut; what is past the others is left out */

struct token {
	uint64_t hash;      /* of its text: text_hash */
	uint16_t at, bytes; /* in tokens->text */
	enum key_script script;
	bool ends_sentence; /* . ? ! ; or a line's end follows */
	bool asks;          /* of these, a question mark */
	bool capitals;      /* two or more letters, all capitals: an abbreviation, if the rest is not */
};

struct tokens {
	char text[TOKEN_TEXT]; /* the words, a space after each */
	size_t bytes;
	struct token items[TOKEN_COUNT];
	uint32_t count;
	bool cut;
};

/* A word that stands alone, at 0 of its own text. */
struct token token_of(const char *word, size_t bytes);

void tokens_read(struct tokens *tokens, const struct text *text);

#endif
