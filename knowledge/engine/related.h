/* related: what to ask next. Only questions that this base answers. */
#ifndef QANTAR_ENGINE_RELATED_H
#define QANTAR_ENGINE_RELATED_H

#include "engine/decide.h"

/* A fact's question as it is shown to people: the first of the language, or of another that has one; the id at worst.
 */
const char *related_question(const struct fact *fact, enum language language);

/* Up to KNOWLEDGE_RELATED facts worth asking for after this decision; returns how many. */
size_t related_find(const struct knowledge *knowledge, const struct knowledge_context *context,
		    const struct decision *decision, uint32_t out[KNOWLEDGE_RELATED]);

#endif
