/* event: one event of a timeline, handed up as what it is: a question, an edit, a redaction, something unreadable. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/matrix/internal.h"

enum { EDITS_MOST = 64 }; /* under way at one time; further ones are passed over */

/* An edit whose original is being looked up. */
struct edit {
	char *room, *event, *sender;
	char *content; /* of the edit's m.new_content, as JSON */
	int64_t sent_ms;
};

int64_t matrix_event_sent_ms(const struct matrix *matrix, const cJSON *event)
{
	int64_t now_ms = matrix->clock->wall_ms(matrix->clock), at = 0;
	if (json_integer(json_object(event, "unsigned"), "age", &at) && at >= 0 && at <= now_ms)
		return now_ms - at; /* free of the sending server's clock */
	if (!json_integer(event, "origin_server_ts", &at) || at < 0)
		return 0;
	return at > now_ms ? now_ms : at;
}

bool matrix_event_is_state_of(const cJSON *event, const char *type, const char *state_key)
{
	const char *is_type = json_string(event, "type"), *is_key = json_string(event, "state_key");
	return is_type && is_key && strcmp(is_type, type) == 0 && strcmp(is_key, state_key) == 0;
}

static struct reader reader_of(const struct matrix *matrix)
{
	return (struct reader){
		.user_id = matrix->user_id, .display_name = matrix->display_name,
		.prefixes = matrix->options.prefixes, .prefixes_count = matrix->options.prefixes_count,
	};
}

static bool is_id(const char *text)
{
	return text && *text && strlen(text) < PLATFORM_ID_BYTES;
}

static struct message message_of(struct matrix *matrix, const struct matrix_room *room, const cJSON *event)
{
	return (struct message){
		.platform = &matrix->platform, .room = room->id, .sender = json_string(event, "sender"),
		.event = json_string(event, "event_id"), .text = "", .is_direct = room_is_direct(room),
		.is_readable = true, .sent_ms = matrix_event_sent_ms(matrix, event),
	};
}

/* ---- messages ---- */

static void on_message(struct matrix *matrix, const struct matrix_room *room, const cJSON *event)
{
	const cJSON *content = json_object(event, "content");
	struct relation relation = read_relation(content);
	struct message message = message_of(matrix, room, event);
	struct reader reader = reader_of(matrix);
	struct reading reading;
	bool is_reply = relation.reply_to && matrix_seen(matrix, relation.reply_to) == 1;
	if (!read_content(&reader, content, message.is_direct || is_reply, &reading))
		return;
	message.thread = is_id(relation.thread) ? relation.thread : NULL;
	message.text = reading.text;
	message.text_bytes = strlen(reading.text);
	message.is_addressed = message.is_direct || is_reply || reading.is_called ||
			       (relation.reply_to && reading.quotes_us);
	matrix->platform.events->message(matrix->platform.context, &message);
	free(reading.text);
}

/* The relation and the mentions of an encrypted event may stand outside of the ciphertext. */
static void on_encrypted(struct matrix *matrix, const struct matrix_room *room, const cJSON *event)
{
	const cJSON *content = json_object(event, "content");
	struct reader reader = reader_of(matrix);
	struct relation relation = read_relation(content);
	struct message message = message_of(matrix, room, event);
	message.is_readable = false;
	message.thread = is_id(relation.thread) ? relation.thread : NULL;
	message.is_addressed = message.is_direct || read_mentions(&reader, content) ||
			       (relation.reply_to && matrix_seen(matrix, relation.reply_to) == 1);
	matrix->platform.events->message(matrix->platform.context, &message);
}

/* ---- edits ---- */

static void edit_free(void *context)
{
	struct edit *edit = context;
	free(edit->room);
	free(edit->event);
	free(edit->sender);
	free(edit->content);
	free(edit);
}

static void hand_up_edit(struct matrix *matrix, const struct edit *edit, const cJSON *original, const cJSON *content)
{
	const struct matrix_room *room = room_find(&matrix->rooms, edit->room);
	struct reader reader = reader_of(matrix);
	struct reading reading;
	if (!room || !read_content(&reader, content, true, &reading))
		return;
	struct relation relation = read_relation(json_object(original, "content"));
	struct message message = {
		.platform = &matrix->platform, .room = edit->room, .sender = edit->sender, .event = edit->event,
		.thread = is_id(relation.thread) ? relation.thread : NULL, .text = reading.text,
		.text_bytes = strlen(reading.text), .is_direct = room_is_direct(room), .is_readable = true,
		.sent_ms = edit->sent_ms,
	};
	message.is_addressed = message.is_direct || reading.is_called ||
			       (relation.reply_to && matrix_seen(matrix, relation.reply_to) == 1);
	matrix->platform.events->edited(matrix->platform.context, &message);
	free(reading.text);
}

