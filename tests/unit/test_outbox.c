/* link: bot */
#include "fake_platform.h"

#include "outbox_row.h"

struct fixture {
	char *directory;
	struct fake_clock clock;
	struct loop *loop;
	struct store *store;
	struct outbox *outbox;
	struct fake_platform *fake;
	struct platform_events events;
	int64_t max_pages;
	size_t wanted; /* calls to wait for */
};

static void on_sent(void *context, struct platform *platform, const char *key, enum send_result result,
		    const char *remote)
{
	outbox_sent(((struct fixture *)context)->outbox, platform, key, result, remote);
}

static void start(struct fixture *fixture)
{
	struct error error;
	struct store_options options = { .directory = fixture->directory,
					 .clock = &fixture->clock.clock,
					 .max_pages = fixture->max_pages };
	fixture->store = store_open(&options, &error);
	assert_non_null(fixture->store);
	fixture->outbox = outbox_create(&(struct outbox_options){
		.loop = fixture->loop, .store = fixture->store, .clock = &fixture->clock.clock, .answer_age_ms = 900000,
		.retry_base_ms = 2, .max_posts = 8,
	});
	fixture->fake = fake_platform_create("matrix", fixture->loop, &fixture->events, fixture);
	outbox_add_platform(fixture->outbox, &fixture->fake->platform);
	outbox_resume(fixture->outbox);
}

static void stop(struct fixture *fixture)
{
	outbox_destroy(fixture->outbox);
	fixture->fake->platform.impl->destroy(&fixture->fake->platform);
	store_close(fixture->store);
}

static void restart(struct fixture *fixture)
{
	stop(fixture);
	start(fixture);
}

static int setup(void **state)
{
	struct error error;
	struct fixture *fixture = memory_zeroed(1, sizeof *fixture);
	fixture->directory = fake_directory();
	fixture->clock = fake_clock_at(1640995200000);
	fixture->events = (struct platform_events){ .sent = on_sent };
	fixture->loop = loop_create(NULL, clock_system(), &error);
	assert_non_null(fixture->loop);
	start(fixture);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	stop(fixture);
	loop_destroy(fixture->loop);
	fake_directory_remove(fixture->directory);
	free(fixture);
	return 0;
}

static struct outbox_cause cause_of(struct fixture *fixture, const char *room, const char *event, const char *purpose)
{
	return (struct outbox_cause){ &fixture->fake->platform, room, event, purpose };
}

/* Up to three parts; NULL ends. */
static bool send_parts(struct fixture *fixture, const char *room, const char *event, const char *one, const char *two,
		       const char *three)
{
	struct outbox_cause cause = cause_of(fixture, room, event, "answer");
	struct rendered rendered = { .parts = { (char *)one, (char *)two, (char *)three }, .count = three ? 3 : two ? 2 : 1 };
	return outbox_send(fixture->outbox, &cause, &rendered);
}

static bool edit_to(struct fixture *fixture, const char *event, const char *purpose, const char *one, const char *two)
{
	struct outbox_cause cause = cause_of(fixture, "!r", event, purpose);
	struct rendered rendered = { .parts = { (char *)one, (char *)two }, .count = two ? 2 : 1 };
	return outbox_edit(fixture->outbox, &cause, &rendered);
}

static bool has_calls(void *context)
{
	struct fixture *fixture = context;
	return fixture->fake->count >= fixture->wanted &&
	       (fixture->fake->result != SEND_DONE || outbox_count(fixture->outbox) == 0);
}

static void run_until_calls(struct fixture *fixture, size_t wanted)
{
	fixture->wanted = wanted;
	assert_true(fake_run_until(fixture->loop, has_calls, fixture));
}

static const struct fake_call *call(struct fixture *fixture, size_t place)
{
	assert_true(place < fixture->fake->count);
	return &fixture->fake->calls[place];
}

static size_t find_call(const struct fixture *fixture, size_t from, const char *payload)
{
	for (size_t i = from; i < fixture->fake->count; i++)
		if (strcmp(fixture->fake->calls[i].payload, payload) == 0)
			return i;
	return SIZE_MAX;
}

