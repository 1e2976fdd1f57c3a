#include "platform/discord/heartbeat.h"

static void on_timer(void *context)
{
	struct discord_heartbeat *heartbeat = context;
	if (heartbeat->awaits_ack) {
		heartbeat->missed(heartbeat->context);
		return;
	}
	heartbeat->awaits_ack = true;
	loop_timer_set(heartbeat->loop, &heartbeat->timer, heartbeat->interval_ms, on_timer, heartbeat);
	heartbeat->beat(heartbeat->context);
}

void discord_heartbeat_start(struct discord_heartbeat *heartbeat, int64_t interval_ms)
{
	if (interval_ms < HEARTBEAT_LEAST_MS)
		interval_ms = HEARTBEAT_LEAST_MS;
	if (interval_ms > HEARTBEAT_MOST_MS)
		interval_ms = HEARTBEAT_MOST_MS;
	heartbeat->interval_ms = interval_ms;
	heartbeat->awaits_ack = false;
	int64_t first_ms = heartbeat->clock->random(heartbeat->clock) % interval_ms;
	loop_timer_set(heartbeat->loop, &heartbeat->timer, first_ms, on_timer, heartbeat);
}

void discord_heartbeat_stop(struct discord_heartbeat *heartbeat)
{
	loop_timer_cancel(&heartbeat->timer);
}

void discord_heartbeat_acknowledged(struct discord_heartbeat *heartbeat)
{
	heartbeat->awaits_ack = false;
}
