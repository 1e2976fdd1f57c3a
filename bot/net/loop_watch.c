/* Descriptors on the loop: one epoll set that libwebsockets polls as a single descriptor. So a hang-up
 * or an end of file reaches the watcher as it is, and curl's sockets cost one epoll_ctl at most. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/buffer.h"
#include "net/loop_internal.h"

enum { EVENTS_A_TURN = 64 };

struct loop_watch {
	struct loop *loop;
	struct loop_watch *next, *previous;
	int fd;
	bool owns_fd;
	bool dead;
	void (*readable)(void *context, int fd);               /* of loop_watch_add */
	void (*ready)(void *context, int fd, uint32_t events); /* of loop_poll_add */
	void *context;
};

static struct loop_watch *add(struct loop *loop, int fd, uint32_t events, void *context)
{
	struct loop_watch *watch = memory_zeroed(1, sizeof *watch);
	struct epoll_event event = { .events = events, .data.ptr = watch };
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		free(watch);
		return NULL;
	}
	*watch = (struct loop_watch){ .loop = loop, .next = loop->watches, .fd = fd, .context = context };
	if (loop->watches)
		loop->watches->previous = watch;
	loop->watches = watch;
	return watch;
}

struct loop_watch *loop_watch_add(struct loop *loop, int fd, void (*readable)(void *context, int fd), void *context)
{
	struct loop_watch *watch = add(loop, fd, EPOLLIN, context);
	if (watch) {
		watch->owns_fd = true;
		watch->readable = readable;
	}
	return watch;
}

struct loop_watch *loop_poll_add(struct loop *loop, int fd, uint32_t events,
				 void (*ready)(void *context, int fd, uint32_t events), void *context)
{
	struct loop_watch *watch = add(loop, fd, events, context);
	if (watch)
		watch->ready = ready;
	return watch;
}

bool loop_poll_change(struct loop_watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };
	return epoll_ctl(watch->loop->epoll, EPOLL_CTL_MOD, watch->fd, &event) == 0;
}

int loop_watch_fd(const struct loop_watch *watch)
{
	return watch->fd;
}

void loop_watch_remove(struct loop_watch *watch)
{
	if (!watch || watch->dead)
		return;
	struct loop *loop = watch->loop;
	epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	if (watch->owns_fd)
		close(watch->fd);
	watch->dead = true;
	if (watch->next)
		watch->next->previous = watch->previous;
	if (watch->previous)
		watch->previous->next = watch->next;
	else
		loop->watches = watch->next;
	watch->next = loop->dead_watches;
	loop->dead_watches = watch;
}

void loop_watch_serve(struct loop *loop)
{
	struct epoll_event events[EVENTS_A_TURN];
	int count = epoll_wait(loop->epoll, events, EVENTS_A_TURN, 0);
	for (int i = 0; i < count; i++) {
		struct loop_watch *watch = events[i].data.ptr;
		if (watch->dead)
			continue;
		if (watch->ready)
			watch->ready(watch->context, watch->fd, events[i].events);
		else
			watch->readable(watch->context, watch->fd);
	}
}

void loop_watch_sweep(struct loop *loop)
{
	while (loop->dead_watches) {
		struct loop_watch *watch = loop->dead_watches;
		loop->dead_watches = watch->next;
		free(watch);
	}
}

void loop_watch_finish(struct loop *loop)
{
	while (loop->watches)
		loop_watch_remove(loop->watches);
	loop_watch_sweep(loop);
}

/* ---- signals ---- */

static void on_signals(void *context, int fd)
{
	struct loop *loop = context;
	struct signalfd_siginfo info;
	while (read(fd, &info, sizeof info) == (ssize_t)sizeof info)
		loop->on_signal(loop->signal_context, (int)info.ssi_signo);
}

bool loop_signals(struct loop *loop, void (*signal)(void *context, int number), void *context, struct error *error)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	loop->on_signal = signal;
	loop->signal_context = context;
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
		error_set(error, "signals cannot be watched: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (!loop_watch_add(loop, fd, on_signals, loop)) {
		error_set(error, "signals cannot be watched: %s", strerror(errno));
		close(fd);
		return false;
	}
	return true;
}
