/* link: net */
#include "http_world.h"

/* ---- what goes wrong ---- */

/* Reads the request, then does what the path says. */
static void serve_faults(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (!peer_read_request(fd, request))
		return;
	if (is_for(request, "/cut")) {
		peer_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
	} else if (is_for(request, "/half-closed")) {
		peer_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
		shutdown(fd, SHUT_WR);
		peer_read_request(fd, request); /* until the client goes */
	} else if (is_for(request, "/garbage")) {
		peer_write(fd, "\x01\x02 this is no HTTP\r\n\r\n");
	} else if (is_for(request, "/slow")) {
		peer_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx");
		peer_read_request(fd, request);
	} else if (is_for(request, "/headers")) {
		peer_write(fd, "HTTP/1.1 200 OK\r\n");
		while (peer_write(fd, "X-Endless: 01234567890123456789012345678901234567890123456789\r\n"))
			continue;
	}
	(void)peer; /* any other path: closed without a word */
}

static struct call *fault(struct world *world, struct http_call call, const char *path)
{
	if (!world->peer.listener)
		peer_start(&world->peer, serve_faults, NULL);
	struct call *result = send_call(world, call, path);
	run(world);
	assert_int_equal(result->done, 1);
	return result;
}

static void http_send_to_a_closed_port_is_not_sent(void **state)
{
	struct world *world = *state;
	struct peer gone;
	peer_start(&gone, NULL, NULL); /* a port that was free a moment ago */
	peer_stop(&gone);
	world->peer.port = gone.port;
	struct call *call = send_call(world, (struct http_call){ .method = "POST", .body = "x", .body_bytes = 1 }, "/");
	run(world);
	assert_int_equal(call->outcome, HTTP_NOT_SENT);
	assert_int_equal(call->status, 0);
	assert_string_not_equal(call->failure, "");
}

static void http_send_to_an_unknown_name_is_not_sent(void **state)
{
	struct world *world = *state;
	world->wanted = 1;
	world->calls[0].world = world;
	struct http_call call = { .method = "GET", .url = "http://nowhere.invalid/", .timeout_ms = 20000, .done = done,
				  .context = &world->calls[0] };
	assert_non_null(http_send(world->http, &call, NULL));
	run(world);
	assert_int_equal(world->calls[0].outcome, HTTP_NOT_SENT);
}

static void http_send_over_tls_to_a_plain_server_is_not_sent(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_faults, NULL);
	char url[64];
	snprintf(url, sizeof url, "https://127.0.0.1:%d/", world->peer.port);
	world->wanted = 1;
	world->calls[0].world = world;
	struct http_call call = { .method = "GET", .url = url, .timeout_ms = 1000, .done = done,
				  .context = &world->calls[0] };
	assert_non_null(http_send(world->http, &call, NULL));
	run(world);
	assert_int_equal(world->calls[0].outcome, HTTP_NOT_SENT);
}

static void http_send_closed_without_answer_is_lost(void **state)
{
	struct http_call post = { .method = "POST", .body = "x", .body_bytes = 1 };
	assert_int_equal(fault(*state, post, "/gone")->outcome, HTTP_LOST);
}

static void http_send_with_a_cut_body_is_lost(void **state)
{
	struct call *call = fault(*state, (struct http_call){ 0 }, "/cut");
	assert_int_equal(call->outcome, HTTP_LOST);
	assert_int_equal(call->status, 0);
	assert_string_equal(call->body, "");
}

static void http_send_half_closed_is_lost_at_once(void **state)
{
	assert_int_equal(fault(*state, (struct http_call){ .timeout_ms = 600000 }, "/half-closed")->outcome, HTTP_LOST);
}

static void http_send_answered_with_garbage_is_lost(void **state)
{
	assert_int_equal(fault(*state, (struct http_call){ 0 }, "/garbage")->outcome, HTTP_LOST);
}

static void http_send_with_a_slow_body_is_lost_at_its_timeout(void **state)
{
	assert_int_equal(fault(*state, (struct http_call){ .timeout_ms = 200 }, "/slow")->outcome, HTTP_LOST);
}

static void http_send_with_endless_headers_is_too_large(void **state)
{
	assert_int_equal(fault(*state, (struct http_call){ 0 }, "/headers")->outcome, HTTP_TOO_LARGE);
}

static void http_send_unanswered_connection_is_not_sent_at_its_timeout(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, NULL, NULL);
	/* A queue of one that is full: the kernel drops further SYNs. */
	listen(world->peer.listener, 0);
	int fillers[4];
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)world->peer.port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	for (int i = 0; i < 4; i++) {
		fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fillers[i], (struct sockaddr *)&address, sizeof address);
	}
	struct call *call = send_call(world, (struct http_call){ .timeout_ms = 300 }, "/");
	run(world);
	assert_int_equal(call->outcome, HTTP_NOT_SENT);
	for (int i = 0; i < 4; i++)
		close(fillers[i]);
}

static void http_send_refuses_urls_and_methods_it_cannot_use(void **state)
{
	struct world *world = *state;
	static const char *const urls[] = {
		"", "ftp://a/", "file:///etc/passwd", "http://", "https:///x", "//a/", "a", "http://user:secret@a/",
		"http://a/ b", "http://a/\r\nX: y", "http://\xC3\xA9/",
	};
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct error error = { 0 };
		struct http_call call = { .method = "GET", .url = urls[i], .done = done };
		assert_null(http_send(world->http, &call, &error));
		assert_string_not_equal(error.text, "");
		assert_null(strstr(error.text, "secret"));
	}
	struct http_call call = { .method = "BREW", .url = "http://a/", .done = done };
	assert_null(http_send(world->http, &call, NULL));
	const char *headers[] = { "X: y\r\nAuthorization: other", NULL };
	call = (struct http_call){ .method = "GET", .url = "http://a/", .headers = headers, .done = done };
	assert_null(http_send(world->http, &call, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST(http_send_to_a_closed_port_is_not_sent),
		HTTP_TEST(http_send_to_an_unknown_name_is_not_sent),
		HTTP_TEST(http_send_over_tls_to_a_plain_server_is_not_sent),
		HTTP_TEST(http_send_closed_without_answer_is_lost),
		HTTP_TEST(http_send_with_a_cut_body_is_lost),
		HTTP_TEST(http_send_half_closed_is_lost_at_once),
		HTTP_TEST(http_send_answered_with_garbage_is_lost),
		HTTP_TEST(http_send_with_a_slow_body_is_lost_at_its_timeout),
		HTTP_TEST(http_send_with_endless_headers_is_too_large),
		HTTP_TEST(http_send_unanswered_connection_is_not_sent_at_its_timeout),
		HTTP_TEST(http_send_refuses_urls_and_methods_it_cannot_use),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
