/* fts: the peer: SQLite's FTS5 over the same texts, a row a question, ranked by its bm25.
 *
 * As somebody would build it who knows SQLite: in memory, unicode61 with diacritics removed, one prepared statement,
 * the question's words joined by OR. */
#ifndef QANTAR_BENCH_FTS_H
#define QANTAR_BENCH_FTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct fts;

struct fts *fts_create(char *const *rows, size_t count, struct error *error);
void fts_destroy(struct fts *fts);
/* The row number of the best, -1 when nothing fits. */
long fts_ask(struct fts *fts, const char *question);

#endif
