#include "platform/discord/rest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/discord/denied.h"

enum {
	CHAINS = 256, /* of the table of lanes; a power of two */
	URL_BYTES = 1024,
	BODY_BYTES = 1 << 20,
	TIMEOUT_MS = 30000,
};

struct request {
	struct request *next;
	enum discord_route route;
	char message[SNOWFLAKE_BYTES];
	char tag[PLATFORM_KEY_BYTES];
	char *body;
	void (*done)(void *context, const char *tag, const struct discord_result *result);
	void *context;
	bool is_malformed;
};

/* What the routes look like. By route. */
static const struct {
	const char *method;
	bool in_channel, of_message, has_body;
} routes[] = {
	[ROUTE_GATEWAY] = { "GET", false, false, false },
	[ROUTE_POST] = { "POST", true, false, true },
	[ROUTE_EDIT] = { "PATCH", true, true, true },
	[ROUTE_DELETE] = { "DELETE", true, true, false },
	[ROUTE_TYPING] = { "POST", true, false, false },
};

/* The requests of one channel, in order; only the head is ever under way. Gone when empty. */
struct lane {
	struct discord_rest *rest;
	struct lane *chain;                /* the next of the same hash */
	struct lane *next, *previous;      /* of all lanes */
	char channel[SNOWFLAKE_BYTES];     /* "": requests of no channel */
	struct request *head, *tail;
	struct http_request *under_way;    /* the head's, owned by http */
};

struct discord_rest {
	struct loop *loop;
	struct http *http;
	struct log *log;
	const struct clock *clock;
	struct discord_limits *limits;
	struct discord_denied denied;
	char *api_url;
	char *headers[3];                  /* Authorization, User-Agent, Content-Type */
	void (*unauthorized)(void *context);
	void *context;
	struct loop_timer pump;
	struct lane *lanes;
	struct lane *chains[CHAINS];
	bool is_refused;                   /* a 401 came */
	bool is_asked;                     /* the pump was asked for at once: no later time may replace that */
};

static void pump(void *context);

static char *header(const char *name, const char *before, const char *value)
{
	struct buffer text;
	buffer_init(&text, 4096);
	buffer_format(&text, "%s: %s%s", name, before, value);
	return buffer_take(&text);
}

struct discord_rest *discord_rest_create(struct loop *loop, struct http *http, struct log *log,
					 const struct clock *clock, const struct discord_rest_options *options)
{
	struct discord_rest *rest = memory_zeroed(1, sizeof *rest);
	*rest = (struct discord_rest){
		.loop = loop, .http = http, .log = log, .clock = clock,
		.limits = discord_limits_create(clock, options->requests_per_s),
		.api_url = memory_text(options->api_url),
		.headers = { header("Authorization", "Bot ", options->token), header("User-Agent", "", options->user_agent),
			     header("Content-Type", "", "application/json") },
		.unauthorized = options->unauthorized, .context = options->context,
	};
	return rest;
}

static void request_destroy(struct request *request)
{
	free(request->body);
	free(request);
}

/* ---- lanes ---- */

static struct lane **chain_of(struct discord_rest *rest, const char *channel)
{
	size_t hash = 5381;
	for (; *channel; channel++)
		hash = hash * 33 + (unsigned char)*channel;
	return &rest->chains[hash & (CHAINS - 1)];
}

static struct lane *lane_find(const struct discord_rest *rest, const char *channel)
{
	struct lane *lane = *chain_of((struct discord_rest *)rest, channel);
	while (lane && strcmp(lane->channel, channel) != 0)
		lane = lane->chain;
	return lane;
}

static struct lane *lane_create(struct discord_rest *rest, const char *channel)
{
	struct lane *lane = memory_zeroed(1, sizeof *lane);
	struct lane **chain = chain_of(rest, channel);
	lane->rest = rest;
	snprintf(lane->channel, sizeof lane->channel, "%s", channel);
	lane->chain = *chain;
	*chain = lane;
	lane->next = rest->lanes;
	if (rest->lanes)
		rest->lanes->previous = lane;
	rest->lanes = lane;
	return lane;
}

