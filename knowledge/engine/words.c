#include "engine/words.h"

#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"

static bool is_letter(uint32_t c)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static size_t fold(struct word *word, size_t used, uint32_t c)
{
	utf8proc_uint8_t out[4];
	utf8proc_ssize_t bytes = utf8proc_encode_char(utf8proc_tolower((utf8proc_int32_t)c), out);
	if (bytes <= 0 || used + (size_t)bytes >= WORD_BYTES)
		return used;
	memcpy(word->folded + used, out, (size_t)bytes);
	return used + (size_t)bytes;
}

void words_read(struct words *words, const char *text, size_t bytes)
{
	words->count = 0;
	words->more = false;
	struct word *word = NULL;
	size_t used = 0;
	for (size_t i = 0, length; i < bytes; i += length) {
		uint32_t c;
		length = utf8_next(text + i, bytes - i, &c);
		bool apostrophe = c == '\'' || c == 0x2019; /* "what's" is one word, spelt without it */
		if (apostrophe && word)
			continue;
		if (!is_letter(c)) {
			if (c == '?' && words->count)
				words->items[words->count - 1].asked = true;
			word = NULL;
			continue;
		}
		if (!word) {
			if (words->count == WORDS_MOST) {
				words->more = true;
				return;
			}
			word = &words->items[words->count++];
			*word = (struct word){ .at = i };
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
	/* Most phrases differ in the first letter; this is called for hundreds of them. */
	if (at >= words->count || words->items[at].folded[0] != phrase[0] ||
	    (phrase[0] && words->items[at].folded[1] != phrase[1] && phrase[1] != ' '))
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

uint64_t words_hash_more(const struct words *words, size_t at, uint64_t hash)
{
	/* FNV-1a, a space after each word */
	for (const char *c = words->items[at].folded; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 1099511628211u;
	return (hash ^ ' ') * 1099511628211u;
}

uint64_t words_hash(const struct words *words, size_t at, size_t count)
{
	uint64_t hash = WORDS_HASH;
	for (size_t i = at; i < at + count; i++)
		hash = words_hash_more(words, i, hash);
	return hash;
}
