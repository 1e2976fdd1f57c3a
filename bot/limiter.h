/* limiter: token buckets, one for each person in a room and one for each room.
 *
 * A bucket holds `burst` tokens and gains `per_minute`; a question takes one from both. Who is over the limit is told
 * so once, and then not answered until there is a token again. */
#ifndef QANTAR_LIMITER_H
#define QANTAR_LIMITER_H

#include <stdint.h>

struct limiter;

enum { LIMITER_BUCKETS = 10000 }; /* remembered of each sort; a forgotten one is full again */

struct limiter_options {
	int64_t person_burst, person_per_minute; /* a burst of 0: no limit */
	int64_t room_burst, room_per_minute;
};

struct limiter *limiter_create(const struct limiter_options *options);
void limiter_destroy(struct limiter *limiter);

enum limiter_verdict {
	LIMITER_PASS,
	LIMITER_TELL, /* over the limit, and not told yet */
	LIMITER_DROP,
};
enum limiter_verdict limiter_take(struct limiter *limiter, const char *platform, const char *room, const char *person,
				  int64_t now_us);

#endif
