/* link: net */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "net/loop.h"

struct world {
	struct loop *loop;
	struct loop_timer timer, other;
	struct loop_watch *watch;
	char trace[64]; /* one letter an event, in order */
	int status;
	char output[128];
	size_t output_bytes;
	int calls;
};

static void note(struct world *world, char c)
{
	size_t used = strlen(world->trace);
	assert_true(used + 1 < sizeof world->trace);
	world->trace[used] = c;
}

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	struct error error = { 0 };
	world->loop = loop_create(NULL, clock_system(), &error);
	assert_non_null(world->loop);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	loop_timer_cancel(&world->timer);
	loop_timer_cancel(&world->other);
	loop_destroy(world->loop);
	free(world);
	return 0;
}

static void stop(void *context)
{
	struct world *world = context;
	note(world, 's');
	loop_stop(world->loop);
}

static void letter_a(void *context)
{
	note(context, 'a');
}

static void letter_b(void *context)
{
	note(context, 'b');
}

/* ---- timers and deferred calls ---- */

static void loop_timer_fires_in_order_of_delay(void **state)
{
	struct world *world = *state;
	struct loop_timer third = { 0 };
	loop_timer_set(world->loop, &third, 30, stop, world);
	loop_timer_set(world->loop, &world->timer, 15, letter_b, world);
	loop_timer_set(world->loop, &world->other, 0, letter_a, world);
	assert_string_equal(world->trace, ""); /* never inside the call that registered it */
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "abs");
	loop_timer_cancel(&third);
}

static void loop_timer_set_again_moves_it(void **state)
{
	struct world *world = *state;
	loop_timer_set(world->loop, &world->timer, 0, letter_a, world);
	loop_timer_set(world->loop, &world->timer, 20, letter_b, world);
	loop_timer_set(world->loop, &world->other, 40, stop, world);
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "bs");
}

static void loop_timer_cancelled_does_not_fire(void **state)
{
	struct world *world = *state;
	loop_timer_cancel(&world->timer); /* zeroed: fine */
	loop_timer_set(world->loop, &world->timer, 0, letter_a, world);
	loop_timer_cancel(&world->timer);
	loop_timer_set(world->loop, &world->other, 10, stop, world);
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "s");
}

static void rearm(void *context)
{
	struct world *world = context;
	note(world, 'r');
	if (++world->calls < 5)
		loop_timer_set(world->loop, &world->timer, 0, rearm, world);
	else
		loop_stop(world->loop);
}

static void loop_timer_rearmed_at_zero_inside_itself_is_not_lost(void **state)
{
	struct world *world = *state;
	loop_timer_set(world->loop, &world->timer, 0, rearm, world);
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "rrrrr");
}

static void cancel_itself(void *context)
{
	struct world *world = context;
	loop_timer_cancel(&world->timer);
	note(world, 'c');
	loop_stop(world->loop);
}

static void loop_timer_cancelled_inside_itself_is_fine(void **state)
{
	struct world *world = *state;
	loop_timer_set(world->loop, &world->timer, 0, cancel_itself, world);
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "c");
}

static void defer_and_note(void *context)
{
	struct world *world = context;
	loop_defer(world->loop, letter_b, world);
	loop_defer(world->loop, stop, world);
	note(world, 'a');
}

static void loop_defer_runs_after_the_callback_in_order(void **state)
{
	struct world *world = *state;
	loop_timer_set(world->loop, &world->timer, 0, defer_and_note, world);
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "abs");
}

static void defer_for_ever(void *context)
{
	struct world *world = context;
	world->calls++;
	loop_defer(world->loop, defer_for_ever, world);
}

static void loop_defer_for_ever_starves_no_timer(void **state)
{
	struct world *world = *state;
	loop_defer(world->loop, defer_for_ever, world);
	loop_timer_set(world->loop, &world->timer, 5, stop, world);
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "s");
	assert_true(world->calls > 1);
}

