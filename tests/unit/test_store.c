/* link: bot */
#include "fake_platform.h"

#include <sys/stat.h>

#include "store.h"

struct fixture {
	char *directory;
	struct fake_clock clock;
	struct store *store;
	int64_t max_pages;
};

static struct store *open_store(struct fixture *fixture)
{
	struct error error = { 0 };
	struct store_options options = { .directory = fixture->directory,
					 .clock = &fixture->clock.clock,
					 .max_pages = fixture->max_pages };
	struct store *store = store_open(&options, &error);
	if (!store)
		print_message("%s\n", error.text);
	return store;
}

static void reopen(struct fixture *fixture)
{
	store_close(fixture->store);
	fixture->store = open_store(fixture);
	assert_non_null(fixture->store);
}

static int setup(void **state)
{
	struct fixture *fixture = memory_zeroed(1, sizeof *fixture);
	fixture->directory = fake_directory();
	fixture->clock = fake_clock_at(1640995200000);
	fixture->store = open_store(fixture);
	*state = fixture;
	return fixture->store ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	store_close(fixture->store);
	fake_directory_remove(fixture->directory);
	free(fixture);
	return 0;
}

static void store_claim_event_is_new_once_for_each_platform_and_room(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_NEW);
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_SEEN);
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!other", "$1"), STORE_NEW);
	assert_int_equal(store_claim_event(fixture->store, "discord", "!r", "$1"), STORE_NEW);
	reopen(fixture);
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_SEEN);
}

static void store_claim_event_forgets_after_seven_days(void **state)
{
	struct fixture *fixture = *state;
	const int64_t day_ms = 86400000;
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_NEW);
	fixture->clock.wall_ms += STORE_DAYS * day_ms - 1;
	reopen(fixture);
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_SEEN);
	fixture->clock.wall_ms += 2;
	reopen(fixture);
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_NEW);
}

static void store_claim_event_keeps_the_newest_at_the_cap(void **state)
{
	struct fixture *fixture = *state;
	char event[32];
	for (int i = 0; i <= STORE_CLAIMS; i++) {
		snprintf(event, sizeof event, "$%d", i);
		assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", event), STORE_NEW);
	}
	reopen(fixture);
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_SEEN);
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$0"), STORE_NEW);
}

static void store_state_keeps_values_of_each_platform(void **state)
{
	struct fixture *fixture = *state;
	assert_true(store_state_set(fixture->store, "matrix", "since", "s1"));
	assert_true(store_state_set(fixture->store, "matrix", "since", "s2"));
	assert_null(store_state_get(fixture->store, "discord", "since"));
	reopen(fixture);
	char *value = store_state_get(fixture->store, "matrix", "since");
	assert_string_equal(value, "s2");
	free(value);
	assert_true(store_state_set(fixture->store, "matrix", "since", NULL));
	assert_null(store_state_get(fixture->store, "matrix", "since"));
}

static void store_state_refuses_a_value_past_the_cap(void **state)
{
	struct fixture *fixture = *state;
	char *value = memory_zeroed(STORE_VALUE_BYTES + 2, 1);
	memset(value, 'a', STORE_VALUE_BYTES);
	assert_true(store_state_set(fixture->store, "matrix", "k", value));
	value[STORE_VALUE_BYTES] = 'a';
	assert_false(store_state_set(fixture->store, "matrix", "k2", value));
	assert_true(store_commit(fixture->store));
	assert_null(store_state_get(fixture->store, "matrix", "k2"));
	free(value);
}

static void note_post(void *context, const struct store_post *post)
{
	buffer_format(context, "%s:%s:%d:%d:%s:%lld ", post->key, post->room, post->part, (int)post->action, post->payload,
		      (long long)post->started_ms);
}

static void store_posts_survive_in_order(void **state)
{
	struct fixture *fixture = *state;
	struct buffer text;
	buffer_init(&text, 4096);
	struct store_post post = { .platform = "matrix",
				   .key = "b",
				   .room = "!r",
				   .question = "$1",
				   .part = 1,
				   .payload = "one",
				   .created_ms = fixture->clock.wall_ms };
	assert_true(store_post_put(fixture->store, &post));
	post.key = "a";
	post.payload = "two";
	assert_true(store_post_put(fixture->store, &post));
	post.key = "c";
	assert_true(store_post_put(fixture->store, &post));
	assert_true(store_post_start(fixture->store, "matrix", "a", 5));
	assert_true(store_post_remove(fixture->store, "matrix", "c"));
	reopen(fixture);
	store_posts_each(fixture->store, note_post, &text);
	assert_string_equal(buffer_text(&text), "b:!r:1:0:one:0 a:!r:1:0:two:5 ");
	buffer_finish(&text);
}

