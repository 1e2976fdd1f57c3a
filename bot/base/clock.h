/* clock: time and randomness, injected so that tests can hold them still. */
#ifndef QANTAR_BASE_CLOCK_H
#define QANTAR_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct clock {
	int64_t (*monotonic_us)(const struct clock *clock); /* never goes back; for delays */
	int64_t (*wall_ms)(const struct clock *clock);      /* since 1970-01-01 UTC; for ages and stored times */
	uint32_t (*random)(const struct clock *clock);      /* uniform over 32 bits; jitter and keys */
	void *context;                                      /* for a test's own clock */
};

/* The machine's clock and getrandom(2). Static storage, immutable. */
const struct clock *clock_system(void);

/* Back-off with full jitter (AWS Architecture Blog, "Exponential Backoff and Jitter", 2015):
 * uniform in [base/2, min(cap, base * 2^attempt)], all in milliseconds; attempt counts from 0. */
int64_t clock_backoff_ms(const struct clock *clock, unsigned attempt, int64_t base_ms, int64_t cap_ms);

#endif
