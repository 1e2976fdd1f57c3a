/* link: net */
#include "http_world.h"

/* ---- order ---- */

static void serve_counting(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES], path[16];
	while (peer_read_request(fd, request)) {
		pthread_mutex_lock(&peer->lock);
		if (++peer->serving > peer->serving_most)
			peer->serving_most = peer->serving;
		pthread_mutex_unlock(&peer->lock);
		snprintf(path, sizeof path, "%.2s ", strchr(request, '/'));
		peer_note(peer, path);
		usleep(10000); /* so that requests allowed to overlap do */
		pthread_mutex_lock(&peer->lock);
		peer->serving--;
		pthread_mutex_unlock(&peer->lock);
		peer_answer(fd, 200, "", "");
	}
}

static void http_send_runs_no_more_than_per_host_at_once(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_counting, NULL);
	for (int i = 0; i < 12; i++)
		get(world, "/a");
	run(world);
	assert_int_equal(world->finished, 12);
	assert_int_equal(world->peer.serving_most, 2);
	assert_int_equal(world->peer.connections, 2);
}

static void serve_held(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	while (peer_read_request(fd, request))
		if (!is_for(request, "/poll"))
			peer_answer(fd, 200, "", "");
	(void)peer;
}

static void http_send_keeps_a_long_poll_outside_the_limit(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_held, NULL);
	for (int i = 0; i < 3; i++)
		send_call(world, (struct http_call){ .long_poll = true }, "/poll");
	struct call *call = get(world, "/ok");
	world->wanted = 1;
	run(world);
	assert_int_equal(call->done, 1);
	assert_int_equal(world->calls[0].done + world->calls[1].done + world->calls[2].done, 0);
}

/* ---- the turn's end ---- */

static void http_send_calls_before_send_once_for_a_turn(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	for (int i = 0; i < 5; i++)
		get(world, "/ok");
	assert_int_equal(world->flushes, 0);
	run(world);
	assert_int_equal(world->flushes, 1);
	get(world, "/ok");
	run(world);
	assert_int_equal(world->flushes, 2);
}

/* ---- cancel and destroy ---- */

static void http_cancel_waiting_and_running_calls_no_done(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_held, NULL);
	for (int i = 0; i < 4; i++) /* two of them run, two wait */
		send_call(world, (struct http_call){ .timeout_ms = 600000 }, "/poll");
	loop_timer_set(world->loop, &world->timer, 50, stop_the_loop, world);
	run(world);
	for (int i = 0; i < 4; i++)
		http_cancel(world->requests[i]);
	struct call *call = get(world, "/ok");
	world->wanted = 1;
	run(world);
	assert_int_equal(call->status, 200);
	assert_string_equal(world->order, "4 ");
}

static void cancel_the_others(struct world *world, struct call *call)
{
	for (int i = 0; i < 4; i++)
		http_cancel(world->requests[i]); /* itself included: harmless */
	world->after = NULL;
	(void)call;
	loop_stop(world->loop);
}

static void http_cancel_inside_done_reaches_the_others(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_counting, NULL);
	for (int i = 0; i < 4; i++)
		get(world, "/a");
	world->after = cancel_the_others;
	run(world);
	assert_int_equal(world->finished, 1);
	assert_int_equal(strlen(world->order), 2);
}

static void destroy_http(struct world *world, struct call *call)
{
	http_destroy(world->http);
	world->http = NULL;
	world->after = NULL;
	(void)call;
	loop_stop(world->loop);
}

static void http_destroy_inside_done_calls_nothing_more(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_counting, NULL);
	for (int i = 0; i < 6; i++)
		get(world, "/a");
	world->after = destroy_http;
	run(world);
	loop_timer_set(world->loop, &world->timer, 50, stop_the_loop, world);
	run(world);
	assert_int_equal(world->finished, 1);
}

static void http_destroy_with_all_kinds_of_requests_calls_nothing(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_held, NULL);
	send_call(world, (struct http_call){ .long_poll = true }, "/poll");
	for (int i = 0; i < 8; i++) /* two of them run, six wait */
		get(world, "/poll");
	loop_timer_set(world->loop, &world->timer, 50, stop_the_loop, world);
	run(world);
	http_destroy(world->http);
	world->http = NULL;
	loop_timer_set(world->loop, &world->timer, 50, stop_the_loop, world);
	run(world);
	assert_int_equal(world->finished, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST_TWO(http_send_runs_no_more_than_per_host_at_once),
		HTTP_TEST_TWO(http_send_keeps_a_long_poll_outside_the_limit),
		HTTP_TEST(http_send_calls_before_send_once_for_a_turn),
		HTTP_TEST_TWO(http_cancel_waiting_and_running_calls_no_done),
		HTTP_TEST_TWO(http_cancel_inside_done_reaches_the_others),
		HTTP_TEST_TWO(http_destroy_inside_done_calls_nothing_more),
		HTTP_TEST_TWO(http_destroy_with_all_kinds_of_requests_calls_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
