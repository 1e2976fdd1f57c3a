/* link: bot */
#include <signal.h>
#include <sys/resource.h>

#include "bot_world.h"

static const char question[] = "How many people died in the flood?";

static void bot_on_message_answers_with_source_and_date(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, question);
	bot_world_expect(world, &message, "18 people died");
	assert_non_null(strstr(bot_world_last(world)->payload, "Source: The Gazette, May 2, 2031, paragraph 3"));
	assert_non_null(strstr(bot_world_last(world)->payload, "as of May 2, 2031"));
	assert_string_equal(bot_world_last(world)->room, "!room:example.org");
	assert_int_equal(world->fake->receipts, 1);
}

static void bot_on_message_answers_in_the_questions_language(void **state)
{
	struct bot_world *world = *state;
	struct message russian = bot_world_message(world, "Сколько человек погибло в паводке?");
	struct message kazakh = bot_world_message(world, "Әкім кім?");
	bot_world_expect(world, &russian, "Источник: The Gazette, 2 мая 2031 года");
	bot_world_expect(world, &kazakh, "Анна Берг");
}

static void bot_on_message_says_when_it_does_not_know(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, "purple elephants dance");
	bot_world_say(world, &message);
	bot_world_wait(world, 1);
	assert_null(strstr(bot_world_last(world)->payload, "Source:"));
}

static void bot_on_message_answers_an_event_once(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, question);
	bot_world_say(world, &message);
	bot_world_say(world, &message);
	bot_world_wait(world, 1);
	bot_world_expect_silence(world, &message);
	assert_int_equal(world->fake->count, 1);
	bot_world_restart(world);
	message.platform = &world->fake->platform;
	bot_world_expect_silence(world, &message);
}

static void bot_on_message_ignores_what_is_not_addressed_or_too_old(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, question);
	message.is_addressed = false;
	bot_world_expect_silence(world, &message);
	message.is_addressed = true;
	message.sent_ms -= 15 * 60000 + 1;
	bot_world_expect_silence(world, &message);
	message.sent_ms += 1;
	bot_world_expect(world, &message, "18 people");
}

static void bot_resumes_a_reply_under_its_key_after_a_kill(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, question);
	world->fake->is_silent = true;
	bot_world_say(world, &message);
	bot_world_wait(world, 1);
	char *key = memory_text(bot_world_last(world)->key);
	bot_world_restart(world);
	bot_world_wait(world, 1);
	assert_string_equal(bot_world_last(world)->key, key);
	assert_non_null(strstr(bot_world_last(world)->payload, "18 people"));
	message.platform = &world->fake->platform;
	bot_world_expect_silence(world, &message);
	free(key);
}

static void bot_on_message_holds_the_limit_and_says_so_once(void **state)
{
	struct bot_world *world = *state;
	for (int i = 0; i < 3; i++) {
		struct message message = bot_world_message(world, question);
		bot_world_expect(world, &message, "18 people");
	}
	struct message fourth = bot_world_message(world, question), fifth = bot_world_message(world, question);
	bot_world_expect(world, &fourth, "more than I can answer");
	bot_world_expect_silence(world, &fifth);
	struct message other = bot_world_message(world, question);
	other.sender = "@bert:example.org";
	bot_world_expect(world, &other, "18 people");
	world->clock.wall_ms += 60000;
	struct message later = bot_world_message(world, question);
	bot_world_expect(world, &later, "18 people");
}

static void bot_on_message_gives_admins_no_limit(void **state)
{
	struct bot_world *world = *state;
	for (int i = 0; i < 6; i++) {
		struct message message = bot_world_message(world, question);
		message.sender = "@admin:example.org";
		bot_world_expect(world, &message, "18 people");
	}
}

static void bot_on_message_keeps_conversations_apart(void **state)
{
	struct bot_world *world = *state;
	struct message anna = bot_world_message(world, "answer in Russian"), bert = bot_world_message(world, question);
	struct message again = bot_world_message(world, question);
	bot_world_say(world, &anna);
	bot_world_wait(world, 1);
	bert.sender = "@bert:example.org";
	bot_world_expect(world, &bert, "18 people died");
	bot_world_expect(world, &again, "погибли 18 человек");
}

