/* What gateway.c (the connection's states) and gateway_frame.c (what Discord says on it) share. */
#ifndef QANTAR_DISCORD_GATEWAY_INTERNAL_H
#define QANTAR_DISCORD_GATEWAY_INTERNAL_H

#include "net/websocket.h"
#include "platform/discord/gateway.h"
#include "platform/discord/heartbeat.h"
#include "platform/discord/identifies.h"
#include "platform/discord/inflate.h"
#include "platform/discord/session.h"

enum discord_gateway_state {
	GATEWAY_IDLE,        /* created, not started */
	GATEWAY_WAITING,     /* for the next try, by the stage timer */
	GATEWAY_ASKING,      /* GET /gateway/bot is under way */
	GATEWAY_OPENING,     /* the websocket is being made */
	GATEWAY_GREETING,    /* open; HELLO is awaited */
	GATEWAY_IDENTIFYING, /* IDENTIFY sent; READY is awaited */
	GATEWAY_RESUMING,    /* RESUME sent; missed events come, then RESUMED */
	GATEWAY_READY,       /* events flow */
	GATEWAY_CLOSING,     /* we shut it; `closed` is awaited */
	GATEWAY_FAILED,      /* for good */
};

struct discord_gateway {
	struct loop *loop;
	struct log *log;
	const struct clock *clock;
	struct discord_rest *rest;
	const struct discord_gateway_events *events;
	void *context;
	char *token, *user_agent, *ca_file;
	bool plain, message_content;
	bool is_secure_api;             /* then the gateway must be wss:// */

	enum discord_gateway_state state;
	struct loop_timer stage;        /* ends WAITING, GREETING, IDENTIFYING and RESUMING */
	struct websocket *socket;       /* OPENING to CLOSING */
	struct discord_session session;
	struct discord_identifies identifies;
	struct discord_inflate inflate;
	struct discord_heartbeat heartbeat;

	bool resumes;                   /* what this connection is for */
	unsigned attempt;               /* tries since it last worked, for the back-off */
	unsigned resume_failures;       /* connections to the resume URL that were not made */
	unsigned invalid_sessions;      /* in a row */
	unsigned garbage;               /* messages in a row that are no JSON */
	int64_t next_delay_ms;          /* CLOSING: when to try again */
	int64_t sends_since_us;
	unsigned sends;                 /* on this connection, in the minute from sends_since_us */
	int64_t kept_sequence;          /* as last kept */
};

/* The one setter. Logs; arms the stage timer when `stage_ms` is not negative, else cancels it. */
void discord_gateway_set_state(struct discord_gateway *gateway, enum discord_gateway_state state,
			       int64_t stage_ms, const char *why);
/* We end this connection (the session lives) and try again: after `delay_ms` where it had worked, else also no
 * earlier than the back-off; -1: by the back-off in any case. */
void discord_gateway_leave(struct discord_gateway *gateway, int64_t delay_ms, const char *why);
void discord_gateway_send(struct discord_gateway *gateway, struct buffer *payload);
void discord_gateway_send_heartbeat(void *gateway);

/* A whole websocket message. */
void discord_gateway_on_text(struct discord_gateway *gateway, const char *data, size_t bytes, bool binary);

#endif
