/* show: an answer for a terminal, and as a JSON object. */
#ifndef QANTAR_CLI_SHOW_H
#define QANTAR_CLI_SHOW_H

#include <stdio.h>

#include "base/buffer.h"
#include "knowledge.h"
#include "reply.h"

/* What a person sees: wrapped to the terminal's width, small print dimmed where there is colour; plain lines into a
 * pipe. */
void show_reply(FILE *out, const struct reply *reply);
/* The text, candidates with their numbers, the source and date, related questions: what the bot would post. */
void show_answer(FILE *out, const struct answer *answer);

/* Appends the object of DESIGN's batch contract, without a newline. A NULL `id` becomes null. */
void show_append_json(struct buffer *out, const char *id, const struct answer *answer);
/* Why there is no answer: a sentence. */
const char *show_refusal(enum knowledge_refusal refusal);

#endif