static void outbox_send_delivers_parts_in_order(void **state)
{
	struct fixture *fixture = *state;
	assert_true(send_parts(fixture, "!r", "$1", "one", "two", "three"));
	run_until_calls(fixture, 3);
	assert_int_equal(fixture->fake->count, 3);
	assert_string_equal(call(fixture, 0)->payload, "one");
	assert_string_equal(call(fixture, 1)->payload, "two");
	assert_string_equal(call(fixture, 2)->payload, "three");
	assert_string_not_equal(call(fixture, 0)->key, call(fixture, 1)->key);
	restart(fixture);
	fake_run_turns(fixture->loop);
	assert_int_equal(fixture->fake->count, 0);
}

static void outbox_send_keeps_order_across_retries(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->result = SEND_LOST;
	send_parts(fixture, "!r", "$1", "one", "two", NULL);
	send_parts(fixture, "!other", "$2", "other", NULL, NULL);
	run_until_calls(fixture, 5);
	for (size_t i = 0; i < fixture->fake->count; i++)
		assert_string_not_equal(call(fixture, i)->payload, "two");
	fixture->fake->result = SEND_DONE;
	size_t before = fixture->fake->count, two;
	while ((two = find_call(fixture, before, "two")) == SIZE_MAX)
		run_until_calls(fixture, fixture->fake->count + 1);
	assert_true(find_call(fixture, before, "one") < two);
}

static void outbox_send_retries_under_the_same_key(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->result = SEND_LOST;
	send_parts(fixture, "!r", "$1", "one", NULL, NULL);
	run_until_calls(fixture, 3);
	assert_string_equal(call(fixture, 0)->key, call(fixture, 2)->key);
	assert_true(strlen(call(fixture, 0)->key) <= 25);
}

static void outbox_sent_drops_what_was_refused(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->result = SEND_REFUSED;
	send_parts(fixture, "!r", "$1", "one", NULL, NULL);
	run_until_calls(fixture, 1);
	fake_run_turns(fixture->loop);
	assert_int_equal(fixture->fake->count, 1);
	assert_int_equal(outbox_count(fixture->outbox), 0);
}

static void outbox_resume_repeats_a_post_of_unknown_fate_under_its_key(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->is_silent = true;
	send_parts(fixture, "!r", "$1", "one", "two", NULL);
	fixture->fake->result = SEND_LOST; /* nothing more to wait for than the call */
	run_until_calls(fixture, 1);
	char *key = memory_text(call(fixture, 0)->key);
	restart(fixture);
	run_until_calls(fixture, 2);
	assert_string_equal(call(fixture, 0)->key, key);
	assert_string_equal(call(fixture, 1)->payload, "two");
	free(key);
}

static void outbox_resume_drops_a_post_of_unknown_fate_past_the_window(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->is_silent = true;
	send_parts(fixture, "!r", "$1", "one", "two", NULL);
	fixture->fake->result = SEND_LOST; /* nothing more to wait for than the call */
	run_until_calls(fixture, 1);
	fixture->clock.wall_ms += 60001;
	restart(fixture);
	run_until_calls(fixture, 1);
	assert_int_equal(fixture->fake->count, 1);
	assert_string_equal(call(fixture, 0)->payload, "two"); /* which the service cannot have seen */
}

/* Stopped between the commit of a retry and its going out: an earlier try may have arrived all the same. */
static void outbox_destroy_keeps_that_a_post_may_have_been_seen(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->is_silent = true;
	send_parts(fixture, "!r", "$1", "one", NULL, NULL);
	fixture->fake->result = SEND_LOST; /* nothing more to wait for than the call */
	run_until_calls(fixture, 1);
	restart(fixture);
	outbox_lane_start(outbox_lane(fixture->outbox, &fixture->fake->platform, "!r"));
	stop(fixture);
	fixture->clock.wall_ms += 60001;
	start(fixture);
	fake_run_turns(fixture->loop);
	assert_int_equal(fixture->fake->count, 0);
	assert_int_equal(outbox_count(fixture->outbox), 0);
}

