#include "engine/lexis.h"

#include <string.h>

#include "base/utf8.h"
#include "engine/spell.h"
#include "engine/text.h"

enum { LEXIS_KEY_LEAST = 4, LEXIS_STEM_LEAST = 4, LEXIS_SHORT = 3 };

const char *lexis_text(const struct layout *layout, uint32_t word, size_t *bytes)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	*bytes = words[word].text_bytes;
	return (const char *)layout->data[SECTION_TEXT] + words[word].text;
}

uint32_t lexis_find(const struct layout *layout, const char *word, const struct token *token)
{
	const uint32_t *slots = layout->data[SECTION_WORD_SLOTS];
	uint32_t count = layout->count[SECTION_WORD_SLOTS];
	for (uint32_t at = layout_place(token->hash, count);; at = layout_next(at, count)) {
		uint32_t slot = slots[at];
		if (slot == 0)
			return LEXIS_NONE;
		size_t length;
		const char *text = lexis_text(layout, slot - 1, &length);
		if (length == token->bytes && memcmp(text, word, length) == 0)
			return slot - 1;
	}
}

uint32_t lexis_find_key(const struct layout *layout, const char *key, size_t bytes)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	const uint32_t *slots = layout->data[SECTION_KEY_SLOTS];
	uint32_t count = layout->count[SECTION_KEY_SLOTS];
	for (uint32_t at = layout_place(text_hash(key, bytes), count);; at = layout_next(at, count)) {
		uint32_t slot = slots[at];
		if (slot == 0)
			return LEXIS_NONE;
		const struct layout_word *word = &words[slot - 1];
		if (word->key_bytes == bytes &&
		    memcmp((const char *)layout->data[SECTION_TEXT] + word->key, key, bytes) == 0)
			return slot - 1;
	}
}

uint32_t lexis_find_stem(const struct layout *layout, uint32_t stem)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	const uint32_t *slots = layout->data[SECTION_KEY_SLOTS];
	uint32_t count = layout->count[SECTION_KEY_SLOTS];
	for (uint32_t at = layout_place(stem, count);; at = layout_next(at, count)) {
		uint32_t slot = slots[at];
		if (slot == 0 || words[slot - 1].stem == stem)
			return slot - 1; /* a free slot gives LEXIS_NONE */
	}
}

static void take_word(const struct layout *layout, uint32_t found, enum match_reading reading, struct lexis_word *out)
{
	const struct layout_word *word = (const struct layout_word *)layout->data[SECTION_WORDS] + found;
	out->word = found;
	out->reading = reading;
	out->stem = word->stem;
	out->key_bytes = word->key_bytes;
	memcpy(out->key, (const char *)layout->data[SECTION_TEXT] + word->key, word->key_bytes);
	out->key[word->key_bytes] = '\0';
}

/* Another form of a known word: by the stemmers that may fit the script. */
static bool find_form(const struct lexis_reader *reader, const char *word, const struct token *token,
		      struct lexis_word *out)
{
	enum language tries[3] = { LANGUAGE_EN, LANGUAGE_RU, LANGUAGE_KK };
	enum key_script script = token->script;
	size_t first = script == SCRIPT_LATIN ? 0 : script == SCRIPT_KAZAKH ? 2 : 1;
	if (script == SCRIPT_CYRILLIC && reader->language == LANGUAGE_KK) {
		tries[1] = LANGUAGE_KK;
		tries[2] = LANGUAGE_RU;
	}
	/* An English text has no transliterations. */
	size_t last = script == SCRIPT_LATIN && reader->language == LANGUAGE_EN ? 0 : 2;
	for (size_t i = first; i <= last; i++) {
		char stem[KEY_BYTES];
		size_t stem_bytes = stem_word(reader->stemmer, tries[i], word, token->bytes, stem);
		uint32_t hash = (uint32_t)text_hash(stem, stem_bytes);
		if (i == first)
			out->stem = hash;
		if (stem_bytes < LEXIS_STEM_LEAST)
			continue;
		uint32_t found = lexis_find_stem(reader->layout, hash);
		if (found == LEXIS_NONE)
			continue;
		out->word = found;
		out->stem = hash;
		out->reading = READING_STEM;
		return true;
	}
	return false;
}

