/* show: an answer for a terminal, and as a JSON object. */
#ifndef QANTAR_CLI_SHOW_H
#define QANTAR_CLI_SHOW_H

#include <stdio.h>

#include "base/buffer.h"
#include "knowledge.h"

struct show {
	FILE *out;
	unsigned columns; /* to wrap at; 0: no wrapping */
	bool colour;
};

/* For `out` as it is: a terminal's width and colour, or neither. */
struct show show_for(FILE *out);

/* The text, the source and date, candidates with their numbers, related questions. */
void show_answer(const struct show *show, const struct answer *answer);
/* Text wrapped at words; control characters become spaces, lines stay lines. `indent` spaces in front of lines after
 * the first. */
void show_text(const struct show *show, const char *text, unsigned indent);

/* Appends the object of DESIGN's batch contract, without a newline. A NULL `id` becomes null. */
void show_append_json(struct buffer *out, const char *id, const struct answer *answer);
/* Why there is no answer: a sentence. */
const char *show_refusal(enum knowledge_refusal refusal);

#endif
