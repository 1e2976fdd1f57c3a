/* api: one request of the Client-Server API: its address, its token, and what its answer means.
 *
 * The token travels in the Authorization header only. A 401 is reported to the login (login.c) from here, after
 * `done` has returned, so that no caller has to; a caller that gets MATRIX_UNAUTHORISED gives up, or tries again once
 * connected. */
#ifndef QANTAR_PLATFORM_MATRIX_API_H
#define QANTAR_PLATFORM_MATRIX_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "net/http.h"

struct matrix;
struct matrix_request; /* under way; owned by the matrix */

enum matrix_verdict {
	MATRIX_OK,           /* 2xx with a JSON object */
	MATRIX_LIMITED,      /* 429: again after `retry_after_ms` */
	MATRIX_UNAUTHORISED, /* 401 of the homeserver: the token is not taken (any more) */
	MATRIX_REFUSED,      /* another 4xx: asking again brings the same */
	MATRIX_LOST,         /* 5xx, a proxy's 401, garbage, no whole answer: it may have been done */
	MATRIX_UNREACHED,    /* it has not been done */
	MATRIX_OVERSIZED,    /* an answer past the cap */
};

struct matrix_reply {
	enum matrix_verdict verdict;
	long status;             /* 0: no answer */
	struct json *document;   /* NULL unless the body is a JSON object; set to NULL by who keeps it */
	const cJSON *root;       /* of `document`, or NULL: the getters of json.h take that */
	const char *errcode;     /* "M_FORBIDDEN", or "" */
	int64_t retry_after_ms;  /* -1: not told */
	bool soft_logout;
	const char *location;    /* of a 3xx to another host; NULL: none. Borrowed until `done` returns */
	const char *failure;     /* for logs and errors; never NULL */
};

struct matrix_call {
	const char *method;
	char *path;              /* after /_matrix/client, by matrix_path; freed by matrix_send_call */
	const char *url;         /* instead of `path`: another server's file */
	char *body;              /* JSON, malloc'd; freed by matrix_send_call */
	bool is_open;            /* sent without the token */
	bool is_private_refused; /* addresses of private networks are refused whatever the settings say */
	bool is_long_poll;
	int64_t timeout_ms;      /* 0: 30 s */
	size_t max_body_bytes;   /* 0: 1 MiB */
	void (*done)(struct matrix *matrix, void *context,
		     struct matrix_reply *reply); /* exactly once, never from inside the call */
	void (*drop)(void *context); /* instead of `done` when the matrix goes; may be NULL */
	void *context;
};

struct matrix_request *matrix_send_call(struct matrix *matrix, struct matrix_call *call);
/* Neither `done` nor `drop` will be called. NULL is fine. */
void matrix_request_cancel(struct matrix_request *request);
/* Drops every request. */
void matrix_requests_finish(struct matrix *matrix);

/* "/v3/rooms/{}/leave" with each {} replaced by an argument, percent-encoded; the arguments end with NULL. malloc'd. */
char *matrix_path(const char *pattern, ...) __attribute__((sentinel));

/* Prints and deletes `object`; malloc'd. */
char *matrix_body(cJSON *object);

/* Whether asking again later may bring something else. */
bool matrix_is_passing(const struct matrix_reply *reply);

/* Reads what came, for tests as well; `reply->document` is the caller's. */
void matrix_reply_read(struct matrix_reply *reply, const struct http_response *response);

#endif
