/* link: platform */
/* matrix: what a homeserver answers. The input is a row of bodies, each ended by 0xff; each goes to the oldest request
 * that waits, whatever it asked for, the first byte giving the status. Stands in for net/: no network is needed. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "platform/matrix/matrix.h"

enum { REQUESTS = 256, TIMERS = 64, STEPS = 64, KEYS = 64 };

struct http_request {
	bool is_open;
	void (*done)(void *context, const struct http_response *response);
	void *context;
};

static struct world {
	struct http_request requests[REQUESTS];
	size_t count;
	struct loop_timer *timers[TIMERS];
	int64_t now_ms;
	char *keys[KEYS], *values[KEYS];
	unsigned commits;
} world;

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* ---- net/ ---- */

struct http_request *http_send(struct http *http, const struct http_call *call, struct error *error)
{
	(void)http;
	require(call->url && call->method && utf8_valid(call->url, strlen(call->url)) && !strpbrk(call->url, " \r\n"));
	for (size_t i = 0; call->headers && call->headers[i]; i++)
		require(!strpbrk(call->headers[i], "\r\n"));
	if (world.count == REQUESTS) {
		error_set(error, "the queue is full");
		return NULL;
	}
	struct http_request *request = &world.requests[world.count++];
	*request = (struct http_request){ true, call->done, call->context };
	return request;
}

void http_cancel(struct http_request *request)
{
	request->is_open = false;
}

char *http_escape(const char *text)
{
	char *escaped = memory_text(text);
	for (char *at = escaped; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == '/' || *at == '?')
			*at = '_';
	return escaped;
}

const char *http_response_header(const struct http_response *response, const char *name)
{
	(void)response, (void)name;
	return NULL;
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms, void (*fire)(void *), void *context)
{
	(void)loop, (void)delay_ms;
	loop_timer_cancel(timer);
	timer->fire = fire;
	timer->context = context;
	size_t i = 0;
	while (i < TIMERS && world.timers[i])
		i++;
	require(i < TIMERS);
	world.timers[i] = timer;
}

void loop_timer_cancel(struct loop_timer *timer)
{
	for (size_t i = 0; i < TIMERS; i++)
		if (world.timers[i] == timer)
			world.timers[i] = NULL;
}

static int64_t monotonic_us(const struct clock *clock)
{
	(void)clock;
	return world.now_ms * 1000;
}

static int64_t wall_ms(const struct clock *clock)
{
	(void)clock;
	return world.now_ms;
}

static uint32_t seven(const struct clock *clock)
{
	(void)clock;
	return 7;
}

/* ---- what comes up ---- */

static void on_message(void *context, const struct message *message)
{
	(void)context;
	require(message->text && message->text_bytes <= PLATFORM_TEXT_BYTES);
	require(utf8_valid(message->text, message->text_bytes));
	require(message->room && message->sender && message->event);
	require(strlen(message->room) < PLATFORM_ID_BYTES && strlen(message->event) < PLATFORM_ID_BYTES);
	require(message->is_readable || message->text_bytes == 0);
	const struct block block = { BLOCK_PARAGRAPH, message->text };
	struct target target = { message->room, message->event, message->thread, message->sender };
	struct rendered rendered = { 0 };
	if (message->text_bytes > 0 && message->platform->impl->render(message->platform, &target, &block, 1, &rendered))
		for (size_t i = 0; i < rendered.count; i++)
			require(utf8_valid(rendered.parts[i], strlen(rendered.parts[i])));
	rendered_finish(&rendered);
}

static void on_redacted(void *context, struct platform *platform, const char *room, const char *event)
{
	(void)context, (void)platform;
	require(room && event);
}

static void on_entered(void *context, struct platform *platform, const char *room, bool is_direct)
{
	(void)context, (void)platform, (void)is_direct;
	require(room && *room);
}

static void on_sent(void *context, struct platform *platform, const char *key, enum send_result result,
		    const char *remote)
{
	(void)context, (void)platform, (void)result;
	require(key && remote);
}

