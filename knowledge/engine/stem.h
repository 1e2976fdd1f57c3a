/* stem: what a word has in common with its other forms, written as a key (key.h).
 *
 * English and Russian by Snowball (libstemmer); Kazakh, which Snowball lacks, by taking off up to STEM_SUFFIXES
 * suffixes of a table and keeping six letters. The Kazakh suffixes are taken off the key, so that words typed with
 * Russian or Latin letters lose them too. */
#ifndef QANTAR_ENGINE_STEM_H
#define QANTAR_ENGINE_STEM_H

#include "engine/key.h"
#include "engine/base.h"

struct stemmer; /* owns Snowball's working memory: one a thread */

struct stemmer *stemmer_create(void);
void stemmer_destroy(struct stemmer *stemmer);

/* Words of up to three letters are their own stems; those of English begin with '=', so that no Russian or Kazakh word
 * is taken for another form of an English one. Returns the length. `word` is in lower case. */
size_t stem_word(struct stemmer *stemmer, enum language language, const char *word, size_t bytes, char stem[KEY_BYTES]);

/* Takes one case ending of Russian or Kazakh off a name's key; the length that is left, 0 when there is none. Call
 * again with the next `*from` (start with 0) for the other readings. */
size_t stem_name(const char *key, size_t bytes, size_t *from);

#endif
