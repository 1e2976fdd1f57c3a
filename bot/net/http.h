/* http: requests over libcurl, on the loop.
 *
 * One `struct http` a platform. Per host a FIFO of our own with at most `per_host` transfers in flight; a `long_poll`
 * stands outside. Requests in flight may pass each other: who needs an order, as in a room, sends the next when the one
 * before is done. Nothing is sent in the turn it was asked for: at the turn's end `before_send` is called once (the bot
 * commits its store there), then the queue starts. Retries are the caller's: `done` says whether the request can have
 * reached the server. A GET is redirected within its own host only: any other 3xx is the caller's to look at, as a
 * status. No proxies, no cookies; HTTP/1.1; gzip is undone. */
#ifndef QANTAR_NET_HTTP_H
#define QANTAR_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"

struct http;

struct http_options {
	const char *user_agent;
	const char *ca_file;        /* NULL: the system's */
	unsigned per_host;          /* transfers in flight to one host; 0: 8 */
	size_t max_queued;          /* 0: 10,000; a request past it is refused */
	void (*before_send)(void *context); /* may be NULL */
	void *context;
};

struct http *http_create(struct loop *loop, const struct http_options *options, struct error *error);
/* Drops what is queued or under way; their `done` is not called. Fine inside a `done`; NULL is fine. */
void http_destroy(struct http *http);

enum http_outcome {
	HTTP_DONE,     /* a status and a whole body came */
	HTTP_NOT_SENT, /* refused, no route, no DNS, TLS failed: the server has not seen it */
	HTTP_LOST,     /* sent at least in part, no whole answer: the server may have seen it */
	HTTP_TOO_LARGE,/* the body passed max_body_bytes (counted after decompression) */
};

struct http_response {
	enum http_outcome outcome;
	long status;          /* 0 unless HTTP_DONE */
	const char *body;     /* terminated; borrowed until `done` returns */
	size_t body_bytes;
	const char *failure;  /* curl's words when not HTTP_DONE, else "" */
};
/* A response header by name (case-insensitive), NULL when absent; borrowed until `done` returns. */
const char *http_response_header(const struct http_response *response, const char *name);

struct http_call {
	const char *method;       /* "GET", "PUT", "POST", "DELETE", "PATCH" */
	const char *url;
	const char *const *headers; /* "Name: value", NULL-terminated; may be NULL. Copied. */
	const char *body;         /* may be NULL; copied */
	size_t body_bytes;
	bool long_poll;
	bool no_redirect_private; /* refuse to connect to loopback, private and link-local addresses */
	int64_t timeout_ms;       /* 0: 30,000 */
	size_t max_body_bytes;    /* 0: 1 MiB */
	void (*done)(void *context, const struct http_response *response); /* called exactly once */
	void *context;
};

struct http_request; /* owned by http until `done` returns */

/* NULL when the queue is full or the URL cannot be used (`error` says which); `done` is then not called. */
struct http_request *http_send(struct http *http, const struct http_call *call, struct error *error);
/* `done` will not be called any more. Inside its own `done` it does nothing; NULL is fine. */
void http_cancel(struct http_request *request);

/* Percent-encodes one path segment or query value (RFC 3986). The caller frees. */
char *http_escape(const char *text);

#endif
