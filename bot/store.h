/* store: what survives a restart, in SQLite. The only SQL in the tree.
 *
 * Writes of one turn of the loop are one transaction: the first write begins it, store_commit ends it. When the disk
 * is full (or broken) a write or the commit fails, everything of that turn is undone, the log says so once, and the
 * next turn tries again. Who writes therefore acts only on what store_commit has confirmed. Strings are borrowed
 * during a call. */
#ifndef QANTAR_STORE_H
#define QANTAR_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

enum {
	STORE_CLAIMS = 100000,   /* remembered at the most; and for STORE_DAYS */
	STORE_DAYS = 7,
	STORE_VALUE_BYTES = 65536, /* of a platform's state value; a longer one is refused */
};

struct store;

struct store_options {
	const char *directory;     /* made (0700) when it is not there */
	struct log *log;           /* borrowed */
	const struct clock *clock; /* borrowed */
	int64_t max_pages;         /* of 4 KiB, the database's size at the most; 0: no limit */
};

/* Locks the directory for this process, brings the schema up to date. NULL with `error` when another bot holds the
 * directory, or when it cannot be used. */
struct store *store_open(const struct store_options *options, struct error *error);
/* Commits and closes. NULL is fine. */
void store_close(struct store *store);

/* Ends the turn's transaction. False when its writes are lost. True when there was nothing to write. */
bool store_commit(struct store *store);
/* Whether the last attempt to write failed. */
bool store_is_failing(const struct store *store);

/* ---- events seen ---- */

enum store_claim { STORE_NEW, STORE_SEEN, STORE_FAILED };
enum store_claim store_claim_event(struct store *store, const char *platform, const char *room, const char *event);

/* ---- values of a platform ---- */

/* `value` NULL deletes. */
bool store_state_set(struct store *store, const char *platform, const char *key, const char *value);
/* A malloc'd string, or NULL. */
char *store_state_get(struct store *store, const char *platform, const char *key);

/* ---- posts on their way ---- */

enum store_action {
	STORE_SEND,
	STORE_EDIT,    /* changes the answer that was sent for (question, part) */
	STORE_REDACT,  /* takes it back */
	STORE_PROMISE, /* an answer that a later turn brings; after a restart its payload is sent instead: an apology */
};
struct store_post {
	const char *platform, *key; /* together unique */
	const char *room;
	const char *question;  /* the event that is answered */
	int part;
	enum store_action action;
	const char *payload;
	int64_t created_ms;
	int64_t started_ms;    /* since when the service may have seen it; 0: it has not */
};
/* Adds, or replaces the one of that key. */
bool store_post_put(struct store *store, const struct store_post *post);
bool store_post_start(struct store *store, const char *platform, const char *key, int64_t started_ms);
bool store_post_remove(struct store *store, const char *platform, const char *key);
/* All of them, the oldest first; `post` is borrowed during the callback, which must not write. */
void store_posts_each(struct store *store, void (*each)(void *context, const struct store_post *post), void *context);

/* ---- answers sent, to edit and redact them ---- */

bool store_answer_put(struct store *store, const char *platform, const char *room, const char *question, int part,
		      const char *remote);
/* The id the service gave that part: a malloc'd string, or NULL. */
char *store_answer_get(struct store *store, const char *platform, const char *room, const char *question, int part);
bool store_answer_remove(struct store *store, const char *platform, const char *room, const char *question, int part);

#endif
