/* matrix: the Matrix platform (Client-Server API v1.19), over http on the loop.
 *
 * Logs in by access token or password, follows /sync, joins on allowed invitations, hands messages up and carries
 * replies out. Rooms without encryption; in an encrypted one a message comes up with `is_readable` false.
 * Payloads of `render` are the JSON content of m.room.message events. */
#ifndef QANTAR_PLATFORM_MATRIX_MATRIX_H
#define QANTAR_PLATFORM_MATRIX_MATRIX_H

#include "base/clock.h"
#include "base/log.h"
#include "net/http.h"
#include "net/loop.h"
#include "platform/platform.h"

/* Everything is borrowed until the platform's destroy. NULL or 0 takes the default where one is named. */
struct matrix_options {
	const char *homeserver;   /* "https://matrix.example.org". NULL: found by the .well-known file of the user's
	                             server; then private and loopback addresses are refused */
	const char *user;         /* "@qantar:example.org"; needed for a password and for finding the homeserver */
	const char *access_token; /* NULL: the stored one, else a login with `password` */
	const char *device_id;    /* NULL: the stored one, else a new one, stored before the login */
	const char *password;     /* used when there is no token, or the token was logged out softly */
	char *const *invite_allow; /* globs (* and ?) over the inviter's "@user:server", over "!room:server", or over
				     the inviter's bare server name; none: every invitation is declined */
	size_t invite_allow_count;
	char *const *prefixes;    /* words that call the bot at the start of a message: "!ask" */
	size_t prefixes_count;
	const char *message_type; /* "m.notice" (default) or "m.text" */
	int64_t answer_age_ms;    /* messages older than this are not handed up; 15 minutes */
	int admin_power_level;    /* from this power level on, is_room_admin says yes; 0: never */
};

/* `!admin` at the start of a message always counts as being called, and stays in the text. */
#define MATRIX_COMMAND_PREFIX "!admin"

/* `http` is this platform's own: user agent and CA file are set there. `log` may be NULL. Everything is borrowed until
 * the platform's destroy, which must come before http_destroy. Never NULL; what is wrong with the options is told by
 * platform->impl->start. */
struct platform *matrix_create(struct loop *loop, struct http *http, struct log *log, const struct clock *clock,
			       const struct matrix_options *options, const struct platform_events *events,
			       void *context);

#endif
