/* internal: what the files of matrix/ share. Nobody outside includes this.
 *
 * Who calls whom: matrix.c (start, destroy) -> discover.c (the homeserver) -> login.c (a token that holds) -> sync.c
 * (the long poll, one batch after the other) -> batch.c (gaps, look-ups, then everything handed up in order) ->
 * room.c, invite.c, event.c -> the bot; send.c carries replies the other way. All of them speak through api.c. */
#ifndef QANTAR_PLATFORM_MATRIX_INTERNAL_H
#define QANTAR_PLATFORM_MATRIX_INTERNAL_H

#include "platform/matrix/api.h"
#include "platform/matrix/matrix.h"
#include "platform/matrix/names.h"
#include "platform/matrix/read.h"
#include "platform/matrix/room.h"

enum {
	MATRIX_ANSWER_AGE_MS = 15 * 60 * 1000,
	MATRIX_RETRY_BASE_MS = 1000,
	MATRIX_RETRY_CAP_MS = 60000,
	MATRIX_SYNC_LIMIT = 50,    /* events of a room's timeline in one sync */
	MATRIX_SEEN_EVENTS = 4096, /* of which it is remembered whether they are ours; a power of two */
};

/* The life of the connection, from top to bottom. */
enum matrix_state {
	MATRIX_IDLE,        /* created, not started */
	MATRIX_DISCOVERING, /* reads the .well-known file of the user's server */
	MATRIX_PROBING,     /* GET /versions: is there a homeserver */
	MATRIX_LOGGING_IN,  /* by password, or renewing the token */
	MATRIX_IDENTIFYING, /* GET /whoami and the display name: whose token is it */
	MATRIX_SYNCING,     /* asks for the first batch since the connection was made */
	MATRIX_CONNECTED,   /* batches come in */
	MATRIX_WAITING,     /* after a failure; the timer goes on with `resume` */
	MATRIX_STOPPED,     /* the operator must act; nothing is asked any more */
};

struct matrix_batch;
struct matrix_join;
struct matrix_send;

struct matrix {
	struct platform platform; /* first */
	struct loop *loop;
	struct http *http;
	struct log *log;
	const struct clock *clock;
	struct matrix_options options;

	enum matrix_state state;
	struct loop_timer retry;
	unsigned attempts;                     /* failures in a row */
	void (*resume)(struct matrix *matrix); /* what the timer goes on with */
	struct matrix_request *requests;       /* all under way */
	struct matrix_request *step;           /* the one that the login waits for; NULL: none */

	char *base_url; /* of the homeserver, without a slash at the end */
	unsigned redirects; /* followed on the way to it */
	char *user_id, *device_id, *access_token, *refresh_token, *display_name;
	bool is_authorised;        /* there is a token and nothing said that it does not hold */
	struct loop_timer expiry;  /* renews the token before it runs out */
	struct matrix_request *renewal; /* under way before the token ran out; NULL: none */
	unsigned renewals_failed;
	unsigned token_generation; /* counts tokens, so that one dead token is dealt with once */

	char *since;                         /* the last batch that was handed up whole; NULL: none yet */
	bool is_state_known;                 /* a sync of this process brought the rooms' whole state */
	unsigned sync_limit; /* events a room; halved when an answer is too large, doubled when it was not */
	int64_t sync_started_us;
	struct matrix_request *sync_request; /* NULL: none under way */
	struct matrix_batch *batch;          /* being completed before it is handed up */

	struct matrix_rooms rooms;
	cJSON *direct;         /* content of m.direct; NULL: none */
	struct names ignored;
	uint64_t seen[MATRIX_SEEN_EVENTS]; /* hash of an event id by its low bits, the lowest bit: ours */
	size_t edits;                      /* whose originals are being looked up */
	struct matrix_join *joins;         /* wanted, or done and not yet seen in a sync */
	bool are_joins_known;              /* those of an earlier run were read */

	bool is_limited;                     /* the homeserver said 429: one send at a time, those that wait in order */
	struct matrix_send *waiting, **waiting_end;
	struct matrix_send *probe;           /* the one under way while limited; NULL: none */
	int64_t paused_until_us;             /* none before that */
	struct loop_timer pause;
};

