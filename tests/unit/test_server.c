/* link: net */
#include "http_world.h"
#include "net/server.h"

static int answer(void *context, const char *path, struct buffer *body)
{
	struct world *world = context;
	world->extra = world; /* asked */
	if (strcmp(path, "/healthz") == 0) {
		buffer_append_text(body, "ok\n");
		return 200;
	}
	for (int i = 0; strncmp(path, "/large", 6) == 0 && i < SERVER_BODY_BYTES + (path[6] == 'r'); i++)
		buffer_append_char(body, 'x');
	return body->bytes ? 200 : 404;
}

static struct server *start(struct world *world)
{
	struct server_options options = { .get = answer, .context = world };
	struct error error = { 0 };
	struct server *server = server_create(world->loop, &options, &error);
	assert_non_null(server);
	world->peer.port = server_port(server);
	assert_true(world->peer.port > 0);
	return server;
}

static void server_answers_a_get(void **state)
{
	struct world *world = *state;
	struct server *server = start(world);
	struct call *found = get(world, "/healthz"), *absent = get(world, "/absent");
	run(world);
	assert_int_equal(found->status, 200);
	assert_string_equal(found->body, "ok\n");
	assert_int_equal(absent->status, 404);
	server_destroy(server);
}

static void server_outlives_garbage_and_lost_clients(void **state)
{
	struct world *world = *state;
	struct server *server = start(world);
	static const char *const texts[] = { "\x01\x02\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost", "GET ", "" };
	int fds[4];
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)server_port(server)),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	for (int i = 0; i < 4; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		assert_int_equal(connect(fds[i], (struct sockaddr *)&address, sizeof address), 0);
		peer_write(fds[i], texts[i]);
	}
	loop_timer_set(world->loop, &world->timer, 20, stop_the_loop, world);
	run(world);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	struct call *call = get(world, "/healthz");
	run(world);
	assert_int_equal(call->status, 200);
	server_destroy(server);
}

static void server_refuses_other_methods_unasked(void **state)
{
	struct world *world = *state;
	struct server *server = start(world);
	struct http_call post = { .method = "POST", .body = "x", .body_bytes = 1 };
	struct call *call = send_call(world, post, "/healthz");
	run(world);
	assert_int_equal(call->status, 405);
	assert_null(world->extra);
	server_destroy(server);
}

static void server_sends_a_body_at_the_cap_and_fails_past_it(void **state)
{
	struct world *world = *state;
	struct server *server = start(world);
	struct call *at = get(world, "/large"), *past = get(world, "/larger");
	run(world);
	assert_int_equal(at->status, 200);
	assert_int_equal(at->body_bytes, SERVER_BODY_BYTES);
	assert_int_equal(past->status, 500);
	server_destroy(server);
}

static void server_create_says_that_a_port_is_taken(void **state)
{
	struct world *world = *state;
	struct error error = { 0 };
	peer_start(&world->peer, NULL, NULL);
	struct server_options options = { .port = world->peer.port, .get = answer };
	assert_null(server_create(world->loop, &options, &error));
	assert_non_null(strstr(error.text, "port"));
}

static void server_destroyed_asks_nobody(void **state)
{
	struct world *world = *state;
	server_destroy(start(world));
	server_destroy(NULL);
	struct call *call = get(world, "/healthz");
	run(world);
	assert_true(call->outcome == HTTP_NOT_SENT || call->status == 503);
	assert_null(world->extra);
}

static void server_left_to_the_loop_is_freed_with_it(void **state)
{
	start(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST(server_answers_a_get),
		HTTP_TEST(server_outlives_garbage_and_lost_clients),
		HTTP_TEST(server_refuses_other_methods_unasked),
		HTTP_TEST(server_sends_a_body_at_the_cap_and_fails_past_it),
		HTTP_TEST(server_create_says_that_a_port_is_taken),
		HTTP_TEST(server_destroyed_asks_nobody),
		HTTP_TEST(server_left_to_the_loop_is_freed_with_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
