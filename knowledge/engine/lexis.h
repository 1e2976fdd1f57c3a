/* lexis: the words that a base uses, and what a typed word is taken for.
 *
 * A word is looked up as it stands, then by its key (another script), by its stem (another form), as a name with a case
 * ending, and last by spelling. Building happens once, in training (lexis_build.c); the rest reads the model's
 * sections. */
#ifndef QANTAR_ENGINE_LEXIS_H
#define QANTAR_ENGINE_LEXIS_H

#include "engine/layout.h"
#include "engine/match.h"
#include "engine/stem.h"
#include "engine/token.h"

enum { LEXIS_NONE = UINT32_MAX };

uint32_t lexis_find(const struct layout *layout, const char *word, const struct token *token);
uint32_t lexis_find_key(const struct layout *layout, const char *key, size_t bytes);
uint32_t lexis_find_stem(const struct layout *layout, uint32_t stem);

struct lexis_word {
	uint32_t word; /* LEXIS_NONE: unknown */
	enum match_reading reading;
	uint32_t stem;
	char key[KEY_BYTES]; /* of the word as typed, or as corrected */
	uint8_t key_bytes;
};

/* What the last words were taken for that do not stand so in the base: people use the same ones again and again, and
 * the halves of a message are read after the whole. A word's place is fixed by its hash; a later one takes it. */
enum { LEXIS_MEMO = 256 };
struct lexis_memo {
	struct lexis_memory {
		uint64_t hash;
		uint8_t language, bytes; /* 0: free */
		bool corrected;          /* its spelling was looked for */
		char text[TOKEN_BYTES];
		struct lexis_word word;
	} words[LEXIS_MEMO];
};

struct lexis_reader {
	const struct layout *layout;
	struct stemmer *stemmer;
	struct lexis_memo *memo; /* of this layout; NULL: none */
	enum language language;  /* what the rest of the text is in, for unknown words */
	unsigned corrections;    /* how many spellings may still be looked for; counted down, so that a text of unknown
				  * words stays cheap */
};

/* `found`: what lexis_find gave for the word. */
void lexis_read(struct lexis_reader *reader, const char *word, const struct token *token, uint32_t found,
		struct lexis_word *out);

const char *lexis_text(const struct layout *layout, uint32_t word, size_t *bytes);

/* A run of words: start with 0, add word after word, look up each. Short words and abbreviations go by their text,
 * others by key; a second chain goes by stems. */
uint64_t lexis_chain(uint64_t chain, const struct lexis_word *word, const char *text,
		     const struct token *token, bool by_stem);
const struct layout_phrase *lexis_phrase(const struct layout *layout, uint64_t chain);

/* Training: fills the first sections of the draft from all texts of the base. */
void lexis_build(const struct base *base, struct layout_draft *draft);

#endif
