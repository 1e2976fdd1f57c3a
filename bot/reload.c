#include "reload.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "bot.h"

struct reload {
	struct bot *bot;
	bool is_running;
	bool has_asker;
	struct bot_asker asker;
};

struct reload *reload_create(struct bot *bot)
{
	struct reload *reload = memory_zeroed(1, sizeof *reload);
	reload->bot = bot;
	return reload;
}

void reload_destroy(struct reload *reload)
{
	if (!reload)
		return;
	bot_asker_finish(&reload->asker);
	free(reload);
}

bool reload_is_running(const struct reload *reload)
{
	return reload->is_running;
}

/* ---- what is told ---- */

static void add_ids(struct reply *reply, const char *what, char *const *ids, size_t count)
{
	struct buffer text;
	if (!count)
		return;
	buffer_init(&text, REPLY_TEXT_BYTES);
	for (size_t i = 0; i < count && i < RELOAD_IDS; i++)
		buffer_format(&text, "%s%s", i ? ", " : "", ids[i]);
	if (count > RELOAD_IDS)
		buffer_format(&text, " and %zu more", count - RELOAD_IDS);
	reply_add(reply, BLOCK_ITEM, "%s: %s", what, buffer_text(&text));
	buffer_finish(&text);
}

static void tell_change(struct bot *bot, const struct knowledge *before, struct reply *reply)
{
	struct knowledge_diff diff;
	struct knowledge_version version = knowledge_version(bot->knowledge);
	knowledge_diff(before, bot->knowledge, &diff);
	reply_add(reply, BLOCK_PARAGRAPH, "Reloaded: %zu facts up to %s; %zu added, %zu changed, %zu removed.",
		  version.facts, version.as_of, diff.added_count, diff.changed_count, diff.removed_count);
	add_ids(reply, "added", diff.added, diff.added_count);
	add_ids(reply, "changed", diff.changed, diff.changed_count);
	add_ids(reply, "removed", diff.removed, diff.removed_count);
	log_event(bot->options.log, LOG_INFO, "reload", "done", LOG_TEXT("hash", version.hash),
		  LOG_NUMBER("facts", version.facts), LOG_NUMBER("added", diff.added_count),
		  LOG_NUMBER("changed", diff.changed_count), LOG_NUMBER("removed", diff.removed_count));
	knowledge_diff_finish(&diff);
}

static void tell_problems(struct bot *bot, const struct knowledge_report *report, struct reply *reply)
{
	size_t errors = 0;
	for (size_t i = 0; i < report->count; i++) {
		const struct knowledge_problem *problem = &report->problems[i];
		if (problem->warning || errors++ >= RELOAD_PROBLEMS)
			continue;
		reply_add(reply, BLOCK_ITEM, "%s:%u:%u: %s", problem->file, problem->line, problem->column, problem->message);
		log_event(bot->options.log, LOG_ERROR, "reload", "problem", LOG_TEXT("file", problem->file),
			  LOG_NUMBER("line", problem->line), LOG_NUMBER("column", problem->column),
			  LOG_TEXT("message", problem->message));
	}
	if (errors + report->left_out > RELOAD_PROBLEMS)
		reply_add(reply, BLOCK_ITEM, "and %zu more; run \"qantar check\"", errors + report->left_out - RELOAD_PROBLEMS);
}

static void finish(struct reload *reload, const struct reply *reply)
{
	struct bot *bot = reload->bot;
	reload->is_running = false;
	if (!reload->has_asker)
		return;
	struct platform *platform = reload->asker.platform;
	if (platform->impl->typing)
		platform->impl->typing(platform, reload->asker.room, false);
	bot_reply_later(bot, &reload->asker, "answer", reply);
	bot_asker_finish(&reload->asker);
	reload->has_asker = false;
}

/* ---- the reload itself ---- */

/* The child has ended. Whatever it said: the base is read here, where every problem has its place. */
static void on_trained(void *context, int status, const char *output)
{
	struct reload *reload = context;
	struct bot *bot = reload->bot;
	struct knowledge_options options = bot->options.base;
	struct knowledge_report report;
	struct error error = { 0 };
	struct reply reply = { 0 };
	(void)output;
	options.no_training = true;
	struct knowledge *fresh = knowledge_load(&options, &report, &error);
	if (fresh) {
		struct knowledge *before = bot->knowledge;
		bot->knowledge = fresh;
		tell_change(bot, before, &reply);
		knowledge_destroy(before);
	} else {
		const char *why = report.count ? "the new ones have errors" : error.text;
		reply_add(&reply, BLOCK_PARAGRAPH, "Not reloaded; the facts of before go on serving: %s.", why);
		log_event(bot->options.log, LOG_ERROR, "reload", "failed", LOG_NUMBER("status", status), LOG_TEXT("why", why));
		tell_problems(bot, &report, &reply);
	}
	knowledge_report_finish(&report);
	finish(reload, &reply);
	reply_finish(&reply);
	malloc_trim(0); /* for a moment both bases were here; the pages of one go back to the system */
}

/* What is said should the bot be stopped before the outcome is known. */
static void promise(struct reload *reload)
{
	struct bot *bot = reload->bot;
	const struct bot_asker *asker = &reload->asker;
	struct outbox_cause cause = { asker->platform, asker->room, asker->event, "answer" };
	struct target target = {
		.room = asker->room, .reply_to = asker->event, .thread = asker->thread, .sender = asker->sender
	};
	struct block block = { BLOCK_PARAGRAPH, notice_text(NOTICE_INTERRUPTED, config_language(bot->options.config)) };
	struct rendered rendered = { 0 };
	if (asker->platform->impl->render(asker->platform, &target, &block, 1, &rendered))
		outbox_promise(bot->outbox, &cause, &rendered);
	rendered_finish(&rendered);
}

static void refuse(struct reload *reload, const struct message *message)
{
	struct reply reply = { 0 };
	log_event(reload->bot->options.log, LOG_WARNING, "reload", "refused", LOG_TEXT("why", "one is running"));
	if (!message)
		return;
	reply_add(&reply, BLOCK_PARAGRAPH, "A reload is running already; its outcome will be told to whoever began it.");
	bot_reply(reload->bot, message, "answer", &reply);
	reply_finish(&reply);
}

void reload_start(struct reload *reload, const struct message *message)
{
	struct bot *bot = reload->bot;
	struct error error = { 0 };
	if (reload->is_running) {
		refuse(reload, message);
		return;
	}
	reload->is_running = true;
	reload->has_asker = message;
	if (message) {
		bot_asker_init(&reload->asker, message);
		promise(reload);
		if (message->platform->impl->typing)
			message->platform->impl->typing(message->platform, message->room, true);
	}
	const char *program = bot->options.program ? bot->options.program : "/proc/self/exe";
	char *argv[] = { (char *)program, "train", (char *)bot->options.base.directory, NULL };
	log_event(bot->options.log, LOG_INFO, "reload", "started");
	if (loop_spawn(bot->options.loop, argv, RELOAD_TIMEOUT_MS, on_trained, reload, &error))
		return;
	struct reply reply = { 0 };
	reply_add(&reply, BLOCK_PARAGRAPH, "Not reloaded; the facts of before go on serving: %s.", error.text);
	log_event(bot->options.log, LOG_ERROR, "reload", "failed", LOG_TEXT("why", error.text));
	finish(reload, &reply);
	reply_finish(&reply);
}
