#include "net/server.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/loop_internal.h"

enum {
	TIMEOUT_S = 5, /* for a request to come, and for its answer to go */
	HEADER_BYTES = 512,
};

struct server {
	struct lws_vhost *vhost;
	char address[64];
	int (*get)(void *context, const char *path, struct buffer *body); /* NULL: destroyed */
	void *context;
};

struct answer { /* one a connection; libwebsockets owns and zeroes it */
	unsigned char *data; /* LWS_PRE bytes for libwebsockets, then the body; NULL: none */
	size_t bytes;
};

static bool send_head(struct lws *wsi, int status, size_t bytes)
{
	unsigned char head[LWS_PRE + HEADER_BYTES], *start = head + LWS_PRE, *at = start, *end = head + sizeof head - 1;
	return lws_add_http_common_headers(wsi, (unsigned)status, "text/plain; charset=utf-8", bytes, &at, end) == 0 &&
	       lws_finalize_write_http_header(wsi, start, &at, end) == 0;
}

static void drop(struct answer *answer)
{
	if (!answer)
		return;
	free(answer->data);
	answer->data = NULL;
}

/* The head goes at once, the body when the connection can take it. */
static int on_request(struct server *server, struct lws *wsi, struct answer *answer, const char *path)
{
	struct buffer body;
	int status = 405;
	buffer_init(&body, SERVER_BODY_BYTES);
	if (lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0)
		status = server->get ? server->get(server->context, path, &body) : 503;
	if (body.failed) {
		buffer_clear(&body);
		status = 500;
	}
	drop(answer);
	answer->bytes = body.bytes;
	if (body.bytes > 0) {
		answer->data = memory_zeroed(LWS_PRE + body.bytes, 1);
		memcpy(answer->data + LWS_PRE, body.data, body.bytes);
	}
	buffer_finish(&body);
	if (!send_head(wsi, status, answer->bytes))
		return -1;
	if (!answer->data)
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	lws_callback_on_writable(wsi);
	return 0;
}

static int on_writeable(struct lws *wsi, struct answer *answer)
{
	if (!answer->data)
		return 0;
	int put = lws_write(wsi, answer->data + LWS_PRE, answer->bytes, LWS_WRITE_HTTP_FINAL);
	drop(answer);
	return put < 0 || lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int on_lws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t bytes)
{
	struct answer *answer = user;
	struct server *server = wsi && lws_get_vhost(wsi) ? lws_get_vhost_user(lws_get_vhost(wsi)) : NULL;
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return on_request(server, wsi, answer, in);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return on_writeable(wsi, answer);
	case LWS_CALLBACK_CLOSED_HTTP:
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL: /* one of them comes, or both */
		drop(answer);
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, bytes);
	}
}

static const struct lws_protocols server_protocols[] = {
	{ .name = "http", .callback = on_lws, .per_session_data_size = sizeof(struct answer) },
	{ .name = NULL },
};

struct server *server_create(struct loop *loop, const struct server_options *options, struct error *error)
{
	struct server *server = memory_zeroed(1, sizeof *server);
	loop_keep(loop, server);
	snprintf(server->address, sizeof server->address, "%s", options->address ? options->address : "127.0.0.1");
	server->get = options->get;
	server->context = options->context;
	struct lws_context_creation_info info = {
		.port = options->port,
		.iface = server->address,
		.vhost_name = "server",
		.protocols = server_protocols,
		.http_proxy_address = "",
		.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND,
		.timeout_secs = TIMEOUT_S,
		.keepalive_timeout = TIMEOUT_S,
		.user = server,
	};
	server->vhost = lws_create_vhost(loop_lws(loop), &info);
	if (server->vhost)
		return server;
	error_set(error, "cannot listen on %s port %d: is the port taken?", server->address, options->port);
	return NULL;
}

int server_port(const struct server *server)
{
	return lws_get_vhost_listen_port(server->vhost);
}

void server_destroy(struct server *server)
{
	if (!server)
		return;
	server->get = NULL;
	lws_vhost_destroy(server->vhost); /* at leisure: the loop keeps `server` for its last connections */
}