static void on_state(void *context, struct platform *platform, enum platform_state state, const char *why)
{
	(void)context, (void)platform;
	require(state != PLATFORM_FAILED || (why && *why));
}

static size_t slot_of(const char *key)
{
	size_t at = 0;
	while (at < KEYS && world.keys[at] && strcmp(world.keys[at], key) != 0)
		at++;
	require(at < KEYS);
	return at;
}

static void on_set(void *context, struct platform *platform, const char *key, const char *value)
{
	(void)context, (void)platform;
	size_t at = slot_of(key);
	if (!world.keys[at])
		world.keys[at] = memory_text(key);
	free(world.values[at]);
	world.values[at] = memory_text(value);
}

/* The disk is full every other time. */
static bool on_commit(void *context)
{
	(void)context;
	return ++world.commits % 2;
}

static char *on_get(void *context, struct platform *platform, const char *key)
{
	(void)context, (void)platform;
	return memory_text(world.values[slot_of(key)]);
}

/* ---- a life ---- */

static void answer(const char *text, size_t bytes)
{
	static const long statuses[] = { 200, 200, 200, 200, 400, 401, 403, 404, 429, 500, 302, 0 };
	struct http_request *request = NULL;
	for (size_t i = 0; i < world.count && !request; i++)
		if (world.requests[i].is_open)
			request = &world.requests[i];
	if (!request || bytes == 0)
		return;
	long status = statuses[(unsigned char)text[0] % (sizeof statuses / sizeof *statuses)];
	char *body = malloc(bytes);
	if (!body)
		return;
	memcpy(body, text + 1, bytes - 1);
	body[bytes - 1] = '\0';
	request->is_open = false;
	request->done(request->context, &(struct http_response){
		.outcome = status ? HTTP_DONE : HTTP_LOST, .status = status, .body = body, .body_bytes = bytes - 1, .failure = "",
	});
	free(body);
}

static void fire_timers(void)
{
	struct loop_timer *due[TIMERS];
	memcpy(due, world.timers, sizeof due);
	memset(world.timers, 0, sizeof world.timers);
	world.now_ms += 60000;
	for (size_t i = 0; i < TIMERS; i++)
		if (due[i])
			due[i]->fire(due[i]->context);
}

static void forget(void)
{
	for (size_t i = 0; i < KEYS; i++) {
		free(world.keys[i]);
		free(world.values[i]);
	}
	memset(&world, 0, sizeof world);
	world.now_ms = 1641500000000;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char first[] = "!ask", any[] = "*";
	static char *const prefixes[] = { first }, *const allowed[] = { any };
	static const struct matrix_options options = {
		.homeserver = "https://hs", .user = "@qantar:hs", .access_token = "t", .prefixes = prefixes, .prefixes_count = 1,
		.invite_allow = allowed, .invite_allow_count = 1, .admin_power_level = 50,
	};
	static const struct platform_events events = {
		.message = on_message, .edited = on_message, .redacted = on_redacted, .entered = on_entered, .sent = on_sent,
		.state = on_state, .state_set = on_set, .state_get = on_get, .commit = on_commit,
	};
	const struct clock clock = { .monotonic_us = monotonic_us, .wall_ms = wall_ms, .random = seven };
	forget();
	struct platform *platform = matrix_create(NULL, NULL, NULL, &clock, &options, &events, NULL);
	struct error error = { 0 };
	bool runs = platform->impl->start(platform, &error);
	const char *text = (const char *)data;
	for (int step = 0; runs && size > 0 && step < STEPS; step++) {
		const char *end = memchr(text, 0xff, size);
		size_t bytes = end ? (size_t)(end - text) : size;
		answer(text, bytes);
		fire_timers();
		bytes += end ? 1 : 0;
		text += bytes;
		size -= bytes;
	}
	platform->impl->destroy(platform);
	for (size_t i = 0; i < TIMERS; i++)
		require(!world.timers[i]);
	for (size_t i = 0; i < world.count; i++)
		require(!world.requests[i].is_open);
	forget();
	return 0;
}
