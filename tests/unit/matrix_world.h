/* matrix_world: a matrix platform on a made-up homeserver. The test answers each request by hand, moves the clock by
 * hand, and reads what came up. It stands in for net/: http_send only writes the call down, a timer fires when the test
 * says so. In the bodies that a test answers ' stands for ". */
#ifndef QANTAR_TESTS_MATRIX_WORLD_H
#define QANTAR_TESTS_MATRIX_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "platform/matrix/internal.h"

enum { CALLS = 512, NEWS = 64, VALUES = 16, TIMERS = 16 };

struct http_request {
	char *method, *url, *body, *authorization;
	bool is_open;          /* waits for its answer */
	bool refuses_private;
	void (*done)(void *context, const struct http_response *response);
	void *context;
};

struct news { /* one callback of the platform, in words: "message !r @u $e direct addressed text" */
	char text[512];
};

static struct world {
	struct http_request calls[CALLS];
	size_t calls_count;
	struct loop_timer *timers[TIMERS];
	int64_t delays[TIMERS];
	struct news news[NEWS];
	size_t news_count;
	char *keys[VALUES], *values[VALUES];
	int64_t now_ms;
	bool is_disk_full;
	const char *retry_after, *location; /* headers of the next answers */
	struct platform *platform;
	struct clock clock;
} world;

/* ---- net/, as far as matrix/ uses it ---- */

struct http_request *http_send(struct http *http, const struct http_call *call, struct error *error)
{
	(void)http;
	(void)error;
	assert_true(world.calls_count < CALLS);
	struct http_request *request = &world.calls[world.calls_count++];
	*request = (struct http_request){
		.method = memory_text(call->method), .url = memory_text(call->url), .body = memory_text(call->body),
		.is_open = true, .refuses_private = call->no_redirect_private, .done = call->done, .context = call->context,
	};
	for (size_t i = 0; call->headers && call->headers[i]; i++)
		if (strncmp(call->headers[i], "Authorization: ", 15) == 0)
			request->authorization = memory_text(call->headers[i] + 15);
	return request;
}

void http_cancel(struct http_request *request)
{
	request->is_open = false;
}

/* Readable in the tests' expectations: nothing is encoded but what would end the segment. */
char *http_escape(const char *text)
{
	return memory_text(text);
}

const char *http_response_header(const struct http_response *response, const char *name)
{
	(void)response;
	if (strcmp(name, "location") == 0)
		return world.location;
	return strcmp(name, "retry-after") == 0 ? world.retry_after : NULL;
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms, void (*fire)(void *), void *context)
{
	(void)loop;
	loop_timer_cancel(timer);
	timer->fire = fire;
	timer->context = context;
	for (size_t i = 0; i < TIMERS; i++) {
		if (!world.timers[i]) {
			world.timers[i] = timer;
			world.delays[i] = delay_ms;
			return;
		}
	}
	fail_msg("too many timers");
}

void loop_timer_cancel(struct loop_timer *timer)
{
	for (size_t i = 0; i < TIMERS; i++)
		if (world.timers[i] == timer)
			world.timers[i] = NULL;
}

/* ---- the clock ---- */

static inline int64_t world_monotonic_us(const struct clock *clock)
{
	(void)clock;
	return world.now_ms * 1000;
}

static inline int64_t world_wall_ms(const struct clock *clock)
{
	(void)clock;
	return world.now_ms;
}

static inline uint32_t world_random(const struct clock *clock)
{
	(void)clock;
	return 7;
}

/* Fires every timer that is set now, the clock put past its delay. */
static inline void world_fire_timers(void)
{
	struct loop_timer *due[TIMERS];
	for (size_t i = 0; i < TIMERS; i++) {
		due[i] = world.timers[i];
		world.timers[i] = NULL;
		if (due[i])
			world.now_ms += world.delays[i] + 1;
	}
	for (size_t i = 0; i < TIMERS; i++)
		if (due[i])
			due[i]->fire(due[i]->context);
}

/* ---- what comes up ---- */

__attribute__((format(printf, 1, 2))) static inline void world_note(const char *format, ...)
{
	assert_true(world.news_count < NEWS);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(world.news[world.news_count++].text, sizeof world.news[0].text, format, arguments);
	va_end(arguments);
}

static inline void note_message(const char *what, const struct message *message)
{
	world_note("%s %s %s %s%s%s%s%s%s: %s", what, message->room, message->sender, message->event,
		   message->is_direct ? " direct" : "", message->is_addressed ? " addressed" : "",
		   message->is_readable ? "" : " unreadable", message->thread ? " in " : "", message->thread ? message->thread : "",
		   message->text);
}

static inline void on_message_up(void *context, const struct message *message)
{
	(void)context;
	note_message("message", message);
}

static inline void on_edited_up(void *context, const struct message *message)
{
	(void)context;
	note_message("edited", message);
}

static inline void on_redacted_up(void *context, struct platform *platform, const char *room, const char *event)
{
	(void)context;
	(void)platform;
	world_note("redacted %s %s", room, event);
}

static inline void on_entered_up(void *context, struct platform *platform, const char *room, bool is_direct)
{
	(void)context;
	(void)platform;
	world_note("entered %s%s", room, is_direct ? " direct" : "");
}

static inline void on_sent_up(void *context, struct platform *platform, const char *key, enum send_result result,
			      const char *remote)
{
	(void)context;
	(void)platform;
	static const char *const names[] = { "done", "refused", "lost", "unreached" };
	world_note("sent %s %s %s", key, names[result], remote);
}