/* ---- matrix.c ---- */
/* The only setter of `state`: logs, and tells the bot when the platform's state changes. `why` is for people. */
void matrix_set_state(struct matrix *matrix, enum matrix_state state, const char *why);
/* Waits (as told by the server, or with back-off) and goes on with `resume`. */
void matrix_retry(struct matrix *matrix, const struct matrix_reply *reply, void (*resume)(struct matrix *matrix));
/* Drops what would go on by itself: the login's step, the sync, the timers. Sends and joins stay. */
void matrix_stop(struct matrix *matrix);
void matrix_fail(struct matrix *matrix, const char *format, ...) __attribute__((format(printf, 2, 3)));
void matrix_remember(struct matrix *matrix, const char *key, const char *value); /* events->state_set */
char *matrix_recall(struct matrix *matrix, const char *key);                     /* events->state_get */
/* Replaces an owned string by a copy of `value`. */
void matrix_keep(char **slot, const char *value);

/* ---- discover.c ---- */
void matrix_login_begin(struct matrix *matrix);

/* ---- login.c ---- */
/* There is a homeserver: goes on to a token, and to the first sync. */
void matrix_login_enter(struct matrix *matrix);
/* A request with the token that holds was answered 401: it holds no more. */
void matrix_on_unauthorised(struct matrix *matrix, const struct matrix_reply *reply);

/* ---- sync.c ---- */
void matrix_sync_begin(struct matrix *matrix);
/* The batch is handed up: its token is stored, the next one asked for; the same again when it cannot be stored. */
void matrix_sync_on_handed_up(struct matrix *matrix, const char *next);
void matrix_sync_stop(struct matrix *matrix);
/* Remembers of an event whether it is ours; 1 ours, 0 not ours, -1 unknown. */
void matrix_seen_add(struct matrix *matrix, const char *event, bool is_ours);
int matrix_seen(const struct matrix *matrix, const char *event);

/* ---- batch.c, fetch.c ---- */
/* Takes `document`, the answer to a sync since `since` (NULL: the first ever), and hands it up, in this turn or a
 * later one. */
void matrix_batch_begin(struct matrix *matrix, struct json *document, bool is_first);
void matrix_batch_drop(struct matrix *matrix);

/* ---- invite.c ---- */
void matrix_invite_on_invited(struct matrix *matrix, const char *room, const cJSON *invited);
void matrix_invite_on_tombstone(struct matrix *matrix, struct matrix_room *room, const cJSON *event);
void matrix_invite_leave(struct matrix *matrix, const char *room, const char *why);
/* Goes on with the joins that an earlier run did not finish; needs a token. */
void matrix_invite_resume(struct matrix *matrix);
void matrix_invite_finish(struct matrix *matrix);
/* A sync shows the room as joined: forgets the join. Whether its invitation said that it is a direct message. */
bool matrix_invite_settle(struct matrix *matrix, const char *room);

/* ---- event.c ---- */
/* Hands up one event of a timeline that came after we joined. */
void matrix_event_on_timeline(struct matrix *matrix, struct matrix_room *room, const cJSON *event);
/* Wall clock time at which the event was sent, by the homeserver's reckoning of its age where it gives one. */
int64_t matrix_event_sent_ms(const struct matrix *matrix, const cJSON *event);
bool matrix_event_is_state_of(const cJSON *event, const char *type, const char *state_key);

/* ---- send.c ---- */
void matrix_send_post(struct platform *platform, const struct post *post);
bool matrix_send_edit(struct platform *platform, const char *remote, const struct post *post);
void matrix_send_redact(struct platform *platform, const char *room, const char *remote, const char *key);
void matrix_send_typing(struct platform *platform, const char *room, bool on);
void matrix_send_receipt(struct platform *platform, const char *room, const char *event);
void matrix_send_queue_finish(struct matrix_room *room);

/* ---- render.c ---- */
bool matrix_render(struct platform *platform, const struct target *target, const struct block *blocks, size_t count,
		   struct rendered *out);

#endif
