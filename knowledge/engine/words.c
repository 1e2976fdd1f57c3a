#include "engine/words.h"

#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"
#include "engine/text.h"

static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return c - '0' < 10 || (c | 32) - 'a' < 26;
	if (c >= 0x400 && c < 0x460)
		return true;
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static void add_byte(struct word *word, size_t used, unsigned byte)
{
	word->folded[used] = (char)byte;
	word->hash = (word->hash ^ byte) * 1099511628211u; /* FNV-1a */
}

/* Appends a letter in lower case; returns the bytes used. Nearly all text is Latin or Cyrillic. */
static size_t fold(struct word *word, size_t used, uint32_t c)
{
	utf8proc_uint8_t out[4];
	if (used + sizeof(out) >= WORD_BYTES)
		return used;
	if (c < 0x80) {
		add_byte(word, used, c >= 'A' && c <= 'Z' ? c + 32 : c);
		return used + 1;
	}
	if (c >= 0x410 && c < 0x450)
		c = c < 0x430 ? c + 32 : c;
	else
		c = (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
	if (c >= 0x80 && c < 0x800) {
		add_byte(word, used, 0xC0 | c >> 6);
		add_byte(word, used + 1, 0x80 | (c & 0x3F));
		return used + 2;
	}
	utf8proc_ssize_t bytes = utf8proc_encode_char((utf8proc_int32_t)c, out);
	for (utf8proc_ssize_t i = 0; i < bytes; i++)
		add_byte(word, used++, out[i]);
	return used;
}

static void note_mark(struct word *word, uint32_t c)
{
	word->asked = word->asked || c == '?';
	word->paused = word->paused || c == ',';
	word->ended = word->ended || c == '.' || c == '!' || c == ';' || c == ':' || c == '\n' || c == 0x2026;
	word->joined = word->joined || c == '&' || c == '+';
}

void words_read(struct words *words, const char *text, size_t bytes)
{
	words->count = 0;
	words->more = false;
	struct word *word = NULL;
	size_t used = 0;
	for (size_t i = 0, length; i < bytes; i += length) {
		uint32_t c = (unsigned char)text[i];
		length = c < 0x80 ? 1 : utf8_next(text + i, bytes - i, &c);
		bool apostrophe = c == '\'' || c == 0x2019; /* "what's" is one word, spelt without it */
		if (apostrophe && word)
			continue;
		if (!is_letter(c)) {
			if (words->count)
				note_mark(&words->items[words->count - 1], c);
			word = NULL;
			continue;
		}
		if (!word) {
			if (words->count == WORDS_MOST) {
				words->more = true;
				return;
			}
			word = &words->items[words->count++];
			word->at = i;
			word->hash = WORDS_HASH;
			word->asked = word->paused = word->ended = word->joined = false;
			used = 0;
		}
		used = fold(word, used, c);
		word->folded[used] = '\0';
		word->bytes = i + length - word->at;
	}
}

size_t words_at(const struct words *words, size_t at, const char *phrase)
{
	size_t count = 0;
	if (at >= words->count || !words_may_be_at(words, at, phrase))
		return 0;
	while (*phrase) {
		size_t bytes = strcspn(phrase, " ");
		if (at + count >= words->count)
			return 0;
		const char *folded = words->items[at + count].folded;
		if (strlen(folded) != bytes || memcmp(folded, phrase, bytes) != 0)
			return 0;
		count++;
		phrase += bytes + (phrase[bytes] == ' ');
	}
	return count;
}

bool words_are(const struct words *words, const char *phrase)
{
	return !words->more && words->count && words_at(words, 0, phrase) == words->count;
}

int words_one_of(const struct words *words, const char *const phrases[])
{
	if (words->more || !words->count)
		return -1;
	char first = words->items[0].folded[0];
	for (int i = 0; phrases[i]; i++)
		if (phrases[i][0] == first && words_are(words, phrases[i]))
			return i;
	return -1;
}

bool words_listed(const struct words *words, size_t at, const char *const list[])
{
	const char *word = words->items[at].folded;
	for (; *list; list++)
		if (word[0] == (*list)[0] && strcmp(word, *list) == 0)
			return true;
	return false;
}

uint64_t words_hash_more(const struct words *words, size_t at, uint64_t hash)
{
	return text_mix(hash * 31 + words->items[at].hash);
}

uint64_t words_hash(const struct words *words, size_t at, size_t count)
{
	uint64_t hash = WORDS_HASH;
	for (size_t i = at; i < at + count; i++)
		hash = words_hash_more(words, i, hash);
	return hash;
}
