#include "platform/discord/gateway.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/discord/closing.h"
#include "platform/discord/gateway_internal.h"
#include "platform/discord/payload.h"

enum {
	CLOSE_RESUMABLE = 4000,    /* anything but 1000 and 1001, which end the session */
	RESUME_FAILURES_ASK = 2,   /* from here on Discord is asked first whether it is there at all */
	RESUME_FAILURES_MOST = 3,  /* it was there, but the session's host still is not: a new session */
	SENDS_WINDOW_US = 60000000,
};

static const char key_session[] = "gateway.session", key_identifies[] = "gateway.identifies";

static void connect_again(struct discord_gateway *gateway);

/* ---- the state ---- */

static void on_stage(void *context)
{
	struct discord_gateway *gateway = context;
	if (gateway->state == GATEWAY_WAITING)
		connect_again(gateway);
	else
		discord_gateway_leave(gateway, -1, "Discord said nothing in time");
}

void discord_gateway_set_state(struct discord_gateway *gateway, enum discord_gateway_state state,
			       int64_t stage_ms, const char *why)
{
	static const char *const names[] = { "idle", "waiting", "asking", "opening", "greeting",
					     "identifying", "resuming", "ready", "closing", "failed" };
	log_event(gateway->log, LOG_INFO, "discord", "gateway", LOG_TEXT("from", names[gateway->state]),
		  LOG_TEXT("to", names[state]), LOG_TEXT("why", why));
	gateway->state = state;
	if (stage_ms >= 0)
		loop_timer_set(gateway->loop, &gateway->stage, stage_ms, on_stage, gateway);
	else
		loop_timer_cancel(&gateway->stage);
}

static int64_t backoff_ms(struct discord_gateway *gateway)
{
	return clock_backoff_ms(gateway->clock, gateway->attempt++, GATEWAY_BACKOFF_MS, GATEWAY_BACKOFF_MOST_MS);
}

static void wait_and_retry(struct discord_gateway *gateway, int64_t delay_ms, const char *why)
{
	discord_gateway_set_state(gateway, GATEWAY_WAITING, delay_ms < 0 ? backoff_ms(gateway) : delay_ms, why);
}

void discord_gateway_fail(struct discord_gateway *gateway, const char *why)
{
	if (gateway->state == GATEWAY_FAILED)
		return;
	discord_heartbeat_stop(&gateway->heartbeat);
	websocket_close(gateway->socket);
	gateway->socket = NULL;
	discord_gateway_set_state(gateway, GATEWAY_FAILED, -1, why);
	gateway->events->failed(gateway->context, why);
}

/* ---- the session and the budget, kept ---- */

void discord_gateway_keep_session(struct discord_gateway *gateway)
{
	if (gateway->kept_sequence == gateway->session.sequence)
		return;
	gateway->kept_sequence = gateway->session.sequence;
	char *text = discord_session_can_resume(&gateway->session) ? discord_session_write(&gateway->session) : NULL;
	gateway->events->keep(gateway->context, key_session, text);
	free(text);
}

static void read_kept(struct discord_gateway *gateway)
{
	char *text = gateway->events->kept(gateway->context, key_session);
	discord_session_read(&gateway->session, text);
	gateway->kept_sequence = gateway->session.sequence;
	free(text);
	text = gateway->events->kept(gateway->context, key_identifies);
	discord_identifies_read(&gateway->identifies, text);
	free(text);
}

const char *discord_gateway_user(const struct discord_gateway *gateway)
{
	return gateway->session.user;
}

/* ---- sending ---- */

void discord_gateway_send(struct discord_gateway *gateway, struct buffer *payload)
{
	int64_t now_us = gateway->clock->monotonic_us(gateway->clock);
	if (now_us - gateway->sends_since_us >= SENDS_WINDOW_US) {
		gateway->sends_since_us = now_us;
		gateway->sends = 0;
	}
	if (gateway->sends >= GATEWAY_SENDS_MOST)
		log_event(gateway->log, LOG_WARNING, "discord", "gateway_send_dropped", LOG_NUMBER("sends", gateway->sends));
	else if (payload->failed || !websocket_send(gateway->socket, buffer_text(payload), payload->bytes))
		discord_gateway_leave(gateway, -1, "a message to Discord could not be sent");
	else
		gateway->sends++;
	buffer_finish(payload);
}

