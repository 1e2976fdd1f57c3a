/* platform: the contract that every chat platform fulfils.
 *
 * A platform turns events of its service into the callbacks of `struct platform_events` and carries replies out. It
 * knows nothing of facts, matching or SQL. Calls go down through `struct platform_impl`, news comes up through
 * `struct platform_events`; a callback must not destroy the platform it came from.
 *
 * `struct platform` is the first member of `struct discord`, `struct matrix`, ... */
#ifndef QANTAR_PLATFORM_PLATFORM_H
#define QANTAR_PLATFORM_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	PLATFORM_ID_BYTES = 256,      /* rooms, users, events; Matrix ids are at most 255 bytes */
	PLATFORM_KEY_BYTES = 65,      /* idempotency key of a send, with the NUL */
	PLATFORM_PARTS = 6,           /* posts into which one reply may be split */
	PLATFORM_TEXT_BYTES = 65536,  /* of a message that is handed up; longer ones are cut at a code point, which
	                                 the knowledge refuses as too long */
};

struct platform;

/* A message somebody wrote. Borrowed: valid during the callback; who keeps, copies. Already known: not our own, not a
 * bot's, not older than the platform's own start rule (see impl). */
struct message {
	struct platform *platform;
	const char *room;       /* Matrix room id, Discord channel id */
	const char *sender;     /* full user id */
	const char *event;      /* the message's id: unique on this platform */
	const char *thread;     /* root id when in a Matrix thread, else NULL */
	const char *text;       /* what was asked: mention, command prefix and reply fallback already taken off */
	size_t text_bytes;
	const char *server;     /* Discord guild id; NULL in direct messages and on Matrix */
	bool is_direct;
	bool is_addressed;      /* direct, mentioned, reply to us, or called by a prefix: expects an answer */
	bool is_readable;       /* false: encrypted or empty content; `text` is "" */
	int64_t sent_ms;        /* when written, wall clock */
};

/* A piece of a reply. The platform renders it safely: nothing in `text` is ever markup or a mention. */
enum block_kind {
	BLOCK_PARAGRAPH,
	BLOCK_ITEM,      /* one line of a list: candidates (numbered by the bot), related questions, facts */
	BLOCK_NOTE,      /* small print: source, as-of date */
};
struct block {
	enum block_kind kind;
	const char *text; /* UTF-8 */
};

/* A reply rendered for one platform: what goes over the wire, as text that the outbox can store. */
struct rendered {
	char *parts[PLATFORM_PARTS]; /* malloc'd; [count] */
	size_t count;
};
void rendered_finish(struct rendered *rendered);

/* Where a reply goes. Borrowed during the call. */
struct target {
	const char *room;
	const char *reply_to; /* event id or NULL */
	const char *thread;   /* NULL: none */
	const char *sender;   /* who asked: mentioned where the platform's rules want it; NULL: nobody */
};

/* One rendered part on its way. Borrowed during platform_send. */
struct post {
	const char *room;
	const char *payload; /* a part of `struct rendered` */
	const char *key;     /* the same on every try: Discord nonce, Matrix transaction id */
};

enum send_result {
	SEND_DONE,
	SEND_REFUSED, /* the service will never take it: too large, forbidden, room gone. Do not retry. */
	SEND_LOST,    /* result unknown (5xx, no whole answer): retried while the service still knows the key */
	SEND_UNREACHED, /* certainly not seen (no route, refused, TLS failed): retried until it is too old */
};

enum platform_state {
	PLATFORM_CONNECTING, /* also: reconnecting; replies wait */
	PLATFORM_CONNECTED,
	PLATFORM_FAILED,     /* will not recover without the operator; `why` says what to change */
};

struct platform_events {
	void (*message)(void *context, const struct message *message);
	/* The question `event` was edited to `message->text` / was redacted. */
	void (*edited)(void *context, const struct message *message);
	void (*redacted)(void *context, struct platform *platform, const char *room, const char *event);
	/* We are in a room for the first time (joined, or a first direct message): say who we are. */
	void (*entered)(void *context, struct platform *platform, const char *room, bool is_direct);
	/* The result of a send, edit or redact, exactly once each, never from inside the call; `remote` is the id the
	 * service gave the post ("" unless SEND_DONE). */
	void (*sent)(void *context, struct platform *platform, const char *key, enum send_result result, const char *remote);
	void (*state)(void *context, struct platform *platform, enum platform_state state, const char *why);
	/* Small values that must survive a restart (sync token, device id, session). `value` NULL deletes; get
	 * returns a malloc'd string or NULL. set is committed with the turn's other writes, so a sync token set after
	 * a batch's messages is stored with them or not at all. Secrets (access token) use keys starting "secret.".
	 */
	void (*state_set)(void *context, struct platform *platform, const char *key, const char *value);
	char *(*state_get)(void *context, struct platform *platform, const char *key);
	/* Commits the turn's writes now. False when they are lost (a full disk): nothing that was handed up in this turn
	 * will be answered, and a platform that can should hand it up again later. */
	bool (*commit)(void *context);
};

struct platform_impl {
	const char *name;              /* "matrix", "discord": also the prefix in stored rows */
	int64_t dedupe_window_ms;      /* how long the service recognises a repeated key */
	/* Mandatory. Begins to connect; returns at once. False only for what no retry can mend. */
	bool (*start)(struct platform *platform, struct error *error);
	/* Mandatory. Splits and escapes; false when nothing can be made of it. The caller finishes `out`. */
	bool (*render)(struct platform *platform, const struct target *target, const struct block *blocks, size_t count,
		       struct rendered *out);
	/* Mandatory. Takes what it needs of `post`; events->sent follows. Waits out 429 by itself; keeps the order
	 * within a room. */
	void (*send)(struct platform *platform, const struct post *post);
	/* Optional (NULL: the platform has no such thing). `remote` is the id that `sent` gave for the post to change or take
	 * back. events->sent follows with the key, as for send, unless edit returned false (cannot be edited any more). */
	bool (*edit)(struct platform *platform, const char *remote, const struct post *post);
	void (*redact)(struct platform *platform, const char *room, const char *remote, const char *key);
	void (*typing)(struct platform *platform, const char *room, bool on);
	void (*receipt)(struct platform *platform, const char *room, const char *event);
	/* Optional. Whether the room's own rights make `user` an admin; asked at the time of the command. */
	bool (*is_room_admin)(struct platform *platform, const char *room, const char *user);
	/* Mandatory. Closes politely what can be closed at once. */
	void (*destroy)(struct platform *platform);
};

struct platform {
	const struct platform_impl *impl;
	const struct platform_events *events;
	void *context; /* for the events */
};

#endif
