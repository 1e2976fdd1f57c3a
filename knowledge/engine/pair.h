/* pair: two questions in one message, answered one by one. */
#ifndef QANTAR_ENGINE_PAIR_H
#define QANTAR_ENGINE_PAIR_H

#include "engine/decide.h"

/* True when the message falls into two questions that both stand alone, or one of which does and the other cannot be
 * answered; fills `decision`. knowledge->scratch holds the whole message's reading, and keeps it. */
bool pair_decide(const struct knowledge *knowledge, const char *text, size_t bytes, const struct words *words,
		 struct decision *decision);

#endif
