/* What becomes of a message: see bot.h. */
#include "bot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "command/command.h"

static int64_t now_us(const struct bot *bot)
{
	return bot->options.clock->monotonic_us(bot->options.clock);
}

static struct knowledge_context *context_of(struct bot *bot, const struct message *message)
{
	const struct config *config = bot->options.config;
	struct knowledge_context *context =
		conversation_of(bot->conversations, message->platform->impl->name, message->room, message->sender, now_us(bot));
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++)
		context->safety[i] = config->safety[i];
	context->contact = config->contact;
	return context;
}

static bool is_too_old(struct bot *bot, const struct message *message)
{
	int64_t age_ms = bot->options.clock->wall_ms(bot->options.clock) - message->sent_ms;
	if (message->sent_ms <= 0 || age_ms <= bot->options.config->limits.answer_age_minutes * 60000)
		return false;
	log_event(bot->options.log, LOG_DEBUG, "bot", "too_old", LOG_TEXT("event", message->event),
		  LOG_NUMBER("age_ms", age_ms));
	return true;
}

/* True when the event is new and the claim is part of this turn's writes. */
static bool claim(struct bot *bot, const struct message *message, const char *event)
{
	const char *platform = message->platform->impl->name;
	enum store_claim result = store_claim_event(bot->options.store, platform, message->room, event);
	outbox_touch(bot->outbox);
	/* While the disk is full a platform brings an event again and again: only a claim that is on disk may cost the
	 * work of an answer and move the conversation on. */
	if (result == STORE_NEW && store_is_failing(bot->options.store) && !outbox_commit(bot->outbox))
		result = STORE_FAILED;
	if (result == STORE_SEEN)
		bot->counts.repeated++;
	if (result == STORE_FAILED)
		log_event(bot->options.log, LOG_WARNING, "bot", "not_answered", LOG_TEXT("platform", platform),
			  LOG_TEXT("event", event), LOG_TEXT("why", "what is not written down might be answered twice"));
	return result == STORE_NEW;
}

/* The limit holds for everybody but admins. False: the message is dealt with. */
static bool is_within_limit(struct bot *bot, const struct message *message)
{
	const char *platform = message->platform->impl->name;
	if (config_is_admin(bot->options.config, platform, message->sender))
		return true;
	enum limiter_verdict verdict = limiter_take(bot->limiter, platform, message->room, message->sender, now_us(bot));
	if (verdict == LIMITER_PASS)
		return true;
	bot->counts.limited++;
	if (verdict == LIMITER_TELL && message->is_addressed && claim(bot, message, message->event))
		bot_reply_notice(bot, message, "answer", NOTICE_LIMIT, bot_language(bot, message));
	return false;
}

/* The greeting goes under the first answer in a room that was never greeted. */
static void add_greeting(struct bot *bot, const struct message *message, enum language language, struct reply *reply)
{
	if (!bot_first_time(bot, message->platform, message->room, "greeting"))
		return;
	char *greeting = knowledge_greeting(bot->knowledge, language);
	if (greeting)
		reply_add(reply, BLOCK_NOTE, "%s", greeting);
	free(greeting);
}

/* Composes the reply to the message's text and brings `context` up to date. Returns what kind of answer it is. */
static enum answer_kind compose(struct bot *bot, const struct message *message, struct knowledge_context *context,
				struct reply *reply)
{
	struct answer answer;
	enum answer_kind kind = ANSWER_UNKNOWN;
	enum language language = bot_language(bot, message);
	switch (knowledge_answer(bot->knowledge, context, message->text, message->text_bytes, &answer)) {
	case KNOWLEDGE_ANSWERED:
		kind = answer.kind;
		reply_compose(reply, &answer);
		answer_finish(&answer);
		break;
	case KNOWLEDGE_TOO_LONG:
		reply_add(reply, BLOCK_PARAGRAPH, "%s", notice_text(NOTICE_TOO_LONG, language));
		break;
	case KNOWLEDGE_NOT_UTF8:
		reply_add(reply, BLOCK_PARAGRAPH, "%s", notice_text(NOTICE_NOT_TEXT, language));
		break;
	case KNOWLEDGE_NO_MEMORY:
		log_event(bot->options.log, LOG_ERROR, "bot", "out_of_memory", LOG_TEXT("event", message->event));
		break;
	}
	return kind;
}

static void count(struct bot *bot, const struct message *message, enum answer_kind kind)
{
	bot->counts.questions++;
	if (kind == ANSWER_FACT || kind == ANSWER_FACTS)
		bot->counts.answered++;
	else
		bot->counts.unanswered++;
	log_event(bot->options.log, LOG_INFO, "bot", "answered", LOG_TEXT("platform", message->platform->impl->name),
		  LOG_TEXT("room", message->room), LOG_TEXT("event", message->event), LOG_TEXT("kind", answer_kind_name(kind)));
}

static void mark_read(const struct message *message)
{
	if (message->platform->impl->receipt)
		message->platform->impl->receipt(message->platform, message->room, message->event);
}

