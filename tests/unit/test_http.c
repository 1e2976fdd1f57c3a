/* link: net */
#include "http_world.h"

/* ---- the plain path ---- */

static void http_send_gives_status_body_and_header(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	struct call *call = get(world, "/ok");
	assert_int_equal(call->done, 0); /* never inside http_send */
	run(world);
	assert_int_equal(call->done, 1);
	assert_int_equal(call->outcome, HTTP_DONE);
	assert_int_equal(call->status, 200);
	assert_string_equal(call->body, "fine");
	assert_string_equal(call->header, "one");
	assert_string_equal(call->failure, "");
}

static void http_send_gives_a_server_error_as_done(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	struct call *call = get(world, "/error");
	run(world);
	assert_int_equal(call->outcome, HTTP_DONE);
	assert_int_equal(call->status, 500);
	assert_string_equal(call->body, "broken");
	assert_string_equal(call->header, "-");
}

static void http_send_takes_an_empty_and_a_chunked_body(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	struct call *empty = get(world, "/empty"), *chunked = get(world, "/chunked");
	run(world);
	assert_int_equal(empty->status, 204);
	assert_string_equal(empty->body, "");
	assert_string_equal(chunked->body, "abcde");
}

static void http_send_carries_method_headers_and_body(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	const char *headers[] = { "Authorization: Bearer t", "Content-Type: application/json", NULL };
	struct http_call put = { .method = "PUT", .headers = headers, .body = "{}", .body_bytes = 2 };
	send_call(world, put, "/echo");
	run(world);
	struct call *call = &world->calls[0];
	assert_int_equal(strncmp(call->body, "PUT /echo HTTP/1.1\r\n", 20), 0);
	assert_non_null(strstr(call->body, "User-Agent: Test (net)\r\n"));
	assert_non_null(strstr(call->body, "Authorization: Bearer t\r\n"));
	assert_non_null(strstr(call->body, "Content-Type: application/json\r\n"));
}

static void http_send_reuses_a_handle_without_traces_of_the_last(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	const char *headers[] = { "Authorization: Bearer t", NULL };
	struct http_call post = { .method = "POST", .headers = headers, .body = "x", .body_bytes = 1 };
	send_call(world, post, "/echo");
	run(world);
	struct call *call = get(world, "/echo");
	run(world);
	assert_int_equal(strncmp(call->body, "GET /echo HTTP/1.1\r\n", 20), 0);
	assert_null(strstr(call->body, "Authorization"));
	assert_null(strstr(call->body, "Content-"));
	assert_int_equal(world->peer.connections, 1);
}

static void http_send_gives_a_post_without_body_a_length(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	struct call *call = send_call(world, (struct http_call){ .method = "POST" }, "/echo");
	run(world);
	assert_non_null(strstr(call->body, "Content-Length: 0\r\n"));
}

/* ---- caps ---- */

/* "/N": a body of N bytes; "/gzip": 100,000 zeros in about a hundred bytes. */
static void serve_sizes(struct peer *peer, int fd)
{
	static const unsigned char zeros[] = {
		31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 1, 0, 0, 0, 194, 160, 74, 235, 159, 206, 26,
		30, 64, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 175, 6, 133, 194, 77, 197, 160, 134, 1, 0,
	};
	char request[PEER_REQUEST_BYTES], head[256];
	while (peer_read_request(fd, request)) {
		if (is_for(request, "/gzip")) {
			snprintf(head, sizeof head,
				 "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
				 sizeof zeros);
			peer_write(fd, head);
			peer_write_bytes(fd, zeros, sizeof zeros);
			continue;
		}
		size_t bytes = strtoul(request + strlen("GET /"), NULL, 10);
		char *body = memory_zeroed(bytes + 1, 1);
		memset(body, 'x', bytes);
		peer_answer(fd, 200, "", body);
		free(body);
	}
	(void)peer;
}

static void http_send_takes_a_body_at_the_cap_and_refuses_one_more(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_sizes, NULL);
	struct call *at = send_call(world, (struct http_call){ .max_body_bytes = 5000 }, "/5000");
	struct call *past = send_call(world, (struct http_call){ .max_body_bytes = 5000 }, "/5001");
	run(world);
	assert_int_equal(at->outcome, HTTP_DONE);
	assert_int_equal(at->body_bytes, 5000);
	assert_int_equal(past->outcome, HTTP_TOO_LARGE);
	assert_int_equal(past->body_bytes, 0);
}

static void http_send_counts_the_body_after_decompression(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_sizes, NULL);
	struct call *call = send_call(world, (struct http_call){ .max_body_bytes = 99999 }, "/gzip");
	run(world);
	assert_int_equal(call->outcome, HTTP_TOO_LARGE);
	struct http_call wider = { .max_body_bytes = 100000 };
	struct call *whole = send_call(world, wider, "/gzip");
	run(world);
	assert_int_equal(whole->outcome, HTTP_DONE);
	assert_int_equal(whole->body_bytes, 100000);
}

static void http_send_keeps_a_small_cap_after_a_large_body(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_sizes, NULL);
	send_call(world, (struct http_call){ .max_body_bytes = 50000 }, "/50000");
	run(world);
	struct call *call = send_call(world, (struct http_call){ .max_body_bytes = 10 }, "/11");
	run(world);
	assert_int_equal(call->outcome, HTTP_TOO_LARGE);
}

