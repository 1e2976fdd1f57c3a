#include "net/websocket.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "net/loop_internal.h"
#include "net/websocket_internal.h"

enum {
	MESSAGE_BYTES_MOST = 16 * 1024 * 1024,
	KEPT_BYTES = 64 * 1024, /* of the buffer, between two messages */
	OUTGOING_BYTES_MOST = 256 * 1024,
	CONNECT_TIMEOUT_MS = 20000,
	SHUT_TIMEOUT_MS = 3000,
	HTTP_STATUS_SWITCHING = 101,
	CHUNK_BYTES = 16 * 1024, /* in which libwebsockets hands a frame over */
};

struct outgoing {
	struct outgoing *next;
	size_t bytes;
	unsigned char data[]; /* LWS_PRE bytes for libwebsockets, then the message */
};

/* ---- states ---- */

void websocket_set_state(struct websocket *websocket, enum websocket_state state)
{
	static const char *const names[] = { "starting", "resolving", "connecting", "open", "shutting", "closed" };
	websocket->state = state;
	log_event(loop_log(websocket->loop), LOG_DEBUG, "websocket", names[state],
		  LOG_TEXT("host", websocket->url.authority));
}

/* The connection goes its own way to its end: none of its callbacks reaches us any more. */
static void let_go(struct websocket *websocket)
{
	websocket_stop_lookup(websocket);
	loop_timer_cancel(&websocket->deadline);
	if (websocket->wsi) {
		lws_set_opaque_user_data(websocket->wsi, NULL);
		lws_set_timeout(websocket->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
		websocket->wsi = NULL;
	}
}

void websocket_end(struct websocket *websocket, int code, const char *reason)
{
	if (websocket->state == WEBSOCKET_CLOSED)
		return;
	let_go(websocket);
	websocket_set_state(websocket, WEBSOCKET_CLOSED);
	websocket->events->closed(websocket->context, code, reason);
}

static void on_deadline(void *context)
{
	struct websocket *websocket = context;
	bool was_open = websocket->state == WEBSOCKET_SHUTTING;
	websocket_end(websocket, was_open ? websocket->code : 0,
		      was_open ? websocket->reason : "no connection in time");
}

static void begin_shutting(struct websocket *websocket, int code, const char *reason, size_t bytes)
{
	struct buffer clean;
	buffer_init(&clean, sizeof websocket->reason - 1);
	for (size_t i = 0; i < bytes;) {
		uint32_t c;
		size_t length = utf8_next(reason + i, bytes - i, &c);
		bool plain = c >= ' ' && c != 0x7F && c != 0xFFFD;
		if (!buffer_append(&clean, plain ? reason + i : "?", plain ? length : 1))
			break;
		i += length;
	}
	memcpy(websocket->reason, buffer_text(&clean), clean.bytes + 1);
	buffer_finish(&clean);
	websocket->code = code;
	websocket_set_state(websocket, WEBSOCKET_SHUTTING);
	loop_timer_set(websocket->loop, &websocket->deadline, SHUT_TIMEOUT_MS, on_deadline, websocket);
}

/* ---- what libwebsockets calls; a result that is not 0 closes the connection ---- */

/* Always 0: closed out of this callback with a reason, libwebsockets 4.1.6 goes on to read and fills its buffer past
 * the end. Whoever wants the connection closed asks for the writeable callback or let it go. */

static int on_receive(struct websocket *websocket, struct lws *wsi, const char *data, size_t bytes)
{
	if (websocket->state != WEBSOCKET_OPEN)
		return 0;
	if (lws_is_first_fragment(wsi)) {
		buffer_clear(&websocket->in);
		websocket->binary = lws_frame_is_binary(wsi);
	}
	if (!buffer_append(&websocket->in, data, bytes)) {
		static const char why[] = "message too large";
		begin_shutting(websocket, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, why, sizeof why - 1);
		websocket->close_asked = true;
		lws_callback_on_writable(wsi);
		return 0;
	}
	if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
		return 0;
	websocket->events->message(websocket->context, buffer_text(&websocket->in), websocket->in.bytes,
				   websocket->binary);
	buffer_shrink(&websocket->in, KEPT_BYTES);
	return 0;
}

static int on_writeable(struct websocket *websocket, struct lws *wsi)
{
	struct outgoing *message = websocket->first;
	if (message) {
		websocket->first = message->next;
		if (!message->next)
			websocket->last = NULL;
		websocket->outgoing_bytes -= message->bytes;
		int put = lws_write(wsi, message->data + LWS_PRE, message->bytes, LWS_WRITE_TEXT);
		free(message);
		if (put < 0)
			return -1;
		if (websocket->first || websocket->close_asked)
			lws_callback_on_writable(wsi);
		return 0;
	}
	if (!websocket->close_asked)
		return 0;
	websocket->close_asked = false;
	lws_close_reason(wsi, (enum lws_close_status)websocket->code, NULL, 0);
	return -1;
}

static int on_peer_close(struct websocket *websocket, const unsigned char *data, size_t bytes)
{
	if (websocket->state != WEBSOCKET_OPEN)
		return 0;
	/* RFC 6455, 7.1.5: a close frame without a code counts as 1005. */
	int code = bytes >= 2 ? data[0] << 8 | data[1] : 1005;
	begin_shutting(websocket, code, bytes > 2 ? (const char *)data + 2 : "", bytes > 2 ? bytes - 2 : 0);
	return 0;
}

static int append_user_agent(struct websocket *websocket, struct lws *wsi, unsigned char **at, size_t bytes)
{
	if (!websocket || !websocket->user_agent)
		return 0;
	return lws_add_http_header_by_name(wsi, (const unsigned char *)"User-Agent:",
					   (const unsigned char *)websocket->user_agent,
					   (int)strlen(websocket->user_agent), at, *at + bytes);
}

static void on_refused(struct websocket *websocket, struct lws *wsi, const char *why, size_t bytes)
{
	char reason[256];
	unsigned status = lws_http_client_http_response(wsi);
	if (status && status != HTTP_STATUS_SWITCHING)
		snprintf(reason, sizeof reason, "the server answered with HTTP status %u", status);
	else
		snprintf(reason, sizeof reason, "%.*s", (int)(why ? bytes : 0), why ? why : "");
	websocket->wsi = NULL; /* gone already */
	websocket_end(websocket, 0, reason[0] ? reason : "the connection failed");
}

static void on_gone(struct websocket *websocket)
{
	bool was_shutting = websocket->state == WEBSOCKET_SHUTTING;
	websocket->wsi = NULL;
	websocket_end(websocket, was_shutting ? websocket->code : 0,
		      was_shutting ? websocket->reason : "connection lost");
}

static int on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t bytes)
{
	(void)user;
	struct websocket *websocket = wsi ? lws_get_opaque_user_data(wsi) : NULL;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return append_user_agent(websocket, wsi, in, bytes);
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		if (!websocket)
			return -1;
		loop_timer_cancel(&websocket->deadline);
		websocket_set_state(websocket, WEBSOCKET_OPEN);
		if (websocket->events->opened)
			websocket->events->opened(websocket->context);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return websocket ? on_receive(websocket, wsi, in, bytes) : 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return websocket ? on_writeable(websocket, wsi) : -1;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		return websocket ? on_peer_close(websocket, in, bytes) : -1;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		if (websocket)
			on_refused(websocket, wsi, in, bytes);
		return 0;
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY:
		if (websocket && websocket->wsi)
			on_gone(websocket);
		return 0;
	default:
		return 0;
	}
}

