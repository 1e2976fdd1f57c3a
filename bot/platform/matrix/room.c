#include "platform/matrix/room.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { DIRECT_MEMBERS = 2 };

struct matrix_room *room_find(const struct matrix_rooms *rooms, const char *id)
{
	struct matrix_room *room = rooms->buckets[names_hash(id) % ROOMS_BUCKETS];
	while (room && strcmp(room->id, id) != 0)
		room = room->next;
	return room;
}

struct matrix_room *room_of(struct matrix_rooms *rooms, const char *id)
{
	struct matrix_room *room = room_find(rooms, id);
	if (room || rooms->count == ROOMS_MOST)
		return room;
	struct matrix_room **bucket = &rooms->buckets[names_hash(id) % ROOMS_BUCKETS];
	room = memory_zeroed(1, sizeof *room);
	room->id = memory_text(id);
	room->joined_members = ROOM_MEMBERS_UNKNOWN;
	room->next = *bucket;
	*bucket = room;
	rooms->count++;
	return room;
}

void rooms_each(struct matrix_rooms *rooms, void (*each)(void *context, struct matrix_room *room), void *context)
{
	for (size_t i = 0; i < ROOMS_BUCKETS; i++)
		for (struct matrix_room *room = rooms->buckets[i]; room; room = room->next)
			each(context, room);
}

void rooms_finish(struct matrix_rooms *rooms)
{
	for (size_t i = 0; i < ROOMS_BUCKETS; i++) {
		while (rooms->buckets[i]) {
			struct matrix_room *room = rooms->buckets[i];
			rooms->buckets[i] = room->next;
			names_finish(&room->admins);
			names_finish(&room->creators);
			free(room->id);
			free(room);
		}
	}
	rooms->count = 0;
}

/* ---- state ---- */

/* m.room.power_levels: `users` only. Who has `users_default` has nothing special, even where that is high. */
static void apply_power_levels(struct matrix_room *room, const cJSON *content, int admin_level)
{
	names_finish(&room->admins);
	const cJSON *user;
	cJSON_ArrayForEach(user, json_object(content, "users"))
		if (admin_level > 0 && cJSON_IsNumber(user) && user->valuedouble >= admin_level)
			names_add(&room->admins, user->string);
}

/* Room version 12 ("Room IDs as hashes of the create event", and privileged creators): such ids have no server part,
 * and creators are above every power level. */
static void apply_create(struct matrix_room *room, const cJSON *event, int admin_level)
{
	names_finish(&room->creators);
	if (admin_level <= 0 || strchr(room->id, ':'))
		return;
	const char *sender = json_string(event, "sender");
	if (sender)
		names_add(&room->creators, sender);
	const cJSON *creator;
	cJSON_ArrayForEach(creator, json_array(json_object(event, "content"), "additional_creators"))
		if (cJSON_IsString(creator))
			names_add(&room->creators, creator->valuestring);
}

void room_apply_state(struct matrix_room *room, const cJSON *event, int admin_level)
{
	const char *type = json_string(event, "type"), *key = json_string(event, "state_key");
	const cJSON *content = json_object(event, "content");
	if (!type || !key || *key || !content)
		return;
	if (strcmp(type, "m.room.power_levels") == 0)
		apply_power_levels(room, content, admin_level);
	else if (strcmp(type, "m.room.create") == 0)
		apply_create(room, event, admin_level);
}

void room_apply_summary(struct matrix_room *room, const cJSON *summary)
{
	json_integer(summary, "m.joined_member_count", &room->joined_members);
	json_integer(summary, "m.invited_member_count", &room->invited_members);
}

void rooms_apply_direct(struct matrix_rooms *rooms, const cJSON *direct)
{
	const cJSON *user, *id;
	cJSON_ArrayForEach(user, direct) {
		cJSON_ArrayForEach(id, user) {
			struct matrix_room *room = cJSON_IsString(id) ? room_of(rooms, id->valuestring) : NULL;
			if (room)
				room->is_marked_direct = true;
		}
	}
}

bool room_is_direct(const struct matrix_room *room)
{
	return room->is_marked_direct && room->joined_members + room->invited_members <= DIRECT_MEMBERS;
}

bool room_is_deserted(const struct matrix_room *room)
{
	return room->is_joined && room->joined_members == 1 && room->invited_members == 0;
}

bool room_is_admin(const struct matrix_room *room, const char *user)
{
	return room->is_joined && (names_has(&room->admins, user) || names_has(&room->creators, user));
}

void room_leave(struct matrix_room *room)
{
	room->is_joined = false;
	room->is_marked_direct = false;
	room->joined_members = ROOM_MEMBERS_UNKNOWN;
	room->invited_members = 0;
	names_finish(&room->admins);
	names_finish(&room->creators);
}
