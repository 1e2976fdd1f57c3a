/* link: net crypto */
#include "websocket_world.h"

/* ---- the end ---- */

static void send_and_shut(struct world *world)
{
	websocket_send(world->websocket, "last words", 10);
	websocket_shut(world->websocket, 4009);
	assert_false(websocket_send(world->websocket, "late", 4));
	websocket_shut(world->websocket, 1000); /* a second one changes nothing */
}

static void serve_until_closed(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES], data[256], text[300];
	size_t bytes;
	if (!fake_websocket_accept(fd, request))
		return;
	for (int first; (first = fake_websocket_read(fd, data, sizeof data, &bytes)) >= 0;) {
		if ((first & 0xF) == FAKE_CLOSE) {
			snprintf(text, sizeof text, "closed %d", (unsigned char)data[0] << 8 | (unsigned char)data[1]);
			peer_note(peer, text);
			fake_websocket_frame(fd, first, data, bytes);
			return;
		}
		peer_note(peer, data);
		peer_note(peer, ", ");
	}
}

static void websocket_shut_sends_what_waits_then_the_code(void **state)
{
	struct world *world = *state;
	world->on_opened = send_and_shut;
	open_peer(world, serve_until_closed);
	run(world);
	assert_string_equal(world->trace, "opened closed ");
	assert_int_equal(world->code, 4009);
	assert_string_equal(world->peer.log, "last words, closed 4009");
}

static void serve_deaf(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (fake_websocket_accept(fd, request))
		fake_websocket_wait(fd); /* no answer to a close frame, the connection stays open */
	(void)peer;
}

static void shut_normally(struct world *world)
{
	websocket_shut(world->websocket, 1000);
}

static void websocket_shut_ends_without_the_peers_answer(void **state)
{
	struct world *world = *state;
	world->on_opened = shut_normally;
	open_peer(world, serve_deaf);
	run(world);
	assert_string_equal(world->trace, "opened closed ");
	assert_int_equal(world->code, 1000);
}

static void websocket_shut_before_it_is_open_closes_with_0(void **state)
{
	struct world *world = *state;
	open_peer(world, serve_deaf);
	websocket_shut(world->websocket, 1000);
	run(world);
	assert_string_equal(world->trace, "closed ");
	assert_int_equal(world->code, 0);
}

static void serve_vanishing(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (fake_websocket_accept(fd, request))
		fake_websocket_frame(fd, FAKE_TEXT, "never to be ended", 17);
	struct linger reset = { .l_onoff = 1 };
	if (peer->context)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

static void websocket_lost_closes_with_0(void **state)
{
	struct world *world = *state;
	char url[128];
	for (int reset = 0; reset < 2; reset++) {
		peer_start(&world->peer, serve_vanishing, reset ? world : NULL);
		snprintf(url, sizeof url, "ws://127.0.0.1:%d/", world->peer.port);
		open_at(world, url);
		run(world);
		assert_string_equal(world->trace, "opened closed ");
		assert_int_equal(world->code, 0);
		assert_string_not_equal(world->reason, "");
		start_over(world);
	}
}

static void serve_half_closed(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (fake_websocket_accept(fd, request)) {
		shutdown(fd, SHUT_WR);
		fake_websocket_wait(fd);
	}
	(void)peer;
}

static void websocket_half_closed_closes_with_0(void **state)
{
	struct world *world = *state;
	open_peer(world, serve_half_closed);
	run(world);
	assert_string_equal(world->trace, "opened closed ");
	assert_int_equal(world->code, 0);
}

struct ending {
	int sent;
	const char *reason;
	int code; /* that the owner sees */
	const char *cleaned;
};

static const struct ending endings[] = {
	{ 1000, "", 1000, "" },
	{ 1001, "going away", 1001, "going away" },
	{ 1012, "restart", 1002, "restart" }, /* as the header says of libwebsockets 4.1 */
	{ 4004, "Authentication failed.", 4004, "Authentication failed." },
	{ 4014, "two\nlines \x1B[31m \xFF \xD0\x96", 4014, "two?lines ?[31m ? \xD0\x96" },
	{ 0, NULL, 1005, "" }, /* a close frame without a code */
};

static void serve_ending(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	const struct ending *ending = peer->context;
	if (!fake_websocket_accept(fd, request))
		return;
	if (ending->reason)
		fake_websocket_close(fd, ending->sent, ending->reason);
	else
		fake_websocket_frame(fd, FAKE_CLOSE | FAKE_FINAL, "", 0);
	fake_websocket_wait(fd);
}

static void websocket_closed_tells_code_and_cleaned_reason(void **state)
{
	struct world *world = *state;
	char url[128];
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		struct ending ending = endings[i];
		peer_start(&world->peer, serve_ending, &ending);
		snprintf(url, sizeof url, "ws://127.0.0.1:%d/", world->peer.port);
		open_at(world, url);
		run(world);
		assert_string_equal(world->trace, "opened closed ");
		assert_int_equal(world->code, ending.code);
		assert_string_equal(world->reason, ending.cleaned);
		start_over(world);
	}
}


