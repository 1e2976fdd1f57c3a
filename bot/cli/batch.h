/* batch: questions as JSON Lines in, answers as JSON Lines out, in order, each flushed (DESIGN, "Command line"). */
#ifndef QANTAR_CLI_BATCH_H
#define QANTAR_CLI_BATCH_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buffer.h"
#include "knowledge.h"

enum { BATCH_LINE_BYTES = 1 << 20, BATCH_TURNS = 100 };

/* False when a line could not be taken (the others were). `language`: for lines without "lang". */
bool batch_run(const struct knowledge *knowledge, enum language language, FILE *in, FILE *out);

/* One line (without its newline) to one object in `out`. False when it could not be taken: then it is an error
 * object. */
bool batch_line(const struct knowledge *knowledge, enum language language, const char *line, size_t bytes,
		struct buffer *out);

/* Reads up to a newline or the end into `line` (cleared first); false at the end. A line past the buffer's maximum is
 * read to its end, and line->failed set. */
bool batch_read_line(FILE *in, struct buffer *line);

#endif
