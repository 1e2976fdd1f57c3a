#include "net/transfers.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/buffer.h"
#include "net/address.h"
#include "net/loop_internal.h"

enum {
	SETTLE_ROUNDS = 16,      /* of 0 ms timers in a row before sockets get their turn */
	CONNECTIONS_KEPT = 32,
	CONNECT_TIMEOUT_MS = 10000,
};

/* What we know of a descriptor of curl's. */
struct slot {
	struct loop_watch *watch;
	uint32_t events;
	bool ours; /* made by open_socket: close_socket will tell of its end, so it may stay in epoll while idle */
	bool idle; /* curl does not ask for it now */
};

struct transfers {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer timer;
	struct slot *slots; /* by descriptor */
	size_t slots_count;
	bool due;      /* curl wants to be called at once */
	bool deferred; /* and will be, at the end of this turn */
	bool inside;   /* settle is running and looks at `due` itself */
	bool dead;
	void (*finished)(void *context, struct transfer *transfer, CURLcode result);
	void *context;
};

static struct slot *slot_of(struct transfers *transfers, curl_socket_t fd)
{
	size_t needed = (size_t)fd + 1;
	if (needed > transfers->slots_count) {
		size_t count = needed < 64 ? 64 : needed * 2;
		struct slot *slots = memory_zeroed(count, sizeof *slots);
		if (transfers->slots_count)
			memcpy(slots, transfers->slots, transfers->slots_count * sizeof *slots);
		free(transfers->slots);
		transfers->slots = slots;
		transfers->slots_count = count;
	}
	return &transfers->slots[fd];
}

/* ---- driving curl ---- */

static void hand_out(struct transfers *transfers)
{
	int left;
	CURLMsg *message;
	while (!transfers->dead && (message = curl_multi_info_read(transfers->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode result = message->data.result;
		struct transfer *transfer;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
		curl_multi_remove_handle(transfers->multi, transfer->easy);
		transfers->finished(transfers->context, transfer, result);
	}
}

static void settle_deferred(void *context);

static void defer_settling(struct transfers *transfers)
{
	if (!transfers->deferred) {
		transfers->deferred = true;
		loop_defer(transfers->loop, settle_deferred, transfers);
	}
}

/* After every call into curl: serves the timers due at once, then hands out what is finished. */
static void settle(struct transfers *transfers)
{
	int running;
	transfers->inside = true;
	for (int round = 0; transfers->due && round < SETTLE_ROUNDS; round++) {
		transfers->due = false;
		curl_multi_socket_action(transfers->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	transfers->inside = false;
	if (transfers->due)
		defer_settling(transfers);
	hand_out(transfers);
}

static void settle_deferred(void *context)
{
	struct transfers *transfers = context;
	transfers->deferred = false;
	if (!transfers->dead)
		settle(transfers);
}

static void on_timer(void *context)
{
	struct transfers *transfers = context;
	transfers->due = true;
	settle(transfers);
}

static int set_timer(CURLM *multi, long delay_ms, void *context)
{
	(void)multi;
	struct transfers *transfers = context;
	if (transfers->dead)
		return 0;
	transfers->due = delay_ms == 0;
	if (delay_ms > 0)
		loop_timer_set(transfers->loop, &transfers->timer, delay_ms, on_timer, transfers);
	else
		loop_timer_cancel(&transfers->timer);
	if (transfers->due && !transfers->inside)
		defer_settling(transfers);
	return 0;
}

/* ---- sockets ---- */

static void forget(struct slot *slot)
{
	loop_watch_remove(slot->watch);
	slot->watch = NULL;
	slot->events = 0;
	slot->idle = false;
}

static void on_ready(void *context, int fd, uint32_t events)
{
	struct transfers *transfers = context;
	struct slot *slot = slot_of(transfers, fd);
	if (slot->idle) { /* the server closed a kept connection: curl will see when it wants it */
		forget(slot);
		return;
	}
	int running, flags = 0;
	if (events & EPOLLIN)
		flags |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		flags |= CURL_CSELECT_OUT;
	if (events & (EPOLLERR | EPOLLHUP))
		flags |= CURL_CSELECT_ERR;
	transfers->inside = true;
	curl_multi_socket_action(transfers->multi, fd, flags, &running);
	settle(transfers);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused)
{
	(void)easy;
	(void)unused;
	struct transfers *transfers = context;
	struct slot *slot = slot_of(transfers, fd);
	if (what == CURL_POLL_REMOVE) {
		slot->idle = slot->watch && slot->ours;
		if (!slot->idle)
			forget(slot);
		return 0;
	}
	uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
	slot->idle = false;
	if (!slot->watch)
		slot->watch = loop_poll_add(transfers->loop, fd, events, on_ready, transfers);
	else if (slot->events != events)
		loop_poll_change(slot->watch, events);
	slot->events = events;
	return 0;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	struct transfer *transfer = context;
	if (transfer->public_only && !address_is_public(&address->addr)) {
		transfer->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Called before curl asks to watch the socket that open_socket made. */
static int mark_ours(void *context, curl_socket_t fd, curlsocktype purpose)
{
	(void)purpose;
	struct slot *slot = slot_of(context, fd);
	forget(slot);
	slot->ours = true;
	return CURL_SOCKOPT_OK;
}

static int close_socket(void *context, curl_socket_t fd)
{
	struct slot *slot = slot_of(context, fd);
	forget(slot);
	slot->ours = false;
	return close(fd);
}

/* ---- life ---- */

struct transfers *transfers_create(struct loop *loop,
				   void (*finished)(void *context, struct transfer *transfer, CURLcode result),
				   void *context, struct error *error)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
		error_set(error, "libcurl cannot start");
		return NULL;
	}
	CURLM *multi = curl_multi_init();
	if (!multi) {
		curl_global_cleanup();
		error_set(error, "libcurl cannot make a multi handle");
		return NULL;
	}
	struct transfers *transfers = memory_zeroed(1, sizeof *transfers);
	*transfers = (struct transfers){ .loop = loop, .multi = multi, .finished = finished, .context = context };
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, transfers);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, transfers);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
	return transfers;
}

static void free_transfers(void *context)
{
	struct transfers *transfers = context;
	free(transfers->slots);
	free(transfers);
	curl_global_cleanup();
}

void transfers_destroy(struct transfers *transfers)
{
	if (!transfers)
		return;
	transfers->dead = true;
	curl_multi_cleanup(transfers->multi);
	loop_timer_cancel(&transfers->timer);
	for (size_t i = 0; i < transfers->slots_count; i++)
		forget(&transfers->slots[i]);
	/* What is running or deferred in this turn still looks at `dead`. */
	loop_defer(transfers->loop, free_transfers, transfers);
}

bool transfer_init(struct transfer *transfer, struct transfers *transfers, const char *ca_file)
{
	CURL *easy = curl_easy_init();
	*transfer = (struct transfer){ .easy = easy };
	if (!easy)
		return false;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* do not wait for the resolver's thread when cancelled */
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (ca_file) { /* and nobody else */
		curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, mark_ours);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, transfers);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, transfers); /* outlives the handle, as the connection does */
	return true;
}

void transfer_finish(struct transfer *transfer)
{
	curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
}

bool transfers_add(struct transfers *transfers, struct transfer *transfer)
{
	transfer->refused = false;
	return curl_multi_add_handle(transfers->multi, transfer->easy) == CURLM_OK;
}

void transfers_remove(struct transfers *transfers, struct transfer *transfer)
{
	curl_multi_remove_handle(transfers->multi, transfer->easy);
}