static void outbox_send_outlives_the_window_while_the_service_is_not_reached(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->result = SEND_UNREACHED;
	send_parts(fixture, "!r", "$1", "one", NULL, NULL);
	run_until_calls(fixture, 2);
	fixture->clock.wall_ms += 300000;
	restart(fixture);
	run_until_calls(fixture, 1);
	assert_string_equal(call(fixture, 0)->payload, "one");
}

static void outbox_send_gives_up_at_the_answers_age(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->result = SEND_UNREACHED;
	send_parts(fixture, "!r", "$1", "one", "two", NULL);
	run_until_calls(fixture, 2);
	fixture->clock.wall_ms += 900001;
	restart(fixture);
	fake_run_turns(fixture->loop);
	assert_int_equal(fixture->fake->count, 0);
	assert_int_equal(outbox_count(fixture->outbox), 0);
}

static void outbox_send_refuses_past_its_cap(void **state)
{
	struct fixture *fixture = *state;
	char event[16];
	fixture->fake->is_silent = true;
	for (int i = 0; i < 7; i++) {
		snprintf(event, sizeof event, "$%d", i);
		assert_true(send_parts(fixture, "!r", event, "x", NULL, NULL));
	}
	assert_false(send_parts(fixture, "!r", "$8", "one", "too many", NULL)); /* whole or not at all */
	assert_int_equal(outbox_count(fixture->outbox), 7);
	assert_true(send_parts(fixture, "!r", "$7", "x", NULL, NULL));
	assert_false(send_parts(fixture, "!r", "$9", "x", NULL, NULL));
	assert_int_equal(outbox_count(fixture->outbox), 8);
}

static void outbox_send_is_silent_when_it_cannot_be_written(void **state)
{
	struct fixture *fixture = *state;
	char *large = memory_zeroed(300001, 1);
	memset(large, 'a', 300000);
	fixture->max_pages = 16;
	restart(fixture);
	assert_false(send_parts(fixture, "!r", "$1", "small", large, NULL));
	fake_run_turns(fixture->loop);
	assert_int_equal(fixture->fake->count, 0);
	assert_int_equal(outbox_count(fixture->outbox), 0);
	assert_true(send_parts(fixture, "!r", "$2", "small", NULL, NULL));
	run_until_calls(fixture, 1);
	assert_string_equal(call(fixture, 0)->payload, "small");
	free(large);
}

static void outbox_edit_changes_the_post_that_was_sent(void **state)
{
	struct fixture *fixture = *state;
	send_parts(fixture, "!r", "$1", "one", "two", NULL);
	run_until_calls(fixture, 2);
	assert_true(edit_to(fixture, "$1", "edit 1", "ONE", NULL));
	run_until_calls(fixture, 4);
	assert_int_equal(call(fixture, 2)->what, 'e');
	assert_string_equal(call(fixture, 2)->remote, "remote-0");
	assert_string_equal(call(fixture, 2)->payload, "ONE");
	assert_int_equal(call(fixture, 3)->what, 'r'); /* the second part is one too many */
	assert_string_equal(call(fixture, 3)->remote, "remote-1");
	/* The next edit is of the first post again, and a part that is missing is sent. */
	assert_true(edit_to(fixture, "$1", "edit 2", "one", "two"));
	run_until_calls(fixture, 6);
	assert_string_equal(call(fixture, 4)->remote, "remote-0");
	assert_int_equal(call(fixture, 5)->what, 's');
}

static void outbox_edit_replaces_what_was_not_sent_yet(void **state)
{
	struct fixture *fixture = *state;
	fixture->fake->result = SEND_UNREACHED;
	send_parts(fixture, "!r", "$1", "old", NULL, NULL);
	run_until_calls(fixture, 1);
	fixture->fake->result = SEND_DONE;
	assert_true(edit_to(fixture, "$1", "edit 1", "new", NULL));
	run_until_calls(fixture, 2);
	assert_int_equal(fixture->fake->count, 2);
	assert_int_equal(call(fixture, 1)->what, 's');
	assert_string_equal(call(fixture, 1)->payload, "new");
}

