/* websocket_internal: what the two files of websocket share. websocket_connect.c: URL, name, connection;
 * websocket.c: life, messages, the closing handshake. */
#ifndef QANTAR_NET_WEBSOCKET_INTERNAL_H
#define QANTAR_NET_WEBSOCKET_INTERNAL_H

#include <libwebsockets.h>

#include "base/buffer.h"
#include "net/transfers.h"
#include "net/websocket.h"

enum {
	WEBSOCKET_REASON_BYTES = 124, /* a close frame holds 123 (RFC 6455, 5.5) */
	WEBSOCKET_HOST_BYTES = 112,   /* libwebsockets cuts the Host line at 128 */
	WEBSOCKET_PATH_BYTES = 1024,  /* its handshake has 4 KiB for everything */
};

enum websocket_state {
	WEBSOCKET_STARTING,   /* opened in this turn */
	WEBSOCKET_RESOLVING,  /* curl looks the name up, and which of its addresses answers */
	WEBSOCKET_CONNECTING, /* TCP, TLS and upgrade are libwebsockets' */
	WEBSOCKET_OPEN,
	WEBSOCKET_SHUTTING,   /* a close frame was sent or came */
	WEBSOCKET_CLOSED,     /* `closed` was called, or the owner closed it */
};

struct websocket_url {
	bool tls;
	int port;
	char authority[WEBSOCKET_HOST_BYTES]; /* host[:port] as written, for Host and SNI */
	char host[WEBSOCKET_HOST_BYTES];      /* without the brackets of an IPv6 address */
	char path[WEBSOCKET_PATH_BYTES];      /* with the query */
};

struct websocket {
	struct loop *loop;
	const struct websocket_events *events;
	void *context;
	enum websocket_state state;
	struct websocket_url url;
	char *user_agent, *ca_file;
	struct transfers *transfers; /* while RESOLVING */
	struct transfer lookup;
	struct lws *wsi; /* CONNECTING to SHUTTING */
	struct loop_timer deadline; /* of the connection, then of the closing handshake */
	int64_t connect_timeout_ms;
	struct buffer in; /* the message so far */
	bool binary;
	struct outgoing *first, *last;
	size_t outgoing_bytes;
	bool close_asked; /* websocket_shut: our close frame follows what is queued */
	int code;
	char reason[WEBSOCKET_REASON_BYTES];
};

bool websocket_url_parse(struct websocket_url *url, const char *text, struct error *error);

/* Begins with the name; ends in the callbacks of libwebsockets or in websocket_end. */
void websocket_connect(struct websocket *websocket);
/* Gives up looking the name up. */
void websocket_stop_lookup(struct websocket *websocket);

void websocket_set_state(struct websocket *websocket, enum websocket_state state);
/* Lets go of the connection and calls `closed`; the first call counts. */
void websocket_end(struct websocket *websocket, int code, const char *reason);

extern const struct lws_protocols websocket_protocols[];

#endif
