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

struct http_lane {
	struct http_lane *next;
	char *name;
	unsigned bucket;
	struct http_fifo fifo; /* of those behind the one that goes */
	size_t requests;       /* the first of them included; freed with the last */
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

/* ---- hosts and lanes ---- */

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

static struct http_lane *lane_of(struct http_queue *queue, const char *name)
{
	unsigned bucket = 5381;
	for (const char *at = name; *at; at++)
		bucket = bucket * 33 + (unsigned char)*at;
	bucket %= HTTP_LANE_BUCKETS;
	for (struct http_lane *lane = queue->lanes[bucket]; lane; lane = lane->next)
		if (strcmp(lane->name, name) == 0)
			return lane;
	struct http_lane *lane = memory_zeroed(1, sizeof *lane);
	*lane = (struct http_lane){ .next = queue->lanes[bucket], .name = memory_text(name), .bucket = bucket };
	queue->lanes[bucket] = lane;
	return lane;
}

static void wait_for_host(struct http_request *request)
{
	request->state = REQUEST_WAITS_FOR_HOST;
	push(&request->host->fifo, request);
}

/* The one that went has gone: the next goes to the end of its host's FIFO, so that rooms take turns. */
static void lane_release(struct http_queue *queue, struct http_lane *lane)
{
	struct http_request *next = lane->fifo.first;
	if (next) {
		take_out(&lane->fifo, next);
		wait_for_host(next);
	}
	if (--lane->requests > 0)
		return;
	struct http_lane **at = &queue->lanes[lane->bucket];
	while (*at != lane)
		at = &(*at)->next;
	*at = lane->next;
	free(lane->name);
	free(lane);
}

/* ---- the queue ---- */

void http_queue_add(struct http_queue *queue, struct http_request *request, const char *lane, bool long_poll)
{
	queue->waiting++;
	if (long_poll) {
		request->state = REQUEST_WAITS_FOR_HOST;
		push(&queue->polls, request);
		return;
	}
	request->host = host_of(queue, request->url);
	request->host->requests++;
	request->lane = lane ? lane_of(queue, lane) : NULL;
	if (request->lane && request->lane->requests++ > 0) {
		request->state = REQUEST_WAITS_FOR_LANE;
		push(&request->lane->fifo, request);
	} else {
		wait_for_host(request);
	}
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
	struct http_lane *lane = request->lane;
	struct http_host *host = request->host;
	bool first_of_lane = request->state != REQUEST_WAITS_FOR_LANE;
	if (request->state == REQUEST_WAITS_FOR_LANE)
		take_out(&lane->fifo, request);
	else if (request->state == REQUEST_WAITS_FOR_HOST)
		take_out(host ? &host->fifo : &queue->polls, request);
	else if (host)
		host->running--;
	if (request->state <= REQUEST_WAITS_FOR_HOST)
		queue->waiting--;
	request->lane = NULL;
	request->host = NULL;
	if (lane && first_of_lane)
		lane_release(queue, lane);
	else if (lane)
		lane->requests--;
	if (host)
		host_release(queue, host);
}
