#include "net/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/http_internal.h"

enum {
	PER_HOST = 8,
	QUEUED_MOST = 10000,
	TIMEOUT_MS = 30000,
	BODY_BYTES_MOST = 1024 * 1024,
	URL_BYTES_MOST = 8192,
};

/* ---- life ---- */

struct http *http_create(struct loop *loop, const struct http_options *options, struct error *error)
{
	struct http *http = memory_zeroed(1, sizeof *http);
	http->transfers = transfers_create(loop, exchange_finished, http, error);
	if (!http->transfers) {
		free(http);
		return NULL;
	}
	http->loop = loop;
	http->queue.per_host = options->per_host ? options->per_host : PER_HOST;
	http->max_queued = options->max_queued ? options->max_queued : QUEUED_MOST;
	http->user_agent = memory_text(options->user_agent);
	http->ca_file = memory_text(options->ca_file);
	http->before_send = options->before_send;
	http->context = options->context;
	return http;
}

static void request_destroy(struct http_request *request)
{
	struct http *http = request->http;
	if (request->next)
		request->next->previous = request->previous;
	if (request->previous)
		request->previous->next = request->next;
	else
		http->requests = request->next;
	http_queue_leave(&http->queue, request);
	curl_slist_free_all(request->headers);
	free(request->body);
	free(request->url);
	free(request);
}

static void free_http(void *context)
{
	free(context);
}

void http_destroy(struct http *http)
{
	if (!http)
		return;
	http->dead = true;
	for (struct http_request *at = http->requests, *next; at; at = next) {
		next = at->next;
		if (at->state == REQUEST_FINISHING)
			continue; /* this is called from its `done`, after which it goes by itself */
		if (at->state == REQUEST_RUNNING)
			exchange_abandon(http, at);
		request_destroy(at);
	}
	exchange_destroy_spare(http);
	transfers_destroy(http->transfers);
	free(http->user_agent);
	free(http->ca_file);
	loop_defer(http->loop, free_http, http);
}

/* ---- the turn's end ---- */

static void fail_to_start(struct http_request *request)
{
	struct http_response response = { .outcome = HTTP_NOT_SENT, .body = "", .failure = "libcurl took no request" };
	http_complete(request, &response);
}

static void flush(void *context)
{
	struct http *http = context;
	http->flush_deferred = false;
	if (http->dead || !http_queue_ready(&http->queue))
		return;
	if (http->before_send)
		http->before_send(http->context);
	struct http_request *request;
	while (!http->dead && (request = http_queue_next(&http->queue)))
		if (!exchange_start(http, request))
			fail_to_start(request);
}

static void defer_flush(struct http *http)
{
	if (http->flush_deferred || http->dead || !http_queue_ready(&http->queue))
		return;
	http->flush_deferred = true;
	loop_defer(http->loop, flush, http);
}

void http_complete(struct http_request *request, const struct http_response *response)
{
	struct http *http = request->http;
	if (response->outcome != HTTP_DONE)
		log_event(loop_log(http->loop), LOG_DEBUG, "http", "failed", LOG_TEXT("method", request->method),
			  LOG_TEXT("why", response->failure));
	request->state = REQUEST_FINISHING;
	request->done(request->context, response);
	request_destroy(request);
	defer_flush(http);
}

/* ---- requests ---- */

size_t http_origin_bytes(const char *url)
{
	size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 : strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
	size_t authority = scheme ? strcspn(url + scheme, "/?#") : 0;
	if (authority == 0 || memchr(url + scheme, '@', authority) || strlen(url) > URL_BYTES_MOST)
		return 0;
	for (const char *at = url; *at; at++)
		if (*at <= ' ' || *at >= 0x7F || *at == '\\')
			return 0;
	return scheme + authority;
}

static const char *known_method(const char *method)
{
	static const char *const methods[] = { "GET", "PUT", "POST", "DELETE", "PATCH" };
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(method, methods[i]) == 0)
			return methods[i];
	return NULL;
}

static bool append_header(struct curl_slist **list, const char *line)
{
	for (const char *at = line; *at; at++)
		if ((unsigned char)*at < ' ' && *at != '\t')
			return false;
	struct curl_slist *longer = curl_slist_append(*list, line);
	if (longer)
		*list = longer;
	return longer != NULL;
}

static bool copy_headers(struct http_request *request, const char *const *headers)
{
	bool has_type = false;
	for (size_t i = 0; headers && headers[i]; i++) {
		has_type = has_type || strncasecmp(headers[i], "Content-Type:", 13) == 0;
		if (!append_header(&request->headers, headers[i]))
			return false;
	}
	if (!request->body)
		return true;
	/* Or curl would call a body a form, and wait a second for "100 Continue" before a long one. */
	return (has_type || append_header(&request->headers, "Content-Type:")) &&
	       append_header(&request->headers, "Expect:");
}

/* PUT, POST and PATCH always have a body, be it empty: servers want its length. */
static bool copy_body(struct http_request *request, const struct http_call *call)
{
	bool wanted = call->body || request->method[0] == 'P';
	size_t bytes = call->body ? call->body_bytes : 0;
	request->body = wanted ? malloc(bytes + 1) : NULL;
	if (wanted && !request->body)
		return false;
	if (bytes)
		memcpy(request->body, call->body, bytes);
	request->body_bytes = bytes;
	return true;
}

static void link_request(struct http *http, struct http_request *request)
{
	request->next = http->requests;
	if (http->requests)
		http->requests->previous = request;
	http->requests = request;
}

struct http_request *http_send(struct http *http, const struct http_call *call, struct error *error)
{
	const char *method = known_method(call->method);
	if (!method || http_origin_bytes(call->url) == 0) {
		error_set(error, "%s", method ? "the URL is not one of http:// or https:// with a host and no user" :
					       "the method is none of GET, PUT, POST, DELETE, PATCH");
		return NULL;
	}
	if (http->dead || http->queue.waiting >= http->max_queued) {
		error_set(error, "%zu requests are waiting already", http->queue.waiting);
		return NULL;
	}
	struct http_request *request = memory_zeroed(1, sizeof *request);
	request->http = http;
	request->method = method;
	request->public_only = call->no_redirect_private;
	request->timeout_ms = call->timeout_ms > 0 ? call->timeout_ms : TIMEOUT_MS;
	request->max_body_bytes = call->max_body_bytes ? call->max_body_bytes : BODY_BYTES_MOST;
	request->done = call->done;
	request->context = call->context;
	if (!copy_body(request, call) || !copy_headers(request, call->headers)) {
		error_set(error, "the request cannot be made: no memory, or a line end within a header");
		curl_slist_free_all(request->headers);
		free(request->body);
		free(request);
		return NULL;
	}
	request->url = memory_text(call->url);
	link_request(http, request);
	http_queue_add(&http->queue, request, call->long_poll);
	defer_flush(http);
	return request;
}

void http_cancel(struct http_request *request)
{
	if (!request || request->state == REQUEST_FINISHING)
		return;
	struct http *http = request->http;
	if (request->state == REQUEST_RUNNING)
		exchange_abandon(http, request);
	request_destroy(request);
	defer_flush(http);
}

char *http_escape(const char *text)
{
	char *escaped = curl_easy_escape(NULL, text, 0);
	char *copy = escaped ? memory_text(escaped) : NULL;
	curl_free(escaped);
	return copy;
}
