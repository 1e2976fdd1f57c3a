/* broad: a bare name ("Nazarbayev") or a bare day ("what happened on Thursday") for which no summary fact stands out:
 * the fact that says who or what it is, or a short list in order of time. */
#ifndef QANTAR_ENGINE_BROAD_H
#define QANTAR_ENGINE_BROAD_H

#include "engine/decide.h"

enum { BROAD_FACTS = 4 }; /* told at the most: a list must not bury the answer */

/* True when the question in knowledge->scratch is broad and two facts or more answer it; fills `decision`. */
bool broad_decide(const struct knowledge *knowledge, struct decision *decision);

#endif
