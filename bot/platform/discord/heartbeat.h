/* heartbeat: keeps a gateway connection alive and notices a dead one (Discord documentation, Gateway > Sending
 * Heartbeats). The first goes out after the interval times a random part of one, so that bots do not beat
 * together after an outage. */
#ifndef QANTAR_DISCORD_HEARTBEAT_H
#define QANTAR_DISCORD_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "net/loop.h"

enum { HEARTBEAT_LEAST_MS = 100, HEARTBEAT_MOST_MS = 600000 }; /* other intervals are taken as the nearest of these */

struct discord_heartbeat {
	struct loop *loop;
	const struct clock *clock;
	void (*beat)(void *context);   /* send one */
	void (*missed)(void *context); /* the last one was not acknowledged: the connection is dead. Stopped already. */
	void *context;
	struct loop_timer timer;
	int64_t interval_ms;
	bool awaits_ack;
};

void discord_heartbeat_start(struct discord_heartbeat *heartbeat, int64_t interval_ms);
void discord_heartbeat_stop(struct discord_heartbeat *heartbeat);
void discord_heartbeat_acknowledged(struct discord_heartbeat *heartbeat);

#endif
