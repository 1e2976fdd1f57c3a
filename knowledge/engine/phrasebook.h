/* phrasebook: the lexicon's small talk and the base's unrelated questions, found by their exact words.
 *
 * A message that is one of the phrases is small talk for certain; a phrase of people in danger is also found inside a
 * longer message, when it has PHRASEBOOK_INSIDE words or more. Everything looser is the matcher's affair. */
#ifndef QANTAR_ENGINE_PHRASEBOOK_H
#define QANTAR_ENGINE_PHRASEBOOK_H

#include "base/buffer.h"
#include "engine/base.h"
#include "engine/layout.h"
#include "engine/words.h"

enum { PHRASEBOOK_INSIDE = 3 };

struct phrasebook;

/* Small talk is read from the base, the unrelated questions from the model, which is borrowed. */
struct phrasebook *phrasebook_create(const struct base *base, const struct layout *layout);
void phrasebook_destroy(struct phrasebook *book);

/* Appends SECTION_UNRELATED of the model. */
void phrasebook_train(const struct base *base, struct buffer *out);

/* Index into base->talks, UINT32_MAX: none. */
uint32_t phrasebook_find(const struct phrasebook *book, const struct words *words);
/* Whether the message is one of the questions that the base must not answer. */
bool phrasebook_is_unrelated(const struct phrasebook *book, const struct words *words);
bool phrasebook_is_safety(const struct phrasebook *book, const struct words *words);
/* The entry "safety", UINT32_MAX: the lexicon has none. */
uint32_t phrasebook_safety(const struct phrasebook *book);

#endif
