/* lead: the words in front of a fact: yes, no, or what of the question is not so.
 *
 * A wrong "Yes." is worse than none, so a lead is given only when the question and one of the fact's own yes-no
 * questions name the same things and figures, and one kind of own question is clearly the nearest. */
#ifndef QANTAR_ENGINE_LEAD_H
#define QANTAR_ENGINE_LEAD_H

#include "engine/decide.h"

/* Sets the lead of `statement` (whose fact is the candidate's). */
void lead_find(const struct knowledge *knowledge, const struct match_question *question,
	       const struct match_candidate *candidate, struct statement *statement);

#endif
