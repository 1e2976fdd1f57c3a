/* transfers: libcurl's multi handle on the loop. For http and websocket.
 *
 * Sockets stay in epoll between two transfers over one connection; a 0 ms timer that curl asks for, also from
 * inside its own calls, is served before the loop waits again. */
#ifndef QANTAR_NET_TRANSFERS_H
#define QANTAR_NET_TRANSFERS_H

#include <curl/curl.h>

#include "net/loop.h"

struct transfers;

/* An easy handle and what goes with it. Its user owns it and embeds it where he likes. */
struct transfer {
	CURL *easy;
	bool public_only; /* connect to public addresses only; `refused` says that it was tried */
	bool refused;
};

/* `finished` is called once for each transfer that was added and not removed; the transfer is out of the multi handle
 * by then. It may add, remove and destroy. */
struct transfers *transfers_create(struct loop *loop,
				   void (*finished)(void *context, struct transfer *transfer, CURLcode result),
				   void *context, struct error *error);
/* The transfers must have been removed. NULL is fine. */
void transfers_destroy(struct transfers *transfers);

/* Makes the easy handle and sets what every transfer of ours has: no signals, only http and https, certificates checked
 * (against `ca_file`, or the system's when NULL), no redirects, no proxy. */
bool transfer_init(struct transfer *transfer, struct transfers *transfers, const char *ca_file);
void transfer_finish(struct transfer *transfer);

bool transfers_add(struct transfers *transfers, struct transfer *transfer);
void transfers_remove(struct transfers *transfers, struct transfer *transfer);

#endif
