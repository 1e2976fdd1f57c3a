/* turn: messages that ask nothing new: "source?", "more", "and then?", "none of them". By their words alone. */
#ifndef QANTAR_ENGINE_TURN_H
#define QANTAR_ENGINE_TURN_H

#include "engine/words.h"

enum turn { TURN_QUESTION, TURN_SOURCE, TURN_MORE, TURN_NEXT, TURN_NONE_OF_THEM };

enum turn turn_of(const struct words *words);

#endif