static void loop_destroy_runs_what_was_deferred(void **state)
{
	(void)state;
	struct world world = { 0 };
	world.loop = loop_create(NULL, clock_system(), NULL);
	assert_non_null(world.loop);
	loop_defer(world.loop, letter_a, &world);
	loop_destroy(world.loop);
	assert_string_equal(world.trace, "a");
	loop_destroy(NULL);
}

static void loop_run_again_after_stop_serves(void **state)
{
	struct world *world = *state;
	for (int i = 0; i < 2; i++) {
		loop_timer_set(world->loop, &world->timer, 0, stop, world);
		assert_true(loop_run(world->loop));
	}
	assert_string_equal(world->trace, "ss");
}

/* ---- watches ---- */

static void read_one(void *context, int fd)
{
	struct world *world = context;
	char c;
	ssize_t got = read(fd, &c, 1);
	note(world, got == 1 ? c : '0');
	if (got != 1) {
		loop_watch_remove(world->watch);
		loop_stop(world->loop);
	}
}

static void loop_watch_tells_bytes_then_the_end(void **state)
{
	struct world *world = *state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "xyz", 3), 3);
	close(ends[1]);
	world->watch = loop_watch_add(world->loop, ends[0], read_one, world);
	assert_non_null(world->watch);
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "xyz0");
	assert_int_equal(fcntl(ends[0], F_GETFD), -1); /* closed with the watch */
}

static void loop_watch_add_refuses_a_closed_descriptor(void **state)
{
	struct world *world = *state;
	assert_null(loop_watch_add(world->loop, 999, read_one, world));
}

static void loop_destroy_closes_what_is_watched(void **state)
{
	(void)state;
	struct loop *loop = loop_create(NULL, clock_system(), NULL);
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_non_null(loop_watch_add(loop, ends[0], read_one, NULL));
	loop_destroy(loop);
	assert_int_equal(fcntl(ends[0], F_GETFD), -1);
	close(ends[1]);
}

struct pair {
	struct world *world;
	struct loop_watch *watches[2];
};

static void remove_both(void *context, int fd)
{
	(void)fd;
	struct pair *pair = context;
	note(pair->world, 'x');
	loop_watch_remove(pair->watches[0]);
	loop_watch_remove(pair->watches[1]);
	loop_stop(pair->world->loop);
}

static void loop_watch_removed_by_another_of_the_same_turn_is_not_called(void **state)
{
	struct pair pair = { .world = *state };
	int writers[2];
	for (int i = 0; i < 2; i++) {
		int ends[2];
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], "x", 1), 1);
		writers[i] = ends[1];
		pair.watches[i] = loop_watch_add(pair.world->loop, ends[0], remove_both, &pair);
	}
	assert_true(loop_run(pair.world->loop));
	assert_string_equal(pair.world->trace, "x");
	close(writers[0]);
	close(writers[1]);
}

/* ---- signals and children ---- */

static void on_signal(void *context, int number)
{
	struct world *world = context;
	note(world, number == SIGHUP ? 'h' : number == SIGTERM ? 't' : '?');
	if (number == SIGTERM)
		loop_stop(world->loop);
}

static void loop_signals_tells_each(void **state)
{
	struct world *world = *state;
	assert_true(loop_signals(world->loop, on_signal, world, NULL));
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGTERM);
	assert_true(loop_run(world->loop));
	assert_string_equal(world->trace, "ht");
}

static void child_done(void *context, int status, const char *output)
{
	struct world *world = context;
	world->status = status;
	world->output_bytes = strlen(output);
	snprintf(world->output, sizeof world->output, "%.100s", output);
	note(world, 'd');
	loop_stop(world->loop);
}

static bool spawn(struct world *world, const char *script, int64_t timeout_ms)
{
	char *argv[] = { "/bin/sh", "-c", memory_text(script), NULL };
	bool done = loop_spawn(world->loop, argv, timeout_ms, child_done, world, NULL);
	free(argv[2]);
	return done;
}

