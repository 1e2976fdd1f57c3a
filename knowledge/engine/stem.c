#include "engine/stem.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { STEM_SUFFIXES = 4, STEM_LEAST = 3, STEM_MOST = 6 };

/* Kazakh suffixes by key, longer ones first: (dagi) attributive, (lar nin ga ni da dan men) plural and cases, (imiz)
 * possession, (gan di adi ip mak) verbs, (lik siz li Si) derivation; not the aorist (ar), for nouns end so
 * (asker). Hard and soft vowels, and i with y, fall together in a key. */
static const char *const kazakh[] = {
	"larinin", "lerinin", "darinin", "derinin", "tarinin", "terinin", "larimiz", "lerimiz", "landir", "lendir",
	"larina",  "lerine",  "darina",  "derine",  "tarina",  "terine",  "larinda", "lerinde", "ndagi",  "ndegi",
	"iniz",    "imiz",    "madi",    "medi",    "badi",    "bedi",    "padi",    "pedi",    "ilgan",  "ilgen",
	"ilip",    "uSi",     "dagi",    "degi",    "tagi",    "tegi",    "lari",    "leri",    "dari",   "deri",
	"tari",    "teri",    "ligi",    "digi",    "tigi",    "gandar",  "gender",  "nan",     "nen",    "dan",
	"den",     "tan",     "ten",     "nda",     "nde",     "nin",     "din",     "tin",     "lar",    "ler",
	"dar",     "der",     "tar",     "ter",     "men",     "ben",     "pen",     "gan",     "gen",    "kan",
	"ken",     "adi",     "edi",     "idi",     "mak",     "mek",     "bak",     "bek",     "pak",    "pek",
	"lik",     "dik",     "tik",     "siz",     "dai",     "dei",     "gin",     "kin",     "nik",    "uda",
	"ude",     "iar",     "ier",     "atin",    "etin",    "itin",    "ga",      "ge",      "ka",     "ke",
	"na",      "ne",      "ni",      "di",      "ti",      "da",      "de",      "ta",      "te",     "li",
	"Si",      "si",      "in",      "im",      "ip",      "ap",      "ep",      "se",      "sa",     "il",
	"is",      "gi",      "ki",      "ma",      "me",      "pa",      "pe",      "ba",      "be",     "i",
	"a",       "e",       "u",       "p",       "n",       "m",
};

/* Endings of names: Russian cases, then Kazakh ones, by key. */
static const char *const endings[] = {
	"a",    "u",    "e",    "i",   "om",  "oi",    "em",    "ei",  "im",  "ami", "ah",  "am",  "ov",
	"iu",   "ia",   "ie",   "iei", "ii",  "ogo",   "omu",   "nin", "din", "tin", "ni",  "di",  "ti",
	"ga",   "ge",   "ka",   "ke",  "na",  "ne",    "da",    "de",  "ta",  "te",  "dan", "den", "tan",
	"ten",  "nan",  "nen",  "men", "ben", "pen",   "lar",   "ler", "dar", "der", "tar", "ter", "dagi",
	"degi", "tagi", "tegi", "lik", "dik", "darin", "larin", "s",   "es",
};

enum { KAZAKH = sizeof(kazakh) / sizeof(kazakh[0]) };

struct stemmer {
	struct sb_stemmer *english, *russian;
	struct suffix { /* of `kazakh`: at most eight letters, the last one lowest */
		uint64_t letters, mask;
		uint8_t bytes;
	} suffixes[KAZAKH];
};

/* The last eight bytes as a number. */
static uint64_t tail_of(const char *text, size_t bytes)
{
	uint64_t tail = 0;
	for (size_t i = bytes > sizeof(tail) ? bytes - sizeof(tail) : 0; i < bytes; i++)
		tail = tail << 8 | (unsigned char)text[i];
	return tail;
}

static struct suffix suffix_of(const char *text)
{
	size_t bytes = strlen(text);
	return (struct suffix){ tail_of(text, bytes), UINT64_MAX >> (64 - 8 * bytes), (uint8_t)bytes };
}

struct stemmer *stemmer_create(void)
{
	struct stemmer *stemmer = memory_zeroed(1, sizeof(*stemmer));
	stemmer->english = sb_stemmer_new("english", "UTF_8");
	stemmer->russian = sb_stemmer_new("russian", "UTF_8");
	if (!stemmer->english || !stemmer->russian)
		abort(); /* no memory: both algorithms are part of the library */
	for (size_t i = 0; i < KAZAKH; i++)
		stemmer->suffixes[i] = suffix_of(kazakh[i]);
	return stemmer;
}

void stemmer_destroy(struct stemmer *stemmer)
{
	if (!stemmer)
		return;
	sb_stemmer_delete(stemmer->english);
	sb_stemmer_delete(stemmer->russian);
	free(stemmer);
}

static bool strip_one(const struct stemmer *stemmer, const char *key, size_t *bytes)
{
	uint64_t tail = tail_of(key, *bytes);
	for (size_t i = 0; i < KAZAKH; i++) {
		const struct suffix *suffix = &stemmer->suffixes[i];
		size_t least = suffix->bytes == 1 ? STEM_LEAST + 1 : STEM_LEAST;
		if ((tail & suffix->mask) == suffix->letters && *bytes >= suffix->bytes + least) {
			*bytes -= suffix->bytes;
			return true;
		}
	}
	return false;
}

static size_t stem_kazakh(const struct stemmer *stemmer, const char *word, size_t bytes, char stem[KEY_BYTES])
{
	size_t count = key_of(word, bytes, stem);
	for (unsigned i = 0; i < STEM_SUFFIXES && strip_one(stemmer, stem, &count); i++)
		continue;
	count = utf8_floor(stem, count, count < STEM_MOST ? count : STEM_MOST);
	stem[count] = '\0';
	return count;
}

size_t stem_word(struct stemmer *stemmer, enum language language, const char *word, size_t bytes, char stem[KEY_BYTES])
{
	if (bytes > KEY_BYTES - 1)
		bytes = utf8_floor(word, bytes, KEY_BYTES - 1);
	if (utf8_length(word, bytes) <= 3) {
		memcpy(stem, word, bytes);
		stem[bytes] = '\0';
		return bytes;
	}
	if (language == LANGUAGE_KK)
		return stem_kazakh(stemmer, word, bytes, stem);
	char cyrillic[2 * KEY_BYTES];
	struct sb_stemmer *snowball = stemmer->english;
	if (language == LANGUAGE_RU) {
		snowball = stemmer->russian;
		size_t length = key_to_cyrillic(word, bytes, cyrillic, sizeof(cyrillic));
		word = length ? cyrillic : word;
		bytes = length ? length : bytes;
	}
	const sb_symbol *found = sb_stemmer_stem(snowball, (const sb_symbol *)word, (int)bytes);
	if (found) {
		word = (const char *)found;
		bytes = (size_t)sb_stemmer_length(snowball);
	}
	if (language == LANGUAGE_RU)
		return key_of(word, bytes, stem);
	bytes = utf8_floor(word, bytes, KEY_BYTES - 2);
	memcpy(stem + 1, word, bytes);
	stem[0] = '=';
	stem[bytes + 1] = '\0';
	return bytes + 1;
}

size_t stem_name(const char *key, size_t bytes, size_t *from)
{
	enum { NAME_LEAST = 4 };
	while (*from < sizeof(endings) / sizeof(endings[0])) {
		const char *ending = endings[(*from)++];
		size_t length = strlen(ending);
		if (bytes >= length + NAME_LEAST && memcmp(key + bytes - length, ending, length) == 0)
			return bytes - length;
	}
	return 0;
}
