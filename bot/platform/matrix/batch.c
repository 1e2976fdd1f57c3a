#include "platform/matrix/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* ---- our own membership ---- */

bool batch_is_own(const struct matrix *matrix, const cJSON *event, const char *membership)
{
	if (!matrix_event_is_state_of(event, "m.room.member", matrix->user_id))
		return false;
	const char *now = json_string(json_object(event, "content"), "membership");
	const char *before = json_string(json_object(json_object(event, "unsigned"), "prev_content"), "membership");
	/* A member event that only changes our name keeps the membership. */
	return now && strcmp(now, membership) == 0 && !(before && strcmp(before, membership) == 0);
}

long batch_find_own(const struct matrix *matrix, const cJSON *const *events, size_t count, const char *membership)
{
	for (size_t i = count; i-- > 0;)
		if (batch_is_own(matrix, events[i], membership))
			return (long)i;
	return -1;
}

void batch_room_arrange(const struct matrix_batch *batch, struct batch_room *room)
{
	const cJSON *timeline = json_array(json_object(room->joined, "timeline"), "events");
	size_t count = (size_t)cJSON_GetArraySize(timeline), at = 0;
	for (size_t i = 0; i < room->pages_count; i++)
		count += (size_t)cJSON_GetArraySize(json_array(json_root(room->pages[i]), "chunk"));
	room->events = memory_zeroed(count + 1, sizeof *room->events);
	const cJSON *event;
	for (size_t i = room->pages_count; i-- > 0;) {
		const cJSON *chunk = json_array(json_root(room->pages[i]), "chunk");
		at += (size_t)cJSON_GetArraySize(chunk);
		size_t back = at;
		cJSON_ArrayForEach(event, chunk)
			room->events[--back] = event;
	}
	cJSON_ArrayForEach(event, timeline)
		room->events[at++] = event;
	room->events_count = count;
	long joined = batch_find_own(batch->matrix, room->events, count, "join");
	long invited = joined < 0 ? -1 : batch_find_own(batch->matrix, room->events, (size_t)joined, "invite");
	room->is_new = joined >= 0 && !batch->is_first;
	if (batch->is_first)
		room->start = count; /* all of it was before us */
	else if (joined >= 0)
		room->start = (size_t)(room->room->is_marked_direct && invited >= 0 ? invited : joined) + 1;
}

/* ---- taking the answer apart ---- */

static void apply_account_data(struct matrix *matrix, const cJSON *root)
{
	const cJSON *event, *user;
	cJSON_ArrayForEach(event, json_array(json_object(root, "account_data"), "events")) {
		const char *type = json_string(event, "type");
		const cJSON *content = json_object(event, "content");
		if (type && content && strcmp(type, "m.direct") == 0) {
			cJSON_Delete(matrix->direct);
			matrix->direct = cJSON_Duplicate(content, true);
			rooms_apply_direct(&matrix->rooms, content);
		} else if (type && content && strcmp(type, "m.ignored_user_list") == 0) {
			names_finish(&matrix->ignored);
			cJSON_ArrayForEach(user, json_object(content, "ignored_users"))
				names_add(&matrix->ignored, user->string);
		}
	}
}

static const cJSON *find_own(const struct matrix *matrix, const cJSON *events, const char *membership)
{
	const cJSON *event;
	cJSON_ArrayForEach(event, events)
		if (batch_is_own(matrix, event, membership))
			return event;
	return NULL;
}

/* Our join of an invitation that was for a direct message says so in what it replaced. */
static bool was_invited_directly(const cJSON *join)
{
	return json_bool(json_object(json_object(join, "unsigned"), "prev_content"), "is_direct", false);
}

