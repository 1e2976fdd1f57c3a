#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/buffer.h"
#include "base/file.h"

enum { BUSY_MS = 5000, PRUNE_EVERY_CLAIMS = 1000 };

enum statement {
	BEGIN, COMMIT, ROLLBACK,
	CLAIM, PRUNE_CLAIMS_BY_AGE, PRUNE_CLAIMS_BY_COUNT, PRUNE_ANSWERS, PRUNE_POSTS,
	STATE_SET, STATE_DELETE, STATE_GET,
	POST_PUT, POST_START, POST_REMOVE, POST_EACH,
	ANSWER_PUT, ANSWER_GET, ANSWER_REMOVE,
	STATEMENTS,
};

static const char *const sql[STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
	[CLAIM] = "INSERT INTO claim(platform, room, event, at_ms) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING",
	[PRUNE_CLAIMS_BY_AGE] = "DELETE FROM claim WHERE at_ms < ?",
	[PRUNE_CLAIMS_BY_COUNT] =
		"DELETE FROM claim WHERE id <= (SELECT id FROM claim ORDER BY id DESC LIMIT 1 OFFSET ?)",
	[PRUNE_ANSWERS] = "DELETE FROM answer WHERE at_ms < ?",
	[PRUNE_POSTS] = "DELETE FROM outbox WHERE created_ms < ?", /* of a platform that is no longer set up */
	[STATE_SET] = "INSERT INTO state(platform, key, value) VALUES(?, ?, ?)"
		      " ON CONFLICT DO UPDATE SET value = excluded.value",
	[STATE_DELETE] = "DELETE FROM state WHERE platform = ? AND key = ?",
	[STATE_GET] = "SELECT value FROM state WHERE platform = ? AND key = ?",
	[POST_PUT] =
		"INSERT OR REPLACE INTO outbox(platform, key, room, question, part, action, payload, created_ms, started_ms)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[POST_START] = "UPDATE outbox SET started_ms = ? WHERE platform = ? AND key = ?",
	[POST_REMOVE] = "DELETE FROM outbox WHERE platform = ? AND key = ?",
	[POST_EACH] =
		"SELECT platform, key, room, question, part, action, payload, created_ms, started_ms FROM outbox ORDER BY id",
	[ANSWER_PUT] =
		"INSERT OR REPLACE INTO answer(platform, room, question, part, remote, at_ms) VALUES(?, ?, ?, ?, ?, ?)",
	[ANSWER_GET] = "SELECT remote FROM answer WHERE platform = ? AND room = ? AND question = ? AND part = ?",
	[ANSWER_REMOVE] = "DELETE FROM answer WHERE platform = ? AND room = ? AND question = ? AND part = ?",
};

/* migrations[n] takes a database of version n to n + 1. Never change one that was released: add another. */
static const char *const migrations[] = {
	"CREATE TABLE claim(id INTEGER PRIMARY KEY, platform TEXT NOT NULL, room TEXT NOT NULL, event TEXT NOT NULL,"
	" at_ms INTEGER NOT NULL, UNIQUE(event, room, platform));"
	"CREATE INDEX claim_age ON claim(at_ms);"
	"CREATE TABLE state(platform TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(platform, key))"
	" WITHOUT ROWID;"
	"CREATE TABLE outbox(id INTEGER PRIMARY KEY, platform TEXT NOT NULL, key TEXT NOT NULL, room TEXT NOT NULL,"
	" question TEXT NOT NULL, part INTEGER NOT NULL, action INTEGER NOT NULL, payload TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL, started_ms INTEGER NOT NULL, UNIQUE(platform, key));"
	"CREATE TABLE answer(platform TEXT NOT NULL, room TEXT NOT NULL, question TEXT NOT NULL, part INTEGER NOT NULL,"
	" remote TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(question, part, room, platform)) WITHOUT ROWID;"
	"CREATE INDEX answer_age ON answer(at_ms);",
};
enum { SCHEMA_VERSION = sizeof migrations / sizeof *migrations };

struct store {
	sqlite3 *database;
	sqlite3_stmt *statements[STATEMENTS]; /* prepared when first used */
	int lock;                             /* fd that holds the directory's lock */
	struct log *log;
	const struct clock *clock;
	unsigned claims;     /* since the last pruning */
	bool is_open;        /* a transaction has begun */
	bool turn_failed;    /* a write of this turn failed: the commit will undo it */
	bool is_failing;
};

/* ---- statements ---- */

