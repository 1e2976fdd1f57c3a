/* websocket_world: a loop, a websocket, a server and what was heard of it, for the tests of websocket. */
#ifndef QANTAR_TESTS_WEBSOCKET_WORLD_H
#define QANTAR_TESTS_WEBSOCKET_WORLD_H

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
	char heard[256];   /* each message: "bytes:its beginning " */
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

static inline void note(struct world *world, const char *word)
{
	size_t used = strlen(world->trace);
	snprintf(world->trace + used, sizeof world->trace - used, "%s ", word);
}

static inline void opened(void *context)
{
	struct world *world = context;
	note(world, "opened");
	if (world->on_opened)
		world->on_opened(world);
}

static inline void message(void *context, const char *data, size_t bytes, bool binary)
{
	struct world *world = context;
	note(world, binary ? "binary" : "text");
	assert_int_equal(data[bytes], 0);
	size_t used = strlen(world->heard);
	snprintf(world->heard + used, sizeof world->heard - used, "%zu:%.20s ", bytes, data);
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

static inline void closed(void *context, int code, const char *reason)
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

static inline int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	world->loop = loop_create(NULL, clock_system(), NULL);
	assert_non_null(world->loop);
	*state = world;
	return 0;
}

static inline int tear_down(void **state)
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

static inline void open_at(struct world *world, const char *url)
{
	struct websocket_options options = { .url = url, .user_agent = "Test (net)", .events = &events,
					     .max_message_bytes = world->max_message_bytes,
					     .connect_timeout_ms = world->connect_timeout_ms, .context = world };
	struct error error = { 0 };
	world->websocket = websocket_open(world->loop, &options, &error);
	assert_non_null(world->websocket);
	assert_string_equal(world->trace, ""); /* nothing is called inside websocket_open */
}

static inline void open_peer(struct world *world, void (*serve)(struct peer *, int))
{
	char url[128];
	peer_start(&world->peer, serve, world);
	snprintf(url, sizeof url, "ws://127.0.0.1:%d/gateway?v=10&encoding=json", world->peer.port);
	open_at(world, url);
}

static inline void run(struct world *world)
{
	assert_true(loop_run(world->loop));
}

static inline void close_websocket(struct world *world)
{
	websocket_close(world->websocket);
	world->websocket = NULL;
}

static inline void stop_the_loop(void *context)
{
	struct world *world = context;
	loop_stop(world->loop);
}

/* Lets the loop turn for a while: what must not come would come now. */
static inline void linger(struct world *world)
{
	loop_timer_set(world->loop, &world->timer, 50, stop_the_loop, world);
	run(world);
}

/* Ends the server and forgets what was heard, for a next round. */
static inline void start_over(struct world *world)
{
	close_websocket(world);
	peer_stop(&world->peer);
	world->peer.listener = 0;
	world->trace[0] = '\0';
	world->code = -1;
}

/* Takes the connection, never the upgrade. */
static inline void serve_silence(struct peer *peer, int fd)
{
	fake_websocket_wait(fd);
	(void)peer;
}

#define WEBSOCKET_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
