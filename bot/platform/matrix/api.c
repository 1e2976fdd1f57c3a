#include "platform/matrix/api.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/matrix/internal.h"

enum {
	URL_BYTES = 16384,             /* sync tokens and filters are long */
	RETRY_AFTER_MOST_MS = 3600000, /* nobody waits longer than an hour for a rate limit */
	ERRCODE_BYTES = 100,
};

static const char errcode_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.";

struct matrix_request {
	struct matrix *matrix;
	struct matrix_request *next, **link; /* of the matrix's list */
	struct http_request *http;           /* NULL: it could not be sent; `failed` fires */
	struct loop_timer failed;
	struct error error;
	unsigned generation; /* of the token it carries */
	bool is_open;        /* carries none */
	void (*done)(struct matrix *matrix, void *context, struct matrix_reply *reply);
	void (*drop)(void *context);
	void *context;
};

char *matrix_path(const char *pattern, ...)
{
	struct buffer path;
	buffer_init(&path, URL_BYTES);
	va_list arguments;
	va_start(arguments, pattern);
	for (const char *at = pattern; *at;) {
		const char *hole = strstr(at, "{}");
		const char *argument = hole ? va_arg(arguments, const char *) : NULL;
		if (!argument) {
			buffer_append_text(&path, at);
			break;
		}
		buffer_append(&path, at, (size_t)(hole - at));
		char *escaped = http_escape(argument);
		buffer_append_text(&path, escaped);
		free(escaped);
		at = hole + 2;
	}
	va_end(arguments);
	return buffer_take(&path);
}

char *matrix_body(cJSON *object)
{
	char *text = cJSON_PrintUnformatted(object);
	cJSON_Delete(object);
	return text;
}

/* ---- answers ---- */

/* Retry-After in whole seconds (v1.10 on), else `retry_after_ms` of the body; both may be absent or nonsense. */
static int64_t retry_after_ms(const struct http_response *response, const cJSON *root)
{
	const char *header = http_response_header(response, "retry-after");
	int64_t wait = -1;
	char *end = NULL;
	long seconds = header ? strtol(header, &end, 10) : -1;
	if (header && end != header && !*end && seconds >= 0)
		wait = seconds > RETRY_AFTER_MOST_MS / 1000 ? RETRY_AFTER_MOST_MS : seconds * 1000;
	else if (!json_integer(root, "retry_after_ms", &wait) || wait < 0)
		return -1;
	return wait > RETRY_AFTER_MOST_MS ? RETRY_AFTER_MOST_MS : wait;
}

static enum matrix_verdict verdict_of(const struct http_response *response, const cJSON *root)
{
	switch (response->outcome) {
	case HTTP_NOT_SENT:
		return MATRIX_UNREACHED;
	case HTTP_LOST:
		return MATRIX_LOST;
	case HTTP_TOO_LARGE:
		return MATRIX_OVERSIZED;
	case HTTP_DONE:
		break;
	}
	if (response->status >= 200 && response->status < 300)
		return root ? MATRIX_OK : MATRIX_LOST;
	if (response->status == 429)
		return MATRIX_LIMITED;
	if (response->status == 401) /* without an errcode it is of a proxy and says nothing of the token */
		return json_string(root, "errcode") ? MATRIX_UNAUTHORISED : MATRIX_LOST;
	return response->status >= 400 && response->status < 500 && response->status != 408 ? MATRIX_REFUSED
											    : MATRIX_LOST;
}

void matrix_reply_read(struct matrix_reply *reply, const struct http_response *response)
{
	*reply = (struct matrix_reply){ .status = response->status, .errcode = "", .failure = response->failure };
	struct json_fault fault = { 0 };
	if (response->outcome == HTTP_DONE)
		reply->document = json_parse(response->body, response->body_bytes, &json_limits_message, &fault);
	if (reply->document && !cJSON_IsObject(json_root(reply->document))) {
		json_destroy(reply->document);
		reply->document = NULL;
	}
	reply->root = reply->document ? json_root(reply->document) : NULL;
	reply->verdict = verdict_of(response, reply->root);
	reply->retry_after_ms = retry_after_ms(response, reply->root);
	reply->location = response->status / 100 == 3 ? http_response_header(response, "location") : NULL;
	reply->soft_logout = json_bool(reply->root, "soft_logout", false);
	const char *errcode = json_string(reply->root, "errcode");
	/* It is shown to operators: nothing but a name. */
	bool is_name = errcode && strlen(errcode) <= ERRCODE_BYTES && !errcode[strspn(errcode, errcode_letters)];
	if (is_name && reply->verdict != MATRIX_OK)
		reply->errcode = errcode;
	if (!*reply->failure && reply->verdict != MATRIX_OK)
		reply->failure = *reply->errcode ? reply->errcode : reply->root ? "no errcode" : "no JSON object";
}