static void bot_on_message_greets_a_room_once(void **state)
{
	struct bot_world *world = *state;
	struct message first = bot_world_message(world, question), second = bot_world_message(world, question);
	bot_world_expect(world, &first, "up to May 2, 2031");
	bot_world_say(world, &second);
	bot_world_wait(world, 2);
	assert_null(strstr(bot_world_last(world)->payload, "up to May 2, 2031"));
	bot_events()->entered(world->bot, &world->fake->platform, "!room:example.org", false);
	fake_run_turns(world->loop);
	assert_int_equal(world->fake->count, 2);
	bot_events()->entered(world->bot, &world->fake->platform, "!new:example.org", false);
	bot_world_wait(world, 3);
	assert_non_null(strstr(bot_world_last(world)->payload, "up to May 2, 2031"));
	bot_world_restart(world);
	bot_events()->entered(world->bot, &world->fake->platform, "!new:example.org", false);
	fake_run_turns(world->loop);
	assert_int_equal(world->fake->count, 0);
}

static void bot_on_message_says_once_that_it_cannot_read(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, "");
	message.is_readable = false;
	message.is_addressed = false;
	bot_world_expect(world, &message, "cannot read");
	struct message second = bot_world_message(world, "");
	second.is_readable = false;
	bot_world_expect_silence(world, &second);
}

static void bot_on_message_speaks_unasked_only_where_it_may_and_is_sure(void **state)
{
	struct bot_world *world = *state;
	struct message sure = bot_world_message(world, question), chatter = bot_world_message(world, "hello");
	struct message unsure = bot_world_message(world, "purple elephants dance");
	sure.is_addressed = chatter.is_addressed = unsure.is_addressed = false;
	bot_world_expect_silence(world, &sure);
	sure.room = chatter.room = unsure.room = "!all:example.org";
	bot_world_expect(world, &sure, "18 people");
	bot_world_expect_silence(world, &chatter);
	bot_world_expect_silence(world, &unsure);
	unsure.is_addressed = true;
	bot_world_say(world, &unsure);
	bot_world_wait(world, 2);
}

static void bot_on_message_gives_the_operators_safety_text(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, "I am trapped in water");
	bot_world_expect(world, &message, "Call 112.");
}

static void bot_on_message_survives_hostile_text(void **state)
{
	struct bot_world *world = *state;
	char *large = memory_zeroed(PLATFORM_TEXT_BYTES + 1, 1);
	memset(large, 'a', PLATFORM_TEXT_BYTES);
	struct message message = bot_world_message(world, large);
	bot_world_expect(world, &message, "too long");
	struct message broken = bot_world_message(world, "who \xFF\xFE is the mayor");
	bot_world_expect(world, &broken, "not valid text");
	struct message nul = bot_world_message(world, "");
	nul.text = "who is\0the mayor";
	nul.text_bytes = 16;
	bot_world_expect(world, &nul, "Anna Berg");
	free(large);
}

static void bot_on_edited_edits_the_answer(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, question), edited = message;
	bot_world_expect(world, &message, "18 people");
	edited.text = "Who is the mayor?";
	edited.text_bytes = strlen(edited.text);
	edited.sent_ms++;
	bot_events()->edited(world->bot, &edited);
	bot_events()->edited(world->bot, &edited);
	bot_world_wait(world, 2);
	fake_run_turns(world->loop);
	assert_int_equal(world->fake->count, 2);
	assert_int_equal(bot_world_last(world)->what, 'e');
	assert_string_equal(bot_world_last(world)->remote, "remote-0");
	assert_non_null(strstr(bot_world_last(world)->payload, "Anna Berg"));
}

static void bot_on_edited_ignores_what_was_never_answered(void **state)
{
	struct bot_world *world = *state;
	struct message edited = bot_world_message(world, question);
	bot_events()->edited(world->bot, &edited);
	fake_run_turns(world->loop);
	assert_int_equal(world->fake->count, 0);
}

static void bot_on_redacted_takes_the_answer_back(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, question);
	bot_world_expect(world, &message, "18 people");
	bot_events()->redacted(world->bot, &world->fake->platform, message.room, message.event);
	bot_world_wait(world, 2);
	assert_int_equal(bot_world_last(world)->what, 'r');
	assert_string_equal(bot_world_last(world)->remote, "remote-0");
	bot_events()->redacted(world->bot, &world->fake->platform, message.room, message.event);
	fake_run_turns(world->loop);
	assert_int_equal(world->fake->count, 2);
}

