/* What Discord says on the gateway: one function an opcode. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/discord/gateway_internal.h"
#include "platform/discord/payload.h"

enum { INVALID_SESSIONS_MOST = 3 }; /* "may be resumed" so many times in a row: it may not */

static void identify_or_resume(struct discord_gateway *gateway)
{
	struct buffer payload;
	buffer_init(&payload, PAYLOAD_BYTES);
	if (gateway->resumes) {
		discord_payload_resume(&payload, gateway->token, &gateway->session);
		discord_gateway_set_state(gateway, GATEWAY_RESUMING, GATEWAY_READY_MS, "");
	} else {
		discord_identifies_take(&gateway->identifies, gateway->clock);
		char *count = discord_identifies_write(&gateway->identifies);
		gateway->events->keep(gateway->context, "gateway.identifies", count);
		free(count);
		discord_payload_identify(&payload, gateway->token, gateway->message_content);
		discord_gateway_set_state(gateway, GATEWAY_IDENTIFYING, GATEWAY_READY_MS, "");
	}
	discord_gateway_send(gateway, &payload);
}

static void on_hello(struct discord_gateway *gateway, const cJSON *root)
{
	int64_t interval_ms;
	if (gateway->state != GATEWAY_GREETING)
		return;
	if (!json_integer(json_object(root, "d"), "heartbeat_interval", &interval_ms)) {
		discord_gateway_leave(gateway, -1, "a HELLO without an interval");
		return;
	}
	discord_heartbeat_start(&gateway->heartbeat, interval_ms);
	identify_or_resume(gateway);
}

static void on_events_flow(struct discord_gateway *gateway, const char *why)
{
	gateway->invalid_sessions = 0;
	discord_gateway_set_state(gateway, GATEWAY_READY, -1, why);
	discord_gateway_keep_session(gateway);
	gateway->events->ready(gateway->context);
}

static void on_ready(struct discord_gateway *gateway, const cJSON *data, int64_t sequence)
{
	if (!discord_session_begin(&gateway->session, data)) {
		discord_gateway_leave(gateway, -1, "a READY that lacks the session or the bot's id");
		return;
	}
	gateway->session.sequence = sequence;
	on_events_flow(gateway, "a new session");
}

static void on_dispatch(struct discord_gateway *gateway, const cJSON *root)
{
	const char *type = json_string(root, "t");
	const cJSON *data = json_get(root, "d");
	int64_t sequence;
	if (!type || !json_integer(root, "s", &sequence) || sequence < 0)
		return;
	if (gateway->state == GATEWAY_IDENTIFYING) {
		if (strcmp(type, "READY") == 0)
			on_ready(gateway, data, sequence);
		return;
	}
	if (gateway->state != GATEWAY_READY && gateway->state != GATEWAY_RESUMING)
		return;
	gateway->session.sequence = sequence;
	if (gateway->state == GATEWAY_RESUMING && strcmp(type, "RESUMED") == 0)
		on_events_flow(gateway, "resumed");
	else
		gateway->events->dispatch(gateway->context, type, data);
}

static void on_heartbeat(struct discord_gateway *gateway, const cJSON *root)
{
	(void)root;
	discord_gateway_send_heartbeat(gateway);
}

static void on_reconnect(struct discord_gateway *gateway, const cJSON *root)
{
	(void)root;
	discord_gateway_leave(gateway, 0, "Discord asked to reconnect");
}

static void on_invalid_session(struct discord_gateway *gateway, const cJSON *root)
{
	bool may_resume = cJSON_IsTrue(json_get(root, "d")) && ++gateway->invalid_sessions < INVALID_SESSIONS_MOST;
	if (!may_resume)
		discord_session_forget(&gateway->session);
	/* One to five seconds, the documentation asks, so that bots do not identify together. */
	int64_t delay_ms = 1000 + gateway->clock->random(gateway->clock) % 4000;
	discord_gateway_leave(gateway, delay_ms,
			      may_resume ? "the session must be resumed" : "the session is no longer valid");
}

static void on_heartbeat_ack(struct discord_gateway *gateway, const cJSON *root)
{
	(void)root;
	discord_heartbeat_acknowledged(&gateway->heartbeat);
	if (gateway->state == GATEWAY_READY)
		gateway->attempt = 0; /* it works, and did for a while */
}

static void on_frame(struct discord_gateway *gateway, const cJSON *root)
{
	/* By opcode. */
	static void (*const handlers[])(struct discord_gateway *, const cJSON *) = {
		[OPCODE_DISPATCH] = on_dispatch,
		[OPCODE_HEARTBEAT] = on_heartbeat,
		[OPCODE_RECONNECT] = on_reconnect,
		[OPCODE_INVALID_SESSION] = on_invalid_session,
		[OPCODE_HELLO] = on_hello,
		[OPCODE_HEARTBEAT_ACK] = on_heartbeat_ack,
	};
	int64_t opcode;
	if (json_integer(root, "op", &opcode) && opcode >= 0 && (size_t)opcode < sizeof handlers / sizeof *handlers &&
	    handlers[opcode])
		handlers[opcode](gateway, root);
}

static void on_garbage(struct discord_gateway *gateway, const char *what)
{
	log_event(gateway->log, LOG_WARNING, "discord", "gateway_garbage", LOG_TEXT("what", what));
	if (++gateway->garbage >= GATEWAY_GARBAGE_MOST)
		discord_gateway_leave(gateway, -1, "nothing but garbage arrives");
}

void discord_gateway_on_text(struct discord_gateway *gateway, const char *data, size_t bytes, bool binary)
{
	if (binary && !gateway->plain) {
		switch (discord_inflate_message(&gateway->inflate, data, bytes)) {
		case INFLATE_WHOLE:
			data = buffer_text(&gateway->inflate.text);
			bytes = gateway->inflate.text.bytes;
			break;
		case INFLATE_TOO_LARGE: /* one event lost; the next ones come */
			on_garbage(gateway, "a message larger than the cap");
			return;
		case INFLATE_CORRUPT:
			discord_gateway_leave(gateway, -1, "the compressed stream is corrupt");
			return;
		}
	}
	struct json_fault fault;
	struct json *json = json_parse(data, bytes, &json_limits_message, &fault);
	if (!json) {
		on_garbage(gateway, fault.text);
		return;
	}
	gateway->garbage = 0;
	on_frame(gateway, json_root(json));
	json_destroy(json);
}
