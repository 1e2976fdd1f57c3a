/* server: a small HTTP server on the loop, for health checks and metrics.
 *
 * Answers GET by one function; any other method is 405. Meant for loopback or a container's own network: no TLS, no
 * authentication, so what it tells must be fit for everybody who can reach it. */
#ifndef QANTAR_NET_SERVER_H
#define QANTAR_NET_SERVER_H

#include "base/buffer.h"
#include "net/loop.h"

struct server;

enum { SERVER_BODY_BYTES = 256 * 1024 };

struct server_options {
	const char *address; /* numeric, to listen on; NULL: 127.0.0.1 */
	int port;            /* 0: the system chooses, server_port tells */
	/* Appends the answer (text/plain, at most SERVER_BODY_BYTES) for a path like "/healthz" and returns its status. */
	int (*get)(void *context, const char *path, struct buffer *body);
	void *context;
};

/* NULL when the port cannot be had. */
struct server *server_create(struct loop *loop, const struct server_options *options, struct error *error);
int server_port(const struct server *server);
/* `get` is not called any more; the port is closed within about a second, until then the answer is 503. NULL: fine. */
void server_destroy(struct server *server);

#endif
