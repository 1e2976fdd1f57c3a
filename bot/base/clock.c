#include "base/clock.h"

#include <sys/random.h>
#include <time.h>

static int64_t system_monotonic_us(const struct clock *clock)
{
	(void)clock;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_wall_ms(const struct clock *clock)
{
	(void)clock;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint32_t system_random(const struct clock *clock)
{
	uint32_t value;
	if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
		value = (uint32_t)system_monotonic_us(clock) * 2654435761u;
	return value;
}

const struct clock *clock_system(void)
{
	static const struct clock system = {
		.monotonic_us = system_monotonic_us,
		.wall_ms = system_wall_ms,
		.random = system_random,
	};
	return &system;
}

int64_t clock_backoff_ms(const struct clock *clock, unsigned attempt, int64_t base_ms, int64_t cap_ms)
{
	int64_t most = base_ms;
	for (unsigned i = 0; i < attempt && most < cap_ms; i++)
		most *= 2;
	if (most > cap_ms)
		most = cap_ms;
	int64_t least = base_ms / 2 < most ? base_ms / 2 : most;
	return least + (most > least ? (int64_t)(clock->random(clock) % (uint64_t)(most - least + 1)) : 0);
}
