/* compose: a decision becomes an answer that owns its texts. */
#ifndef QANTAR_ENGINE_COMPOSE_H
#define QANTAR_ENGINE_COMPOSE_H

#include "engine/decide.h"

enum { COMPOSE_TEXT_BYTES = 64 << 10 };

/* False when there is no memory; `answer` is then zeroed. */
bool compose(const struct knowledge *knowledge, const struct knowledge_context *context,
	     const struct decision *decision, struct answer *answer);

/* What the engine must remember of this answer. */
void compose_remember(const struct answer *answer, const struct decision *decision,
		      struct knowledge_context *context);

#endif
