/* outbox: every reply leaves through here, exactly once.
 *
 * A post waits in its room's lane, oldest first, one under way a room. It is pending until it is handed to the
 * platform; that it is under way is committed before the platform gets it; it is gone when the service took it. A
 * retry bears the same key, by which the service knows it again. A post that the service may have seen is dropped
 * when the service may have forgotten the key; one that it cannot have seen, when it is too old to be of use.
 * outbox_resume goes on after a restart. */
#ifndef QANTAR_OUTBOX_H
#define QANTAR_OUTBOX_H

#include "net/loop.h"
#include "platform/platform.h"
#include "store.h"

enum { OUTBOX_PLATFORMS = 4, OUTBOX_KEY_BYTES = 26 /* Discord takes 25 characters */ };

struct outbox;

struct outbox_options {
	struct loop *loop;   /* all borrowed */
	struct store *store;
	struct log *log;
	const struct clock *clock;
	int64_t answer_age_ms; /* a pending post is dropped after this */
	int64_t retry_base_ms; /* 0: 1,000 */
	size_t max_posts;      /* waiting and under way; 0: 10,000 */
};

struct outbox *outbox_create(const struct outbox_options *options);
/* Commits what it can. Before the platforms and the store go. NULL is fine. */
void outbox_destroy(struct outbox *outbox);

/* Before outbox_resume. Borrowed. */
void outbox_add_platform(struct outbox *outbox, struct platform *platform);
/* Takes up what a former run left in the store. */
void outbox_resume(struct outbox *outbox);

/* What a post answers: its key is made of this, so the same event and purpose give the same key. */
struct outbox_cause {
	struct platform *platform;
	const char *room;
	const char *event;   /* the question; a room's id where there is none (greetings) */
	const char *purpose; /* "answer", "limit", "greeting", ...: more than one reply to an event may exist */
};

/* Each adds rows to the turn's transaction and takes a copy of the texts. False when the outbox is full or the store
 * cannot be written: then nothing of it will be sent. */
bool outbox_send(struct outbox *outbox, const struct outbox_cause *cause, const struct rendered *rendered);
/* Replaces the answer to cause->event by another; parts too many are taken back, parts too few are sent. */
bool outbox_edit(struct outbox *outbox, const struct outbox_cause *cause, const struct rendered *rendered);
/* Takes the answer to cause->event back, sent or not. */
bool outbox_redact(struct outbox *outbox, const struct outbox_cause *cause);
/* A later turn will call outbox_send with the same cause; if it never comes to that, `apology` is sent at the next
 * start. */
bool outbox_promise(struct outbox *outbox, const struct outbox_cause *cause, const struct rendered *apology);

/* Whether the answer to that event was sent or is on its way. */
bool outbox_knows(struct outbox *outbox, const struct outbox_cause *cause);

/* From the platform's `sent`. */
void outbox_sent(struct outbox *outbox, struct platform *platform, const char *key, enum send_result result,
		 const char *remote);

/* There are writes in the store: commit them at this turn's end. */
void outbox_touch(struct outbox *outbox);
/* Commits now: for http's before_send. What was added in this turn goes out in the next; false: it is lost. */
bool outbox_commit(struct outbox *outbox);

size_t outbox_count(const struct outbox *outbox);

/* The key of a part. `out` holds OUTBOX_KEY_BYTES. */
void outbox_key(const struct outbox_cause *cause, int part, char out[]);

#endif
