/* split: two questions in one message, cut at question marks, conjunctions and commas. */
#ifndef QANTAR_ENGINE_SPLIT_H
#define QANTAR_ENGINE_SPLIT_H

#include <stddef.h>

#include "engine/words.h"

enum split_cut {
	SPLIT_MARK,  /* a question mark stands between them */
	SPLIT_WORD,  /* and, &, plus */
	SPLIT_COMMA, /* nothing else: mostly there is one question */
};

struct split {
	size_t at[2], bytes[2]; /* the two parts of the message */
	size_t opening;         /* bytes of the first words of the second part */
	enum split_cut cut;
};

/* The ways to cut the message in two, the likeliest first; returns how many (<= most). Each part has two words or
 * more. Commas count where nothing else cuts. */
size_t split_find(const struct words *words, size_t bytes, struct split *splits, size_t most);

#endif
