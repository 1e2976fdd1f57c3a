/* focus: the question in a message that says other things too: "I was offline all week, what happened on Wednesday?"
 */
#ifndef QANTAR_ENGINE_FOCUS_H
#define QANTAR_ENGINE_FOCUS_H

#include "engine/decide.h"

/* Whether a part of the message is a question by its form: by a question word, one that asks for yes or no, "... ше?".
 * Reads it into knowledge->scratch->other; the message is read before. */
bool focus_is_question(const struct knowledge *knowledge, const char *text, size_t bytes);

/* For a message that as a whole fits no fact well enough. True when a sentence or clause of it that is a question,
 * beside one that is none, fits one of the first facts of the whole; fills `decision`. knowledge->scratch holds the
 * whole message's reading, and keeps it. */
bool focus_decide(const struct knowledge *knowledge, const char *text, size_t bytes, const struct words *words,
		  struct decision *decision);

#endif