static void http_send_refuses_past_the_queue_cap(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	for (int i = 0; i < 40; i++)
		get(world, "/ok");
	struct error error = { 0 };
	struct http_call call = { .method = "GET", .url = "http://127.0.0.1:1/", .done = done };
	assert_null(http_send(world->http, &call, &error));
	assert_non_null(strstr(error.text, "40"));
	run(world);
	for (int i = 0; i < 40; i++)
		assert_int_equal(world->calls[i].status, 200);
}

/* ---- redirects and addresses ---- */

static void serve_redirects(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES], location[128];
	while (peer_read_request(fd, request)) {
		peer_note(peer, strstr(request, "Authorization: secret") ? "with " : "without ");
		if (is_for(request, "/same")) {
			peer_answer(fd, 302, "Location: /ok\r\n", "");
		} else if (is_for(request, "/loop")) {
			peer_answer(fd, 302, "Location: /loop\r\n", "");
		} else if (is_for(request, "/file")) {
			peer_answer(fd, 302, "Location: file:///etc/passwd\r\n", "");
		} else if (is_for(request, "/other")) {
			snprintf(location, sizeof location, "Location: http://localhost:%d/ok\r\n", peer->port);
			peer_answer(fd, 302, location, "moved");
		} else {
			peer_answer(fd, 200, "", "fine");
		}
	}
}

static struct call *redirected(struct world *world, const char *method, const char *path)
{
	const char *headers[] = { "Authorization: secret", NULL };
	if (!world->peer.listener)
		peer_start(&world->peer, serve_redirects, NULL);
	struct call *call = send_call(world, (struct http_call){ .method = method, .headers = headers }, path);
	run(world);
	return call;
}

static void http_send_follows_a_redirect_to_the_same_host(void **state)
{
	struct world *world = *state;
	struct call *call = redirected(world, "GET", "/same");
	assert_int_equal(call->status, 200);
	assert_string_equal(call->body, "fine");
	assert_string_equal(world->peer.log, "with with ");
}

static void http_send_hands_a_redirect_to_another_host_to_the_caller(void **state)
{
	struct world *world = *state;
	struct call *call = redirected(world, "GET", "/other");
	assert_int_equal(call->status, 302);
	assert_string_equal(world->peer.log, "with ");
	assert_int_equal(redirected(world, "GET", "/file")->status, 302);
}

static void http_send_never_repeats_a_post_for_a_redirect(void **state)
{
	assert_int_equal(redirected(*state, "POST", "/same")->status, 302);
}

static void http_send_gives_up_a_circle_of_redirects(void **state)
{
	struct world *world = *state;
	assert_int_equal(redirected(world, "GET", "/loop")->status, 302);
	assert_int_equal(strlen(world->peer.log), 6 * strlen("with "));
}

static void http_send_refuses_a_private_address_when_asked_to(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	get(world, "/ok"); /* an open connection that must not be used */
	run(world);
	struct call *call = send_call(world, (struct http_call){ .no_redirect_private = true }, "/ok");
	run(world);
	assert_int_equal(call->outcome, HTTP_NOT_SENT);
	assert_non_null(strstr(call->failure, "not a public"));
	assert_int_equal(get(world, "/ok")->done, 0);
	run(world);
	assert_int_equal(world->calls[2].status, 200); /* and the next may again */
}

static void http_escape_leaves_only_unreserved_characters(void **state)
{
	(void)state;
	char *text = http_escape("!a/b:c~d e\xD0\x96.-_?#%");
	assert_string_equal(text, "%21a%2Fb%3Ac~d%20e%D0%96.-_%3F%23%25");
	free(text);
	text = http_escape("");
	assert_string_equal(text, "");
	free(text);
}

/* ---- kept connections ---- */

/* One request a connection, closed after it without a word of warning. */
static void serve_once(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	if (peer_read_request(fd, request))
		peer_answer(fd, 200, "", "once");
	(void)peer;
}

static void http_send_copes_with_kept_connections_that_died(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_once, NULL);
	for (int i = 0; i < 4; i++) {
		struct call *call = get(world, "/");
		run(world);
		assert_int_equal(call->status, 200);
		loop_timer_set(world->loop, &world->timer, 20, stop_the_loop, world); /* lets the end of it come in */
		run(world);
	}
	assert_int_equal(world->peer.connections, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST(http_send_gives_status_body_and_header),
		HTTP_TEST(http_send_gives_a_server_error_as_done),
		HTTP_TEST(http_send_takes_an_empty_and_a_chunked_body),
		HTTP_TEST(http_send_carries_method_headers_and_body),
		HTTP_TEST(http_send_reuses_a_handle_without_traces_of_the_last),
		HTTP_TEST(http_send_gives_a_post_without_body_a_length),
		HTTP_TEST(http_send_takes_a_body_at_the_cap_and_refuses_one_more),
		HTTP_TEST(http_send_counts_the_body_after_decompression),
		HTTP_TEST(http_send_keeps_a_small_cap_after_a_large_body),
		HTTP_TEST(http_send_refuses_past_the_queue_cap),
		HTTP_TEST(http_send_follows_a_redirect_to_the_same_host),
		HTTP_TEST(http_send_hands_a_redirect_to_another_host_to_the_caller),
		HTTP_TEST(http_send_never_repeats_a_post_for_a_redirect),
		HTTP_TEST(http_send_gives_up_a_circle_of_redirects),
		HTTP_TEST(http_send_refuses_a_private_address_when_asked_to),
		HTTP_TEST(http_escape_leaves_only_unreserved_characters),
		HTTP_TEST(http_send_copes_with_kept_connections_that_died),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
