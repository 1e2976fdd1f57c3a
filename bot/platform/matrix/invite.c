/* invite: how we come into rooms and out of them. Invitations by the allow list, upgraded rooms by their tombstone.
 *
 * Joins that are under way are stored ("joins"), because a sync tells of an invitation once only. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/matrix/internal.h"

enum {
	JOINS_MOST = 200,
	JOIN_TRIES = 10,
	JOIN_TIMEOUT_MS = 120000, /* a large room of another server takes its time */
	JOIN_RETRY_BASE_MS = 2000,
	JOIN_RETRY_CAP_MS = 600000,
};

struct matrix_join {
	struct matrix *matrix;
	struct matrix_join *next;
	char *room, *via, *inviter;
	bool is_direct;
	bool is_done;
	unsigned tries;
	struct loop_timer retry;
};

static void join_try(void *context);

/* ---- the list ---- */

static void joins_store(struct matrix *matrix)
{
	if (!matrix->joins) {
		matrix_remember(matrix, "joins", NULL);
		return;
	}
	cJSON *list = cJSON_CreateArray();
	for (const struct matrix_join *join = matrix->joins; join; join = join->next) {
		cJSON *entry = cJSON_CreateObject();
		cJSON_AddStringToObject(entry, "room", join->room);
		cJSON_AddStringToObject(entry, "via", join->via);
		cJSON_AddStringToObject(entry, "inviter", join->inviter);
		cJSON_AddBoolToObject(entry, "is_direct", join->is_direct);
		cJSON_AddItemToArray(list, entry);
	}
	char *text = matrix_body(list);
	matrix_remember(matrix, "joins", text);
	free(text);
}

static void join_free(struct matrix_join *join)
{
	loop_timer_cancel(&join->retry);
	free(join->room);
	free(join->via);
	free(join->inviter);
	free(join);
}

static void join_remove(struct matrix *matrix, struct matrix_join *join)
{
	struct matrix_join **link = &matrix->joins;
	while (*link != join)
		link = &(*link)->next;
	*link = join->next;
	join_free(join);
	joins_store(matrix);
}

static struct matrix_join *join_find(struct matrix *matrix, const char *room)
{
	struct matrix_join *join = matrix->joins;
	while (join && strcmp(join->room, room) != 0)
		join = join->next;
	return join;
}

static struct matrix_join *join_add(struct matrix *matrix, const char *room, const char *via, const char *inviter,
				    bool is_direct)
{
	size_t count = 0;
	for (const struct matrix_join *join = matrix->joins; join; join = join->next)
		count++;
	if (count >= JOINS_MOST) {
		log_event(matrix->log, LOG_WARNING, "matrix", "too_many_joins", LOG_TEXT("room", room));
		return NULL;
	}
	struct matrix_join *join = memory_zeroed(1, sizeof *join);
	join->matrix = matrix;
	join->room = memory_text(room);
	join->via = memory_text(via);
	join->inviter = memory_text(inviter);
	join->is_direct = is_direct;
	join->next = matrix->joins;
	matrix->joins = join;
	return join;
}

void matrix_invite_finish(struct matrix *matrix)
{
	while (matrix->joins) {
		struct matrix_join *join = matrix->joins;
		matrix->joins = join->next;
		join_free(join);
	}
}

void matrix_invite_resume(struct matrix *matrix)
{
	if (matrix->are_joins_known)
		return;
	matrix->are_joins_known = true;
	char *text = matrix_recall(matrix, "joins");
	struct json *list = text ? json_parse(text, strlen(text), &json_limits_message, NULL) : NULL;
	const cJSON *entries = list ? json_root(list) : NULL, *entry;
	cJSON_ArrayForEach(entry, entries) {
		const char *room = json_string(entry, "room"), *via = json_string(entry, "via");
		const char *inviter = json_string(entry, "inviter");
		if (!room || !via || !inviter || join_find(matrix, room))
			continue;
		struct matrix_join *join = join_add(matrix, room, via, inviter, json_bool(entry, "is_direct", false));
		if (join)
			join_try(join);
	}
	json_destroy(list);
	free(text);
}

/* ---- m.direct ---- */

static void on_marked(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	if (reply->verdict != MATRIX_OK)
		log_event(matrix->log, LOG_WARNING, "matrix", "direct_not_stored", LOG_TEXT("failure", reply->failure));
}

/* Adds the room to our account's direct rooms, which outlast this process ("Direct Messaging"). */
static void mark_direct(struct matrix *matrix, const char *room, const char *user)
{
	cJSON *direct = matrix->direct ? matrix->direct : cJSON_CreateObject();
	matrix->direct = direct;
	cJSON *rooms = cJSON_GetObjectItemCaseSensitive(direct, user);
	if (!rooms)
		rooms = cJSON_AddArrayToObject(direct, user);
	const cJSON *entry;
	cJSON_ArrayForEach(entry, rooms)
		if (cJSON_IsString(entry) && strcmp(entry->valuestring, room) == 0)
			return;
	if (!cJSON_IsArray(rooms) || !cJSON_AddItemToArray(rooms, cJSON_CreateString(room)))
		return;
	matrix_send_call(matrix, &(struct matrix_call){
		.method = "PUT", .path = matrix_path("/v3/user/{}/account_data/m.direct", matrix->user_id, NULL),
		.body = cJSON_PrintUnformatted(direct), .done = on_marked,
	});
}

/* Only here, where a sync has brought the account's own list: one written before would take its place. */
bool matrix_invite_settle(struct matrix *matrix, const char *room)
{
	struct matrix_join *join = join_find(matrix, room);
	bool is_direct = join && join->is_direct;
	if (!join || !join->is_done)
		return is_direct;
	if (is_direct)
		mark_direct(matrix, join->room, join->inviter);
	join_remove(matrix, join);
	return is_direct;
}