static void answer_addressed(struct bot *bot, const struct message *message)
{
	struct reply reply = { 0 };
	struct knowledge_context *context = context_of(bot, message);
	enum answer_kind kind = compose(bot, message, context, &reply);
	add_greeting(bot, message, bot_language(bot, message), &reply);
	if (bot_reply(bot, message, "answer", &reply)) {
		mark_read(message);
		count(bot, message, kind);
	}
	reply_finish(&reply);
}

/* In a room where every message may be a question: only what the bot is sure of, and never small talk. Such a message
 * stands alone: people talk to each other, and what looks like a follow-up is none. What the bot stays silent about
 * leaves no trace. */
static void answer_overheard(struct bot *bot, const struct message *message)
{
	struct reply reply = { 0 };
	struct knowledge_context tried = *context_of(bot, message);
	memset(tried.facts, 0, sizeof tried.facts);
	memset(tried.candidates, 0, sizeof tried.candidates);
	enum answer_kind kind = compose(bot, message, &tried, &reply);
	bool speaks = kind == ANSWER_FACT || kind == ANSWER_FACTS || kind == ANSWER_KNOWN_UNKNOWN || kind == ANSWER_SAFETY;
	if (speaks && is_within_limit(bot, message) && claim(bot, message, message->event)) {
		*context_of(bot, message) = tried;
		if (bot_reply(bot, message, "answer", &reply)) {
			mark_read(message);
			count(bot, message, kind);
		}
	}
	reply_finish(&reply);
}

void bot_on_message(void *context, const struct message *message)
{
	struct bot *bot = context;
	bool is_command = command_matches(message);
	bool is_overheard = config_answers_all(bot->options.config, message->platform->impl->name, message->room);
	if (!message->is_readable) {
		if (bot_first_time(bot, message->platform, message->room, "unreadable"))
			bot_reply_notice(bot, message, "unreadable", NOTICE_UNREADABLE, bot_language(bot, message));
		return;
	}
	if (is_too_old(bot, message))
		return;
	if (!message->is_addressed && !is_command) {
		if (is_overheard)
			answer_overheard(bot, message);
		return;
	}
	if (!is_within_limit(bot, message) || !claim(bot, message, message->event))
		return;
	if (is_command)
		command_run(bot, message);
	else
		answer_addressed(bot, message);
}

/* "edit", the time and the new text: the same edit is known again, the next one is another. */
static char *edit_purpose(const struct message *message)
{
	struct buffer purpose;
	buffer_init(&purpose, PLATFORM_TEXT_BYTES + 64);
	buffer_format(&purpose, "edit %lld ", (long long)message->sent_ms);
	buffer_append(&purpose, message->text, message->text_bytes);
	return buffer_take(&purpose);
}

/* An edit changes an answer that was given; it never asks anew and never runs a command. */
void bot_on_edited(void *context, const struct message *message)
{
	struct bot *bot = context;
	const char *platform = message->platform->impl->name;
	char *purpose = edit_purpose(message);
	struct outbox_cause cause = { message->platform, message->room, message->event, purpose };
	struct target target = { message->room, message->event, message->thread, message->sender };
	struct reply reply = { 0 };
	struct rendered rendered = { 0 };
	char key[OUTBOX_KEY_BYTES];
	if (!purpose || !message->is_readable || command_matches(message) || !outbox_knows(bot->outbox, &cause))
		goto finish;
	outbox_key(&cause, 0, key);
	if (limiter_take(bot->limiter, platform, message->room, message->sender, now_us(bot)) != LIMITER_PASS ||
	    !claim(bot, message, key))
		goto finish;
	compose(bot, message, context_of(bot, message), &reply);
	if (message->platform->impl->render(message->platform, &target, reply.blocks, reply.count, &rendered))
		outbox_edit(bot->outbox, &cause, &rendered);
finish:
	rendered_finish(&rendered);
	reply_finish(&reply);
	free(purpose);
}

void bot_on_redacted(void *context, struct platform *platform, const char *room, const char *event)
{
	struct bot *bot = context;
	struct outbox_cause cause = { platform, room, event, "redact" };
	if (outbox_knows(bot->outbox, &cause))
		outbox_redact(bot->outbox, &cause);
}

void bot_on_entered(void *context, struct platform *platform, const char *room, bool is_direct)
{
	struct bot *bot = context;
	struct outbox_cause cause = { platform, room, room, "greeting" };
	struct target target = { .room = room };
	struct reply reply = { 0 };
	struct rendered rendered = { 0 };
	enum language language = config_language(bot->options.config);
	if (!bot_first_time(bot, platform, room, "greeting"))
		return;
	char *greeting = knowledge_greeting(bot->knowledge, language);
	reply_add(&reply, BLOCK_PARAGRAPH, "%s", greeting ? greeting : "");
	if (!is_direct)
		reply_add(&reply, BLOCK_NOTE, "%s", notice_text(NOTICE_HELP, language));
	if (platform->impl->render(platform, &target, reply.blocks, reply.count, &rendered))
		outbox_send(bot->outbox, &cause, &rendered);
	free(greeting);
	rendered_finish(&rendered);
	reply_finish(&reply);
}
