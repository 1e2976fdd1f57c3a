/* bot_world: a bot over a small base and a platform in memory. A program that includes this hands its main over to
 * bot_world_main: the bot trains its base by `program train DIR`, and that program is the test itself. */
#ifndef QANTAR_TESTS_BOT_WORLD_H
#define QANTAR_TESTS_BOT_WORLD_H

#include "fake_platform.h"

#include "base_fixture.h"
#include "bot.h"

struct bot_world {
	struct base_fixture base;
	char *cache, *state;
	struct config config;
	struct fake_clock clock;
	struct loop *loop;
	struct store *store;
	struct bot *bot;
	struct fake_platform *fake;
	int64_t max_pages;
	size_t wanted;
	int events; /* given out */
};

static inline struct knowledge_options bot_world_base(struct bot_world *world)
{
	return (struct knowledge_options){ .directory = world->base.directory, .cache = world->cache };
}

static inline void bot_world_start(struct bot_world *world)
{
	struct error error = { 0 };
	struct knowledge_report report;
	struct knowledge_options base = bot_world_base(world);
	struct store_options options = { .directory = world->state,
					 .clock = &world->clock.clock,
					 .max_pages = world->max_pages };
	world->store = store_open(&options, &error);
	assert_non_null(world->store);
	struct knowledge *knowledge = knowledge_load(&base, &report, &error);
	knowledge_report_finish(&report);
	assert_non_null(knowledge);
	world->bot = bot_create(&(struct bot_options){
		.config = &world->config, .loop = world->loop, .clock = &world->clock.clock, .store = world->store,
		.knowledge = knowledge, .base = base,
	});
	world->fake = fake_platform_create("matrix", world->loop, bot_events(), world->bot);
	bot_add_platform(world->bot, &world->fake->platform);
	assert_true(bot_start(world->bot, &error));
}

static inline void bot_world_stop(struct bot_world *world)
{
	bot_destroy(world->bot);
	store_close(world->store);
}

/* As if killed and started again: what the fake has of calls is lost too. */
static inline void bot_world_restart(struct bot_world *world)
{
	bot_world_stop(world);
	bot_world_start(world);
}

static int bot_world_setup(void **state)
{
	struct bot_world *world = memory_zeroed(1, sizeof *world);
	struct config_report report;
	struct error error;
	char *const environment[] = {
		"HOME=/nonexistent", "QANTAR_ADMINS=@admin:example.org,discord:1", "QANTAR_LIMIT_PERSON_BURST=3",
		"QANTAR_ANSWER_ALL_ROOMS=!all:example.org", "QANTAR_SAFETY_TEXT_EN=Call 112.", NULL,
	};
	fixture_create(&world->base);
	world->cache = file_join(world->base.directory, "cache");
	world->state = fake_directory();
	world->clock = fake_clock_at(1640995200000);
	assert_true(config_load(&(struct config_source){ .environment = environment }, &world->config, &report));
	config_report_finish(&report);
	world->loop = loop_create(NULL, clock_system(), &error);
	setenv("QANTAR_CACHE_DIR", world->cache, 1);
	bot_world_start(world);
	*state = world;
	return 0;
}

static int bot_world_teardown(void **state)
{
	struct bot_world *world = *state;
	bot_world_stop(world);
	loop_destroy(world->loop);
	config_finish(&world->config);
	fixture_destroy(&world->base);
	fake_directory_remove(world->state);
	free(world->cache);
	free(world);
	return 0;
}

/* A message to the bot in !room:example.org by @anna:example.org, with an event id that was not there before. */
static inline struct message bot_world_message(struct bot_world *world, const char *text)
{
	static char events[64][16];
	char *event = events[world->events++ % 64];
	snprintf(event, sizeof events[0], "$%d", world->events % 1000000);
	return (struct message){
		.platform = &world->fake->platform, .room = "!room:example.org", .sender = "@anna:example.org", .event = event,
		.text = text, .text_bytes = strlen(text), .is_addressed = true, .is_readable = true, .sent_ms = world->clock.wall_ms,
	};
}

static bool bot_world_has_calls(void *context)
{
	struct bot_world *world = context;
	return world->fake->count >= world->wanted && (world->fake->is_silent || outbox_count(world->bot->outbox) == 0);
}

static inline void bot_world_wait(struct bot_world *world, size_t calls)
{
	world->wanted = calls;
	assert_true(fake_run_until(world->loop, bot_world_has_calls, world));
}

static inline void bot_world_say(struct bot_world *world, const struct message *message)
{
	bot_events()->message(world->bot, message);
}

static inline const struct fake_call *bot_world_last(struct bot_world *world)
{
	assert_true(world->fake->count > 0);
	return &world->fake->calls[world->fake->count - 1];
}

/* The message is said and the reply to it (the calls-th call) holds `part`. */
static inline void bot_world_expect(struct bot_world *world, const struct message *message, const char *part)
{
	size_t calls = world->fake->count + 1;
	bot_world_say(world, message);
	bot_world_wait(world, calls);
	if (!strstr(bot_world_last(world)->payload, part))
		fail_msg("no \"%s\" in \"%s\"", part, bot_world_last(world)->payload);
}

/* The message is said and nothing comes of it. */
static inline void bot_world_expect_silence(struct bot_world *world, const struct message *message)
{
	size_t calls = world->fake->count;
	bot_world_say(world, message);
	fake_run_turns(world->loop);
	if (world->fake->count != calls)
		fail_msg("unexpected: \"%s\"", bot_world_last(world)->payload);
}

static inline int bot_world_main(int argc, char **argv, int (*all_tests)(void))
{
	if (argc != 3 || strcmp(argv[1], "train") != 0)
		return all_tests();
	struct knowledge_options options = { .directory = argv[2], .cache = getenv("QANTAR_CACHE_DIR") };
	struct knowledge_report report;
	struct error error = { 0 };
	bool done = knowledge_train(&options, &report, &error);
	knowledge_report_finish(&report);
	return done ? 0 : 3;
}

#endif
