/* words: a short message as its writer spelt it, word by word, for fixed phrases ("in Russian", "the second one").
 *
 * Lower case and nothing else: matching proper is match.h's affair. Words past WORDS_MOST are not looked at. */
#ifndef QANTAR_ENGINE_WORDS_H
#define QANTAR_ENGINE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORDS_MOST = 64, WORD_BYTES = 48, WORDS_PHRASE = 12 };

struct word {
	size_t at, bytes;        /* in the message */
	char folded[WORD_BYTES]; /* lower case; longer words are cut */
	uint64_t hash;           /* of `folded` */
	bool asked;              /* a question mark follows */
	bool paused;             /* a comma */
	bool ended;              /* . ! ; : or a line's end */
	bool joined;             /* & or + */
};

struct words {
	struct word items[WORDS_MOST];
	size_t count;
	bool more; /* the message has more words */
};

void words_read(struct words *words, const char *text, size_t bytes);

/* False when `phrase`, by its first two bytes, cannot stand at `at`: so it is with nearly all of the hundreds of
 * phrases that are looked for at every word. */
static inline bool words_may_be_at(const struct words *words, size_t at, const char *phrase)
{
	const char *word = words->items[at].folded;
	return !((word[0] ^ phrase[0]) | (phrase[1] == ' ' ? 0 : word[1] ^ phrase[1]));
}

/* How many words `phrase` ("in russian", lower case) takes up at `at`; 0 when it does not stand there. */
size_t words_at(const struct words *words, size_t at, const char *phrase);
/* Whether the message is just this phrase. */
bool words_are(const struct words *words, const char *phrase);
/* Index of the phrase in the NULL-terminated list that is the whole message, or -1. */
int words_one_of(const struct words *words, const char *const phrases[]);

/* Whether word `at` is in the NULL-terminated list of single words. */
bool words_listed(const struct words *words, size_t at, const char *const list[]);

/* A hash of `count` words from `at`; equal for equal words. Or word by word, beginning with WORDS_HASH. */
#define WORDS_HASH 14695981039346656037u
uint64_t words_hash_more(const struct words *words, size_t at, uint64_t hash);
uint64_t words_hash(const struct words *words, size_t at, size_t count);

#endif
