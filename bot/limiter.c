#include "limiter.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "recent.h"

enum { MINUTE_US = 60000000 };

struct bucket {
	bool is_known;
	bool is_told;    /* that it is empty */
	double tokens;
	int64_t at_us;   /* when `tokens` was right */
};

struct limiter {
	struct limiter_options options;
	struct recent *persons, *rooms;
};

struct limiter *limiter_create(const struct limiter_options *options)
{
	struct limiter *limiter = memory_zeroed(1, sizeof *limiter);
	limiter->options = *options;
	limiter->persons = recent_create(LIMITER_BUCKETS, sizeof(struct bucket));
	limiter->rooms = recent_create(LIMITER_BUCKETS, sizeof(struct bucket));
	return limiter;
}

void limiter_destroy(struct limiter *limiter)
{
	if (!limiter)
		return;
	recent_destroy(limiter->persons);
	recent_destroy(limiter->rooms);
	free(limiter);
}

/* The bucket as it is now; NULL when there is no limit. */
static struct bucket *fill(struct recent *recent, const char *key, int64_t burst, int64_t per_minute, int64_t now_us)
{
	if (burst <= 0)
		return NULL;
	struct bucket *bucket = recent_get(recent, key);
	if (!bucket->is_known)
		*bucket = (struct bucket){ .is_known = true, .tokens = (double)burst, .at_us = now_us };
	bucket->tokens += (double)(now_us - bucket->at_us) * (double)per_minute / MINUTE_US;
	bucket->at_us = now_us;
	if (bucket->tokens > (double)burst)
		bucket->tokens = (double)burst;
	return bucket;
}

static enum limiter_verdict refuse(struct bucket *bucket)
{
	if (bucket->is_told)
		return LIMITER_DROP;
	bucket->is_told = true;
	return LIMITER_TELL;
}

static void take(struct bucket *bucket)
{
	if (!bucket)
		return;
	bucket->tokens -= 1;
	bucket->is_told = false;
}

enum limiter_verdict limiter_take(struct limiter *limiter, const char *platform, const char *room, const char *person,
				  int64_t now_us)
{
	const struct limiter_options *options = &limiter->options;
	char *person_key = recent_key(platform, room, person), *room_key = recent_key(platform, room, "");
	struct bucket *of_person =
		fill(limiter->persons, person_key, options->person_burst, options->person_per_minute, now_us);
	struct bucket *of_room = fill(limiter->rooms, room_key, options->room_burst, options->room_per_minute, now_us);
	free(person_key);
	free(room_key);
	if (of_person && of_person->tokens < 1)
		return refuse(of_person);
	if (of_room && of_room->tokens < 1)
		return refuse(of_room);
	take(of_person);
	take(of_room);
	return LIMITER_PASS;
}