static void loop_spawn_gives_status_and_output(void **state)
{
	struct world *world = *state;
	assert_true(spawn(world, "echo trained; exit 7", 30000));
	assert_true(loop_run(world->loop));
	assert_int_equal(world->status, 7);
	assert_string_equal(world->output, "trained\n");
}

static void loop_spawn_caps_the_output_and_lets_the_child_end(void **state)
{
	struct world *world = *state;
	assert_true(spawn(world, "head -c 300000 /dev/zero | tr '\\0' x; exit 3", 30000));
	assert_true(loop_run(world->loop));
	assert_int_equal(world->status, 3);
	assert_int_equal(world->output_bytes, 65536);
}

static void loop_spawn_kills_at_the_timeout(void **state)
{
	struct world *world = *state;
	assert_true(spawn(world, "echo begun; exec sleep 60", 200));
	assert_true(loop_run(world->loop));
	assert_int_equal(world->status, 128 + SIGKILL);
}

static void loop_spawn_refuses_a_program_that_is_not_there(void **state)
{
	struct world *world = *state;
	struct error error = { 0 };
	char *argv[] = { "/nowhere/train", NULL };
	assert_false(loop_spawn(world->loop, argv, 1000, child_done, world, &error));
	assert_non_null(strstr(error.text, "/nowhere/train"));
	assert_string_equal(world->trace, "");
}

static void loop_spawn_leaves_no_descriptor_or_blocked_signal_to_the_child(void **state)
{
	struct world *world = *state;
	int leaked = dup(STDERR_FILENO); /* without FD_CLOEXEC, as a careless library would */
	assert_true(loop_signals(world->loop, on_signal, world, NULL));
	char script[128];
	snprintf(script, sizeof script, "[ -e /proc/$$/fd/%d ] && echo leaked; kill -TERM $$; echo deaf", leaked);
	assert_true(spawn(world, script, 30000));
	assert_true(loop_run(world->loop));
	close(leaked);
	assert_int_equal(world->status, 128 + SIGTERM);
	assert_string_equal(world->output, "");
}

static void loop_destroy_ends_children(void **state)
{
	(void)state;
	struct world world = { 0 };
	world.loop = loop_create(NULL, clock_system(), NULL);
	assert_true(spawn(&world, "exec sleep 60", 60000));
	loop_destroy(world.loop);
	assert_string_equal(world.trace, ""); /* and `done` is not called */
}

#define LOOP_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOOP_TEST(loop_timer_fires_in_order_of_delay),
		LOOP_TEST(loop_timer_set_again_moves_it),
		LOOP_TEST(loop_timer_cancelled_does_not_fire),
		LOOP_TEST(loop_timer_rearmed_at_zero_inside_itself_is_not_lost),
		LOOP_TEST(loop_timer_cancelled_inside_itself_is_fine),
		LOOP_TEST(loop_defer_runs_after_the_callback_in_order),
		LOOP_TEST(loop_defer_for_ever_starves_no_timer),
		LOOP_TEST(loop_destroy_runs_what_was_deferred),
		LOOP_TEST(loop_run_again_after_stop_serves),
		LOOP_TEST(loop_watch_tells_bytes_then_the_end),
		LOOP_TEST(loop_watch_add_refuses_a_closed_descriptor),
		LOOP_TEST(loop_destroy_closes_what_is_watched),
		LOOP_TEST(loop_watch_removed_by_another_of_the_same_turn_is_not_called),
		LOOP_TEST(loop_signals_tells_each),
		LOOP_TEST(loop_spawn_gives_status_and_output),
		LOOP_TEST(loop_spawn_caps_the_output_and_lets_the_child_end),
		LOOP_TEST(loop_spawn_kills_at_the_timeout),
		LOOP_TEST(loop_spawn_refuses_a_program_that_is_not_there),
		LOOP_TEST(loop_spawn_leaves_no_descriptor_or_blocked_signal_to_the_child),
		LOOP_TEST(loop_destroy_ends_children),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
