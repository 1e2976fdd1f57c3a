/* conversation: what a person asked before in a room, for follow-ups.
 *
 * Bounded (the longest silent goes first), expiring, and never shared: its key is platform, room and person together.
 * Only ids of facts are remembered, no text of anybody's. */
#ifndef QANTAR_CONVERSATION_H
#define QANTAR_CONVERSATION_H

#include <stddef.h>
#include <stdint.h>

#include "knowledge.h"

struct conversations;

struct conversations *conversations_create(size_t most, int64_t expire_us);
void conversations_destroy(struct conversations *conversations);

/* The context of that person there, fresh when there was none or it has expired; borrowed until the next call. Counts
 * as a sign of life. */
struct knowledge_context *conversation_of(struct conversations *conversations, const char *platform, const char *room,
					  const char *person, int64_t now_us);

#endif