static void bot_on_message_answers_nothing_while_the_disk_is_full(void **state)
{
	struct bot_world *world = *state;
	struct error why;
	world->max_pages = 12;
	bot_world_restart(world);
	char *filler = memory_zeroed(STORE_VALUE_BYTES + 1, 1);
	memset(filler, 'a', STORE_VALUE_BYTES);
	struct message message = bot_world_message(world, question);
	bot_events()->state_set(world->bot, &world->fake->platform, "filler", filler); /* does not fit: the turn is lost */
	bot_world_say(world, &message);
	assert_false(bot_events()->commit(world->bot)); /* so the platform will bring it again */
	fake_run_turns(world->loop);
	assert_int_equal(world->fake->count, 0);
	assert_false(bot_is_healthy(world->bot, &why));
	bot_world_expect(world, &message, "18 people"); /* delivered again by the platform, when there is room */
	assert_true(bot_is_healthy(world->bot, &why));
	bot_world_expect_silence(world, &message);
	free(filler);
}

/* A full disk is often told at the commit only. What comes again meanwhile must not go through the engine again: it
 * would move the conversation on. */
static void bot_on_message_counts_a_question_once_while_the_disk_is_full(void **state)
{
	struct bot_world *world = *state;
	struct message message = bot_world_message(world, question);
	struct rlimit before, none;
	getrlimit(RLIMIT_FSIZE, &before);
	none = (struct rlimit){ .rlim_cur = 1, .rlim_max = before.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &none);
	for (int i = 0; i < 2; i++) {
		bot_world_say(world, &message);
		bot_events()->commit(world->bot);
	}
	setrlimit(RLIMIT_FSIZE, &before);
	assert_true(store_is_failing(world->store));
	assert_int_equal(world->bot->counts.questions, 1);
	bot_world_expect(world, &message, "18 people");
}

static bool is_stopped(void *context)
{
	return ((struct bot_world *)context)->bot->failure;
}

static void bot_goes_on_until_its_last_platform_fails(void **state)
{
	struct bot_world *world = *state;
	struct error why;
	struct fake_platform *second = fake_platform_create("discord", world->loop, bot_events(), world->bot);
	bot_add_platform(world->bot, &second->platform);
	bot_events()->state(world->bot, &second->platform, PLATFORM_FAILED, "wrong token");
	assert_false(bot_is_healthy(world->bot, &why));
	assert_null(world->bot->failure);
	struct message message = bot_world_message(world, question);
	bot_world_expect(world, &message, "18 people");
	bot_events()->state(world->bot, &world->fake->platform, PLATFORM_FAILED, "logged out");
	assert_true(is_stopped(world));
	assert_string_equal(world->bot->failure, "matrix: logged out");
}

/* Two bots on one loop share nothing. */
static void bot_lives_beside_another_in_one_process(void **state)
{
	struct bot_world *world = *state, other = *world;
	other.state = fake_directory();
	bot_world_start(&other);
	struct message message = bot_world_message(world, question), same = message;
	same.platform = &other.fake->platform;
	bot_world_expect(world, &message, "18 people");
	bot_world_expect(&other, &same, "18 people");
	assert_int_equal(world->fake->count, 1);
	bot_world_stop(&other);
	fake_directory_remove(other.state);
}

static int all_tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bot_world_setup, bot_world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(bot_on_message_answers_with_source_and_date),
		TEST(bot_on_message_answers_in_the_questions_language),
		TEST(bot_on_message_says_when_it_does_not_know),
		TEST(bot_on_message_answers_an_event_once),
		TEST(bot_on_message_ignores_what_is_not_addressed_or_too_old),
		TEST(bot_resumes_a_reply_under_its_key_after_a_kill),
		TEST(bot_on_message_holds_the_limit_and_says_so_once),
		TEST(bot_on_message_gives_admins_no_limit),
		TEST(bot_on_message_keeps_conversations_apart),
		TEST(bot_on_message_greets_a_room_once),
		TEST(bot_on_message_says_once_that_it_cannot_read),
		TEST(bot_on_message_speaks_unasked_only_where_it_may_and_is_sure),
		TEST(bot_on_message_gives_the_operators_safety_text),
		TEST(bot_on_message_survives_hostile_text),
		TEST(bot_on_edited_edits_the_answer),
		TEST(bot_on_edited_ignores_what_was_never_answered),
		TEST(bot_on_redacted_takes_the_answer_back),
		TEST(bot_on_message_answers_nothing_while_the_disk_is_full),
		TEST(bot_on_message_counts_a_question_once_while_the_disk_is_full),
		TEST(bot_goes_on_until_its_last_platform_fails),
		TEST(bot_lives_beside_another_in_one_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	return bot_world_main(argc, argv, all_tests);
}
