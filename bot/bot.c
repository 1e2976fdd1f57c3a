#include "bot.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "recent.h"

enum { UNHEALTHY_AFTER_US = 300 * 1000000 /* without a connection */ };

static int64_t now_us(const struct bot *bot)
{
	return bot->options.clock->monotonic_us(bot->options.clock);
}

/* ---- what platforms report ---- */

static void on_sent(void *context, struct platform *platform, const char *key, enum send_result result,
		    const char *remote)
{
	struct bot *bot = context;
	if (result != SEND_DONE)
		bot->counts.undelivered++;
	outbox_sent(bot->outbox, platform, key, result, remote ? remote : "");
}

/* A bot whose platforms have all failed has nothing to do. */
static void stop_when_all_failed(struct bot *bot, const char *name, const char *why)
{
	for (size_t i = 0; i < bot->platforms_count; i++)
		if (bot->platforms[i].state != PLATFORM_FAILED)
			return;
	struct buffer failure;
	buffer_init(&failure, ERROR_TEXT_BYTES);
	buffer_format(&failure, "%s: %.400s", name, why);
	free(bot->failure);
	bot->failure = buffer_take(&failure);
	loop_stop(bot->options.loop);
}

static void on_state(void *context, struct platform *platform, enum platform_state state, const char *why)
{
	static const char *const names[] = { "connecting", "connected", "failed" };
	struct bot *bot = context;
	for (size_t i = 0; i < bot->platforms_count; i++) {
		if (bot->platforms[i].platform != platform)
			continue;
		if (bot->platforms[i].state != state)
			bot->platforms[i].since_us = now_us(bot);
		bot->platforms[i].state = state;
	}
	log_event(bot->options.log, state == PLATFORM_FAILED ? LOG_ERROR : LOG_INFO, "bot", names[state],
		  LOG_TEXT("platform", platform->impl->name), LOG_TEXT("why", why));
	if (state == PLATFORM_FAILED)
		stop_when_all_failed(bot, platform->impl->name, why ? why : "");
}

static void on_state_set(void *context, struct platform *platform, const char *key, const char *value)
{
	struct bot *bot = context;
	store_state_set(bot->options.store, platform->impl->name, key, value);
	outbox_touch(bot->outbox);
}

static char *on_state_get(void *context, struct platform *platform, const char *key)
{
	struct bot *bot = context;
	return store_state_get(bot->options.store, platform->impl->name, key);
}

static bool on_commit(void *context)
{
	struct bot *bot = context;
	return outbox_commit(bot->outbox);
}

const struct platform_events *bot_events(void)
{
	static const struct platform_events events = {
		.message = bot_on_message,
		.edited = bot_on_edited,
		.redacted = bot_on_redacted,
		.entered = bot_on_entered,
		.sent = on_sent,
		.state = on_state,
		.state_set = on_state_set,
		.state_get = on_state_get,
		.commit = on_commit,
	};
	return &events;
}

/* ---- life ---- */

struct bot *bot_create(const struct bot_options *options)
{
	struct bot *bot = memory_zeroed(1, sizeof *bot);
	const struct config_limits *limits = &options->config->limits;
	bot->options = *options;
	bot->knowledge = options->knowledge;
	bot->outbox = outbox_create(&(struct outbox_options){
		.loop = options->loop, .store = options->store, .log = options->log, .clock = options->clock,
		.answer_age_ms = limits->answer_age_minutes * 60000,
	});
	bot->limiter = limiter_create(&(struct limiter_options){
		limits->person_burst, limits->person_per_minute, limits->room_burst, limits->room_per_minute });
	bot->conversations = conversations_create((size_t)limits->conversations, limits->conversation_minutes * 60000000);
	bot->reload = reload_create(bot);
	bot->started_us = now_us(bot);
	return bot;
}

void bot_destroy(struct bot *bot)
{
	if (!bot)
		return;
	outbox_destroy(bot->outbox);
	for (size_t i = 0; i < bot->platforms_count; i++)
		bot->platforms[i].platform->impl->destroy(bot->platforms[i].platform);
	reload_destroy(bot->reload);
	limiter_destroy(bot->limiter);
	conversations_destroy(bot->conversations);
	knowledge_destroy(bot->knowledge);
	free(bot->failure);
	free(bot);
}

void bot_add_platform(struct bot *bot, struct platform *platform)
{
	if (bot->platforms_count == OUTBOX_PLATFORMS)
		return;
	bot->platforms[bot->platforms_count++] = (struct bot_platform){ platform, PLATFORM_CONNECTING, now_us(bot) };
	outbox_add_platform(bot->outbox, platform);
}

