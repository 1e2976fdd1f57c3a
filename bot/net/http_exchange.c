#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/http_internal.h"

enum {
	HEADER_BYTES_MOST = 256 * 1024, /* of one response */
	REDIRECTS_MOST = 5,
	SPARE_MOST = 16,
	SPARE_BODY_BYTES = 64 * 1024, /* that an exchange not in use keeps */
};

struct exchange {
	struct transfer transfer; /* first: libcurl hands it back */
	struct exchange *next;    /* of the spare ones */
	struct http_request *request;
	struct buffer body;
	size_t header_bytes;
	bool too_large;
	char failure[CURL_ERROR_SIZE];
};

struct answer { /* what a response points into */
	struct http_response response; /* first */
	CURL *easy;
};

/* ---- what curl calls ---- */

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
	struct exchange *exchange = context;
	if (buffer_append(&exchange->body, data, size * count))
		return size * count;
	exchange->too_large = true;
	return CURL_WRITEFUNC_ERROR;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
	(void)data;
	struct exchange *exchange = context;
	exchange->header_bytes += size * count;
	if (exchange->header_bytes <= HEADER_BYTES_MOST)
		return size * count;
	exchange->too_large = true;
	return CURL_WRITEFUNC_ERROR;
}

/* ---- handles, kept from one request to the next ---- */

static struct exchange *exchange_create(struct http *http)
{
	struct exchange *exchange = memory_zeroed(1, sizeof *exchange);
	if (!transfer_init(&exchange->transfer, http->transfers, http->ca_file)) {
		free(exchange);
		return NULL;
	}
	CURL *easy = exchange->transfer.easy;
	curl_easy_setopt(easy, CURLOPT_USERAGENT, http->user_agent);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->failure);
	return exchange;
}

static void exchange_destroy(struct exchange *exchange)
{
	transfer_finish(&exchange->transfer);
	buffer_finish(&exchange->body);
	free(exchange);
}

static struct exchange *take_spare(struct http *http)
{
	struct exchange *exchange = http->spare;
	if (!exchange)
		return exchange_create(http);
	http->spare = exchange->next;
	http->spare_count--;
	return exchange;
}

static void give_back(struct http *http, struct exchange *exchange)
{
	exchange->request = NULL;
	buffer_shrink(&exchange->body, SPARE_BODY_BYTES);
	if (http->dead || http->spare_count >= SPARE_MOST) {
		exchange_destroy(exchange);
		return;
	}
	exchange->next = http->spare;
	http->spare = exchange;
	http->spare_count++;
}

void exchange_destroy_spare(struct http *http)
{
	while (http->spare) {
		struct exchange *exchange = http->spare;
		http->spare = exchange->next;
		exchange_destroy(exchange);
	}
	http->spare_count = 0;
}

/* ---- one request ---- */

/* Sets all that differs from request to request: handles are used again without a reset. */
static void prepare(struct exchange *exchange, const struct http_request *request)
{
	CURL *easy = exchange->transfer.easy;
	bool is_get = strcmp(request->method, "GET") == 0;
	curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L); /* forgets the body of the last one */
	if (request->body) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_bytes);
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, is_get && !request->body ? NULL : request->method);
	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request->headers);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
	/* A kept connection may lead to a private address, unless all were made for public ones only. */
	request->http->may_keep_private |= !request->public_only;
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->public_only && request->http->may_keep_private ? 1L : 0L);
	exchange->transfer.public_only = request->public_only;
	buffer_clear(&exchange->body);
	exchange->body.max_bytes = request->max_body_bytes;
	exchange->header_bytes = 0;
	exchange->too_large = false;
	exchange->failure[0] = '\0';
}

bool exchange_start(struct http *http, struct http_request *request)
{
	struct exchange *exchange = take_spare(http);
	if (!exchange)
		return false;
	prepare(exchange, request);
	exchange->request = request;
	request->exchange = exchange;
	if (transfers_add(http->transfers, &exchange->transfer))
		return true;
	request->exchange = NULL;
	give_back(http, exchange);
	return false;
}

void exchange_abandon(struct http *http, struct http_request *request)
{
	struct exchange *exchange = request->exchange;
	request->exchange = NULL;
	transfers_remove(http->transfers, &exchange->transfer);
	give_back(http, exchange);
}

/* A redirect of a GET to where it was asked of: the headers, a token among them, go nowhere else. */
static bool follow(struct http *http, struct exchange *exchange)
{
	struct http_request *request = exchange->request;
	char *url = NULL;
	curl_easy_getinfo(exchange->transfer.easy, CURLINFO_REDIRECT_URL, &url);
	if (!url || strcmp(request->method, "GET") != 0 || request->redirects >= REDIRECTS_MOST)
		return false;
	size_t bytes = http_origin_bytes(url);
	if (bytes == 0 || bytes != http_origin_bytes(request->url) || strncasecmp(url, request->url, bytes) != 0)
		return false;
	request->redirects++;
	char *old = request->url;
	request->url = memory_text(url);
	free(old);
	prepare(exchange, request);
	return transfers_add(http->transfers, &exchange->transfer);
}

static enum http_outcome outcome_of(const struct exchange *exchange, CURLcode result)
{
	if (result == CURLE_OK)
		return HTTP_DONE;
	if (exchange->too_large)
		return HTTP_TOO_LARGE;
	/* Bytes of the request that left, over all connections curl tried: none, and the server has not seen it. */
	long sent = 0;
	curl_easy_getinfo(exchange->transfer.easy, CURLINFO_REQUEST_SIZE, &sent);
	return sent > 0 ? HTTP_LOST : HTTP_NOT_SENT;
}

static const char *failure_of(const struct exchange *exchange, enum http_outcome outcome, CURLcode result)
{
	if (outcome == HTTP_DONE)
		return "";
	if (outcome == HTTP_TOO_LARGE)
		return "the answer is larger than allowed";
	if (exchange->transfer.refused)
		return "the address is not a public one";
	return exchange->failure[0] ? exchange->failure : curl_easy_strerror(result);
}

void exchange_finished(void *context, struct transfer *transfer, CURLcode result)
{
	struct http *http = context;
	struct exchange *exchange = (struct exchange *)transfer;
	struct http_request *request = exchange->request;
	if (result == CURLE_OK && follow(http, exchange))
		return;
	enum http_outcome outcome = outcome_of(exchange, result);
	struct answer answer = { .easy = transfer->easy };
	answer.response.outcome = outcome;
	answer.response.body = outcome == HTTP_DONE ? buffer_text(&exchange->body) : "";
	answer.response.body_bytes = outcome == HTTP_DONE ? exchange->body.bytes : 0;
	answer.response.failure = failure_of(exchange, outcome, result);
	if (outcome == HTTP_DONE)
		curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &answer.response.status);
	request->exchange = NULL;
	http_complete(request, &answer.response);
	give_back(http, exchange);
}

const char *http_response_header(const struct http_response *response, const char *name)
{
	const struct answer *answer = (const struct answer *)response;
	struct curl_header *header;
	if (response->outcome != HTTP_DONE ||
	    curl_easy_header(answer->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return NULL;
	return header->value;
}
