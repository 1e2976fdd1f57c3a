#include "net/loop.h"

#include <curl/curl.h>
#include <errno.h>
#include <libwebsockets.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "net/loop_internal.h"

enum {
	/* libwebsockets sizes its tables by this and not by RLIMIT_NOFILE; curl's sockets do not count. */
	DESCRIPTORS_MOST = 512,
	/* Our own deadlines are shorter: those of libwebsockets only catch what they miss. */
	LIBRARY_TIMEOUT_S = 120,
	KEEPALIVE_AFTER_S = 60,
	KEEPALIVE_EVERY_S = 15,
	KEEPALIVE_PROBES = 4,
	DEFER_ROUNDS = 16, /* of calls that defer calls, before sockets get their turn again */
};

struct loop_vhost {
	struct loop_vhost *next;
	struct lws_vhost *vhost;
	char *name;    /* libwebsockets keeps the pointers */
	char *ca_file; /* NULL: none is set */
};

struct loop_kept {
	struct loop_kept *next;
	void *memory;
};

/* ---- libwebsockets ---- */

static int on_watches(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t bytes)
{
	(void)user;
	(void)in;
	(void)bytes;
	if (reason == LWS_CALLBACK_RAW_RX_FILE)
		loop_watch_serve(lws_context_user(lws_get_context(wsi)));
	return 0;
}

static const struct lws_protocols watch_protocols[] = {
	{ .name = "watches", .callback = on_watches },
	{ .name = NULL },
};

static struct lws_context_creation_info vhost_info(const char *name, const struct lws_protocols *protocols)
{
	return (struct lws_context_creation_info){
		.port = CONTEXT_PORT_NO_LISTEN,
		.vhost_name = name,
		.protocols = protocols,
		.http_proxy_address = "", /* or it would take $http_proxy, whatever the address */
		.timeout_secs = LIBRARY_TIMEOUT_S,
		.connect_timeout_secs = LIBRARY_TIMEOUT_S,
		.ka_time = KEEPALIVE_AFTER_S,
		.ka_interval = KEEPALIVE_EVERY_S,
		.ka_probes = KEEPALIVE_PROBES,
	};
}

static bool adopt_epoll(struct loop *loop)
{
	struct lws_context_creation_info info = vhost_info("loop", watch_protocols);
	struct lws_vhost *vhost = lws_create_vhost(loop->lws, &info);
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!vhost || loop->epoll < 0)
		return false;
	lws_sock_file_fd_type fd = { .filefd = loop->epoll };
	return lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "watches", NULL) != NULL;
}

/* "plain", or "tls:" and the file */
static char *vhost_name(bool tls, const char *ca_file)
{
	return tls ? file_join("tls:", ca_file ? ca_file : "") : memory_text("plain");
}

/* Without a file of its own, libwebsockets would trust certificates in "../share" of wherever we run: it gets the
 * bundle that curl uses. */
static void trust(struct lws_context_creation_info *info, struct loop_vhost *made, const char *ca_file)
{
	info->options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	made->ca_file = memory_text(ca_file ? ca_file : curl_version_info(CURLVERSION_NOW)->cainfo);
	if (made->ca_file)
		info->options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	info->client_ssl_ca_filepath = made->ca_file;
}

struct lws_vhost *loop_client_vhost(struct loop *loop, bool tls, const char *ca_file,
				    const struct lws_protocols *protocols)
{
	char *name = vhost_name(tls, ca_file);
	for (struct loop_vhost *at = loop->vhosts; at; at = at->next)
		if (strcmp(at->name, name) == 0) {
			free(name);
			return at->vhost;
		}
	struct loop_vhost *made = memory_zeroed(1, sizeof *made);
	struct lws_context_creation_info info = vhost_info(name, protocols);
	made->name = name;
	if (tls)
		trust(&info, made, ca_file);
	made->vhost = lws_create_vhost(loop->lws, &info);
	made->next = loop->vhosts;
	loop->vhosts = made; /* also when it failed: its pointers may be held */
	return made->vhost;
}

/* ---- turns ---- */

static void on_wake(lws_sorted_usec_list_t *entry)
{
	(void)entry;
}

/* lws_service runs the timers first and then waits for sockets: what a timer's callback deferred would wait
 * as well, were there not another timer, due at once, that cuts the wait. */
static void wake(struct loop *loop)
{
	lws_sul_schedule(loop->lws, 0, loop->wake, on_wake, 1);
}

