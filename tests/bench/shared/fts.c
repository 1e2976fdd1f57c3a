#include "fts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

struct fts {
	sqlite3 *database;
	sqlite3_stmt *ask;
	struct buffer words;
};

static bool fill(struct fts *fts, char *const *rows, size_t count)
{
	sqlite3_stmt *insert = NULL;
	if (sqlite3_exec(fts->database,
			 "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');BEGIN",
			 NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(fts->database, "INSERT INTO texts (text) VALUES (?)", -1, &insert, NULL) != SQLITE_OK)
		return false;
	for (size_t i = 0; i < count; i++) {
		sqlite3_bind_text(insert, 1, rows[i], -1, SQLITE_STATIC);
		sqlite3_step(insert);
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	return sqlite3_exec(fts->database, "COMMIT;INSERT INTO texts (texts) VALUES ('optimize')", NULL, NULL, NULL) ==
		       SQLITE_OK &&
	       sqlite3_prepare_v2(fts->database, "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 3", -1,
				  &fts->ask, NULL) == SQLITE_OK;
}

struct fts *fts_create(char *const *rows, size_t count, struct error *error)
{
	struct fts *fts = memory_zeroed(1, sizeof *fts);
	buffer_init(&fts->words, 1 << 20);
	if (sqlite3_open(":memory:", &fts->database) == SQLITE_OK && fill(fts, rows, count))
		return fts;
	error_set(error, "SQLite: %s", sqlite3_errmsg(fts->database));
	fts_destroy(fts);
	return NULL;
}

void fts_destroy(struct fts *fts)
{
	if (!fts)
		return;
	sqlite3_finalize(fts->ask);
	sqlite3_close(fts->database);
	buffer_finish(&fts->words);
	free(fts);
}

/* "How many?" becomes `"How" OR "many"`. */
static void join_words(struct buffer *out, const char *question)
{
	static const char between[] = " \t\r\n.,;:!?()[]{}\"'/-";
	buffer_clear(out);
	for (const char *at = question + strspn(question, between); *at != '\0'; at += strspn(at, between)) {
		size_t bytes = strcspn(at, between);
		buffer_append_text(out, out->bytes > 0 ? " OR \"" : "\"");
		buffer_append(out, at, bytes);
		buffer_append_char(out, '"');
		at += bytes;
	}
}

long fts_ask(struct fts *fts, const char *question)
{
	join_words(&fts->words, question);
	if (fts->words.bytes == 0)
		return -1;
	sqlite3_bind_text(fts->ask, 1, fts->words.data, (int)fts->words.bytes, SQLITE_STATIC);
	long best = -1;
	while (sqlite3_step(fts->ask) == SQLITE_ROW)
		if (best < 0)
			best = (long)sqlite3_column_int64(fts->ask, 0);
	sqlite3_reset(fts->ask);
	return best;
}
