#include "platform/discord/discord.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "platform/discord/closing.h"
#include "platform/discord/gateway.h"
#include "platform/discord/message.h"
#include "platform/discord/post.h"
#include "platform/discord/render.h"

#define API_URL "https://discord.com/api/v10"
/* Discord wants an address here; .invalid is reserved for having none. The operator's own, QANTAR_HOMEPAGE, comes
 * through the options. */
#define USER_AGENT "DiscordBot (https://qantar.invalid, " QANTAR_VERSION ")"

enum { DEDUPE_WINDOW_MS = 120000 }; /* "a few minutes", the documentation says of enforce_nonce */

struct discord {
	struct platform platform; /* first */
	struct log *log;
	struct discord_rest *rest;
	struct discord_gateway *gateway;
	struct buffer text;       /* of the message being handed up */
	int64_t unreadable;       /* messages whose content was withheld */
};

static struct discord *discord_of(struct platform *platform)
{
	return (struct discord *)platform;
}

/* ---- events ---- */

static void hand_up(struct discord *discord, const cJSON *data,
		    void (*event)(void *context, const struct message *message))
{
	struct message message;
	switch (discord_message_read(data, discord_gateway_user(discord->gateway), &discord->text, &message)) {
	case MESSAGE_TAKEN:
		message.platform = &discord->platform;
		event(discord->platform.context, &message);
		if (message.is_addressed)
			discord_gateway_keep_session(discord->gateway);
		break;
	case MESSAGE_UNREADABLE:
		discord->unreadable++;
		log_event(discord->log, LOG_DEBUG, "discord", "content_withheld", LOG_NUMBER("count", discord->unreadable));
		break;
	case MESSAGE_NOT_OURS:
		break;
	}
}

static void on_message_create(struct discord *discord, const cJSON *data)
{
	hand_up(discord, data, discord->platform.events->message);
}

static void on_message_update(struct discord *discord, const cJSON *data)
{
	/* Updates come for embeds and pins as well; only a person's edit has a time. */
	if (json_string(data, "edited_timestamp"))
		hand_up(discord, data, discord->platform.events->edited);
}

static void redacted(struct discord *discord, const char *channel, const char *message)
{
	if (!snowflake_valid(channel) || !snowflake_valid(message))
		return;
	discord->platform.events->redacted(discord->platform.context, &discord->platform, channel, message);
}

static void on_message_delete(struct discord *discord, const cJSON *data)
{
	redacted(discord, json_string(data, "channel_id"), json_string(data, "id"));
}

static void on_message_delete_bulk(struct discord *discord, const cJSON *data)
{
	const cJSON *id;
	cJSON_ArrayForEach(id, json_array(data, "ids"))
		redacted(discord, json_string(data, "channel_id"), cJSON_GetStringValue(id));
}

/* Rights may have changed: what was denied is tried again. */
static void on_rights_changed(struct discord *discord, const cJSON *data)
{
	(void)data;
	discord_rest_forget_denied(discord->rest);
}

struct dispatch {
	const char *type;
	void (*handle)(struct discord *discord, const cJSON *data);
};

static int compare_dispatch(const void *key, const void *element)
{
	return strcmp(key, ((const struct dispatch *)element)->type);
}

static void on_dispatch(void *context, const char *type, const cJSON *data)
{
	/* Sorted by name. */
	static const struct dispatch table[] = {
		{ "CHANNEL_UPDATE", on_rights_changed },
		{ "GUILD_ROLE_UPDATE", on_rights_changed },
		{ "MESSAGE_CREATE", on_message_create },
		{ "MESSAGE_DELETE", on_message_delete },
		{ "MESSAGE_DELETE_BULK", on_message_delete_bulk },
		{ "MESSAGE_UPDATE", on_message_update },
	};
	const struct dispatch *found = bsearch(type, table, sizeof table / sizeof *table, sizeof *table, compare_dispatch);
	if (found)
		found->handle(context, data);
}

static void state(struct discord *discord, enum platform_state to, const char *why)
{
	discord->platform.events->state(discord->platform.context, &discord->platform, to, why);
}

static void on_ready(void *context)
{
	state(context, PLATFORM_CONNECTED, "");
}

static void on_down(void *context, const char *why)
{
	state(context, PLATFORM_CONNECTING, why);
}

static void on_failed(void *context, const char *why)
{
	state(context, PLATFORM_FAILED, why);
}

static void on_keep(void *context, const char *key, const char *value)
{
	struct discord *discord = context;
	discord->platform.events->state_set(discord->platform.context, &discord->platform, key, value);
}

static char *on_kept(void *context, const char *key)
{
	struct discord *discord = context;
	return discord->platform.events->state_get(discord->platform.context, &discord->platform, key);
}