/* "Validity of replacement events": the same sender, the same type, no state, not itself an edit. Servers need not
 * check it. */
static void on_original(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	struct edit *edit = context;
	matrix->edits--;
	const char *sender = json_string(reply->root, "sender"), *type = json_string(reply->root, "type");
	bool is_valid = reply->verdict == MATRIX_OK && sender && type && strcmp(sender, edit->sender) == 0 &&
			strcmp(type, "m.room.message") == 0 && !json_get(reply->root, "state_key") &&
			!read_relation(json_object(reply->root, "content")).replaces;
	struct json *content =
		is_valid ? json_parse(edit->content, strlen(edit->content), &json_limits_message, NULL) : NULL;
	if (content)
		hand_up_edit(matrix, edit, reply->root, json_root(content));
	else
		log_event(matrix->log, LOG_INFO, "matrix", "edit_ignored", LOG_TEXT("room", edit->room),
			  LOG_TEXT("event", edit->event), LOG_NUMBER("status", reply->status));
	json_destroy(content);
	edit_free(edit);
}

static void on_edit(struct matrix *matrix, const struct matrix_room *room, const cJSON *event, const char *original)
{
	const cJSON *content = json_object(json_object(event, "content"), "m.new_content");
	if (!content || !is_id(original))
		return;
	if (matrix->edits == EDITS_MOST) {
		log_event(matrix->log, LOG_WARNING, "matrix", "too_many_edits", LOG_TEXT("room", room->id));
		return;
	}
	char *text = cJSON_PrintUnformatted(content);
	if (!text)
		return;
	matrix->edits++;
	struct edit *edit = memory_zeroed(1, sizeof *edit);
	edit->room = memory_text(room->id);
	edit->event = memory_text(original);
	edit->sender = memory_text(json_string(event, "sender"));
	edit->content = text;
	edit->sent_ms = matrix_event_sent_ms(matrix, event);
	matrix_send_call(matrix, &(struct matrix_call){
		.method = "GET", .path = matrix_path("/v3/rooms/{}/event/{}", room->id, original, NULL),
		.done = on_original, .drop = edit_free, .context = edit,
	});
}

/* ---- one event ---- */

/* Room version 11 moved `redacts` into the content. */
static void on_redaction(struct matrix *matrix, const struct matrix_room *room, const cJSON *event)
{
	const char *redacts = json_string(json_object(event, "content"), "redacts");
	if (!redacts)
		redacts = json_string(event, "redacts");
	if (is_id(redacts))
		matrix->platform.events->redacted(matrix->platform.context, &matrix->platform, room->id, redacts);
}

static void on_own_member(struct matrix *matrix, const cJSON *event)
{
	const cJSON *content = json_object(event, "content");
	const char *membership = json_string(content, "membership"), *name = json_string(content, "displayname");
	if (membership && strcmp(membership, "join") == 0 && name && *name)
		matrix_keep(&matrix->display_name, name);
}

void matrix_event_on_timeline(struct matrix *matrix, struct matrix_room *room, const cJSON *event)
{
	const char *type = json_string(event, "type"), *sender = json_string(event, "sender");
	const cJSON *content = json_object(event, "content");
	if (!type || !content || !is_id(sender) || !is_id(json_string(event, "event_id")))
		return;
	if (json_string(event, "state_key")) {
		room_apply_state(room, event, matrix->options.admin_power_level);
		if (matrix_event_is_state_of(event, "m.room.tombstone", ""))
			matrix_invite_on_tombstone(matrix, room, event);
		else if (matrix_event_is_state_of(event, "m.room.member", matrix->user_id))
			on_own_member(matrix, event);
		return;
	}
	if (strcmp(sender, matrix->user_id) == 0 || names_has(&matrix->ignored, sender))
		return;
	if (strcmp(type, "m.room.redaction") == 0) {
		on_redaction(matrix, room, event);
		return;
	}
	int64_t age_ms = matrix->clock->wall_ms(matrix->clock) - matrix_event_sent_ms(matrix, event);
	if (age_ms > matrix->options.answer_age_ms)
		return;
	const char *replaces = read_relation(content).replaces;
	if (strcmp(type, "m.room.encrypted") == 0)
		on_encrypted(matrix, room, event);
	else if (strcmp(type, "m.room.message") == 0 && replaces)
		on_edit(matrix, room, event, replaces);
	else if (strcmp(type, "m.room.message") == 0)
		on_message(matrix, room, event);
}