static void begin_room(struct matrix_batch *batch, struct batch_room *entry)
{
	struct matrix *matrix = batch->matrix;
	const cJSON *timeline = json_object(entry->joined, "timeline"), *event;
	const cJSON *events = json_array(timeline, "events");
	struct matrix_room *room = entry->room;
	room->is_joined = true;
	cJSON_ArrayForEach(event, json_array(json_object(entry->joined, "state"), "events"))
		room_apply_state(room, event, matrix->options.admin_power_level);
	room_apply_summary(room, json_object(entry->joined, "summary"));
	const cJSON *join = find_own(matrix, events, "join");
	if (matrix_invite_settle(matrix, room->id) || was_invited_directly(join))
		room->is_marked_direct = true;
	const char *previous = json_string(timeline, "prev_batch");
	if (batch->is_first || !previous || !json_bool(timeline, "limited", false))
		return;
	if (join) {
		entry->is_to_invite = room->is_marked_direct && !find_own(matrix, events, "invite");
		if (!entry->is_to_invite)
			return; /* nothing from before we joined */
	}
	if (batch->gaps++ < BATCH_GAPS)
		entry->from = memory_text(previous);
}

void matrix_batch_begin(struct matrix *matrix, struct json *document, bool is_first)
{
	struct matrix_batch *batch = memory_zeroed(1, sizeof *batch);
	batch->matrix = matrix;
	batch->document = document;
	batch->is_first = is_first;
	matrix->batch = batch;
	const cJSON *root = json_root(document), *joined = json_object(json_object(root, "rooms"), "join"), *room;
	apply_account_data(matrix, root);
	int count = cJSON_GetArraySize(joined);
	batch->rooms = memory_zeroed((size_t)count + 1, sizeof *batch->rooms);
	cJSON_ArrayForEach(room, joined) {
		struct batch_room *entry = &batch->rooms[batch->count];
		entry->joined = room;
		entry->room = strlen(room->string) < PLATFORM_ID_BYTES ? room_of(&matrix->rooms, room->string) : NULL;
		if (!entry->room)
			continue;
		batch->count++;
		begin_room(batch, entry);
	}
	batch_fetch(batch);
}

static void batch_free(struct matrix_batch *batch)
{
	loop_timer_cancel(&batch->retry);
	for (size_t i = 0; i < batch->count; i++) {
		for (size_t page = 0; page < batch->rooms[i].pages_count; page++)
			json_destroy(batch->rooms[i].pages[page]);
		free(batch->rooms[i].events);
		free(batch->rooms[i].from);
	}
	free(batch->rooms);
	json_destroy(batch->document);
	free(batch);
}

void matrix_batch_drop(struct matrix *matrix)
{
	if (!matrix->batch)
		return;
	matrix_request_cancel(matrix->batch->request);
	batch_free(matrix->batch);
	matrix->batch = NULL;
}

/* ---- handing up ---- */

static void hand_up_room(struct matrix_batch *batch, const struct batch_room *entry)
{
	struct matrix *matrix = batch->matrix;
	const struct platform_events *events = matrix->platform.events;
	if (entry->is_new)
		events->entered(matrix->platform.context, &matrix->platform, entry->room->id,
				room_is_direct(entry->room));
	for (size_t i = 0; i < entry->events_count; i++) {
		if (i >= entry->start)
			matrix_event_on_timeline(matrix, entry->room, entry->events[i]);
		else
			room_apply_state(entry->room, entry->events[i], matrix->options.admin_power_level);
	}
	if (room_is_deserted(entry->room))
		matrix_invite_leave(matrix, entry->room->id, "deserted");
}

void batch_hand_up(struct matrix_batch *batch)
{
	struct matrix *matrix = batch->matrix;
	matrix->batch = NULL;
	const cJSON *root = json_root(batch->document), *rooms = json_object(root, "rooms"), *entry;
	for (size_t i = 0; i < batch->count; i++)
		hand_up_room(batch, &batch->rooms[i]);
	cJSON_ArrayForEach(entry, json_object(rooms, "invite"))
		matrix_invite_on_invited(matrix, entry->string, entry);
	cJSON_ArrayForEach(entry, json_object(rooms, "leave")) {
		struct matrix_room *room = room_find(&matrix->rooms, entry->string);
		if (room)
			room_leave(room);
	}
	matrix_sync_on_handed_up(matrix, json_string(root, "next_batch"));
	batch_free(batch);
}
