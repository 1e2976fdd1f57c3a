/* bot: owns everything and joins the platforms to the knowledge.
 *
 * One message, from top to bottom: a platform's callback -> bot_on_message: is it for us -> limiter -> claim ->
 * command or conversation and knowledge_answer -> reply -> outbox -> platform. Everything runs on the loop's thread;
 * nothing here is global, so two bots fit in one process. The struct is open to the files of bot/ only. */
#ifndef QANTAR_BOT_H
#define QANTAR_BOT_H

#include "config.h"
#include "conversation.h"
#include "limiter.h"
#include "net/loop.h"
#include "notice.h"
#include "outbox.h"
#include "platform/platform.h"
#include "reload.h"
#include "reply.h"
#include "store.h"

struct bot_options {
	const struct config *config; /* borrowed, as all below but the knowledge */
	struct loop *loop;
	struct log *log;
	const struct clock *clock;
	struct store *store;
	struct knowledge *knowledge; /* owned by the bot from bot_create on */
	struct knowledge_options base; /* where it came from, for reloads */
	const char *program;         /* what trains a base, as `program train DIR`; NULL: this program */
};

struct bot_platform {
	struct platform *platform; /* owned */
	enum platform_state state;
	int64_t since_us;          /* in that state */
};

struct bot_counts {
	int64_t questions, answered, unanswered, limited, repeated, undelivered;
};

struct bot {
	struct bot_options options;
	struct knowledge *knowledge;
	struct outbox *outbox;
	struct limiter *limiter;
	struct conversations *conversations;
	struct bot_platform platforms[OUTBOX_PLATFORMS];
	size_t platforms_count;
	struct reload *reload;
	struct bot_counts counts;
	int64_t started_us;
	char *failure; /* why no platform is left; NULL while one is */
};

struct bot *bot_create(const struct bot_options *options);
/* Destroys the platforms too. NULL is fine. */
void bot_destroy(struct bot *bot);

/* For a platform's constructor, with the bot as context. */
const struct platform_events *bot_events(void);
void bot_add_platform(struct bot *bot, struct platform *platform);
/* Takes up what a former run left and starts the platforms. One that cannot start is told of in the log; false, with
 * the reason, when none could. */
bool bot_start(struct bot *bot, struct error *error);

/* Commits the turn's writes: for http_options.before_send, with the bot as context. */
void bot_before_send(void *bot);

/* True when the bot does its work; else `why` says what is wrong. */
bool bot_is_healthy(const struct bot *bot, struct error *why);

/* ---- for the files of bot/ ---- */

/* Whoever is answered: copied out of a message, for a reply that a later turn brings. */
struct bot_asker {
	struct platform *platform;
	char *room, *event, *thread, *sender; /* owned; thread may be NULL */
};
void bot_asker_init(struct bot_asker *asker, const struct message *message);
void bot_asker_finish(struct bot_asker *asker);

/* Renders the reply and puts it into the outbox. `purpose`: see struct outbox_cause. False when it cannot be sent. */
bool bot_reply(struct bot *bot, const struct message *message, const char *purpose, const struct reply *reply);
bool bot_reply_later(struct bot *bot, const struct bot_asker *asker, const char *purpose, const struct reply *reply);
bool bot_reply_notice(struct bot *bot, const struct message *message, const char *purpose, enum notice notice,
		      enum language language);

/* The language to speak to that person: of their last answer there, else the setting's. */
enum language bot_language(struct bot *bot, const struct message *message);
/* Whether `topic` comes up in that room for the first time; from then on it has. */
bool bot_first_time(struct bot *bot, struct platform *platform, const char *room, const char *topic);
/* Whether the sender may give commands here and now. */
bool bot_is_admin(struct bot *bot, const struct message *message);

/* struct platform_events; bot_message.c */
void bot_on_message(void *bot, const struct message *message);
void bot_on_edited(void *bot, const struct message *message);
void bot_on_redacted(void *bot, struct platform *platform, const char *room, const char *event);
void bot_on_entered(void *bot, struct platform *platform, const char *room, bool is_direct);

#endif