/* ---- freed from anywhere ---- */

/* Two messages in one packet, then a close. */
static void serve_two(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	static const char frames[] = "\x81\x03one\x81\x03two\x88\x02\x03\xE8";
	if (!fake_websocket_accept(fd, request))
		return;
	peer_write_bytes(fd, frames, sizeof frames - 1);
	fake_websocket_wait(fd);
	(void)peer;
}

static void close_and_stop(struct world *world)
{
	close_websocket(world);
	loop_stop(world->loop);
}

static void websocket_close_inside_opened_is_the_end(void **state)
{
	struct world *world = *state;
	world->on_opened = close_and_stop;
	open_peer(world, serve_two);
	run(world);
	linger(world);
	assert_string_equal(world->trace, "opened ");
}

static void websocket_close_inside_message_is_the_end(void **state)
{
	struct world *world = *state;
	world->on_message = close_and_stop;
	open_peer(world, serve_two);
	run(world);
	linger(world);
	assert_string_equal(world->trace, "opened text ");
}

static void websocket_close_inside_closed_is_the_end(void **state)
{
	struct world *world = *state;
	world->on_closed = close_websocket;
	open_peer(world, serve_two);
	run(world);
	linger(world);
	assert_string_equal(world->trace, "opened text text closed ");
}

static void websocket_close_before_anything_happened_is_silent(void **state)
{
	struct world *world = *state;
	open_at(world, "ws://localhost:1/");
	close_websocket(world);
	linger(world);
	websocket_close(NULL);
	assert_string_equal(world->trace, "");
}

static void websocket_close_while_connecting_is_silent(void **state)
{
	struct world *world = *state;
	char url[64];
	open_peer(world, serve_silence);
	linger(world);
	close_websocket(world);
	snprintf(url, sizeof url, "ws://localhost:%d/", world->peer.port);
	open_at(world, url);
	linger(world);
	close_websocket(world);
	open_at(world, "ws://nowhere.invalid/");
	loop_timer_set(world->loop, &world->timer, 0, stop_the_loop, world);
	run(world); /* one turn: the name is being looked up */
	close_websocket(world);
	linger(world);
	assert_string_equal(world->trace, "");
}

static void shut_and_close(struct world *world)
{
	send_and_shut(world);
	close_and_stop(world);
}

static void websocket_close_leaves_what_waits_unsent(void **state)
{
	struct world *world = *state;
	world->on_opened = shut_and_close;
	open_peer(world, serve_until_closed);
	run(world);
	linger(world);
	assert_string_equal(world->trace, "opened ");
	assert_string_equal(world->peer.log, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WEBSOCKET_TEST(websocket_shut_sends_what_waits_then_the_code),
		WEBSOCKET_TEST(websocket_shut_ends_without_the_peers_answer),
		WEBSOCKET_TEST(websocket_shut_before_it_is_open_closes_with_0),
		WEBSOCKET_TEST(websocket_lost_closes_with_0),
		WEBSOCKET_TEST(websocket_half_closed_closes_with_0),
		WEBSOCKET_TEST(websocket_closed_tells_code_and_cleaned_reason),
		WEBSOCKET_TEST(websocket_close_inside_opened_is_the_end),
		WEBSOCKET_TEST(websocket_close_inside_message_is_the_end),
		WEBSOCKET_TEST(websocket_close_inside_closed_is_the_end),
		WEBSOCKET_TEST(websocket_close_before_anything_happened_is_silent),
		WEBSOCKET_TEST(websocket_close_while_connecting_is_silent),
		WEBSOCKET_TEST(websocket_close_leaves_what_waits_unsent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