static bool find_name(const struct layout *layout, struct lexis_word *out)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	size_t from = 0, left;
	while ((left = stem_name(out->key, out->key_bytes, &from)) > 0) {
		uint32_t found = lexis_find_key(layout, out->key, left);
		if (found != LEXIS_NONE && (words[found].flags & WORD_NAME)) {
			take_word(layout, found, READING_STEM, out);
			return true;
		}
	}
	return false;
}

/* A word that does not stand so in the base; tells whether its spelling was looked for. */
static bool guess(struct lexis_reader *reader, const char *word, const struct token *token, struct lexis_word *out)
{
	const struct layout *layout = reader->layout;
	uint32_t found;
	*out = (struct lexis_word){ .word = LEXIS_NONE, .reading = READING_UNKNOWN, .stem = (uint32_t)token->hash };
	out->key_bytes = (uint8_t)key_of(word, token->bytes, out->key);
	if (token->script == SCRIPT_DIGITS || token->script == SCRIPT_OTHER || out->key_bytes < LEXIS_KEY_LEAST)
		return false;
	if ((found = lexis_find_key(layout, out->key, out->key_bytes)) != LEXIS_NONE) {
		take_word(layout, found, READING_SCRIPT, out);
		return false;
	}
	if (find_name(layout, out) || find_form(reader, word, token, out) || reader->corrections == 0)
		return false;
	if ((found = spell_find(layout, out->key, out->key_bytes)) != UINT32_MAX)
		take_word(layout, found, READING_SPELLING, out);
	return true;
}

static struct lexis_memory *memory_of(const struct lexis_reader *reader, const struct token *token)
{
	return reader->memo ? &reader->memo->words[(token->hash + reader->language) % LEXIS_MEMO] : NULL;
}

static bool remembers(const struct lexis_memory *memory, const struct lexis_reader *reader, const char *word,
		      const struct token *token)
{
	return memory && memory->hash == token->hash && memory->language == reader->language &&
	       memory->bytes == token->bytes && memcmp(memory->text, word, token->bytes) == 0;
}

void lexis_read(struct lexis_reader *reader, const char *word, const struct token *token, uint32_t found,
		struct lexis_word *out)
{
	if (found != LEXIS_NONE) {
		take_word(reader->layout, found, READING_KNOWN, out);
		return;
	}
	struct lexis_memory *memory = memory_of(reader, token);
	bool corrected;
	if (remembers(memory, reader, word, token) && (!memory->corrected || reader->corrections > 0)) {
		corrected = memory->corrected;
		*out = memory->word;
	} else {
		corrected = guess(reader, word, token, out);
		/* Without a correction left it is not known what the word would be taken for. */
		if (memory && reader->corrections > 0) {
			*memory = (struct lexis_memory){ .hash = token->hash,
							 .language = (uint8_t)reader->language,
							 .bytes = (uint8_t)token->bytes,
							 .corrected = corrected,
							 .word = *out };
			memcpy(memory->text, word, token->bytes);
		}
	}
	reader->corrections -= corrected;
}

uint64_t lexis_chain(uint64_t chain, const struct lexis_word *word, const char *text, const struct token *token,
		     bool by_stem)
{
	bool is_short = token->bytes <= 4 * LEXIS_SHORT && word->reading != READING_SPELLING &&
			utf8_length(text, token->bytes) <= LEXIS_SHORT;
	uint64_t link = by_stem ? word->stem ^ 1 : is_short ? token->hash : text_hash(word->key, word->key_bytes);
	uint64_t hash = text_mix(chain * 0x9E3779B97F4A7C15u + link);
	return hash ? hash : 1; /* 0 marks a free slot */
}

const struct layout_phrase *lexis_phrase(const struct layout *layout, uint64_t chain)
{
	const struct layout_phrase *phrases = layout->data[SECTION_PHRASES];
	uint32_t count = layout->count[SECTION_PHRASES];
	for (uint32_t at = layout_place(chain, count);; at = layout_next(at, count)) {
		const struct layout_phrase *phrase = &phrases[at];
		if (phrase->hash == chain)
			return phrase;
		if (phrase->hash == 0)
			return NULL;
	}
}
