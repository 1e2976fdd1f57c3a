#include "platform/discord/limits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"

enum {
	BUCKETS = 1024, /* remembered at once; a power of two */
	PROBES = 8,     /* places at which a bucket may stand */
	NAME_BYTES = 64,
	KEY_BYTES = NAME_BYTES + 24,
	GLOBAL_WINDOW_US = 1050000, /* a second, and something for requests that travel at different speeds */
	DEPARTURES = 2048,          /* remembered at most; faster limits are kept over a shorter window */
	UNTOLD_WAIT_MS = 5000,      /* a 429 without a time */
};

struct bucket {
	char key[KEY_BYTES]; /* "name:channel"; "" is free */
	int64_t remaining;
	int64_t resets_us;
};

struct discord_limits {
	const struct clock *clock;
	struct bucket buckets[BUCKETS];
	char names[ROUTE_COUNT][NAME_BYTES]; /* as the route last answered; "" before */
	int64_t departures_us[DEPARTURES];   /* ring of the last requests, as many as may leave in a window */
	size_t departures, oldest;
	int64_t window_us;
	int64_t global_until_us;
	int64_t invalid_since_us;
	unsigned invalid;
};

struct discord_limits *discord_limits_create(const struct clock *clock, unsigned per_s)
{
	struct discord_limits *limits = memory_zeroed(1, sizeof *limits);
	limits->clock = clock;
	if (per_s == 0)
		per_s = LIMITS_GLOBAL_PER_S;
	limits->departures = per_s < DEPARTURES ? per_s : DEPARTURES;
	limits->window_us = GLOBAL_WINDOW_US * (int64_t)limits->departures / per_s;
	for (size_t i = 0; i < limits->departures; i++)
		limits->departures_us[i] = INT64_MIN / 2;
	return limits;
}

void discord_limits_destroy(struct discord_limits *limits)
{
	free(limits);
}

static void key_write(const struct discord_limits *limits, enum discord_route route, const char *channel,
		      char key[KEY_BYTES])
{
	const char *name = limits->names[route];
	if (name[0])
		snprintf(key, KEY_BYTES, "%s:%s", name, channel);
	else
		snprintf(key, KEY_BYTES, "route %d:%s", (int)route, channel);
}

static size_t key_slot(const char *key)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 1099511628211u;
	return (size_t)(hash ^ hash >> 32) & (BUCKETS - 1);
}

static const struct bucket *bucket_find(const struct discord_limits *limits, enum discord_route route,
					const char *channel)
{
	char key[KEY_BYTES];
	key_write(limits, route, channel, key);
	size_t slot = key_slot(key);
	for (size_t i = 0; i < PROBES; i++) {
		const struct bucket *bucket = &limits->buckets[(slot + i) & (BUCKETS - 1)];
		if (strcmp(bucket->key, key) == 0)
			return bucket;
	}
	return NULL;
}

/* The bucket, or the place of the one of its neighbours that resets first. */
static struct bucket *bucket_claim(struct discord_limits *limits, enum discord_route route, const char *channel)
{
	struct bucket *found = (struct bucket *)bucket_find(limits, route, channel);
	if (found)
		return found;
	char key[KEY_BYTES];
	key_write(limits, route, channel, key);
	size_t slot = key_slot(key);
	found = &limits->buckets[slot];
	for (size_t i = 1; i < PROBES; i++) {
		struct bucket *bucket = &limits->buckets[(slot + i) & (BUCKETS - 1)];
		if (bucket->resets_us < found->resets_us)
			found = bucket;
	}
	memcpy(found->key, key, sizeof key);
	return found;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t discord_limits_wait_ms(const struct discord_limits *limits, enum discord_route route, const char *channel)
{
	int64_t now_us = limits->clock->monotonic_us(limits->clock);
	int64_t until_us = later(limits->global_until_us, limits->departures_us[limits->oldest] + limits->window_us);
	if (limits->invalid >= LIMITS_INVALID_MOST)
		until_us = later(until_us, limits->invalid_since_us + LIMITS_INVALID_WINDOW_MS * INT64_C(1000));
	const struct bucket *bucket = bucket_find(limits, route, channel);
	if (bucket && bucket->remaining <= 0)
		until_us = later(until_us, bucket->resets_us);
	return until_us > now_us ? (until_us - now_us + 999) / 1000 : 0;
}

void discord_limits_take(struct discord_limits *limits, enum discord_route route, const char *channel)
{
	limits->departures_us[limits->oldest] = limits->clock->monotonic_us(limits->clock);
	limits->oldest = (limits->oldest + 1) % limits->departures;
	struct bucket *bucket = (struct bucket *)bucket_find(limits, route, channel);
	if (bucket && bucket->remaining > 0)
		bucket->remaining--;
}

/* Seconds, as Discord writes them ("1.25"); -1 for anything else. */
static int64_t seconds_to_us(double seconds)
{
	if (!isfinite(seconds) || seconds < 0)
		return -1;
	double most = LIMITS_WAIT_MOST_MS / 1000.0;
	return (int64_t)((seconds < most ? seconds : most) * 1e6);
}

static int64_t header_us(const char *text)
{
	char *end;
	double seconds = text ? strtod(text, &end) : -1;
	return text && end != text ? seconds_to_us(seconds) : -1;
}

static void count_invalid(struct discord_limits *limits, int64_t now_us)
{
	if (limits->invalid == 0 || now_us - limits->invalid_since_us >= LIMITS_INVALID_WINDOW_MS * INT64_C(1000)) {
		limits->invalid_since_us = now_us;
		limits->invalid = 0;
	}
	limits->invalid++;
}

static void learn_429(struct discord_limits *limits, struct bucket *bucket, const struct discord_headers *headers,
		      const cJSON *body, int64_t now_us)
{
	const cJSON *told = json_get(body, "retry_after");
	int64_t wait_us = cJSON_IsNumber(told) ? seconds_to_us(told->valuedouble) : -1;
	if (wait_us < 0)
		wait_us = header_us(headers->retry_after);
	if (wait_us < 0)
		wait_us = UNTOLD_WAIT_MS * INT64_C(1000);
	/* A 429 that is no JSON comes from the network in front of Discord and concerns the address as a whole. */
	if (!body || json_bool(body, "global", false) || headers->global) {
		limits->global_until_us = later(limits->global_until_us, now_us + wait_us);
		return;
	}
	bucket->remaining = 0;
	bucket->resets_us = now_us + wait_us;
}

void discord_limits_learn(struct discord_limits *limits, enum discord_route route, const char *channel, long status,
			  const struct discord_headers *headers, const cJSON *body)
{
	int64_t now_us = limits->clock->monotonic_us(limits->clock);
	if (headers->bucket && strlen(headers->bucket) < NAME_BYTES)
		snprintf(limits->names[route], NAME_BYTES, "%s", headers->bucket);
	bool is_shared = headers->scope && strcasecmp(headers->scope, "shared") == 0;
	if (status == 401 || status == 403 || (status == 429 && !is_shared))
		count_invalid(limits, now_us);
	struct bucket *bucket = bucket_claim(limits, route, channel);
	int64_t reset_us = header_us(headers->reset_after);
	if (headers->remaining && reset_us >= 0) {
		bucket->remaining = strtol(headers->remaining, NULL, 10);
		bucket->resets_us = now_us + reset_us;
	} else {
		bucket->remaining = 1;
		bucket->resets_us = now_us;
	}
	if (status == 429)
		learn_429(limits, bucket, headers, body, now_us);
}