/* No extensions: permessage-deflate of libwebsockets 4.1 loses data. */
const struct lws_protocols websocket_protocols[] = {
	{ .name = "websocket", .callback = on_lws, .rx_buffer_size = CHUNK_BYTES },
	{ .name = NULL },
};

/* ---- life ---- */

static void begin(void *context)
{
	struct websocket *websocket = context;
	if (websocket->state == WEBSOCKET_STARTING)
		websocket_connect(websocket);
}

struct websocket *websocket_open(struct loop *loop, const struct websocket_options *options, struct error *error)
{
	struct websocket *websocket = memory_zeroed(1, sizeof *websocket);
	if (!websocket_url_parse(&websocket->url, options->url, error)) {
		free(websocket);
		return NULL;
	}
	websocket->loop = loop;
	websocket->events = options->events;
	websocket->context = options->context;
	websocket->user_agent = memory_text(options->user_agent);
	websocket->ca_file = memory_text(options->ca_file);
	websocket->connect_timeout_ms =
		options->connect_timeout_ms > 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
	buffer_init(&websocket->in, options->max_message_bytes ? options->max_message_bytes : MESSAGE_BYTES_MOST);
	loop_timer_set(loop, &websocket->deadline, websocket->connect_timeout_ms, on_deadline, websocket);
	loop_defer(loop, begin, websocket);
	return websocket;
}

bool websocket_send(struct websocket *websocket, const char *text, size_t bytes)
{
	if (websocket->state != WEBSOCKET_OPEN || bytes > OUTGOING_BYTES_MOST - websocket->outgoing_bytes)
		return false;
	struct outgoing *message = malloc(sizeof *message + LWS_PRE + bytes);
	if (!message)
		return false;
	message->next = NULL;
	message->bytes = bytes;
	memcpy(message->data + LWS_PRE, text, bytes);
	if (websocket->last)
		websocket->last->next = message;
	else
		websocket->first = message;
	websocket->last = message;
	websocket->outgoing_bytes += bytes;
	lws_callback_on_writable(websocket->wsi);
	return true;
}

void websocket_shut(struct websocket *websocket, int code)
{
	if (websocket->state == WEBSOCKET_OPEN) {
		begin_shutting(websocket, code, "", 0);
		websocket->close_asked = true;
		lws_callback_on_writable(websocket->wsi);
	} else if (websocket->state < WEBSOCKET_OPEN) {
		loop_timer_set(websocket->loop, &websocket->deadline, 0, on_deadline, websocket);
	}
}

static void free_websocket(void *context)
{
	struct websocket *websocket = context;
	while (websocket->first) {
		struct outgoing *message = websocket->first;
		websocket->first = message->next;
		free(message);
	}
	buffer_finish(&websocket->in);
	free(websocket->user_agent);
	free(websocket->ca_file);
	free(websocket);
}

void websocket_close(struct websocket *websocket)
{
	if (!websocket)
		return;
	let_go(websocket);
	websocket->state = WEBSOCKET_CLOSED;
	loop_defer(websocket->loop, free_websocket, websocket); /* a callback of it may be running */
}