static void outbox_redact_takes_back_every_part(void **state)
{
	struct fixture *fixture = *state;
	struct outbox_cause cause = cause_of(fixture, "!r", "$1", "redact");
	send_parts(fixture, "!r", "$1", "one", "two", NULL);
	run_until_calls(fixture, 2);
	assert_true(outbox_knows(fixture->outbox, &cause));
	assert_true(outbox_redact(fixture->outbox, &cause));
	run_until_calls(fixture, 4);
	assert_int_equal(call(fixture, 3)->what, 'r');
	assert_string_equal(call(fixture, 3)->remote, "remote-1");
	assert_false(outbox_knows(fixture->outbox, &cause));
}

static void outbox_redact_overtakes_what_waits(void **state)
{
	struct fixture *fixture = *state;
	struct outbox_cause cause = cause_of(fixture, "!r", "$2", "redact");
	send_parts(fixture, "!r", "$1", "one", NULL, NULL);
	send_parts(fixture, "!r", "$2", "two", NULL, NULL);
	assert_true(outbox_redact(fixture->outbox, &cause));
	run_until_calls(fixture, 1);
	fake_run_turns(fixture->loop);
	assert_int_equal(fixture->fake->count, 1);
	assert_string_equal(call(fixture, 0)->payload, "one");
}

static void outbox_promise_is_kept_or_apologised_for(void **state)
{
	struct fixture *fixture = *state;
	struct outbox_cause kept = cause_of(fixture, "!r", "$1", "answer"), broken = cause_of(fixture, "!r", "$2", "answer");
	char sorry[] = "sorry";
	struct rendered apology = { .parts = { sorry }, .count = 1 };
	assert_true(outbox_promise(fixture->outbox, &kept, &apology));
	assert_true(outbox_promise(fixture->outbox, &broken, &apology));
	assert_true(send_parts(fixture, "!r", "$1", "done", NULL, NULL));
	run_until_calls(fixture, 1);
	assert_string_equal(call(fixture, 0)->payload, "done");
	restart(fixture);
	run_until_calls(fixture, 1);
	fake_run_turns(fixture->loop);
	assert_int_equal(fixture->fake->count, 1);
	assert_string_equal(call(fixture, 0)->payload, "sorry");
}

static void outbox_key_tells_rooms_events_purposes_and_parts_apart(void **state)
{
	(void)state;
	static const struct outbox_cause causes[] = {
		{ NULL, "!a", "$1", "answer" }, { NULL, "!b", "$1", "answer" }, { NULL, "!a", "$2", "answer" },
		{ NULL, "!a", "$1", "redact" }, { NULL, "!a$", "1", "answer" },
	};
	char keys[6][OUTBOX_KEY_BYTES];
	for (size_t i = 0; i < 5; i++)
		outbox_key(&causes[i], 0, keys[i]);
	outbox_key(&causes[0], 1, keys[5]);
	for (size_t i = 0; i < 6; i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(keys[i], keys[j]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(outbox_send_delivers_parts_in_order),
		TEST(outbox_send_keeps_order_across_retries),
		TEST(outbox_send_retries_under_the_same_key),
		TEST(outbox_sent_drops_what_was_refused),
		TEST(outbox_resume_repeats_a_post_of_unknown_fate_under_its_key),
		TEST(outbox_resume_drops_a_post_of_unknown_fate_past_the_window),
		TEST(outbox_destroy_keeps_that_a_post_may_have_been_seen),
		TEST(outbox_send_outlives_the_window_while_the_service_is_not_reached),
		TEST(outbox_send_gives_up_at_the_answers_age),
		TEST(outbox_send_refuses_past_its_cap),
		TEST(outbox_send_is_silent_when_it_cannot_be_written),
		TEST(outbox_edit_changes_the_post_that_was_sent),
		TEST(outbox_edit_replaces_what_was_not_sent_yet),
		TEST(outbox_redact_takes_back_every_part),
		TEST(outbox_redact_overtakes_what_waits),
		TEST(outbox_promise_is_kept_or_apologised_for),
		cmocka_unit_test(outbox_key_tells_rooms_events_purposes_and_parts_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
