/* context: what a message means in the light of the conversation: a wish for a language, a pick of a candidate, what to
 * tell next. Reads the caller's struct knowledge_context; see compose.h for what
 * is remembered. */
#ifndef QANTAR_ENGINE_CONTEXT_H
#define QANTAR_ENGINE_CONTEXT_H

#include "engine/handle.h"
#include "engine/turn.h"
#include "engine/words.h"

struct wish {                   /* "answer in Kazakh", "по-русски, пожалуйста" */
	enum language language; /* LANGUAGE_NONE: no wish */
	bool lasting;           /* "answer", "speak": for the answers that follow too */
	size_t at, bytes;       /* what is left of the message is text[at..at + bytes); 0 bytes: the wish is all */
};

/* Finds a wish at the beginning or the end of the message. */
struct wish context_wish(const struct words *words, size_t bytes);

/* The candidate that the message picks by number, ordinal word, or words that only its question has: index into
 * base->facts, UINT32_MAX: none. */
uint32_t context_pick(const struct knowledge *knowledge, const struct knowledge_context *context,
		      const struct words *words);

/* The fact told last, UINT32_MAX: none that this base has. */
uint32_t context_last(const struct knowledge *knowledge, const struct knowledge_context *context);
bool context_told(const struct knowledge *knowledge, const struct knowledge_context *context, uint32_t fact);

/* What to tell for "more" (the next related fact not told yet) or "and after that" (the nearest later one);
 * UINT32_MAX: nothing. */
uint32_t context_next(const struct knowledge *knowledge, const struct knowledge_context *context, enum turn turn);

#endif
