/* http_world: a loop, an http, a server and the calls made of it, for the tests of http. */
#ifndef QANTAR_TESTS_HTTP_WORLD_H
#define QANTAR_TESTS_HTTP_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "fake_peer.h"
#include "net/http.h"

enum { CALLS_MOST = 64 };

struct world;

struct call {
	struct world *world;
	int id;
	int done; /* how often */
	enum http_outcome outcome;
	long status;
	char body[256];
	size_t body_bytes;
	char header[64]; /* X-Header */
	char failure[256];
};

struct world {
	struct loop *loop;
	struct http *http;
	struct peer peer;
	struct loop_timer timer;
	struct call calls[CALLS_MOST];
	struct http_request *requests[CALLS_MOST];
	int wanted, finished; /* the loop stops when so many are done */
	int flushes;
	int sent_before_flush;
	char order[256]; /* ids in the order they were done */
	void (*after)(struct world *world, struct call *call); /* inside `done` */
	void *extra; /* the test's own */
};

static inline void before_send(void *context)
{
	struct world *world = context;
	world->flushes++;
}

static inline int set_up_with(void **state, unsigned per_host)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	world->loop = loop_create(NULL, clock_system(), NULL);
	struct http_options options = { .user_agent = "Test (net)", .per_host = per_host, .max_queued = 40,
					.before_send = before_send, .context = world };
	struct error error = { 0 };
	world->http = http_create(world->loop, &options, &error);
	assert_non_null(world->http);
	*state = world;
	return 0;
}

static inline int set_up(void **state)
{
	return set_up_with(state, 0);
}

static inline int set_up_two(void **state)
{
	return set_up_with(state, 2);
}

static inline int tear_down(void **state)
{
	struct world *world = *state;
	loop_timer_cancel(&world->timer);
	http_destroy(world->http);
	loop_destroy(world->loop);
	if (world->peer.listener)
		peer_stop(&world->peer);
	free(world);
	return 0;
}

static inline void done(void *context, const struct http_response *response)
{
	struct call *call = context;
	struct world *world = call->world;
	call->done++;
	call->outcome = response->outcome;
	call->status = response->status;
	call->body_bytes = response->body_bytes;
	assert_int_equal(strlen(response->body), response->body_bytes);
	snprintf(call->body, sizeof call->body, "%.200s", response->body);
	snprintf(call->failure, sizeof call->failure, "%.200s", response->failure);
	const char *header = http_response_header(response, "x-HEADER");
	snprintf(call->header, sizeof call->header, "%.60s", header ? header : "-");
	size_t used = strlen(world->order);
	snprintf(world->order + used, sizeof world->order - used, "%d ", call->id);
	if (++world->finished >= world->wanted)
		loop_stop(world->loop);
	if (world->after)
		world->after(world, call);
}

static inline struct call *send_call(struct world *world, struct http_call call, const char *path)
{
	char url[256];
	int id = world->wanted++;
	snprintf(url, sizeof url, "http://127.0.0.1:%d%s", world->peer.port, path);
	world->calls[id] = (struct call){ .world = world, .id = id };
	if (!call.method)
		call.method = "GET";
	call.url = url;
	call.done = done;
	call.context = &world->calls[id];
	struct error error = { 0 };
	world->requests[id] = http_send(world->http, &call, &error);
	assert_non_null(world->requests[id]);
	return &world->calls[id];
}

static inline struct call *get(struct world *world, const char *path)
{
	return send_call(world, (struct http_call){ 0 }, path);
}

static inline void run(struct world *world)
{
	assert_true(loop_run(world->loop));
}

static inline bool is_for(const char *request, const char *path)
{
	const char *at = strchr(request, ' ');
	return at && strncmp(at + 1, path, strlen(path)) == 0 && at[1 + strlen(path)] == ' ';
}

/* Answers many small paths; each test names the one it wants. */
static inline void serve_paths(struct peer *peer, int fd)
{
	char request[PEER_REQUEST_BYTES];
	while (peer_read_request(fd, request)) {
		if (is_for(request, "/ok"))
			peer_answer(fd, 200, "X-Header: one\r\n", "fine");
		else if (is_for(request, "/empty"))
			peer_write(fd, "HTTP/1.1 204 No Content\r\n\r\n");
		else if (is_for(request, "/error"))
			peer_answer(fd, 500, "", "broken");
		else if (is_for(request, "/echo"))
			peer_answer(fd, 200, "", request);
		else if (is_for(request, "/chunked"))
			peer_write(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
				       "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
		else
			peer_answer(fd, 404, "", "no such path");
	}
	(void)peer;
}

static inline void stop_the_loop(void *context)
{
	struct world *world = context;
	loop_stop(world->loop);
}

#define HTTP_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define HTTP_TEST_TWO(name) cmocka_unit_test_setup_teardown(name, set_up_two, tear_down) /* two a host at once */

#endif
