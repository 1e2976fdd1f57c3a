/* broad: a bare name ("Nazarbayev") or a bare day ("what happened on Thursday") for which no summary fact stands out:
 * the fact that says who or what it is, or a short list in order of time. */
#ifndef QANTAR_ENGINE_BROAD_H
#define QANTAR_ENGINE_BROAD_H

#include "engine/decide.h"

enum { BROAD_FACTS = 4 }; /* told at the most: a list must not bury the answer */

/* True when the question in knowledge->scratch is a bare name, a fact says who or what that is, and the best candidate,
 * if that is `sure`, is about something else in the first place (by the order of its entities); fills `decision`. */
bool broad_decide_name(const struct knowledge *knowledge, bool sure, struct decision *decision);

/* True when the question is broad and two facts or more answer it; fills `decision`. */
bool broad_decide(const struct knowledge *knowledge, struct decision *decision);

#endif