/* ---- joining ---- */

static void on_joined(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	struct matrix_join *join = context;
	if (reply->verdict == MATRIX_OK) {
		log_event(matrix->log, LOG_INFO, "matrix", "joined", LOG_TEXT("room", join->room),
			  LOG_TEXT("inviter", join->inviter));
		join->is_done = true;
		const struct matrix_room *room = room_find(&matrix->rooms, join->room);
		if (room && room->is_joined) /* the sync was faster */
			matrix_invite_settle(matrix, join->room);
		return;
	}
	/* While the homeserver is not to be had, no try counts: the invitation would not be told of again. */
	bool was_asked = reply->verdict != MATRIX_UNREACHED && reply->verdict != MATRIX_UNAUTHORISED;
	bool may_pass = reply->verdict != MATRIX_REFUSED && (join->tries < JOIN_TRIES || !was_asked);
	log_event(matrix->log, LOG_WARNING, "matrix", may_pass ? "join_failed" : "join_given_up",
		  LOG_TEXT("room", join->room), LOG_NUMBER("status", reply->status),
		  LOG_TEXT("failure", reply->failure));
	if (!may_pass) {
		join_remove(matrix, join);
		return;
	}
	int64_t wait = clock_backoff_ms(matrix->clock, join->tries, JOIN_RETRY_BASE_MS, JOIN_RETRY_CAP_MS);
	loop_timer_set(matrix->loop, &join->retry, reply->retry_after_ms >= 0 ? reply->retry_after_ms : wait,
		       join_try, join);
}

static void join_try(void *context)
{
	struct matrix_join *join = context;
	struct matrix *matrix = join->matrix;
	join->tries++;
	/* `via` since v1.12, `server_name` before: both, for a homeserver reads the one it knows. */
	char *path = *join->via ? matrix_path("/v3/join/{}?via={}&server_name={}", join->room, join->via, join->via,
					      NULL)
				: matrix_path("/v3/join/{}", join->room, NULL);
	matrix_send_call(matrix, &(struct matrix_call){
		.method = "POST", .path = path, .body = memory_text("{}"), .timeout_ms = JOIN_TIMEOUT_MS,
		.done = on_joined, .context = join,
	});
}

static void join_begin(struct matrix *matrix, const char *room, const char *inviter, bool is_direct)
{
	struct matrix_join *join = join_find(matrix, room);
	if (join && !join->is_done)
		return;
	if (join) /* we were thrown out and are invited again */
		join_remove(matrix, join);
	join = join_add(matrix, room, names_server(inviter), inviter, is_direct);
	if (!join)
		return;
	joins_store(matrix);
	join_try(join);
}

/* ---- invitations ---- */

static bool is_allowed(const struct matrix_options *options, const char *room, const char *inviter)
{
	for (size_t i = 0; i < options->invite_allow_count; i++) {
		const char *glob = options->invite_allow[i];
		if (names_glob(glob, inviter) || names_glob(glob, room) || names_glob(glob, names_server(inviter)))
			return true;
	}
	return false;
}

static void on_left(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	if (reply->verdict != MATRIX_OK)
		log_event(matrix->log, LOG_WARNING, "matrix", "leave_failed", LOG_NUMBER("status", reply->status),
			  LOG_TEXT("failure", reply->failure));
}

void matrix_invite_leave(struct matrix *matrix, const char *room, const char *why)
{
	log_event(matrix->log, LOG_INFO, "matrix", "leaves", LOG_TEXT("room", room), LOG_TEXT("why", why));
	matrix_send_call(matrix, &(struct matrix_call){
		.method = "POST", .path = matrix_path("/v3/rooms/{}/leave", room, NULL), .body = memory_text("{}"),
		.done = on_left,
	});
}

void matrix_invite_on_invited(struct matrix *matrix, const char *room, const cJSON *invited)
{
	const cJSON *event, *own = NULL;
	cJSON_ArrayForEach(event, json_array(json_object(invited, "invite_state"), "events"))
		if (matrix_event_is_state_of(event, "m.room.member", matrix->user_id))
			own = event;
	const char *inviter = json_string(own, "sender");
	if (!inviter || strlen(inviter) >= PLATFORM_ID_BYTES || strlen(room) >= PLATFORM_ID_BYTES)
		return;
	if (is_allowed(&matrix->options, room, inviter) && !names_has(&matrix->ignored, inviter)) {
		join_begin(matrix, room, inviter, json_bool(json_object(own, "content"), "is_direct", false));
	} else {
		log_event(matrix->log, LOG_INFO, "matrix", "invitation_declined", LOG_TEXT("room", room),
			  LOG_TEXT("inviter", inviter));
		matrix_invite_leave(matrix, room, "not allowed");
	}
}

/* "Room Upgrades": the sender's server is in the new room, whose id need not name one. */
void matrix_invite_on_tombstone(struct matrix *matrix, struct matrix_room *room, const cJSON *event)
{
	const char *next = json_string(json_object(event, "content"), "replacement_room");
	const char *sender = json_string(event, "sender");
	if (!next || next[0] != '!' || strlen(next) >= PLATFORM_ID_BYTES || !sender)
		return;
	const struct matrix_room *known = room_find(&matrix->rooms, next);
	if (known && known->is_joined)
		return;
	log_event(matrix->log, LOG_INFO, "matrix", "room_upgraded", LOG_TEXT("room", room->id), LOG_TEXT("next", next));
	join_begin(matrix, next, sender, room->is_marked_direct);
}
