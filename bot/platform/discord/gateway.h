/* gateway: the connection on which Discord sends events (Discord documentation, Gateway, version 10).
 *
 * Keeps itself alive: it resumes after every loss that can be resumed, begins a new session where not, waits
 * longer and longer while Discord is not to be had, and gives up only for what the operator must mend. No event is
 * called from inside discord_gateway_start, and none may destroy the gateway. */
#ifndef QANTAR_DISCORD_GATEWAY_H
#define QANTAR_DISCORD_GATEWAY_H

#include <stdbool.h>

#include "base/json.h"
#include "net/loop.h"
#include "platform/discord/rest.h"

enum {
	GATEWAY_SENDS_MOST = 110,   /* in a minute; Discord closes a connection at 120 */
	GATEWAY_GARBAGE_MOST = 10,  /* messages in a row that are no JSON, before the connection is given up */
	GATEWAY_HELLO_MS = 20000,
	GATEWAY_READY_MS = 60000,   /* from IDENTIFY or RESUME */
	GATEWAY_BACKOFF_MS = 1000,  /* the first wait, at most; then doubled each time */
	GATEWAY_BACKOFF_MOST_MS = 60000,
};

struct discord_gateway;

struct discord_gateway_events {
	void (*ready)(void *context);  /* events flow: after READY or RESUMED */
	/* An event of the session. `data` is borrowed. */
	void (*dispatch)(void *context, const char *type, const cJSON *data);
	void (*down)(void *context, const char *why);   /* it reconnects by itself */
	void (*failed)(void *context, const char *why); /* it will not come back; `why` says what to change */
	/* A value to keep over restarts, as platform_events. */
	void (*keep)(void *context, const char *key, const char *value);
	char *(*kept)(void *context, const char *key); /* the caller frees */
};

struct discord_gateway_options {
	const char *token, *api_url, *user_agent, *ca_file; /* copied */
	bool plain, message_content;                         /* as discord_options */
	const struct discord_gateway_events *events;         /* borrowed, as is `context` */
	void *context;
};

/* `rest` is borrowed, and destroyed before the gateway: then nothing of it is under way. */
struct discord_gateway *discord_gateway_create(struct loop *loop, struct log *log, const struct clock *clock,
					       struct discord_rest *rest, const struct discord_gateway_options *options);
void discord_gateway_destroy(struct discord_gateway *gateway);

void discord_gateway_start(struct discord_gateway *gateway);
/* For good: the token was refused elsewhere. */
void discord_gateway_fail(struct discord_gateway *gateway, const char *why);

/* The bot's own id; "" before the first session. */
const char *discord_gateway_user(const struct discord_gateway *gateway);
/* Keeps the sequence number now: an event of consequence was handed up. */
void discord_gateway_keep_session(struct discord_gateway *gateway);

#endif
