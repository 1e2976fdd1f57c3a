/* rest: requests to Discord's REST API, one at a time and in order in each channel, within its limits.
 *
 * Waits out every 429 by itself. A 401 ends all: nothing is sent any more and every request is answered as not
 * sent. A channel in which a message was refused (403, 404) is remembered, and later messages to it are answered
 * the same way without asking. Whether to retry a lost request is the caller's to decide. */
#ifndef QANTAR_DISCORD_REST_H
#define QANTAR_DISCORD_REST_H

#include "net/http.h"
#include "net/loop.h"
#include "platform/discord/limits.h"
#include "platform/discord/snowflake.h"
#include "platform/platform.h"

struct discord_rest;

struct discord_rest_options {
	const char *token, *api_url, *user_agent; /* as discord_options; none NULL; copied */
	unsigned requests_per_s;
	void (*unauthorized)(void *context);      /* called once, at the first 401 */
	void *context;
};

struct discord_rest *discord_rest_create(struct loop *loop, struct http *http, struct log *log,
					 const struct clock *clock, const struct discord_rest_options *options);
/* Cancels what is queued or under way; their `done` is not called. */
void discord_rest_destroy(struct discord_rest *rest);

struct discord_result {
	enum http_outcome outcome;
	long status;       /* 0 unless HTTP_DONE */
	const cJSON *body; /* NULL when it is no JSON */
	int64_t code;      /* of a JSON error (Discord documentation, JSON Error Codes); 0: none */
	enum discord_route route;
	const char *channel, *sent; /* the request's: "" and NULL where it has none */
};
enum { REST_CODE_NO_HISTORY = 160002 }; /* we may write in the channel but not refer to its messages */

/* All texts are copied. A call without what its route needs (snowflakes as `channel` and `message`, a body) never
 * leaves and is answered with status 400, as Discord would. */
struct discord_call {
	enum discord_route route;
	const char *channel, *message;
	const char *body; /* JSON or NULL */
	const char *tag;  /* handed to `done`; shorter than PLATFORM_KEY_BYTES; NULL: "" */
	/* Called once, never inside the call. May be NULL. */
	void (*done)(void *context, const char *tag, const struct discord_result *result);
	void *context;
};
void discord_rest_call(struct discord_rest *rest, const struct discord_call *call);

/* Rights have changed: refused channels may be asked again. */
void discord_rest_forget_denied(struct discord_rest *rest);

/* Whether a request in this channel would leave at once: for those that are worth nothing later. */
bool discord_rest_is_idle(const struct discord_rest *rest, enum discord_route route, const char *channel);

#endif
