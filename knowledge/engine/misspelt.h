/* misspelt: own questions are written as people write, with slips; such words must not pass for words of their own.
 *
 * Part of building a lexis, after its words and their slots. A word that next to no question has, one edit away from
 * a common word of the same topic's questions, is that word misspelt: it takes over its key and stem, so that other
 * slips of the word are corrected to it and not to this one. Of the same topic's, because real words are as near to
 * each other
 * ("patrol", "petrol") but seldom asked of the same. */
#ifndef QANTAR_ENGINE_MISSPELT_H
#define QANTAR_ENGINE_MISSPELT_H

#include "engine/base.h"
#include "engine/layout.h"
#include "engine/vocabulary.h"

/* `draft` holds the words, in the vocabulary's order, and their slots. */
void misspelt_join(const struct base *base, const struct vocabulary *vocabulary, struct layout_draft *draft);

#endif
