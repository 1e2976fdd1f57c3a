/* follow: a message read by itself and, where it may lean on the fact told last, in the light of that. */
#ifndef QANTAR_ENGINE_FOLLOW_H
#define QANTAR_ENGINE_FOLLOW_H

#include "engine/handle.h"

/* Ranks what scratch->whole holds; a question that may lean on the last fact is read both ways, and the better reading
 * is kept. "He" is whom the last fact is about: no fact about somebody else comes first. Fills scratch->whole and
 * candidates; tells whether the last fact was taken over. */
bool follow_rank(const struct knowledge *knowledge, const struct knowledge_context *context, const char *text,
		 size_t bytes);

#endif
