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

uint32_t lexis_find(const struct layout *layout, const char *word, size_t bytes)
{
	const uint32_t *slots = layout->data[SECTION_WORD_SLOTS];
	uint32_t mask = layout->count[SECTION_WORD_SLOTS] - 1;
	for (uint64_t at = text_hash(word, bytes);; at++) {
		uint32_t slot = slots[at & mask];
		if (slot == 0)
			return LEXIS_NONE;
		size_t length;
		const char *text = lexis_text(layout, slot - 1, &length);
		if (length == bytes && memcmp(text, word, bytes) == 0)
			return slot - 1;
	}
}

uint32_t lexis_find_key(const struct layout *layout, const char *key, size_t bytes)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	const uint32_t *slots = layout->data[SECTION_KEY_SLOTS];
	uint32_t mask = layout->count[SECTION_KEY_SLOTS] - 1;
	for (uint64_t at = text_hash(key, bytes);; at++) {
		uint32_t slot = slots[at & mask];
		if (slot == 0)
			return LEXIS_NONE;
		const struct layout_word *word = &words[slot - 1];
		if (word->key_bytes == bytes &&
		    memcmp((const char *)layout->data[SECTION_TEXT] + word->key, key, bytes) == 0)
			return slot - 1;
	}
}

uint32_t lexis_find_stem(const struct layout *layout, uint64_t stem)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	const uint32_t *slots = layout->data[SECTION_KEY_SLOTS];
	uint32_t mask = layout->count[SECTION_KEY_SLOTS] - 1;
	for (uint64_t at = stem;; at++) {
		uint32_t slot = slots[at & mask];
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
static bool find_form(const struct layout *layout, struct stemmer *stemmer, enum language language,
		      enum key_script script, const char *word, size_t bytes, struct lexis_word *out)
{
	enum language tries[3] = { LANGUAGE_EN, LANGUAGE_RU, LANGUAGE_KK };
	size_t first = script == SCRIPT_LATIN ? 0 : script == SCRIPT_KAZAKH ? 2 : 1;
	if (script == SCRIPT_CYRILLIC && language == LANGUAGE_KK) {
		tries[1] = LANGUAGE_KK;
		tries[2] = LANGUAGE_RU;
	}
	size_t last =
		script == SCRIPT_LATIN && language == LANGUAGE_EN ? 0 : 2; /* an English text has no transliterations */
	for (size_t i = first; i <= last; i++) {
		char stem[KEY_BYTES];
		size_t stem_bytes = stem_word(stemmer, tries[i], word, bytes, stem);
		uint64_t hash = text_hash(stem, stem_bytes);
		if (i == first)
			out->stem = hash;
		if (stem_bytes < LEXIS_STEM_LEAST)
			continue;
		uint32_t found = lexis_find_stem(layout, hash);
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

void lexis_read(const struct layout *layout, struct stemmer *stemmer, enum language language, const char *word,
		size_t bytes, unsigned *corrections, struct lexis_word *out)
{
	uint32_t found = lexis_find(layout, word, bytes);
	if (found != LEXIS_NONE) {
		take_word(layout, found, READING_KNOWN, out);
		return;
	}
	enum key_script script = key_script(word, bytes);
	*out = (struct lexis_word){ .word = LEXIS_NONE, .reading = READING_UNKNOWN };
	out->key_bytes = (uint8_t)key_of(word, bytes, out->key);
	out->stem = text_hash(word, bytes);
	if (script == SCRIPT_DIGITS || script == SCRIPT_OTHER || out->key_bytes < LEXIS_KEY_LEAST)
		return;
	if ((found = lexis_find_key(layout, out->key, out->key_bytes)) != LEXIS_NONE) {
		take_word(layout, found, READING_SCRIPT, out);
		return;
	}
	if (find_name(layout, out) || find_form(layout, stemmer, language, script, word, bytes, out))
		return;
	if (*corrections == 0)
		return;
	--*corrections;
	if ((found = spell_find(layout, out->key, out->key_bytes)) != UINT32_MAX)
		take_word(layout, found, READING_SPELLING, out);
}

uint64_t lexis_chain(uint64_t chain, const struct lexis_word *word, const char *text, size_t bytes, bool by_stem)
{
	bool is_short = utf8_length(text, bytes) <= LEXIS_SHORT && word->reading != READING_SPELLING;
	uint64_t link = by_stem    ? word->stem ^ 1
			: is_short ? text_hash(text, bytes)
				   : text_hash(word->key, word->key_bytes);
	uint64_t hash = text_mix(chain * 0x9E3779B97F4A7C15u + link);
	return hash ? hash : 1; /* 0 marks a free slot */
}

const struct layout_phrase *lexis_phrase(const struct layout *layout, uint64_t chain)
{
	const struct layout_phrase *phrases = layout->data[SECTION_PHRASES];
	uint32_t mask = layout->count[SECTION_PHRASES] - 1;
	for (uint64_t at = chain;; at++) {
		const struct layout_phrase *phrase = &phrases[at & mask];
		if (phrase->hash == chain)
			return phrase;
		if (phrase->hash == 0)
			return NULL;
	}
}