void discord_gateway_send_heartbeat(void *context)
{
	struct discord_gateway *gateway = context;
	struct buffer payload;
	buffer_init(&payload, PAYLOAD_BYTES);
	discord_payload_heartbeat(&payload, gateway->session.sequence);
	discord_gateway_send(gateway, &payload);
	discord_gateway_keep_session(gateway);
}

static void on_missed(void *context)
{
	discord_gateway_leave(context, 0, "a heartbeat was not acknowledged");
}

/* ---- the connection ---- */

static void on_opened(void *context)
{
	struct discord_gateway *gateway = context;
	gateway->resume_failures = 0;
	discord_gateway_set_state(gateway, GATEWAY_GREETING, GATEWAY_HELLO_MS, "");
}

static void on_message(void *context, const char *data, size_t bytes, bool binary)
{
	struct discord_gateway *gateway = context;
	if (gateway->state != GATEWAY_CLOSING)
		discord_gateway_on_text(gateway, data, bytes, binary);
}

static void forget_session(struct discord_gateway *gateway)
{
	discord_session_forget(&gateway->session);
	discord_gateway_keep_session(gateway);
}

static void on_closed(void *context, int code, const char *reason)
{
	struct discord_gateway *gateway = context;
	enum discord_gateway_state state = gateway->state;
	const struct discord_closing *closing = discord_closing_find(code);
	discord_heartbeat_stop(&gateway->heartbeat);
	websocket_close(gateway->socket);
	gateway->socket = NULL;
	log_event(gateway->log, LOG_INFO, "discord", "gateway_closed", LOG_NUMBER("code", code), LOG_TEXT("reason", reason));
	if (state == GATEWAY_CLOSING) { /* our own doing: the code is our own's echo */
		wait_and_retry(gateway, gateway->next_delay_ms, "");
		return;
	}
	if (closing->action == CLOSING_FATAL) {
		forget_session(gateway);
		discord_gateway_fail(gateway, closing->why);
		return;
	}
	if (closing->action == CLOSING_NEW_SESSION)
		forget_session(gateway);
	if (state == GATEWAY_OPENING && gateway->resumes)
		gateway->resume_failures++;
	discord_gateway_keep_session(gateway);
	gateway->events->down(gateway->context, closing->why);
	wait_and_retry(gateway, -1, closing->why);
}

void discord_gateway_leave(struct discord_gateway *gateway, int64_t delay_ms, const char *why)
{
	if (gateway->state == GATEWAY_CLOSING || gateway->state == GATEWAY_FAILED)
		return;
	discord_heartbeat_stop(&gateway->heartbeat);
	/* Only after a connection that worked may the next one come at once. */
	bool worked = gateway->attempt == 0;
	int64_t wait_ms = backoff_ms(gateway);
	gateway->next_delay_ms = (worked && delay_ms >= 0) || delay_ms > wait_ms ? delay_ms : wait_ms;
	discord_gateway_set_state(gateway, GATEWAY_CLOSING, -1, why);
	discord_gateway_keep_session(gateway);
	gateway->events->down(gateway->context, why);
	websocket_shut(gateway->socket, CLOSE_RESUMABLE);
}

static void open_socket(struct discord_gateway *gateway, const char *url)
{
	static const struct websocket_events events = { on_opened, on_message, on_closed };
	struct buffer full;
	struct error error = { 0 };
	buffer_init(&full, SESSION_URL_BYTES + 64);
	size_t bytes = strcspn(url, "?#");
	while (bytes && url[bytes - 1] == '/')
		bytes--;
	buffer_append(&full, url, bytes);
	buffer_append_text(&full, gateway->plain ? "/?v=10&encoding=json" : "/?v=10&encoding=json&compress=zstd-stream");
	struct websocket_options options = { .url = buffer_text(&full), .user_agent = gateway->user_agent,
					     .ca_file = gateway->ca_file, .max_message_bytes = INFLATE_MESSAGE_BYTES,
					     .events = &events, .context = gateway };
	bool is_allowed = strncmp(url, "wss://", 6) == 0 || (!gateway->is_secure_api && strncmp(url, "ws://", 5) == 0);
	if (!is_allowed)
		error_set(&error, "the gateway's address does not begin with wss://");
	else
		gateway->socket = websocket_open(gateway->loop, &options, &error);
	buffer_finish(&full);
	discord_inflate_reset(&gateway->inflate);
	gateway->garbage = gateway->sends = 0;
	gateway->sends_since_us = gateway->clock->monotonic_us(gateway->clock);
	if (gateway->socket) {
		discord_gateway_set_state(gateway, GATEWAY_OPENING, -1, gateway->resumes ? "to resume" : "to identify");
		return;
	}
	forget_session(gateway); /* its URL may be the bad one */
	wait_and_retry(gateway, -1, error.text);
}

