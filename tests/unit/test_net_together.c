/* link: net crypto */
#include "http_world.h"
#include "fake_websocket.h"
#include "net/websocket.h"

enum { POSTS = 20 };

/* A websocket that says "go" once it is open and "n" as often as a request was answered, and those requests' server. */
struct gateway {
	struct world *world;
	struct websocket *websocket;
	int heard;
};

static void serve_gateway(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES], data[64];
	size_t bytes;
	if (!fake_websocket_accept(fd, request))
		return;
	fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, "go", 2);
	while ((fake_websocket_read(fd, data, sizeof data, &bytes) & 0xF) == FAKE_TEXT)
		fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, data, bytes);
	(void)peer;
}

static void opened(void *context)
{
	(void)context;
}

static void message(void *context, const char *data, size_t bytes, bool binary)
{
	struct gateway *gateway = context;
	struct world *world = gateway->world;
	(void)bytes;
	(void)binary;
	if (strcmp(data, "go") != 0) {
		if (++gateway->heard == POSTS)
			loop_stop(world->loop);
		return;
	}
	for (int i = 0; i < POSTS; i++)
		send_call(world, (struct http_call){ .method = "POST", .body = "{}", .body_bytes = 2 }, "/echo");
	world->wanted++; /* so that not the last answer but the last echo ends the loop */
}

static void closed(void *context, int code, const char *reason)
{
	(void)context;
	fail_msg("closed with %d: %s", code, reason);
}

static struct gateway *the_gateway(struct world *world)
{
	return world->extra;
}

static void tell_the_gateway(struct world *world, struct call *call)
{
	assert_int_equal(call->status, 200);
	assert_true(websocket_send(the_gateway(world)->websocket, "n", 1));
}

static void net_serves_twenty_posts_beside_a_live_websocket(void **state)
{
	static const struct websocket_events events = { opened, message, closed };
	struct world *world = *state;
	struct gateway gateway = { .world = world };
	struct peer other;
	char url[64];
	world->extra = &gateway;
	world->after = tell_the_gateway;
	peer_start(&world->peer, serve_paths, NULL);
	peer_start(&other, serve_gateway, NULL);
	snprintf(url, sizeof url, "ws://127.0.0.1:%d/", other.port);
	struct websocket_options options = { .url = url, .events = &events, .context = &gateway };
	gateway.websocket = websocket_open(world->loop, &options, NULL);
	assert_non_null(gateway.websocket);
	run(world);
	assert_int_equal(world->finished, POSTS);
	assert_int_equal(gateway.heard, POSTS);
	assert_true(world->peer.connections <= 8);
	websocket_close(gateway.websocket);
	peer_stop(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST(net_serves_twenty_posts_beside_a_live_websocket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