static void on_unauthorized(void *context)
{
	struct discord *discord = context;
	discord_gateway_fail(discord->gateway, discord_closing_find(4004)->why);
}

/* ---- sends ---- */

static void on_sent(void *context, const char *key, const struct discord_result *result);

static void call(struct discord *discord, enum discord_route route, const char *channel, const char *message,
		 const char *body, const char *key)
{
	discord_rest_call(discord->rest, &(struct discord_call){ .route = route, .channel = channel, .message = message,
								 .body = body, .tag = key, .done = on_sent, .context = discord });
}

/* A reply that may not refer to its question goes out on its own. False when it had no reference. */
static bool post_plainly(struct discord *discord, const struct discord_result *result, const char *key)
{
	char *body = result->sent ? discord_post_plain_body(result->sent) : NULL;
	bool had_reference = body;
	if (had_reference)
		call(discord, ROUTE_POST, result->channel, NULL, body, key);
	free(body);
	return had_reference;
}

static void on_sent(void *context, const char *key, const struct discord_result *result)
{
	struct discord *discord = context;
	enum send_result sent = discord_post_result(result);
	if (result->code == REST_CODE_NO_HISTORY && post_plainly(discord, result, key))
		return;
	const char *remote = sent == SEND_DONE ? json_string(result->body, "id") : NULL;
	if (!snowflake_valid(remote))
		remote = "";
	discord->platform.events->sent(discord->platform.context, &discord->platform, key, sent, remote);
}

static void send_post(struct platform *platform, const struct post *post)
{
	char *body = discord_post_body(post->payload, post->key);
	call(discord_of(platform), ROUTE_POST, post->room, NULL, body, post->key);
	free(body);
}

static bool edit_post(struct platform *platform, const char *remote, const struct post *post)
{
	char *body = discord_post_edit_body(post->payload);
	call(discord_of(platform), ROUTE_EDIT, post->room, remote, body, post->key);
	free(body);
	return true;
}

static void redact_post(struct platform *platform, const char *room, const char *remote, const char *key)
{
	call(discord_of(platform), ROUTE_DELETE, room, remote, NULL, key);
}

static void show_typing(struct platform *platform, const char *room, bool on)
{
	struct discord *discord = discord_of(platform);
	if (on && discord_rest_is_idle(discord->rest, ROUTE_TYPING, room))
		discord_rest_call(discord->rest, &(struct discord_call){ .route = ROUTE_TYPING, .channel = room });
}

/* ---- the platform ---- */

static bool start(struct platform *platform, struct error *error)
{
	(void)error;
	discord_gateway_start(discord_of(platform)->gateway);
	return true;
}

static bool render(struct platform *platform, const struct target *target, const struct block *blocks, size_t count,
		   struct rendered *out)
{
	(void)platform;
	return discord_render(target, blocks, count, out);
}

static void destroy(struct platform *platform)
{
	struct discord *discord = discord_of(platform);
	discord_rest_destroy(discord->rest);
	discord_gateway_destroy(discord->gateway);
	buffer_finish(&discord->text);
	free(discord);
}

static const struct platform_impl impl = {
	.name = "discord",
	.dedupe_window_ms = DEDUPE_WINDOW_MS,
	.start = start,
	.render = render,
	.send = send_post,
	.edit = edit_post,
	.redact = redact_post,
	.typing = show_typing,
	.destroy = destroy,
};

struct platform *discord_create(struct loop *loop, struct http *http, struct log *log, const struct clock *clock,
				const struct discord_options *options, const struct platform_events *events, void *context)
{
	static const struct discord_gateway_events gateway_events = {
		.ready = on_ready, .dispatch = on_dispatch, .down = on_down, .failed = on_failed, .keep = on_keep, .kept = on_kept,
	};
	struct discord *discord = memory_zeroed(1, sizeof *discord);
	const char *api_url = options->api_url ? options->api_url : API_URL;
	const char *user_agent = options->user_agent ? options->user_agent : USER_AGENT;
	discord->platform = (struct platform){ .impl = &impl, .events = events, .context = context };
	discord->log = log;
	buffer_init(&discord->text, PLATFORM_TEXT_BYTES);
	discord->rest = discord_rest_create(loop, http, log, clock, &(struct discord_rest_options){
		.token = options->token, .api_url = api_url, .user_agent = user_agent,
		.requests_per_s = options->requests_per_s, .unauthorized = on_unauthorized, .context = discord });
	discord->gateway = discord_gateway_create(loop, log, clock, discord->rest, &(struct discord_gateway_options){
		.token = options->token, .api_url = api_url, .user_agent = user_agent, .ca_file = options->ca_file,
		.plain = options->plain, .message_content = options->message_content,
		.events = &gateway_events, .context = discord });
	return &discord->platform;
}
