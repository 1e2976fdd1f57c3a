/* room: what is known of the rooms we are in.
 *
 * A room stays in the table until the matrix goes: replies may wait in its queue. */
#ifndef QANTAR_PLATFORM_MATRIX_ROOM_H
#define QANTAR_PLATFORM_MATRIX_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "platform/matrix/names.h"

enum {
	ROOMS_MOST = 100000,
	ROOMS_BUCKETS = 1024,
	ROOM_MEMBERS_UNKNOWN = 0,
};

struct matrix;
struct matrix_send;

struct matrix_room {
	struct matrix_room *next; /* of its bucket */
	char *id;
	bool is_joined;
	bool is_marked_direct;    /* by the invitation or by m.direct */
	int64_t joined_members;   /* ourselves included; ROOM_MEMBERS_UNKNOWN until told */
	int64_t invited_members;
	struct names admins;      /* whose power level suffices */
	struct names creators;    /* of a room of version 12 or later: their power has no limit */
	struct matrix_send *first, *last; /* replies on their way, in order; the first is under way or waits */
};

struct matrix_rooms {
	struct matrix_room *buckets[ROOMS_BUCKETS];
	size_t count;
};

/* The room of that id, made when there is none; NULL only at the cap. */
struct matrix_room *room_of(struct matrix_rooms *rooms, const char *id);
struct matrix_room *room_find(const struct matrix_rooms *rooms, const char *id); /* NULL: none */
/* Calls `each` for every room. */
void rooms_each(struct matrix_rooms *rooms, void (*each)(void *context, struct matrix_room *room), void *context);
void rooms_finish(struct matrix_rooms *rooms);

/* Takes in one state event: power levels, create. `admin_level` 0: nobody is an admin by power. */
void room_apply_state(struct matrix_room *room, const cJSON *event, int admin_level);
/* Takes in the summary of a sync; counts that are absent are as before. */
void room_apply_summary(struct matrix_room *room, const cJSON *summary);
/* Marks the rooms that m.direct names; a mark that an invitation set stays. */
void rooms_apply_direct(struct matrix_rooms *rooms, const cJSON *direct);

/* A room marked direct in which there are no third persons: a marked one that others joined is a room like any. */
bool room_is_direct(const struct matrix_room *room);
bool room_is_deserted(const struct matrix_room *room); /* nobody is left or to come but us */
bool room_is_admin(const struct matrix_room *room, const char *user);
/* We are out of it. */
void room_leave(struct matrix_room *room);

#endif
