/* loop_internal: what the files of net/ share of the loop. Nobody above net/ includes this. */
#ifndef QANTAR_NET_LOOP_INTERNAL_H
#define QANTAR_NET_LOOP_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"

struct lws_vhost;
struct lws_protocols;
struct lws_sorted_usec_list;
struct loop_child;
struct loop_vhost;
struct loop_kept;

struct loop_call { /* of loop_defer */
	void (*call)(void *context);
	void *context;
};

struct loop {
	struct log *log;
	const struct clock *clock;
	struct lws_context *lws;
	int epoll; /* every watch is in it; libwebsockets polls it as one descriptor and closes it */
	struct lws_sorted_usec_list *wake; /* keeps the wait for sockets from blocking while calls are due */
	bool stopping;
	struct loop_call *calls; /* due at the end of this turn */
	size_t calls_count, calls_capacity;
	struct loop_watch *watches;
	struct loop_watch *dead_watches; /* removed in this turn: the batch of events may still name them */
	struct loop_child *children;
	struct loop_vhost *vhosts;
	struct loop_kept *kept;
	void (*on_signal)(void *context, int number);
	void *signal_context;
};

/* Watches for epoll's `events` a descriptor that stays its owner's (one of curl's sockets). The watch
 * is removed with loop_watch_remove before the descriptor is closed. NULL on failure. */
struct loop_watch *loop_poll_add(struct loop *loop, int fd, uint32_t events,
				 void (*ready)(void *context, int fd, uint32_t events), void *context);
bool loop_poll_change(struct loop_watch *watch, uint32_t events);
int loop_watch_fd(const struct loop_watch *watch);

/* Hands out what epoll holds, without waiting. */
void loop_watch_serve(struct loop *loop);
/* Frees what was removed in this turn. */
void loop_watch_sweep(struct loop *loop);
void loop_watch_finish(struct loop *loop);

/* Kills and reaps the children that are left; their `done` is not called. */
void loop_spawn_finish(struct loop *loop);

/* Frees `memory` with the loop, after libwebsockets: for what its connections point to until their own end. */
void loop_keep(struct loop *loop, void *memory);

/* libwebsockets' host of client connections, with TLS that trusts `ca_file` (NULL: the system's) or without; made at
 * the first call for them, since trust takes long to load, and alive as long as the loop. NULL on failure. */
struct lws_vhost *loop_client_vhost(struct loop *loop, bool tls, const char *ca_file,
				    const struct lws_protocols *protocols);

#endif