static void lane_destroy(struct lane *lane)
{
	struct discord_rest *rest = lane->rest;
	struct lane **chain = chain_of(rest, lane->channel);
	while (*chain != lane)
		chain = &(*chain)->chain;
	*chain = lane->chain;
	if (lane->previous)
		lane->previous->next = lane->next;
	else
		rest->lanes = lane->next;
	if (lane->next)
		lane->next->previous = lane->previous;
	if (lane->under_way)
		http_cancel(lane->under_way);
	for (struct request *request = lane->head; request;) {
		struct request *next = request->next;
		request_destroy(request);
		request = next;
	}
	free(lane);
}

void discord_rest_destroy(struct discord_rest *rest)
{
	if (!rest)
		return;
	loop_timer_cancel(&rest->pump);
	while (rest->lanes)
		lane_destroy(rest->lanes);
	discord_limits_destroy(rest->limits);
	free(rest->api_url);
	for (size_t i = 0; i < sizeof rest->headers / sizeof *rest->headers; i++)
		free(rest->headers[i]);
	free(rest);
}

static void pump_soon(struct discord_rest *rest)
{
	rest->is_asked = true;
	loop_timer_set(rest->loop, &rest->pump, 0, pump, rest);
}

void discord_rest_call(struct discord_rest *rest, const struct discord_call *call)
{
	const char *channel = routes[call->route].in_channel && snowflake_valid(call->channel) ? call->channel : "";
	const char *message = routes[call->route].of_message && snowflake_valid(call->message) ? call->message : "";
	struct request *request = memory_zeroed(1, sizeof *request);
	*request = (struct request){ .route = call->route, .body = memory_text(call->body), .done = call->done,
				     .context = call->context };
	request->is_malformed = (routes[call->route].in_channel && !*channel) ||
				(routes[call->route].of_message && !*message) ||
				(routes[call->route].has_body && !call->body);
	snprintf(request->message, sizeof request->message, "%s", message);
	snprintf(request->tag, sizeof request->tag, "%s", call->tag ? call->tag : "");
	struct lane *lane = lane_find(rest, channel);
	if (!lane)
		lane = lane_create(rest, channel);
	if (lane->tail)
		lane->tail->next = request;
	else
		lane->head = request;
	lane->tail = request;
	pump_soon(rest);
}

void discord_rest_forget_denied(struct discord_rest *rest)
{
	discord_denied_forget(&rest->denied);
}

bool discord_rest_is_idle(const struct discord_rest *rest, enum discord_route route, const char *channel)
{
	return !rest->is_refused && !lane_find(rest, channel) && discord_limits_wait_ms(rest->limits, route, channel) == 0;
}

/* ---- one request ---- */

/* The head is answered: hands the result up and leaves the lane, or what remains of it. */
static void finish(struct lane *lane, struct discord_result result)
{
	struct request *request = lane->head;
	result.route = request->route;
	result.channel = lane->channel;
	result.sent = request->body;
	lane->head = request->next;
	if (!lane->head)
		lane->tail = NULL;
	if (request->done)
		request->done(request->context, request->tag, &result);
	request_destroy(request);
}

static void on_unauthorized(struct discord_rest *rest)
{
	if (rest->is_refused)
		return;
	rest->is_refused = true;
	log_event(rest->log, LOG_ERROR, "discord", "token_refused");
	rest->unauthorized(rest->context);
}

static void learn(struct lane *lane, const struct http_response *response, const cJSON *body)
{
	struct discord_headers headers = {
		.bucket = http_response_header(response, "X-RateLimit-Bucket"),
		.remaining = http_response_header(response, "X-RateLimit-Remaining"),
		.reset_after = http_response_header(response, "X-RateLimit-Reset-After"),
		.scope = http_response_header(response, "X-RateLimit-Scope"),
		.global = http_response_header(response, "X-RateLimit-Global"),
		.retry_after = http_response_header(response, "Retry-After"),
	};
	discord_limits_learn(lane->rest->limits, lane->head->route, lane->channel, response->status, &headers, body);
}

