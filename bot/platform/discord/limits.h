/* limits: when a REST request may leave (Discord documentation, Topics > Rate Limits).
 *
 * Buckets are known by the X-RateLimit-Bucket that a route answers with, and the route's major parameter (the
 * channel). Beside them stand the global limit and the budget of invalid requests (401, 403, 429): 10,000 in ten
 * minutes ban the address. What the table of buckets forgets costs a 429 at most. */
#ifndef QANTAR_DISCORD_LIMITS_H
#define QANTAR_DISCORD_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/json.h"

enum discord_route {
	ROUTE_GATEWAY, /* GET /gateway/bot */
	ROUTE_POST,    /* POST /channels/{channel}/messages */
	ROUTE_EDIT,    /* PATCH /channels/{channel}/messages/{message} */
	ROUTE_DELETE,  /* DELETE of the same */
	ROUTE_TYPING,  /* POST /channels/{channel}/typing */
	ROUTE_COUNT,
};

enum {
	LIMITS_GLOBAL_PER_S = 50,
	LIMITS_INVALID_MOST = 1000,       /* in LIMITS_INVALID_WINDOW_MS; then everything rests until the window is over */
	LIMITS_INVALID_WINDOW_MS = 600000,
	LIMITS_WAIT_MOST_MS = 3600000,    /* cap of any wait that a server tells us */
};

struct discord_limits;

/* `per_s` 0: LIMITS_GLOBAL_PER_S. `clock` is borrowed. */
struct discord_limits *discord_limits_create(const struct clock *clock, unsigned per_s);
void discord_limits_destroy(struct discord_limits *limits);

/* Milliseconds until a request on `route` in `channel` ("" where it has none) may leave; 0: now. */
int64_t discord_limits_wait_ms(const struct discord_limits *limits, enum discord_route route, const char *channel);
/* It leaves. */
void discord_limits_take(struct discord_limits *limits, enum discord_route route, const char *channel);
/* What an answer's headers say; NULL where one is absent. */
struct discord_headers {
	const char *bucket, *remaining, *reset_after; /* X-RateLimit-Bucket, -Remaining, -Reset-After */
	const char *scope, *global;                   /* X-RateLimit-Scope, -Global */
	const char *retry_after;                      /* Retry-After */
};
/* It was answered. `body` is the parsed body, NULL when it is no JSON. */
void discord_limits_learn(struct discord_limits *limits, enum discord_route route, const char *channel, long status,
			  const struct discord_headers *headers, const cJSON *body);

#endif