static void store_answers_are_found_by_question_and_part(void **state)
{
	struct fixture *fixture = *state;
	assert_true(store_answer_put(fixture->store, "matrix", "!r", "$q", 1, "$a"));
	assert_null(store_answer_get(fixture->store, "matrix", "!r", "$q", 0));
	reopen(fixture);
	char *remote = store_answer_get(fixture->store, "matrix", "!r", "$q", 1);
	assert_string_equal(remote, "$a");
	free(remote);
	assert_true(store_answer_remove(fixture->store, "matrix", "!r", "$q", 1));
	assert_null(store_answer_get(fixture->store, "matrix", "!r", "$q", 1));
}

/* As if the process were killed: another connection reads what was committed. */
static void store_commit_makes_the_turn_durable(void **state)
{
	struct fixture *fixture = *state;
	char command[512];
	store_claim_event(fixture->store, "matrix", "!r", "$1");
	assert_true(store_commit(fixture->store));
	store_claim_event(fixture->store, "matrix", "!r", "$2");
	char *copy = fake_directory();
	snprintf(command, sizeof command, "cp %s/state.sqlite* %s/", fixture->directory, copy);
	assert_int_equal(system(command), 0);
	struct fixture other = { .directory = copy, .clock = fixture->clock };
	struct store *store = open_store(&other);
	assert_int_equal(store_claim_event(store, "matrix", "!r", "$1"), STORE_SEEN);
	assert_int_equal(store_claim_event(store, "matrix", "!r", "$2"), STORE_NEW);
	store_close(store);
	fake_directory_remove(copy);
}

static void store_commit_undoes_the_turn_when_the_disk_is_full(void **state)
{
	struct fixture *fixture = *state;
	char *large = memory_zeroed(STORE_VALUE_BYTES + 1, 1);
	memset(large, 'a', STORE_VALUE_BYTES);
	fixture->max_pages = 16;
	reopen(fixture);
	assert_true(store_state_set(fixture->store, "matrix", "small", "1"));
	assert_true(store_commit(fixture->store));
	store_state_set(fixture->store, "matrix", "small", "2");
	assert_false(store_state_set(fixture->store, "matrix", "large", large));
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_FAILED);
	assert_false(store_commit(fixture->store));
	assert_true(store_is_failing(fixture->store));
	char *value = store_state_get(fixture->store, "matrix", "small");
	assert_string_equal(value, "1");
	free(value);
	/* What fits is written again. */
	assert_int_equal(store_claim_event(fixture->store, "matrix", "!r", "$1"), STORE_NEW);
	assert_true(store_commit(fixture->store));
	assert_false(store_is_failing(fixture->store));
	free(large);
}

static void store_open_refuses_a_second_bot(void **state)
{
	struct fixture *fixture = *state;
	assert_null(open_store(fixture));
}

static void store_open_refuses_a_newer_schema_and_garbage(void **state)
{
	struct fixture *fixture = *state;
	struct error error;
	char *path = file_join(fixture->directory, "state.sqlite");
	store_close(fixture->store);
	fixture->store = NULL;
	FILE *file = fopen(path, "r+");
	fseek(file, 60, SEEK_SET); /* user_version, big-endian (SQLite's file format) */
	fwrite("\0\0\0\x63", 1, 4, file);
	fclose(file);
	assert_null(open_store(fixture));
	assert_true(file_write(path, "this is no database, it only looks like a file", 46, 0600, &error));
	assert_null(open_store(fixture));
	free(path);
}

static void store_open_keeps_its_files_private(void **state)
{
	struct fixture *fixture = *state;
	static const char *const names[] = { "state.sqlite", "state.sqlite-wal", "lock" };
	store_claim_event(fixture->store, "matrix", "!r", "$1");
	store_commit(fixture->store);
	for (size_t i = 0; i < 3; i++) {
		struct stat status;
		char *path = file_join(fixture->directory, names[i]);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
		free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(store_claim_event_is_new_once_for_each_platform_and_room, setup, teardown),
		cmocka_unit_test_setup_teardown(store_claim_event_forgets_after_seven_days, setup, teardown),
		cmocka_unit_test_setup_teardown(store_claim_event_keeps_the_newest_at_the_cap, setup, teardown),
		cmocka_unit_test_setup_teardown(store_state_keeps_values_of_each_platform, setup, teardown),
		cmocka_unit_test_setup_teardown(store_state_refuses_a_value_past_the_cap, setup, teardown),
		cmocka_unit_test_setup_teardown(store_posts_survive_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(store_answers_are_found_by_question_and_part, setup, teardown),
		cmocka_unit_test_setup_teardown(store_commit_makes_the_turn_durable, setup, teardown),
		cmocka_unit_test_setup_teardown(store_commit_undoes_the_turn_when_the_disk_is_full, setup, teardown),
		cmocka_unit_test_setup_teardown(store_open_refuses_a_second_bot, setup, teardown),
		cmocka_unit_test_setup_teardown(store_open_refuses_a_newer_schema_and_garbage, setup, teardown),
		cmocka_unit_test_setup_teardown(store_open_keeps_its_files_private, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
