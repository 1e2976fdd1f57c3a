/* bare: "when?", "why?", "where was that?": a question word and nothing else, about what was told last. */
#ifndef QANTAR_ENGINE_BARE_H
#define QANTAR_ENGINE_BARE_H

#include "engine/decide.h"

/* True when the question in knowledge->scratch->whole is bare and something was told before; fills `decision`. */
bool bare_decide(const struct knowledge *knowledge, const struct knowledge_context *context, const char *text,
		 size_t bytes, struct decision *decision);

#endif
