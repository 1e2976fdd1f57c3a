#include "command/command.h"

static void add_platforms(const struct bot *bot, int64_t now_us, struct reply *reply)
{
	static const char *const states[] = { "connecting", "connected", "failed" };
	for (size_t i = 0; i < bot->platforms_count; i++) {
		const struct bot_platform *at = &bot->platforms[i];
		reply_add(reply, BLOCK_ITEM, "%s: %s for %lld min", at->platform->impl->name, states[at->state],
			  (long long)((now_us - at->since_us) / 60000000));
	}
}

void command_status(struct bot *bot, const struct message *message)
{
	const struct bot_counts *counts = &bot->counts;
	int64_t now_us = bot->options.clock->monotonic_us(bot->options.clock);
	struct knowledge_version version = knowledge_version(bot->knowledge);
	struct error why = { 0 };
	struct reply reply = { 0 };
	reply_add(&reply, BLOCK_PARAGRAPH, "%s; running for %lld min with %zu facts up to %s.",
		  bot_is_healthy(bot, &why) ? "Healthy" : why.text, (long long)((now_us - bot->started_us) / 60000000),
		  version.facts, version.as_of);
	add_platforms(bot, now_us, &reply);
	reply_add(&reply, BLOCK_ITEM, "questions: %lld, answered: %lld, not answered: %lld, over the limit: %lld",
		  (long long)counts->questions, (long long)counts->answered, (long long)counts->unanswered,
		  (long long)counts->limited);
	reply_add(&reply, BLOCK_ITEM, "posts waiting: %zu, failed tries: %lld, events seen again: %lld",
		  outbox_count(bot->outbox), (long long)counts->undelivered, (long long)counts->repeated);
	if (reload_is_running(bot->reload))
		reply_add(&reply, BLOCK_ITEM, "a reload is running");
	bot_reply(bot, message, "answer", &reply);
	reply_finish(&reply);
}
