#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/http_internal.h"

struct http_host {
	struct http_host *next;
	char *origin; /* scheme://host:port */
	struct http_fifo fifo;
	unsigned running;
	size_t requests; /* that name this host; freed with the last */
};

/* ---- FIFOs ---- */

static void push(struct http_fifo *fifo, struct http_request *request)
{
	request->after = NULL;
	request->before = fifo->last;
	if (fifo->last)
		fifo->last->after = request;
	else
		fifo->first = request;
	fifo->last = request;
}

static void take_out(struct http_fifo *fifo, struct http_request *request)
{
	if (request->before)
		request->before->after = request->after;
	else
		fifo->first = request->after;
	if (request->after)
		request->after->before = request->before;
	else
		fifo->last = request->before;
	request->after = request->before = NULL;
}

/* ---- hosts ---- */

static struct http_host *host_of(struct http_queue *queue, const char *url)
{
	size_t bytes = http_origin_bytes(url);
	for (struct http_host *host = queue->hosts; host; host = host->next)
		if (strlen(host->origin) == bytes && strncasecmp(host->origin, url, bytes) == 0)
			return host;
	struct http_host *host = memory_zeroed(1, sizeof *host);
	host->origin = memory_zeroed(bytes + 1, 1);
	memcpy(host->origin, url, bytes);
	host->next = queue->hosts;
	queue->hosts = host;
	return host;
}

static void host_release(struct http_queue *queue, struct http_host *host)
{
	if (--host->requests > 0)
		return;
	struct http_host **at = &queue->hosts;
	while (*at != host)
		at = &(*at)->next;
	*at = host->next;
	free(host->origin);
	free(host);
}

/* ---- the queue ---- */

void http_queue_add(struct http_queue *queue, struct http_request *request, bool long_poll)
{
	queue->waiting++;
	request->state = REQUEST_WAITING;
	if (long_poll) {
		push(&queue->polls, request);
		return;
	}
	request->host = host_of(queue, request->url);
	request->host->requests++;
	push(&request->host->fifo, request);
}

static struct http_host *ready_host(const struct http_queue *queue)
{
	for (struct http_host *host = queue->hosts; host; host = host->next)
		if (host->fifo.first && host->running < queue->per_host)
			return host;
	return NULL;
}

bool http_queue_ready(const struct http_queue *queue)
{
	return queue->polls.first || ready_host(queue);
}

struct http_request *http_queue_next(struct http_queue *queue)
{
	struct http_request *request = queue->polls.first;
	if (request) {
		take_out(&queue->polls, request);
	} else {
		struct http_host *host = ready_host(queue);
		if (!host)
			return NULL;
		request = host->fifo.first;
		take_out(&host->fifo, request);
		host->running++;
	}
	request->state = REQUEST_RUNNING;
	queue->waiting--;
	return request;
}

void http_queue_leave(struct http_queue *queue, struct http_request *request)
{
	struct http_host *host = request->host;
	if (request->state == REQUEST_WAITING) {
		take_out(host ? &host->fifo : &queue->polls, request);
		queue->waiting--;
	} else if (host) {
		host->running--;
	}
	request->host = NULL;
	if (host)
		host_release(queue, host);
}