bool bot_start(struct bot *bot, struct error *error)
{
	outbox_resume(bot->outbox);
	for (size_t i = 0; i < bot->platforms_count; i++) {
		struct platform *platform = bot->platforms[i].platform;
		struct error why = { 0 };
		if (!platform->impl->start(platform, &why))
			on_state(bot, platform, PLATFORM_FAILED, why.text);
	}
	return !bot->failure || error_set(error, "%s", bot->failure);
}

void bot_before_send(void *context)
{
	struct bot *bot = context;
	outbox_commit(bot->outbox);
}

bool bot_is_healthy(const struct bot *bot, struct error *why)
{
	if (store_is_failing(bot->options.store))
		return error_set(why, "the state directory cannot be written");
	for (size_t i = 0; i < bot->platforms_count; i++) {
		const struct bot_platform *at = &bot->platforms[i];
		if (at->state == PLATFORM_FAILED)
			return error_set(why, "%s has failed", at->platform->impl->name);
		if (at->state == PLATFORM_CONNECTING && now_us(bot) - at->since_us > UNHEALTHY_AFTER_US)
			return error_set(why, "%s has been without a connection for over 5 minutes", at->platform->impl->name);
	}
	return true;
}

/* ---- replies ---- */

void bot_asker_init(struct bot_asker *asker, const struct message *message)
{
	*asker = (struct bot_asker){
		.platform = message->platform,
		.room = memory_text(message->room),
		.event = memory_text(message->event),
		.thread = memory_text(message->thread),
		.sender = memory_text(message->sender),
	};
}

void bot_asker_finish(struct bot_asker *asker)
{
	free(asker->room);
	free(asker->event);
	free(asker->thread);
	free(asker->sender);
	*asker = (struct bot_asker){ 0 };
}

bool bot_reply_later(struct bot *bot, const struct bot_asker *asker, const char *purpose, const struct reply *reply)
{
	struct target target = {
		.room = asker->room, .reply_to = asker->event, .thread = asker->thread, .sender = asker->sender
	};
	struct outbox_cause cause = { asker->platform, asker->room, asker->event, purpose };
	struct rendered rendered = { 0 };
	const struct platform_impl *impl = asker->platform->impl;
	bool done = impl->render(asker->platform, &target, reply->blocks, reply->count, &rendered) &&
		    outbox_send(bot->outbox, &cause, &rendered);
	if (!done)
		log_event(bot->options.log, LOG_ERROR, "bot", "reply_impossible", LOG_TEXT("platform", impl->name),
			  LOG_TEXT("room", asker->room), LOG_TEXT("purpose", purpose));
	rendered_finish(&rendered);
	return done;
}

bool bot_reply(struct bot *bot, const struct message *message, const char *purpose, const struct reply *reply)
{
	struct bot_asker asker = {
		.platform = message->platform, .room = (char *)message->room, .event = (char *)message->event,
		.thread = (char *)message->thread, .sender = (char *)message->sender,
	};
	return bot_reply_later(bot, &asker, purpose, reply);
}

bool bot_reply_notice(struct bot *bot, const struct message *message, const char *purpose, enum notice notice,
		      enum language language)
{
	struct reply reply = { 0 };
	reply_add(&reply, BLOCK_PARAGRAPH, "%s", notice_text(notice, language));
	bool done = bot_reply(bot, message, purpose, &reply);
	reply_finish(&reply);
	return done;
}

/* ---- what the other files ask ---- */

enum language bot_language(struct bot *bot, const struct message *message)
{
	const struct knowledge_context *context = conversation_of(bot->conversations, message->platform->impl->name,
								  message->room, message->sender, now_us(bot));
	if (context->forced != LANGUAGE_NONE)
		return context->forced;
	return context->language != LANGUAGE_NONE ? context->language : config_language(bot->options.config);
}

bool bot_first_time(struct bot *bot, struct platform *platform, const char *room, const char *topic)
{
	char *key = recent_key("said", topic, room);
	char *said = store_state_get(bot->options.store, platform->impl->name, key);
	bool is_first = !said && store_state_set(bot->options.store, platform->impl->name, key, "1");
	if (is_first)
		outbox_touch(bot->outbox);
	free(said);
	free(key);
	return is_first;
}

bool bot_is_admin(struct bot *bot, const struct message *message)
{
	struct platform *platform = message->platform;
	if (config_is_admin(bot->options.config, platform->impl->name, message->sender))
		return true;
	return bot->options.config->admin_power_level > 0 && platform->impl->is_room_admin &&
	       platform->impl->is_room_admin(platform, message->room, message->sender);
}
