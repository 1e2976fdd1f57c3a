/* link: net crypto */
#include "websocket_world.h"

/* ---- no connection ---- */

static void websocket_open_to_a_closed_port_closes_with_0(void **state)
{
	struct world *world = *state;
	struct peer gone;
	char url[64];
	static const char *const hosts[] = { "127.0.0.1", "localhost" };
	peer_start(&gone, NULL, NULL);
	peer_stop(&gone);
	for (size_t i = 0; i < 2; i++) {
		snprintf(url, sizeof url, "ws://%s:%d/", hosts[i], gone.port);
		world->trace[0] = '\0';
		open_at(world, url);
		run(world);
		assert_string_equal(world->trace, "closed ");
		assert_int_equal(world->code, 0);
		assert_string_not_equal(world->reason, "");
		close_websocket(world);
	}
}

static void websocket_open_to_an_unknown_name_closes_with_0(void **state)
{
	struct world *world = *state;
	open_at(world, "wss://nowhere.invalid/");
	run(world);
	assert_string_equal(world->trace, "closed ");
	assert_int_equal(world->code, 0);
}

static void serve_answer(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	while (peer_read_request(fd, request)) {
		peer_note(peer, "asked ");
		peer_write(fd, peer->context);
	}
}

static void websocket_open_refused_by_the_server_closes_with_0(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
		("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"),
		"\x01\x02\x03 no HTTP at all\r\n\r\n",
	};
	struct world *world = *state;
	char url[64];
	world->connect_timeout_ms = 1000; /* the last one's fault libwebsockets takes its time to see */
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		peer_start(&world->peer, serve_answer, (void *)(uintptr_t)answers[i]);
		snprintf(url, sizeof url, "ws://127.0.0.1:%d/", world->peer.port);
		open_at(world, url);
		run(world);
		assert_string_equal(world->trace, "closed ");
		assert_int_equal(world->code, 0);
		assert_string_equal(world->peer.log, "asked "); /* once: no redirect is followed */
		if (i == 0)
			assert_non_null(strstr(world->reason, "401"));
		start_over(world);
	}
}

static void websocket_open_unanswered_closes_at_its_timeout(void **state)
{
	struct world *world = *state;
	world->connect_timeout_ms = 200;
	open_peer(world, serve_silence);
	run(world);
	assert_string_equal(world->trace, "closed ");
	assert_int_equal(world->code, 0);
	assert_string_equal(world->reason, "no connection in time");
}

static void websocket_open_unaccepted_closes_at_its_timeout(void **state)
{
	struct world *world = *state;
	char url[64];
	int fillers[4];
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	peer_start(&world->peer, NULL, NULL);
	listen(world->peer.listener, 0); /* a queue of one that is full: the kernel drops further SYNs */
	address.sin_port = htons((uint16_t)world->peer.port);
	for (int i = 0; i < 4; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fillers[i], (struct sockaddr *)&address, sizeof address);
	}
	world->connect_timeout_ms = 300;
	static const char *const hosts[] = { "127.0.0.1", "localhost" };
	for (size_t i = 0; i < 2; i++) {
		snprintf(url, sizeof url, "ws://%s:%d/", hosts[i], world->peer.port);
		world->trace[0] = '\0';
		open_at(world, url);
		run(world);
		assert_string_equal(world->trace, "closed ");
		assert_int_equal(world->code, 0);
		close_websocket(world);
	}
	for (int i = 0; i < 4; i++)
		close(fillers[i]);
}

static void websocket_open_refuses_urls_it_cannot_use(void **state)
{
	struct world *world = *state;
	static const char *const urls[] = {
		"", "http://a/", "ws://", "ws:///path", "ws://a:0/", "ws://a:65536/", "ws://a:x/", "ws://user:secret@a/",
		"ws://a/ b", "ws://a/\r\nX: y", "ws://[::1", "ws://[::1]x/",
	};
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct error error = { 0 };
		struct websocket_options options = { .url = urls[i], .events = &events, .context = world };
		assert_null(websocket_open(world->loop, &options, &error));
		assert_string_not_equal(error.text, "");
		assert_null(strstr(error.text, "secret"));
	}
}

static void websocket_open_takes_a_path_at_the_cap_only(void **state)
{
	struct world *world = *state;
	char url[1200] = "ws://127.0.0.1:1/";
	size_t path = strlen(url) - 1;
	memset(url + path + 1, 'a', 1022);
	struct websocket_options options = { .url = url, .events = &events, .context = world };
	struct websocket *websocket = websocket_open(world->loop, &options, NULL);
	assert_non_null(websocket);
	websocket_close(websocket);
	url[path + 1023] = 'a';
	assert_null(websocket_open(world->loop, &options, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WEBSOCKET_TEST(websocket_open_to_a_closed_port_closes_with_0),
		WEBSOCKET_TEST(websocket_open_to_an_unknown_name_closes_with_0),
		WEBSOCKET_TEST(websocket_open_refused_by_the_server_closes_with_0),
		WEBSOCKET_TEST(websocket_open_unanswered_closes_at_its_timeout),
		WEBSOCKET_TEST(websocket_open_unaccepted_closes_at_its_timeout),
		WEBSOCKET_TEST(websocket_open_refuses_urls_it_cannot_use),
		WEBSOCKET_TEST(websocket_open_takes_a_path_at_the_cap_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
