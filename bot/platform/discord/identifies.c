#include "platform/discord/identifies.h"

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"

static const int64_t day_ms = 24 * 3600 * 1000;

void discord_identifies_read(struct discord_identifies *identifies, const char *text)
{
	*identifies = (struct discord_identifies){ .remaining = -1 };
	struct json *json = text ? json_parse(text, strlen(text), &json_limits_message, NULL) : NULL;
	int64_t start, count;
	if (json && json_integer(json_root(json), "day_start_ms", &start) && json_integer(json_root(json), "count", &count) &&
	    count >= 0) {
		identifies->day_start_ms = start;
		identifies->count = count;
	}
	json_destroy(json);
}

char *discord_identifies_write(const struct discord_identifies *identifies)
{
	struct buffer out;
	buffer_init(&out, 128);
	buffer_format(&out, "{\"day_start_ms\":%lld,\"count\":%lld}", (long long)identifies->day_start_ms,
		      (long long)identifies->count);
	return buffer_take(&out);
}

void discord_identifies_learn(struct discord_identifies *identifies, const struct clock *clock, const cJSON *limit)
{
	int64_t remaining, reset_after_ms;
	identifies->remaining = -1;
	if (!json_integer(limit, "remaining", &remaining) || remaining < 0)
		return;
	if (!json_integer(limit, "reset_after", &reset_after_ms) || reset_after_ms < 0 || reset_after_ms > day_ms)
		reset_after_ms = day_ms;
	identifies->remaining = remaining;
	identifies->resets_at_ms = clock->wall_ms(clock) + reset_after_ms;
}

/* A clock that was set back makes the day begin anew: better a day too many than a bot that never comes back. */
static bool is_today(const struct discord_identifies *identifies, int64_t now_ms)
{
	return now_ms >= identifies->day_start_ms && now_ms < identifies->day_start_ms + day_ms;
}

int64_t discord_identifies_wait_ms(const struct discord_identifies *identifies, const struct clock *clock)
{
	int64_t now_ms = clock->wall_ms(clock), wait_ms = 0;
	if (identifies->last_us)
		wait_ms = IDENTIFIES_SPACING_MS - (clock->monotonic_us(clock) - identifies->last_us) / 1000;
	if (is_today(identifies, now_ms) && identifies->count >= IDENTIFIES_A_DAY &&
	    wait_ms < identifies->day_start_ms + day_ms - now_ms)
		wait_ms = identifies->day_start_ms + day_ms - now_ms;
	bool is_told = identifies->remaining >= 0;
	if (is_told && identifies->remaining <= IDENTIFIES_RESERVE && wait_ms < identifies->resets_at_ms - now_ms)
		wait_ms = identifies->resets_at_ms - now_ms;
	return wait_ms > 0 ? wait_ms : 0;
}

void discord_identifies_take(struct discord_identifies *identifies, const struct clock *clock)
{
	int64_t now_ms = clock->wall_ms(clock);
	if (!is_today(identifies, now_ms)) {
		identifies->day_start_ms = now_ms;
		identifies->count = 0;
	}
	identifies->count++;
	if (identifies->remaining > 0)
		identifies->remaining--;
	identifies->last_us = clock->monotonic_us(clock);
}
