/* link: bot */
#include "bot_world.h"

#include "command/command.h"

static struct message from_admin(struct bot_world *world, const char *text)
{
	struct message message = bot_world_message(world, text);
	message.sender = "@admin:example.org";
	return message;
}

static void command_table_is_sorted_and_complete(void **state)
{
	(void)state;
	for (const struct command *command = command_table; command->name; command++) {
		assert_non_null(command->run);
		if (command > command_table)
			assert_true(strcmp(command[-1].name, command->name) < 0);
	}
}

static void command_matches_whole_words_only(void **state)
{
	struct bot_world *world = *state;
	static const struct {
		const char *text;
		bool addressed, unaddressed;
	} cases[] = {
		{ "!admin reload", true, true },
		{ "  !admin", true, true },
		{ "admin reload", true, false },
		{ "administration of the city", false, false },
		{ "!administer", false, false },
		{ "help", true, false },
		{ "Help", true, false }, { "!Admin Reload", true, true }, { "Помощь", true, false },
		{ "көмек", true, false },
		{ "help the people", false, false },
		{ "", false, false },
		{ "who is the admin", false, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct message message = bot_world_message(world, cases[i].text);
		assert_int_equal(command_matches(&message), cases[i].addressed);
		message.is_addressed = false;
		assert_int_equal(command_matches(&message), cases[i].unaddressed);
	}
}

static void command_run_refuses_who_is_no_admin(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, "!admin reload");
	message.is_addressed = false;
	bot_world_expect(world, &message, "Only an admin");
	assert_false(reload_is_running(world->bot->reload));
	struct message almost = bot_world_message(world, "admin status");
	almost.sender = "@admin:example.com";
	bot_world_expect(world, &almost, "Only an admin");
}

static void command_run_obeys_the_rooms_power_only_when_set(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, "!admin version"),
		       again = bot_world_message(world, "!admin version");
	world->fake->room_admin = "@anna:example.org";
	bot_world_expect(world, &message, "Only an admin");
	world->config.admin_power_level = 50;
	bot_world_expect(world, &again, "Qantar " QANTAR_VERSION);
}

static void command_run_tells_status_version_and_help(void **state)
{
	struct bot_world *world = *state;
	struct message status = from_admin(world, "admin status"), version = from_admin(world, "!admin version");
	struct message unknown = from_admin(world, "!admin dance"), help = bot_world_message(world, "help");
	bot_world_expect(world, &status, "Healthy; running for 0 min with 4 facts up to 2031-05-02.");
	bot_world_expect(world, &version, "4 facts up to 2031-05-02, base ");
	bot_world_expect(world, &unknown, "reload: load the facts anew");
	bot_world_expect(world, &help, "Ask me a question");
	struct message russian = bot_world_message(world, "Помощь"), kazakh = bot_world_message(world, "көмек");
	bot_world_expect(world, &russian, "Задайте вопрос");
	bot_world_expect(world, &kazakh, "Сұрағыңызды");
}

static void command_run_never_follows_an_edit(void **state)
{
	struct bot_world *world = *state;
	struct message message = from_admin(world, "Who is the mayor?"), edited = message;
	bot_world_expect(world, &message, "Anna Berg");
	edited.text = "!admin reload";
	edited.text_bytes = strlen(edited.text);
	edited.sent_ms++;
	bot_events()->edited(world->bot, &edited);
	fake_run_turns(world->loop);
	assert_int_equal(world->fake->count, 1);
	assert_false(reload_is_running(world->bot->reload));
}

/* ---- reload ---- */

static void reload_swaps_the_facts_and_says_what_changed(void **state)
{
	struct bot_world *world = *state;
	struct message reload = from_admin(world, "!admin reload"),
		       during = bot_world_message(world, "How many people died in the flood?");
	fixture_change(&world->base, "facts/flood.json", world->base.facts, "18 people died", "21 people died");
	bot_world_say(world, &reload);
	bot_world_expect(world, &during, "18 people"); /* the old facts serve until then */
	size_t before = world->fake->count;
	bot_world_wait(world, before + 1);
	assert_non_null(strstr(bot_world_last(world)->payload, "0 added, 1 changed, 0 removed"));
	assert_non_null(strstr(bot_world_last(world)->payload, "changed: dead-number"));
	assert_int_equal(world->fake->typings, 1);
	struct message after = bot_world_message(world, "How many people died in the flood?");
	bot_world_expect(world, &after, "21 people");
}

static void reload_keeps_the_old_facts_when_the_new_are_broken(void **state)
{
	struct bot_world *world = *state;
	struct message reload = from_admin(world, "!admin reload");
	fixture_change(&world->base, "facts/flood.json", world->base.facts, "\"id\": \"mayor-who\"",
		       "\"id\": \"dead-number\"");
	bot_world_expect(world, &reload, "Not reloaded; the facts of before go on serving");
	assert_non_null(strstr(bot_world_last(world)->payload, "facts/flood.json:"));
	struct message after = bot_world_message(world, "Who is the mayor?");
	bot_world_expect(world, &after, "Anna Berg");
	/* Mended, it works again. */
	fixture_write(&world->base, "facts/flood.json", world->base.facts, strlen(world->base.facts));
	struct message again = from_admin(world, "!admin reload");
	bot_world_expect(world, &again, "Reloaded: 4 facts");
}

static void reload_refuses_a_second_one_while_it_runs(void **state)
{
	struct bot_world *world = *state;
	struct message first = from_admin(world, "!admin reload"), second = from_admin(world, "!admin reload");
	bot_world_say(world, &first);
	bot_world_expect(world, &second, "running already");
	size_t before = world->fake->count;
	bot_world_wait(world, before + 1);
	assert_non_null(strstr(bot_world_last(world)->payload, "Reloaded"));
}

static bool is_reloaded(void *context)
{
	return !reload_is_running(((struct bot_world *)context)->bot->reload);
}

static void reload_by_signal_needs_no_asker(void **state)
{
	struct bot_world *world = *state;
	fixture_change(&world->base, "facts/flood.json", world->base.facts, "18 people died", "21 people died");
	reload_start(world->bot->reload, NULL);
	assert_true(fake_run_until(world->loop, is_reloaded, world));
	struct message after = bot_world_message(world, "How many people died in the flood?");
	bot_world_expect(world, &after, "21 people");
	assert_int_equal(world->fake->count, 1);
}

static void reload_reports_a_trainer_that_cannot_run(void **state)
{
	struct bot_world *world = *state;
	struct message reload = from_admin(world, "!admin reload");
	fixture_change(&world->base, "facts/flood.json", world->base.facts, "18 people died", "21 people died");
	world->bot->options.program = "/bin/false";
	bot_world_expect(world, &reload, "Not reloaded");
}

static int all_tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bot_world_setup, bot_world_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_table_is_sorted_and_complete),
		TEST(command_matches_whole_words_only),
		TEST(command_run_refuses_who_is_no_admin),
		TEST(command_run_obeys_the_rooms_power_only_when_set),
		TEST(command_run_tells_status_version_and_help),
		TEST(command_run_never_follows_an_edit),
		TEST(reload_swaps_the_facts_and_says_what_changed),
		TEST(reload_keeps_the_old_facts_when_the_new_are_broken),
		TEST(reload_refuses_a_second_one_while_it_runs),
		TEST(reload_by_signal_needs_no_asker),
		TEST(reload_reports_a_trainer_that_cannot_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return bot_world_main(argc, argv, all_tests);
}
