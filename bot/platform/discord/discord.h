/* discord: Discord as a platform (platform/platform.h): gateway v10 in, REST v10 out.
 *
 * Answers are expected by messages that mention the bot, reply to it or are sent to it directly. A key
 * (`post.key`) becomes the message's nonce with enforce_nonce, so a repeated send is recognised by Discord for a
 * few minutes. Everything runs on the loop's thread. State kept through events->state_set: "gateway.session" (so
 * that a restart resumes) and "gateway.identifies" (how many new sessions were begun today; Discord resets a
 * token that begins 1,000). */
#ifndef QANTAR_PLATFORM_DISCORD_H
#define QANTAR_PLATFORM_DISCORD_H

#include <stdbool.h>

#include "base/log.h"
#include "net/http.h"
#include "net/loop.h"
#include "platform/platform.h"

/* Borrowed during discord_create only. */
struct discord_options {
	const char *token;       /* the bot's token, without "Bot " in front */
	const char *api_url;     /* base of all routes, version included; NULL: https://discord.com/api/v10 */
	const char *user_agent;  /* "DiscordBot (url, version)"; NULL: one with this program's version */
	const char *ca_file;     /* for the gateway; NULL: the system's */
	bool plain;              /* no zstd-stream: gateway messages as plain JSON */
	bool message_content;    /* ask for the privileged intent MESSAGE_CONTENT */
	unsigned requests_per_s; /* over all routes; 0: 50, what Discord grants every bot */
};

/* `loop`, `http`, `log`, `clock` and `events` are borrowed until the platform's destroy, which must come before
 * http_destroy. `http` may serve other platforms too. Never NULL; connects at platform->impl->start. */
struct platform *discord_create(struct loop *loop, struct http *http, struct log *log, const struct clock *clock,
				const struct discord_options *options, const struct platform_events *events, void *context);

#endif
