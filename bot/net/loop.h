/* loop: the one event loop. libwebsockets owns it; libcurl's multi handle joins it (net/http.h).
 *
 * Single-threaded: every callback runs on the thread that calls loop_run, and never inside the call that
 * registered it. A callback must not destroy the loop. */
#ifndef QANTAR_NET_LOOP_H
#define QANTAR_NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

struct loop;
struct lws_context;

/* `log` and `clock` are borrowed for the loop's life. NULL with `error` on failure. */
struct loop *loop_create(struct log *log, const struct clock *clock, struct error *error);
/* After everything that was created on it is destroyed. NULL is fine. */
void loop_destroy(struct loop *loop);

/* Serves until loop_stop. Returns false when the event library failed. */
bool loop_run(struct loop *loop);
/* May be called from any callback. The current turn ends first. */
void loop_stop(struct loop *loop);

/* A one-shot timer, embedded in its owner and zeroed before first use. */
struct loop_timer {
	struct loop *loop;
	void (*fire)(void *context);
	void *context;
	void *impl; /* owned by loop.c */
};
/* Arms or re-arms. A delay of 0 fires in the next turn. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms, void (*fire)(void *), void *context);
/* Fine on a zeroed or fired timer. Must be called before its owner's memory goes: it frees `impl`. */
void loop_timer_cancel(struct loop_timer *timer);

/* Runs `call(context)` once at the end of this turn: for destroying what a callback is inside of. */
void loop_defer(struct loop *loop, void (*call)(void *), void *context);

/* Watches a readable file descriptor (signalfd, inotify, a pipe). The loop takes ownership of `fd` and closes it on
 * loop_watch_remove or loop_destroy. Returns NULL on failure. */
struct loop_watch;
struct loop_watch *loop_watch_add(struct loop *loop, int fd, void (*readable)(void *context, int fd), void *context);
void loop_watch_remove(struct loop_watch *watch);

/* SIGINT, SIGTERM, SIGHUP, SIGCHLD by signalfd (blocked for the process from this call on); SIGPIPE is ignored. */
bool loop_signals(struct loop *loop, void (*signal)(void *context, int number), void *context, struct error *error);

/* Runs a child (posix_spawn, argv[0] is a path) and calls `done` with its exit status (128 + signal when killed) and
 * at most 64 KiB of its stdout. It is killed at the timeout and with the loop. `loop_signals` need not be on. False
 * when it cannot start. */
bool loop_spawn(struct loop *loop, char *const argv[], int64_t timeout_ms,
		void (*done)(void *context, int status, const char *output), void *context, struct error *error);

/* For net/ only. */
struct lws_context *loop_lws(struct loop *loop);
struct log *loop_log(struct loop *loop);
const struct clock *loop_clock(struct loop *loop);

#endif