static inline void on_state_up(void *context, struct platform *platform, enum platform_state state, const char *why)
{
	(void)context;
	(void)platform;
	static const char *const names[] = { "connecting", "connected", "failed" };
	world_note("state %s%s%s", names[state], state == PLATFORM_FAILED ? ": " : "", state == PLATFORM_FAILED ? why : "");
}

static inline void on_state_set(void *context, struct platform *platform, const char *key, const char *value)
{
	(void)context;
	(void)platform;
	size_t at = 0;
	while (at < VALUES && world.keys[at] && strcmp(world.keys[at], key) != 0)
		at++;
	assert_true(at < VALUES);
	if (!world.keys[at])
		world.keys[at] = memory_text(key);
	free(world.values[at]);
	world.values[at] = memory_text(value);
}

static inline const char *world_value(const char *key)
{
	for (size_t i = 0; i < VALUES && world.keys[i]; i++)
		if (strcmp(world.keys[i], key) == 0)
			return world.values[i];
	return NULL;
}

static inline char *on_state_get(void *context, struct platform *platform, const char *key)
{
	(void)context;
	(void)platform;
	return memory_text(world_value(key));
}

static inline bool on_commit(void *context)
{
	(void)context;
	return !world.is_disk_full;
}

static const struct platform_events world_events = {
	.message = on_message_up, .edited = on_edited_up, .redacted = on_redacted_up, .entered = on_entered_up,
	.sent = on_sent_up, .state = on_state_up, .state_set = on_state_set, .state_get = on_state_get,
	.commit = on_commit,
};

/* ---- the test's hand ---- */

/* The one request whose URL holds `part` and that waits; fails the test when there is none. */
static inline struct http_request *world_call(const char *part)
{
	for (size_t i = 0; i < world.calls_count; i++)
		if (world.calls[i].is_open && strstr(world.calls[i].url, part))
			return &world.calls[i];
	fail_msg("no open request for %s", part);
	return NULL;
}

static inline bool world_is_asked(const char *part)
{
	for (size_t i = 0; i < world.calls_count; i++)
		if (world.calls[i].is_open && strstr(world.calls[i].url, part))
			return true;
	return false;
}

static inline void world_fail(const char *part, enum http_outcome outcome)
{
	struct http_request *request = world_call(part);
	request->is_open = false;
	request->done(request->context, &(struct http_response){ .outcome = outcome, .body = "", .failure = "made to fail" });
}

static inline void world_answer(const char *part, long status, const char *text)
{
	struct http_request *request = world_call(part);
	char *body = memory_text(text);
	for (char *at = body; *at; at++)
		if (*at == '\'')
			*at = '"';
	request->is_open = false;
	request->done(request->context, &(struct http_response){
		.outcome = HTTP_DONE, .status = status, .body = body, .body_bytes = strlen(body), .failure = "",
	});
	world.retry_after = NULL;
	free(body);
}

/* The news since the last look, as one text with a line each; borrowed until the next call. */
static inline const char *world_news(void)
{
	static char all[NEWS * sizeof(struct news)];
	size_t at = 0;
	all[0] = '\0';
	for (size_t i = 0; i < world.news_count; i++)
		at += (size_t)snprintf(all + at, sizeof all - at, "%s\n", world.news[i].text);
	world.news_count = 0;
	return all;
}

static inline void world_create(const struct matrix_options *options)
{
	world.clock = (struct clock){ .monotonic_us = world_monotonic_us, .wall_ms = world_wall_ms, .random = world_random };
	world.platform = matrix_create(NULL, NULL, NULL, &world.clock, options, &world_events, NULL);
}

static inline void world_begin(const struct matrix_options *options)
{
	memset(&world, 0, sizeof world);
	world.now_ms = 1641500000000;
	world_create(options);
}

/* What a restart leaves: the stored values. */
static inline void world_restart(const struct matrix_options *options)
{
	world.platform->impl->destroy(world.platform);
	for (size_t i = 0; i < world.calls_count; i++)
		world.calls[i].is_open = false;
	world_news();
	world_create(options);
}

static inline void world_end(void)
{
	world.platform->impl->destroy(world.platform);
	for (size_t i = 0; i < TIMERS; i++)
		assert_null(world.timers[i]);
	for (size_t i = 0; i < world.calls_count; i++) {
		assert_false(world.calls[i].is_open); /* destroy drops what is under way */
		free(world.calls[i].method);
		free(world.calls[i].url);
		free(world.calls[i].body);
		free(world.calls[i].authorization);
	}
	for (size_t i = 0; i < VALUES; i++) {
		free(world.keys[i]);
		free(world.values[i]);
	}
}

/* From nothing to the long poll, by token; the first batch holds nothing. */
static inline void world_connect(void)
{
	struct error error;
	assert_true(world.platform->impl->start(world.platform, &error));
	world_answer("/versions", 200, "{\"versions\":[\"v1.12\"]}");
	world_answer("/whoami", 200, "{\"user_id\":\"@qantar:hs\",\"device_id\":\"DEV\"}");
	world_answer("/displayname", 200, "{\"displayname\":\"Qantar\"}");
	world_answer("/sync", 200, "{\"next_batch\":\"s1\"}");
	assert_string_equal(world_news(), "state connecting\nstate connected\n");
}

#endif