static void on_done(void *context, const struct http_response *response)
{
	struct lane *lane = context;
	struct discord_rest *rest = lane->rest;
	struct request *request = lane->head;
	lane->under_way = NULL;
	struct json *json = NULL;
	if (response->outcome == HTTP_DONE)
		json = json_parse(response->body, response->body_bytes, &json_limits_message, NULL);
	struct discord_result result = { .outcome = response->outcome, .status = response->status,
					 .body = json ? json_root(json) : NULL };
	json_integer(result.body, "code", &result.code);
	if (response->outcome == HTTP_DONE)
		learn(lane, response, result.body);
	if (response->outcome != HTTP_DONE || response->status >= 300)
		log_event(rest->log, response->status == 429 ? LOG_INFO : LOG_WARNING, "discord", "rest_failed",
			  LOG_NUMBER("route", request->route), LOG_TEXT("channel", lane->channel),
			  LOG_NUMBER("status", response->status), LOG_NUMBER("code", result.code),
			  LOG_TEXT("failure", response->failure));
	if (response->status == 401)
		on_unauthorized(rest);
	bool is_denied = (response->status == 403 || response->status == 404) && result.code != REST_CODE_NO_HISTORY;
	if (request->route == ROUTE_POST && is_denied)
		discord_denied_add(&rest->denied, lane->channel, rest->clock->monotonic_us(rest->clock));
	/* One that came too early stays at the head, but for the sign of typing, which nobody waits for. */
	if (response->status != 429 || request->route == ROUTE_TYPING)
		finish(lane, result);
	json_destroy(json);
	pump_soon(rest);
}

static bool start(struct lane *lane)
{
	struct discord_rest *rest = lane->rest;
	const struct request *request = lane->head;
	struct buffer url;
	buffer_init(&url, URL_BYTES);
	if (request->route == ROUTE_GATEWAY)
		buffer_format(&url, "%s/gateway/bot", rest->api_url);
	else
		buffer_format(&url, "%s/channels/%s/%s%s%s", rest->api_url, lane->channel,
			      request->route == ROUTE_TYPING ? "typing" : "messages", request->message[0] ? "/" : "",
			      request->message);
	/* A request without a body must not claim a type for it. */
	const char *headers[] = { rest->headers[0], rest->headers[1], request->body ? rest->headers[2] : NULL, NULL };
	struct http_call call = {
		.method = routes[request->route].method, .url = buffer_text(&url), .headers = headers,
		.body = request->body, .body_bytes = request->body ? strlen(request->body) : 0,
		.timeout_ms = TIMEOUT_MS, .max_body_bytes = BODY_BYTES, .done = on_done, .context = lane,
	};
	struct error error = { 0 };
	lane->under_way = http_send(rest->http, &call, &error);
	buffer_finish(&url);
	if (!lane->under_way) {
		log_event(rest->log, LOG_ERROR, "discord", "rest_not_sent", LOG_TEXT("why", error.text));
		return false;
	}
	discord_limits_take(rest->limits, request->route, lane->channel);
	return true;
}

/* Whether the head must not leave at all, and with which answer. */
static bool is_settled(const struct lane *lane, struct discord_result *result)
{
	const struct discord_rest *rest = lane->rest;
	*result = (struct discord_result){ .outcome = HTTP_DONE };
	if (lane->head->is_malformed)
		result->status = 400;
	else if (rest->is_refused)
		result->outcome = HTTP_NOT_SENT;
	else if (lane->head->route == ROUTE_POST &&
		 discord_denied_has(&rest->denied, lane->channel, rest->clock->monotonic_us(rest->clock)))
		result->status = 403;
	else
		return false;
	return true;
}

/* Starts the lane's head if it may leave, else answers it or returns the time to wait; -1: nothing to wait for. */
static int64_t advance(struct lane *lane)
{
	struct discord_result result;
	while (lane->head && !lane->under_way) {
		if (is_settled(lane, &result)) {
			finish(lane, result);
			continue;
		}
		int64_t wait_ms = discord_limits_wait_ms(lane->rest->limits, lane->head->route, lane->channel);
		if (wait_ms > 0)
			return wait_ms;
		if (!start(lane))
			finish(lane, (struct discord_result){ .outcome = HTTP_NOT_SENT });
	}
	return -1;
}

static void pump(void *context)
{
	struct discord_rest *rest = context;
	int64_t next_ms = -1;
	rest->is_asked = false;
	/* A `done` may add lanes (at the front) but none is taken away but here. */
	for (struct lane *lane = rest->lanes, *next; lane; lane = next) {
		int64_t wait_ms = advance(lane);
		if (wait_ms > 0 && (next_ms < 0 || wait_ms < next_ms))
			next_ms = wait_ms;
		next = lane->next;
		if (!lane->head)
			lane_destroy(lane);
	}
	if (next_ms >= 0 && !rest->is_asked)
		loop_timer_set(rest->loop, &rest->pump, next_ms, pump, rest);
}
