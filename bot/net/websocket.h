/* websocket: one client connection (RFC 6455) over libwebsockets, on the loop.
 *
 * Joins fragments, caps a message at `max_message_bytes`, resolves names without blocking the loop (curl resolves; the
 * connection goes to the numeric address with the host name for SNI and certificate). Follows no redirect and uses no
 * proxy. Never reconnects by itself: `closed` is called exactly once in the life of a websocket that websocket_open
 * returned, and after it nothing else; the owner then calls websocket_close to free it. */
#ifndef QANTAR_NET_WEBSOCKET_H
#define QANTAR_NET_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"

struct websocket;

struct websocket_events {
	void (*opened)(void *context);
	/* A whole message. `data` is borrowed and followed by a NUL. */
	void (*message)(void *context, const char *data, size_t bytes, bool binary);
	/* `code`: the peer's close code, or the one given to websocket_shut; 0 when the connection was lost or never
	 * made; 1005 when the peer's close frame held none; 1009 when a message passed the cap. `reason` is for the log
	 * (already cleaned), never NULL. libwebsockets gives 1002 for 1012-1014. */
	void (*closed)(void *context, int code, const char *reason);
};

struct websocket_options {
	const char *url;          /* ws:// or wss:// */
	const char *user_agent;
	const char *ca_file;      /* NULL: the system's */
	size_t max_message_bytes; /* 0: 16 MiB */
	int64_t connect_timeout_ms; /* 0: 20,000; name, TCP, TLS and upgrade together */
	const struct websocket_events *events; /* borrowed */
	void *context;
};

struct websocket *websocket_open(struct loop *loop, const struct websocket_options *options, struct error *error);
/* Queues a text message (copied); false when not open or more than 256 KiB are waiting. */
bool websocket_send(struct websocket *websocket, const char *text, size_t bytes);
/* Starts the closing handshake; `closed` follows within 3 s in any case. */
void websocket_shut(struct websocket *websocket, int code);
/* Frees it in any state, from any callback (at the turn's end); no callback after this. NULL is fine. */
void websocket_close(struct websocket *websocket);

#endif