/* Binds by `format`: t a text, i an int64_t. NULL when it cannot be prepared. */
static sqlite3_stmt *ready(struct store *store, enum statement which, const char *format, va_list arguments)
{
	sqlite3_stmt **statement = &store->statements[which];
	if (!*statement && sqlite3_prepare_v3(store->database, sql[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
					      NULL) != SQLITE_OK)
		return NULL;
	for (int i = 0; format[i]; i++) {
		if (format[i] == 't')
			sqlite3_bind_text(*statement, i + 1, va_arg(arguments, const char *), -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(*statement, i + 1, va_arg(arguments, int64_t));
	}
	return *statement;
}

static void release(sqlite3_stmt *statement)
{
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

static bool fail(struct store *store, const char *what)
{
	if (!store->is_failing)
		log_event(store->log, LOG_ERROR, "store", "cannot_write", LOG_TEXT("what", what),
			  LOG_TEXT("why", sqlite3_errmsg(store->database)),
			  LOG_TEXT("effect", "questions go unanswered until it can be written again"));
	store->is_failing = true;
	store->turn_failed = true;
	return false;
}

static bool step(struct store *store, enum statement which, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	sqlite3_stmt *statement = ready(store, which, format, arguments);
	va_end(arguments);
	bool done = statement && sqlite3_step(statement) == SQLITE_DONE;
	if (!done)
		fail(store, sql[which]);
	if (statement)
		release(statement);
	return done;
}

/* Before each write. After a failed write the rest of the turn is not tried. */
static bool begin(struct store *store)
{
	if (store->turn_failed)
		return false;
	if (!store->is_open)
		store->is_open = step(store, BEGIN, "");
	return store->is_open;
}

/* The first column of the first row as a malloc'd string, or NULL. */
static char *fetch(struct store *store, enum statement which, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	sqlite3_stmt *statement = ready(store, which, format, arguments);
	va_end(arguments);
	if (!statement)
		return NULL;
	char *text = NULL;
	if (sqlite3_step(statement) == SQLITE_ROW)
		text = memory_text((const char *)sqlite3_column_text(statement, 0));
	release(statement);
	return text;
}

bool store_commit(struct store *store)
{
	if (!store->is_open && !store->turn_failed)
		return true;
	bool done = !store->turn_failed && step(store, COMMIT, "");
	if (!done && !sqlite3_get_autocommit(store->database))
		step(store, ROLLBACK, "");
	if (done && store->is_failing) {
		log_event(store->log, LOG_WARNING, "store", "can_write_again");
		store->is_failing = false;
	}
	store->is_open = false;
	store->turn_failed = false;
	return done;
}

bool store_is_failing(const struct store *store)
{
	return store->is_failing;
}

/* ---- opening ---- */

static bool lock_directory(struct store *store, const char *directory, struct error *error)
{
	char *path = file_join(directory, "lock");
	store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	bool done = store->lock >= 0 && flock(store->lock, LOCK_EX | LOCK_NB) == 0;
	if (!done && store->lock >= 0 && errno == EWOULDBLOCK)
		error_set(
			error,
			"another bot is running on the state directory %s; stop it, or set QANTAR_STATE_DIR to another one",
			directory);
	else if (!done)
		error_set(error, "%s cannot be locked: %s", path, strerror(errno));
	free(path);
	return done;
}

static bool open_database(struct store *store, const struct store_options *options, struct error *error)
{
	char *path = file_join(options->directory, "state.sqlite");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* SQLite gives its journal the same mode */
	bool done = fd >= 0 && fchmod(fd, 0600) == 0;
	if (fd >= 0)
		close(fd);
	if (!done)
		error_set(error, "%s cannot be opened: %s", path, strerror(errno));
	if (done && sqlite3_open_v2(path, &store->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		done = error_set(error, "%s cannot be opened: %s", path, sqlite3_errmsg(store->database));
	free(path);
	return done;
}

static int schema_version(struct store *store)
{
	sqlite3_stmt *statement;
	int version = -1;
	if (sqlite3_prepare_v2(store->database, "PRAGMA user_version", -1, &statement, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(statement) == SQLITE_ROW)
		version = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return version;
}

static bool execute(struct store *store, const char *text)
{
	return sqlite3_exec(store->database, text, NULL, NULL, NULL) == SQLITE_OK;
}

static bool migrate(struct store *store, const char *directory, struct error *error)
{
	int version = schema_version(store);
	if (version > SCHEMA_VERSION)
		return error_set(
			error,
			"the state in %s was written by a newer qantar; run that one, or set QANTAR_STATE_DIR elsewhere",
			directory);
	for (; version >= 0 && version < SCHEMA_VERSION; version++) {
		char raise[64];
		sqlite3_snprintf(sizeof raise, raise, "PRAGMA user_version = %d", version + 1);
		if (!execute(store, "BEGIN IMMEDIATE") || !execute(store, migrations[version]) || !execute(store, raise) ||
		    !execute(store, "COMMIT"))
			break;
	}
	if (version != SCHEMA_VERSION)
		return error_set(error, "the state in %s cannot be used: %s; move state.sqlite away to start afresh", directory,
				 sqlite3_errmsg(store->database));
	return true;
}

static bool set_up(struct store *store, const struct store_options *options, struct error *error)
{
	char most[64];
	sqlite3_busy_timeout(store->database, BUSY_MS);
	if (!execute(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -512;"
			    " PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"))
		return error_set(error, "the state in %s cannot be used: %s; move state.sqlite away to start afresh",
				 options->directory, sqlite3_errmsg(store->database));
	if (!migrate(store, options->directory, error))
		return false;
	sqlite3_snprintf(sizeof most, most, "PRAGMA max_page_count = %lld", (long long)options->max_pages);
	return options->max_pages == 0 || execute(store, most) || error_set(error, "%s", sqlite3_errmsg(store->database));
}

static void prune(struct store *store)
{
	int64_t before_ms = store->clock->wall_ms(store->clock) - (int64_t)STORE_DAYS * 86400000;
	store->claims = 0;
	if (begin(store) && step(store, PRUNE_CLAIMS_BY_AGE, "i", before_ms) && step(store, PRUNE_ANSWERS, "i", before_ms) &&
	    step(store, PRUNE_POSTS, "i", before_ms))
		step(store, PRUNE_CLAIMS_BY_COUNT, "i", (int64_t)STORE_CLAIMS);
}

struct store *store_open(const struct store_options *options, struct error *error)
{
	struct store *store = memory_zeroed(1, sizeof *store);
	store->log = options->log;
	store->clock = options->clock;
	store->lock = -1;
	if (!file_make_directory(options->directory, error) || !lock_directory(store, options->directory, error) ||
	    !open_database(store, options, error) || !set_up(store, options, error)) {
		store_close(store);
		return NULL;
	}
	prune(store);
	store_commit(store);
	return store;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	if (store->database)
		store_commit(store);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->database);
	if (store->lock >= 0)
		close(store->lock);
	free(store);
}

/* ---- what is kept ---- */

enum store_claim store_claim_event(struct store *store, const char *platform, const char *room, const char *event)
{
	if (store->claims++ >= PRUNE_EVERY_CLAIMS)
		prune(store);
	int64_t now_ms = store->clock->wall_ms(store->clock);
	if (!begin(store) || !step(store, CLAIM, "ttti", platform, room, event, now_ms))
		return STORE_FAILED;
	return sqlite3_changes(store->database) == 1 ? STORE_NEW : STORE_SEEN;
}

bool store_state_set(struct store *store, const char *platform, const char *key, const char *value)
{
	if (!begin(store))
		return false;
	if (!value)
		return step(store, STATE_DELETE, "tt", platform, key);
	if (strnlen(value, STORE_VALUE_BYTES + 1) > STORE_VALUE_BYTES) {
		log_event(store->log, LOG_ERROR, "store", "value_too_long", LOG_TEXT("platform", platform), LOG_TEXT("key", key));
		return false;
	}
	return step(store, STATE_SET, "ttt", platform, key, value);
}

char *store_state_get(struct store *store, const char *platform, const char *key)
{
	return fetch(store, STATE_GET, "tt", platform, key);
}

bool store_post_put(struct store *store, const struct store_post *post)
{
	return begin(store) && step(store, POST_PUT, "ttttiitii", post->platform, post->key, post->room, post->question,
				    (int64_t)post->part, (int64_t)post->action, post->payload, post->created_ms, post->started_ms);
}

bool store_post_start(struct store *store, const char *platform, const char *key, int64_t started_ms)
{
	return begin(store) && step(store, POST_START, "itt", started_ms, platform, key);
}

bool store_post_remove(struct store *store, const char *platform, const char *key)
{
	return begin(store) && step(store, POST_REMOVE, "tt", platform, key);
}

static const char *column(sqlite3_stmt *statement, int place)
{
	const char *text = (const char *)sqlite3_column_text(statement, place);
	return text ? text : "";
}

void store_posts_each(struct store *store, void (*each)(void *context, const struct store_post *post), void *context)
{
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(store->database, sql[POST_EACH], -1, &statement, NULL) != SQLITE_OK)
		return;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		struct store_post post = {
			.platform = column(statement, 0), .key = column(statement, 1), .room = column(statement, 2),
			.question = column(statement, 3), .part = sqlite3_column_int(statement, 4),
			.action = (enum store_action)sqlite3_column_int(statement, 5), .payload = column(statement, 6),
			.created_ms = sqlite3_column_int64(statement, 7), .started_ms = sqlite3_column_int64(statement, 8),
		};
		each(context, &post);
	}
	sqlite3_finalize(statement);
}

bool store_answer_put(struct store *store, const char *platform, const char *room, const char *question, int part,
		      const char *remote)
{
	return begin(store) && step(store, ANSWER_PUT, "tttiti", platform, room, question, (int64_t)part, remote,
				    store->clock->wall_ms(store->clock));
}

char *store_answer_get(struct store *store, const char *platform, const char *room, const char *question, int part)
{
	return fetch(store, ANSWER_GET, "ttti", platform, room, question, (int64_t)part);
}

bool store_answer_remove(struct store *store, const char *platform, const char *room, const char *question, int part)
{
	return begin(store) && step(store, ANSWER_REMOVE, "ttti", platform, room, question, (int64_t)part);
}
