/* identifies: the budget of new sessions. Discord allows about 1,000 IDENTIFY a day and resets the token of a bot
 * that passes it; one every 5 s (max_concurrency 1). Counted on both sides: what GET /gateway/bot says remains,
 * and our own count over restarts. */
#ifndef QANTAR_DISCORD_IDENTIFIES_H
#define QANTAR_DISCORD_IDENTIFIES_H

#include <stdint.h>

#include "base/clock.h"
#include "base/json.h"

enum {
	IDENTIFIES_A_DAY = 900,     /* ours; stops before Discord's 1,000 */
	IDENTIFIES_RESERVE = 5,     /* of what Discord says remains */
	IDENTIFIES_SPACING_MS = 5500,
};

struct discord_identifies {
	int64_t day_start_ms, count;       /* our own; stored */
	int64_t remaining, resets_at_ms;   /* Discord's; remaining -1: not told */
	int64_t last_us;                   /* monotonic; 0: none in this run */
};

/* From what identifies_write made; NULL or anything else: none yet. */
void discord_identifies_read(struct discord_identifies *identifies, const char *text);
char *discord_identifies_write(const struct discord_identifies *identifies); /* the caller frees */

/* `session_start_limit` of GET /gateway/bot; may be NULL. */
void discord_identifies_learn(struct discord_identifies *identifies, const struct clock *clock, const cJSON *limit);
/* How long to wait before the next one; 0: now. */
int64_t discord_identifies_wait_ms(const struct discord_identifies *identifies, const struct clock *clock);
void discord_identifies_take(struct discord_identifies *identifies, const struct clock *clock);

#endif