static void run_deferred(struct loop *loop)
{
	for (int round = 0; loop->calls_count > 0 && round < DEFER_ROUNDS; round++) {
		struct loop_call *calls = loop->calls;
		size_t count = loop->calls_count;
		loop->calls = NULL;
		loop->calls_count = loop->calls_capacity = 0;
		for (size_t i = 0; i < count; i++)
			calls[i].call(calls[i].context);
		free(calls);
	}
	loop_watch_sweep(loop);
}

void loop_defer(struct loop *loop, void (*call)(void *), void *context)
{
	if (loop->calls_count == loop->calls_capacity) {
		size_t capacity = loop->calls_capacity ? loop->calls_capacity * 2 : 16;
		struct loop_call *calls = memory_zeroed(capacity, sizeof *calls);
		if (loop->calls_count)
			memcpy(calls, loop->calls, loop->calls_count * sizeof *calls);
		free(loop->calls);
		loop->calls = calls;
		loop->calls_capacity = capacity;
	}
	loop->calls[loop->calls_count++] = (struct loop_call){ call, context };
	wake(loop);
}

void loop_stop(struct loop *loop)
{
	loop->stopping = true;
	wake(loop);
}

bool loop_run(struct loop *loop)
{
	bool served = true;
	run_deferred(loop);
	while (!loop->stopping && served) {
		served = lws_service(loop->lws, 0) >= 0;
		run_deferred(loop);
	}
	loop->stopping = false;
	return served;
}

/* ---- life ---- */

struct loop *loop_create(struct log *log, const struct clock *clock, struct error *error)
{
	struct loop *loop = memory_zeroed(1, sizeof *loop);
	loop->log = log;
	loop->clock = clock;
	loop->epoll = -1;
	loop->wake = memory_zeroed(1, sizeof(lws_sorted_usec_list_t));
	signal(SIGPIPE, SIG_IGN);
	lws_set_log_level(0, NULL); /* its lines may hold what a server sent */
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
		.fd_limit_per_thread = DESCRIPTORS_MOST,
		.user = loop,
	};
	loop->lws = lws_create_context(&info);
	if (loop->lws && adopt_epoll(loop))
		return loop;
	error_set(error, "the event loop cannot start: %s", errno ? strerror(errno) : "libwebsockets refused");
	loop_destroy(loop);
	return NULL;
}

void loop_destroy(struct loop *loop)
{
	if (!loop)
		return;
	loop_spawn_finish(loop);
	run_deferred(loop);
	loop_watch_finish(loop);
	if (loop->lws)
		lws_context_destroy(loop->lws);
	for (struct loop_vhost *at = loop->vhosts, *next; at; at = next) {
		next = at->next;
		free(at->ca_file);
		free(at->name);
		free(at);
	}
	while (loop->kept) {
		struct loop_kept *kept = loop->kept;
		loop->kept = kept->next;
		free(kept->memory);
		free(kept);
	}
	free(loop->calls);
	free(loop->wake);
	free(loop);
}

void loop_keep(struct loop *loop, void *memory)
{
	struct loop_kept *kept = memory_zeroed(1, sizeof *kept);
	*kept = (struct loop_kept){ loop->kept, memory };
	loop->kept = kept;
}

/* ---- timers ---- */

struct timer_impl {
	lws_sorted_usec_list_t entry; /* first: libwebsockets hands this back */
	struct loop_timer *timer;
};

static void on_timer(lws_sorted_usec_list_t *entry)
{
	struct loop_timer *timer = ((struct timer_impl *)entry)->timer;
	timer->fire(timer->context);
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms, void (*fire)(void *), void *context)
{
	struct timer_impl *impl = timer->impl;
	if (!impl) {
		impl = memory_zeroed(1, sizeof *impl);
		impl->timer = timer;
		timer->impl = impl;
	}
	timer->loop = loop;
	timer->fire = fire;
	timer->context = context;
	lws_sul_schedule(loop->lws, 0, &impl->entry, on_timer, delay_ms > 0 ? delay_ms * LWS_US_PER_MS : 1);
}

void loop_timer_cancel(struct loop_timer *timer)
{
	struct timer_impl *impl = timer->impl;
	if (!impl)
		return;
	lws_sul_cancel(&impl->entry);
	free(impl);
	timer->impl = NULL;
}

/* ---- for net/ ---- */

struct lws_context *loop_lws(struct loop *loop)
{
	return loop->lws;
}

struct log *loop_log(struct loop *loop)
{
	return loop->log;
}

const struct clock *loop_clock(struct loop *loop)
{
	return loop->clock;
}
