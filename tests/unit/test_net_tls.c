/* link: net crypto ssl */
#include "fake_websocket.h"
#include "http_world.h"
#include "fake_tls.h"
#include "net/websocket.h"

/* The server's threads look at `tls` until they have ended. */
static void end_peer(struct world *world, struct fake_tls *tls)
{
	peer_stop(&world->peer);
	world->peer.listener = 0;
	fake_tls_finish(tls);
}

/* ---- https ---- */

static struct call get_over_tls(struct world *world, const char *host, const char *ca_file)
{
	struct http_options options = { .user_agent = "Test (net)", .ca_file = ca_file };
	struct http *http = http_create(world->loop, &options, NULL);
	char url[64];
	snprintf(url, sizeof url, "https://%s:%d/ok", host, world->peer.port);
	world->calls[0] = (struct call){ .world = world };
	world->finished = 0;
	world->wanted = 1;
	struct http_call call = { .method = "GET", .url = url, .done = done, .context = &world->calls[0] };
	assert_non_null(http_send(http, &call, NULL));
	run(world);
	http_destroy(http);
	return world->calls[0];
}

static void http_send_over_tls_wants_a_trusted_certificate_of_that_host(void **state)
{
	struct world *world = *state;
	struct fake_tls tls;
	fake_tls_init(&tls, serve_paths);
	peer_start(&world->peer, fake_tls_serve, &tls);
	struct call call = get_over_tls(world, "localhost", tls.ca_file);
	assert_int_equal(call.outcome, HTTP_DONE);
	assert_string_equal(call.body, "fine");
	assert_int_equal(get_over_tls(world, "localhost", NULL).outcome, HTTP_NOT_SENT);
	assert_int_equal(get_over_tls(world, "127.0.0.1", tls.ca_file).outcome, HTTP_NOT_SENT);
	assert_int_equal(get_over_tls(world, "localhost", "/nowhere/ca.pem").outcome, HTTP_NOT_SENT);
	end_peer(world, &tls);
}

/* ---- wss ---- */

static void opened(void *context)
{
	(void)context;
}

static void message(void *context, const char *data, size_t bytes, bool binary)
{
	struct world *world = context;
	snprintf(world->order, sizeof world->order, "%.20s", data);
	loop_stop(world->loop);
	(void)bytes;
	(void)binary;
}

static void closed(void *context, int code, const char *reason)
{
	struct world *world = context;
	snprintf(world->order, sizeof world->order, "closed %d", code);
	assert_string_not_equal(reason, "");
	loop_stop(world->loop);
}

static void serve_hello(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (!fake_websocket_accept(fd, request))
		return;
	fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, "hello", 5);
	fake_websocket_wait(fd);
	(void)peer;
}

static const char *open_over_tls(struct world *world, const char *host, const char *ca_file)
{
	static const struct websocket_events events = { opened, message, closed };
	char url[64];
	snprintf(url, sizeof url, "wss://%s:%d/", host, world->peer.port);
	struct websocket_options options = { .url = url, .ca_file = ca_file, .events = &events, .context = world };
	struct websocket *websocket = websocket_open(world->loop, &options, NULL);
	assert_non_null(websocket);
	run(world);
	websocket_close(websocket);
	return world->order;
}

static void websocket_open_over_tls_wants_a_trusted_certificate_of_that_host(void **state)
{
	struct world *world = *state;
	struct fake_tls tls;
	fake_tls_init(&tls, serve_hello);
	peer_start(&world->peer, fake_tls_serve, &tls);
	assert_string_equal(open_over_tls(world, "localhost", tls.ca_file), "hello");
	assert_string_equal(open_over_tls(world, "localhost", NULL), "closed 0");
	assert_string_equal(open_over_tls(world, "127.0.0.1", tls.ca_file), "closed 0");
	assert_string_equal(open_over_tls(world, "localhost", "/nowhere/ca.pem"), "closed 0");
	assert_string_equal(open_over_tls(world, "localhost", tls.ca_file), "hello");
	end_peer(world, &tls);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST(http_send_over_tls_wants_a_trusted_certificate_of_that_host),
		HTTP_TEST(websocket_open_over_tls_wants_a_trusted_certificate_of_that_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