static void on_asked(void *context, const char *tag, const struct discord_result *result)
{
	(void)tag;
	struct discord_gateway *gateway = context;
	const char *url = result->status == 200 ? json_string(result->body, "url") : NULL;
	int64_t shards;
	if (gateway->state != GATEWAY_ASKING)
		return;
	if (!url || strlen(url) >= SESSION_URL_BYTES) {
		wait_and_retry(gateway, -1, "GET /gateway/bot failed");
		return;
	}
	if (json_integer(result->body, "shards", &shards) && shards > 1)
		log_event(gateway->log, LOG_WARNING, "discord", "shards_recommended", LOG_NUMBER("shards", shards));
	discord_identifies_learn(&gateway->identifies, gateway->clock, json_object(result->body, "session_start_limit"));
	if (gateway->resume_failures >= RESUME_FAILURES_MOST)
		forget_session(gateway);
	gateway->resumes = discord_session_can_resume(&gateway->session);
	int64_t wait_ms = gateway->resumes ? 0 : discord_identifies_wait_ms(&gateway->identifies, gateway->clock);
	if (wait_ms > IDENTIFIES_SPACING_MS) {
		static const char why[] = "the day's new sessions are used up: waiting until Discord grants more";
		log_event(gateway->log, LOG_ERROR, "discord", "identifies_used_up", LOG_NUMBER("wait_ms", wait_ms));
		gateway->events->down(gateway->context, why);
	}
	if (wait_ms > 0)
		wait_and_retry(gateway, wait_ms, "for the next new session");
	else
		open_socket(gateway, gateway->resumes ? gateway->session.resume_url : url);
}

/* The stage after WAITING: to the session's own host, or to ask for one. */
static void connect_again(struct discord_gateway *gateway)
{
	gateway->resumes = discord_session_can_resume(&gateway->session);
	if (gateway->resumes && gateway->resume_failures < RESUME_FAILURES_ASK) {
		open_socket(gateway, gateway->session.resume_url);
		return;
	}
	discord_gateway_set_state(gateway, GATEWAY_ASKING, -1, "");
	struct discord_call call = { .route = ROUTE_GATEWAY, .done = on_asked, .context = gateway };
	discord_rest_call(gateway->rest, &call);
}

/* ---- life ---- */

struct discord_gateway *discord_gateway_create(struct loop *loop, struct log *log, const struct clock *clock,
					       struct discord_rest *rest, const struct discord_gateway_options *options)
{
	struct discord_gateway *gateway = memory_zeroed(1, sizeof *gateway);
	*gateway = (struct discord_gateway){
		.loop = loop, .log = log, .clock = clock, .rest = rest, .events = options->events, .context = options->context,
		.token = memory_text(options->token), .user_agent = memory_text(options->user_agent),
		.ca_file = memory_text(options->ca_file),
		.plain = options->plain, .message_content = options->message_content,
		.is_secure_api = strncmp(options->api_url, "http://", 7) != 0,
		.heartbeat = { .loop = loop, .clock = clock, .beat = discord_gateway_send_heartbeat, .missed = on_missed,
			       .context = gateway },
		.kept_sequence = -1,
	};
	discord_session_forget(&gateway->session);
	discord_inflate_init(&gateway->inflate);
	return gateway;
}

void discord_gateway_destroy(struct discord_gateway *gateway)
{
	if (!gateway)
		return;
	/* The connection is dropped without a close frame: after one with 1000 the next start could not resume. */
	loop_timer_cancel(&gateway->stage);
	discord_heartbeat_stop(&gateway->heartbeat);
	websocket_close(gateway->socket);
	discord_inflate_finish(&gateway->inflate);
	free(gateway->token);
	free(gateway->user_agent);
	free(gateway->ca_file);
	free(gateway);
}

void discord_gateway_start(struct discord_gateway *gateway)
{
	read_kept(gateway);
	wait_and_retry(gateway, 0, "started");
}
