/* reply: what the bot says, as blocks that any platform can render.
 *
 * An answer becomes its body, the candidates (numbered) with the prompt to pick, the source line with the as-of date,
 * and the related questions. */
#ifndef QANTAR_REPLY_H
#define QANTAR_REPLY_H

#include <stddef.h>

#include "knowledge.h"
#include "platform/platform.h"

enum { REPLY_BLOCKS = 64, REPLY_TEXT_BYTES = 65536 };

/* { 0 } is an empty reply. */
struct reply {
	struct block blocks[REPLY_BLOCKS]; /* [count]; texts owned */
	size_t count;
};

void reply_finish(struct reply *reply);

/* Adds a block; one past REPLY_BLOCKS, or longer than REPLY_TEXT_BYTES, is left out. */
void reply_add(struct reply *reply, enum block_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void reply_compose(struct reply *reply, const struct answer *answer);

#endif
