/* http_internal: what the three files of http share. http.c: life, requests, the turn's end; http_queue.c: who may
 * start; http_exchange.c: one request over one easy handle. */
#ifndef QANTAR_NET_HTTP_INTERNAL_H
#define QANTAR_NET_HTTP_INTERNAL_H

#include "base/buffer.h"
#include "net/http.h"
#include "net/transfers.h"

enum request_state {
	REQUEST_WAITING,   /* in its host's FIFO, or among the long polls to start */
	REQUEST_RUNNING,   /* with curl; the exchange is its */
	REQUEST_FINISHING, /* its `done` is being called */
};

struct http_request {
	struct http *http;
	struct http_request *next, *previous; /* of all of http's */
	struct http_request *after, *before;  /* in the FIFO it waits in */
	enum request_state state;
	struct http_host *host; /* NULL: long poll */
	struct exchange *exchange;
	const char *method; /* static */
	char *url;
	struct curl_slist *headers;
	char *body; /* NULL: none */
	size_t body_bytes;
	bool public_only;
	unsigned redirects;
	int64_t timeout_ms;
	size_t max_body_bytes;
	void (*done)(void *context, const struct http_response *response);
	void *context;
};

struct http_fifo {
	struct http_request *first, *last;
};

struct http_queue {
	struct http_host *hosts;
	struct http_fifo polls; /* long polls to start */
	unsigned per_host;
	size_t waiting;
};

struct http {
	struct loop *loop;
	struct transfers *transfers;
	struct http_queue queue;
	struct http_request *requests;
	struct exchange *spare; /* exchanges not in use */
	size_t spare_count;
	char *user_agent, *ca_file;
	size_t max_queued;
	void (*before_send)(void *context);
	void *context;
	bool flush_deferred;
	bool may_keep_private; /* a request that may go to any address was sent */
	bool dead;
};

/* Bytes of the URL up to its path when it is one of ours: http or https, a host, no user, printable ASCII; else 0. */
size_t http_origin_bytes(const char *url);

/* ---- http_queue.c: a FIFO a host, at most `per_host` of it running ---- */
void http_queue_add(struct http_queue *queue, struct http_request *request, bool long_poll);
/* The next that may start, marked as running; NULL: none. */
struct http_request *http_queue_next(struct http_queue *queue);
bool http_queue_ready(const struct http_queue *queue);
/* Takes it out in whatever state it is. */
void http_queue_leave(struct http_queue *queue, struct http_request *request);

/* ---- http_exchange.c ---- */
bool exchange_start(struct http *http, struct http_request *request);
/* Gives up a running request's exchange: the connection is closed. */
void exchange_abandon(struct http *http, struct http_request *request);
void exchange_finished(void *context, struct transfer *transfer, CURLcode result);
void exchange_destroy_spare(struct http *http);

/* ---- http.c ---- */
/* Calls `done` and frees the request. */
void http_complete(struct http_request *request, const struct http_response *response);

#endif