bool matrix_is_passing(const struct matrix_reply *reply)
{
	return reply->verdict != MATRIX_REFUSED && reply->verdict != MATRIX_OVERSIZED &&
	       reply->verdict != MATRIX_UNAUTHORISED;
}

/* ---- requests ---- */

static void request_free(struct matrix_request *request)
{
	if (request->next)
		request->next->link = request->link;
	*request->link = request->next;
	loop_timer_cancel(&request->failed);
	free(request);
}

static void request_finish(struct matrix_request *request, struct matrix_reply *reply)
{
	struct matrix *matrix = request->matrix;
	struct matrix_request held = *request;
	request_free(request);
	bool is_dead = reply->verdict == MATRIX_UNAUTHORISED && !held.is_open;
	if (is_dead && held.generation != matrix->token_generation) { /* there is another token by now */
		reply->verdict = MATRIX_UNREACHED;
		is_dead = false;
	}
	held.done(matrix, held.context, reply);
	if (is_dead)
		matrix_on_unauthorised(matrix, reply);
	json_destroy(reply->document);
}

static void request_on_done(void *context, const struct http_response *response)
{
	struct matrix_reply reply;
	matrix_reply_read(&reply, response);
	request_finish(context, &reply);
}

static void request_on_failed(void *context)
{
	struct matrix_request *request = context;
	struct error error = request->error; /* outlives the request */
	struct matrix_reply reply = {
		.verdict = MATRIX_UNREACHED, .errcode = "", .retry_after_ms = -1, .failure = error.text
	};
	request_finish(request, &reply);
}

static void request_start(struct matrix_request *request, const struct matrix_call *call)
{
	struct matrix *matrix = request->matrix;
	struct buffer url, authorization;
	buffer_init(&url, URL_BYTES);
	buffer_init(&authorization, URL_BYTES);
	if (call->url)
		buffer_append_text(&url, call->url);
	else if (matrix->base_url && call->path)
		buffer_format(&url, "%s/_matrix/client%s", matrix->base_url, call->path);
	const char *headers[3] = { NULL };
	size_t count = 0;
	if (call->body)
		headers[count++] = "Content-Type: application/json";
	if (!call->is_open && matrix->is_authorised) {
		buffer_format(&authorization, "Authorization: Bearer %s", matrix->access_token);
		headers[count++] = buffer_text(&authorization);
	}
	struct http_call http = {
		.method = call->method, .url = buffer_text(&url), .headers = headers, .body = call->body,
		.body_bytes = call->body ? strlen(call->body) : 0, .long_poll = call->is_long_poll,
		.no_redirect_private = call->is_private_refused || !matrix->options.homeserver,
		.timeout_ms = call->timeout_ms, .max_body_bytes = call->max_body_bytes,
		.done = request_on_done, .context = request,
	};
	if (call->is_open || matrix->is_authorised)
		request->http = http_send(matrix->http, &http, &request->error);
	else
		error_set(&request->error, "not logged in");
	if (!request->http)
		loop_timer_set(matrix->loop, &request->failed, 0, request_on_failed, request);
	buffer_finish(&url);
	buffer_finish(&authorization);
}

struct matrix_request *matrix_send_call(struct matrix *matrix, struct matrix_call *call)
{
	struct matrix_request *request = memory_zeroed(1, sizeof *request);
	request->matrix = matrix;
	request->generation = matrix->token_generation;
	request->is_open = call->is_open;
	request->done = call->done;
	request->drop = call->drop;
	request->context = call->context;
	request->link = &matrix->requests;
	request->next = matrix->requests;
	if (request->next)
		request->next->link = &request->next;
	matrix->requests = request;
	request_start(request, call);
	free(call->path);
	free(call->body);
	call->path = call->body = NULL;
	return request;
}

void matrix_request_cancel(struct matrix_request *request)
{
	if (!request)
		return;
	if (request->http)
		http_cancel(request->http);
	request_free(request);
}

void matrix_requests_finish(struct matrix *matrix)
{
	while (matrix->requests) {
		struct matrix_request *request = matrix->requests;
		void (*drop)(void *) = request->drop;
		void *context = request->context;
		matrix_request_cancel(request);
		if (drop)
			drop(context);
	}
}
