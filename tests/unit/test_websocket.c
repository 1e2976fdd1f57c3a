/* link: net crypto */
#include "websocket_world.h"

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

static void serve_fragments(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (!fake_websocket_accept(fd, request))
		return;
	fake_websocket_frame(fd, FAKE_TEXT, "one ", 4);
	fake_websocket_frame(fd, FAKE_PING | FAKE_FINAL, "still there?", 12); /* may stand between fragments */
	fake_websocket_frame(fd, FAKE_CONTINUATION, "two ", 4);
	fake_websocket_frame(fd, FAKE_CONTINUATION | FAKE_FINAL, "three", 5);
	fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, "", 0);
	fake_websocket_frame(fd, FAKE_BINARY | FAKE_FINAL, "\x00\x01\xFF", 3);
	char data[256];
	size_t bytes;
	if (fake_websocket_read(fd, data, sizeof data, &bytes) == (FAKE_PONG | FAKE_FINAL))
		peer_note(peer, data);
	fake_websocket_close(fd, 4000, "");
	fake_websocket_wait(fd);
}

static void websocket_message_is_joined_of_its_fragments(void **state)
{
	struct world *world = *state;
	open_peer(world, serve_fragments);
	run(world);
	assert_string_equal(world->heard, "13:one two three 0: 3: ");
	assert_string_equal(world->trace, "opened text text binary closed ");
	assert_int_equal(world->last_bytes, 3);
	assert_memory_equal(world->last, "\x00\x01\xFF", 3);
	assert_int_equal(world->code, 4000);
	assert_string_equal(world->peer.log, "still there?");
}

static void serve_bytewise(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (!fake_websocket_accept(fd, request))
		return;
	static const unsigned char frame[] = { FAKE_TEXT | FAKE_FINAL, 5, 'd', 'r', 'o', 'p', 's' };
	for (size_t i = 0; i < sizeof frame; i++) {
		peer_write_bytes(fd, frame + i, 1);
		usleep(2000);
	}
	fake_websocket_wait(fd);
	(void)peer;
}

static void websocket_message_may_come_byte_by_byte(void **state)
{
	struct world *world = *state;
	world->stop_after = 1;
	open_peer(world, serve_bytewise);
	run(world);
	assert_string_equal(world->last, "drops");
}

/* ---- caps ---- */

enum { CAP = 100000 };

static void serve_at_and_past_cap(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (!fake_websocket_accept(fd, request))
		return;
	char *data = memory_zeroed(CAP + 1, 1);
	memset(data, 'x', CAP + 1);
	fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, data, CAP);
	if (peer->context) { /* by fragments that are small enough each */
		fake_websocket_frame(fd, FAKE_TEXT, data, CAP);
		fake_websocket_frame(fd, FAKE_CONTINUATION | FAKE_FINAL, data, 1);
	} else {
		fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, data, CAP + 1);
	}
	for (int i = 0; i < 20; i++) /* and does not stop before it is told to */
		fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, data, CAP);
	free(data);
	size_t bytes;
	char answer[256] = "";
	fake_websocket_read(fd, answer, sizeof answer, &bytes);
	char code[16];
	snprintf(code, sizeof code, "%d", (unsigned char)answer[0] << 8 | (unsigned char)answer[1]);
	peer_note(peer, code);
	fake_websocket_close(fd, 1009, "");
	fake_websocket_wait(fd);
}

static void expect_cap(struct world *world, bool fragments)
{
	world->max_message_bytes = CAP;
	char url[128];
	peer_start(&world->peer, serve_at_and_past_cap, fragments ? world : NULL);
	snprintf(url, sizeof url, "ws://127.0.0.1:%d/", world->peer.port);
	open_at(world, url);
	run(world);
	assert_string_equal(world->trace, "opened text closed ");
	assert_int_equal(world->last_bytes, CAP);
	assert_int_equal(world->code, 1009);
}

static void websocket_message_past_the_cap_closes_with_1009(void **state)
{
	struct world *world = *state;
	expect_cap(world, false);
	peer_stop(&world->peer);
	world->peer.listener = 0;
	assert_string_equal(world->peer.log, "1009");
}

static void websocket_message_past_the_cap_by_fragments_closes_with_1009(void **state)
{
	expect_cap(*state, true);
}

static void serve_large(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (!fake_websocket_accept(fd, request))
		return;
	size_t bytes = 3000000;
	char *data = memory_zeroed(bytes, 1);
	memset(data, 'y', bytes);
	fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, data, bytes);
	free(data);
	fake_websocket_frame(fd, FAKE_TEXT | FAKE_FINAL, "after", 5);
	fake_websocket_wait(fd);
	(void)peer;
}

static void websocket_message_of_megabytes_comes_whole(void **state)
{
	struct world *world = *state;
	world->stop_after = 2;
	open_peer(world, serve_large);
	run(world);
	assert_string_equal(world->heard, "3000000:yyyyyyyyyyyyyyyyyyyy 5:after ");
}

/* ---- sending ---- */

static void serve_echo(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	static char data[300 * 1024];
	size_t bytes;
	if (!fake_websocket_accept(fd, request))
		return;
	for (int first; (first = fake_websocket_read(fd, data, sizeof data, &bytes)) >= 0;) {
		fake_websocket_frame(fd, first, data, bytes);
		if ((first & 0xF) == FAKE_CLOSE)
			break;
	}
	(void)peer;
}

static void send_three(struct world *world)
{
	static const char large[200 * 1024];
	assert_true(websocket_send(world->websocket, "one", 3));
	assert_true(websocket_send(world->websocket, large, sizeof large));
	assert_true(websocket_send(world->websocket, "three", 5));
	assert_false(websocket_send(world->websocket, large, 60 * 1024)); /* past 256 KiB waiting */
}

static void websocket_send_keeps_order_and_refuses_past_its_cap(void **state)
{
	struct world *world = *state;
	world->on_opened = send_three;
	world->stop_after = 3;
	open_peer(world, serve_echo);
	assert_false(websocket_send(world->websocket, "early", 5)); /* not open */
	run(world);
	assert_string_equal(world->trace, "opened text text text ");
	assert_string_equal(world->last, "three");
	assert_true(websocket_send(world->websocket, "again", 5));
	world->stop_after = 4;
	run(world);
	assert_string_equal(world->last, "again");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WEBSOCKET_TEST(websocket_open_gives_message_then_close),
		WEBSOCKET_TEST(websocket_open_sends_path_host_and_user_agent),
		WEBSOCKET_TEST(websocket_open_resolves_a_name),
		WEBSOCKET_TEST(websocket_message_is_joined_of_its_fragments),
		WEBSOCKET_TEST(websocket_message_may_come_byte_by_byte),
		WEBSOCKET_TEST(websocket_message_past_the_cap_closes_with_1009),
		WEBSOCKET_TEST(websocket_message_past_the_cap_by_fragments_closes_with_1009),
		WEBSOCKET_TEST(websocket_message_of_megabytes_comes_whole),
		WEBSOCKET_TEST(websocket_send_keeps_order_and_refuses_past_its_cap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
