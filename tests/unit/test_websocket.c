/* link: net crypto */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "fake_peer.h"
#include "fake_websocket.h"
#include "net/http.h"
#include "net/websocket.h"

struct world {
	struct loop *loop;
	struct websocket *websocket;
	struct peer peer;
	struct loop_timer timer;
	size_t max_message_bytes;
	int64_t connect_timeout_ms;
	char trace[256];   /* events in order, a word each */
	char *last;        /* the last message; owned */
	size_t last_bytes;
	int code;
	char reason[256];
	int stop_after; /* messages; 0: at `closed` */
	int messages;
	void (*on_opened)(struct world *world);
	void (*on_message)(struct world *world);
	void (*on_closed)(struct world *world);
};

static void note(struct world *world, const char *word)
{
	size_t used = strlen(world->trace);
	snprintf(world->trace + used, sizeof world->trace - used, "%s ", word);
}

static void opened(void *context)
{
	struct world *world = context;
	note(world, "opened");
	if (world->on_opened)
		world->on_opened(world);
}

static void message(void *context, const char *data, size_t bytes, bool binary)
{
	struct world *world = context;
	note(world, binary ? "binary" : "text");
	assert_int_equal(data[bytes], 0);
	free(world->last);
	world->last = malloc(bytes + 1);
	assert_non_null(world->last);
	memcpy(world->last, data, bytes + 1);
	world->last_bytes = bytes;
	if (++world->messages == world->stop_after)
		loop_stop(world->loop);
	if (world->on_message)
		world->on_message(world);
}

static void closed(void *context, int code, const char *reason)
{
	struct world *world = context;
	note(world, "closed");
	world->code = code;
	snprintf(world->reason, sizeof world->reason, "%s", reason);
	loop_stop(world->loop);
	if (world->on_closed)
		world->on_closed(world);
}

static const struct websocket_events events = { opened, message, closed };

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	world->loop = loop_create(NULL, clock_system(), NULL);
	assert_non_null(world->loop);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	loop_timer_cancel(&world->timer);
	websocket_close(world->websocket);
	loop_destroy(world->loop);
	if (world->peer.listener)
		peer_stop(&world->peer);
	free(world->last);
	free(world);
	return 0;
}

static void open_at(struct world *world, const char *url)
{
	struct websocket_options options = { .url = url, .user_agent = "Test (net)", .events = &events,
					     .max_message_bytes = world->max_message_bytes,
					     .connect_timeout_ms = world->connect_timeout_ms, .context = world };
	struct error error = { 0 };
	world->websocket = websocket_open(world->loop, &options, &error);
	assert_non_null(world->websocket);
	assert_string_equal(world->trace, ""); /* nothing is called inside websocket_open */
}

static void open_peer(struct world *world, void (*serve)(struct peer *, int))
{
	char url[128];
	peer_start(&world->peer, serve, world);
	snprintf(url, sizeof url, "ws://127.0.0.1:%d/gateway?v=10&encoding=json", world->peer.port);
	open_at(world, url);
}

static void run(struct world *world)
{
	assert_true(loop_run(world->loop));
}

/* ---- messages ---- */

static void serve_hello(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (!fake_websocket_accept(fd, request))
		return;
	peer_note(peer, request);
	fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, "{\"op\":10}", 9);
	fake_websocket_close(fd, 1000, "bye");
	fake_websocket_wait(fd);
}

static void websocket_open_gives_message_then_close(void **state)
{
	struct world *world = *state;
	open_peer(world, serve_hello);
	run(world);
	assert_string_equal(world->trace, "opened text closed ");
	assert_string_equal(world->last, "{\"op\":10}");
	assert_int_equal(world->code, 1000);
	assert_string_equal(world->reason, "bye");
}

static void websocket_open_sends_path_host_and_user_agent(void **state)
{
	struct world *world = *state;
	open_peer(world, serve_hello);
	run(world);
	char host[64];
	snprintf(host, sizeof host, "Host: 127.0.0.1:%d\r\n", world->peer.port);
	assert_int_equal(strncmp(world->peer.log, "GET /gateway?v=10&encoding=json HTTP/1.1\r\n", 42), 0);
	assert_non_null(strcasestr(world->peer.log, host));
	assert_non_null(strcasestr(world->peer.log, "User-Agent: Test (net)\r\n"));
	assert_null(strcasestr(world->peer.log, "Sec-WebSocket-Extensions"));
	assert_null(strcasestr(world->peer.log, "Origin:"));
}

static void websocket_open_resolves_a_name(void **state)
{
	struct world *world = *state;
	char url[128];
	peer_start(&world->peer, serve_hello, world);
	snprintf(url, sizeof url, "ws://localhost:%d", world->peer.port);
	open_at(world, url);
	run(world);
	assert_string_equal(world->trace, "opened text closed ");
	assert_non_null(strcasestr(world->peer.log, "Host: localhost:"));
	assert_int_equal(strncmp(world->peer.log, "GET / HTTP/1.1\r\n", 16), 0);
}

#define WEBSOCKET_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WEBSOCKET_TEST(websocket_open_gives_message_then_close),
		WEBSOCKET_TEST(websocket_open_sends_path_host_and_user_agent),
		WEBSOCKET_TEST(websocket_open_resolves_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
