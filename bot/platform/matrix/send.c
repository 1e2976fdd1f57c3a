/* send: replies on their way. Per room one after the other; when the homeserver says 429, over all rooms, until the
 * queue that built up is gone. The transaction id is the bot's key, so a repeated send is recognised. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "platform/matrix/internal.h"

enum {
	PAUSE_MS = 5000,            /* after a 429 that does not say how long */
	EDIT_FALLBACK_BYTES = 1000, /* of the text for clients that know no edits */
	EVENT_BYTES = 60000,        /* of content: the specification allows 65,536 for the event as federated */
	TYPING_MS = 30000,
};

struct matrix_send {
	struct matrix *matrix;
	struct matrix_room *room;    /* NULL: past the cap of rooms; sent without order */
	struct matrix_send *next;    /* in its room */
	struct matrix_send *waiting; /* next one of those that wait while limited */
	char *path, *body, *key;
	char *remote;                /* what an edit or a redaction changes; NULL: a new event */
};

static void send_start(struct matrix_send *send);

static void send_free(void *context)
{
	struct matrix_send *send = context;
	free(send->path);
	free(send->body);
	free(send->key);
	free(send->remote);
	free(send);
}

/* ---- while limited ---- */

static void wait_last(struct matrix_send *send)
{
	struct matrix *matrix = send->matrix;
	send->waiting = NULL;
	*matrix->waiting_end = send;
	matrix->waiting_end = &send->waiting;
}

static void wait_first(struct matrix_send *send)
{
	struct matrix *matrix = send->matrix;
	send->waiting = matrix->waiting;
	matrix->waiting = send;
	if (!send->waiting)
		matrix->waiting_end = &send->waiting;
}

static void limited_pump(void *context)
{
	struct matrix *matrix = context;
	if (!matrix->is_limited || matrix->probe ||
	    matrix->clock->monotonic_us(matrix->clock) < matrix->paused_until_us)
		return;
	struct matrix_send *send = matrix->waiting;
	if (!send) {
		matrix->is_limited = false;
		return;
	}
	matrix->waiting = send->waiting;
	if (!matrix->waiting)
		matrix->waiting_end = &matrix->waiting;
	matrix->probe = send;
	send_start(send);
}

static void limited_begin(struct matrix_send *send, const struct matrix_reply *reply)
{
	struct matrix *matrix = send->matrix;
	int64_t wait_ms = reply->retry_after_ms >= 0 ? reply->retry_after_ms : PAUSE_MS;
	int64_t until_us = matrix->clock->monotonic_us(matrix->clock) + wait_ms * 1000;
	log_event(matrix->log, LOG_WARNING, "matrix", "rate_limited", LOG_NUMBER("wait_ms", wait_ms));
	if (matrix->probe == send)
		matrix->probe = NULL;
	matrix->is_limited = true;
	wait_first(send);
	if (until_us > matrix->paused_until_us)
		matrix->paused_until_us = until_us;
	loop_timer_set(matrix->loop, &matrix->pause, (matrix->paused_until_us - until_us) / 1000 + wait_ms + 1,
		       limited_pump, matrix);
}

/* ---- one send ---- */

static enum send_result result_of(enum matrix_verdict verdict)
{
	switch (verdict) {
	case MATRIX_OK:
		return SEND_DONE;
	case MATRIX_REFUSED:
		return SEND_REFUSED;
	case MATRIX_LOST:
	case MATRIX_OVERSIZED:
		return SEND_LOST;
	case MATRIX_LIMITED:
	case MATRIX_UNAUTHORISED:
	case MATRIX_UNREACHED:
		break;
	}
	return SEND_UNREACHED;
}

static void send_run(struct matrix_send *send)
{
	if (send->matrix->is_limited)
		wait_last(send);
	else
		send_start(send);
}

static void on_sent(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	struct matrix_send *send = context;
	if (reply->verdict == MATRIX_LIMITED) {
		limited_begin(send, reply);
		return;
	}
	enum send_result result = result_of(reply->verdict);
	const char *event = json_string(reply->root, "event_id");
	if (result == SEND_DONE && !event)
		result = SEND_LOST;
	if (result == SEND_DONE)
		matrix_seen_add(matrix, event, true);
	else
		log_event(matrix->log, LOG_WARNING, "matrix", "send_failed", LOG_TEXT("key", send->key),
			  LOG_NUMBER("status", reply->status), LOG_TEXT("failure", reply->failure));
	if (matrix->probe == send)
		matrix->probe = NULL;
	struct matrix_room *room = send->room;
	if (room) {
		room->first = send->next;
		if (!room->first)
			room->last = NULL;
		else
			send_run(room->first);
	}
	limited_pump(matrix);
	const char *remote = result != SEND_DONE ? "" : send->remote ? send->remote : event;
	matrix->platform.events->sent(matrix->platform.context, &matrix->platform, send->key, result, remote);
	send_free(send);
}

static void send_start(struct matrix_send *send)
{
	matrix_send_call(send->matrix, &(struct matrix_call){
		.method = "PUT", .path = memory_text(send->path), .body = memory_text(send->body), .done = on_sent,
		.drop = send->room ? NULL : send_free, .context = send,
	});
}

/* Takes path, body and copies the rest. */
static void send_add(struct matrix *matrix, const char *room, char *path, char *body, const char *key,
		     const char *remote)
{
	struct matrix_send *send = memory_zeroed(1, sizeof *send);
	send->matrix = matrix;
	send->room = room_of(&matrix->rooms, room);
	send->path = path;
	send->body = body;
	send->key = memory_text(key);
	send->remote = memory_text(remote);
	struct matrix_room *queue = send->room;
	if (queue && queue->last) {
		queue->last->next = send;
		queue->last = send;
		return;
	}
	if (queue)
		queue->first = queue->last = send;
	send_run(send);
}

void matrix_send_queue_finish(struct matrix_room *room)
{
	while (room->first) {
		struct matrix_send *send = room->first;
		room->first = send->next;
		send_free(send);
	}
	room->last = NULL;
}

/* ---- the platform's calls ---- */

void matrix_send_post(struct platform *platform, const struct post *post)
{
	char *path = matrix_path("/v3/rooms/{}/send/m.room.message/{}", post->room, post->key, NULL);
	send_add((struct matrix *)platform, post->room, path, memory_text(post->payload), post->key, NULL);
}

/* "Applying m.new_content": the whole new content inside, a short fallback outside, and no relation inside. */
static char *edit_body(const char *payload, const char *remote)
{
	struct json *document = json_parse(payload, strlen(payload), &json_limits_message, NULL);
	const cJSON *root = document ? json_root(document) : NULL;
	const char *type = json_string(root, "msgtype"), *text = json_string(root, "body");
	if (!type || !text) {
		json_destroy(document);
		return NULL;
	}
	struct buffer fallback;
	buffer_init(&fallback, EDIT_FALLBACK_BYTES + 2);
	buffer_append_text(&fallback, "* ");
	buffer_append(&fallback, text, utf8_floor(text, strlen(text), EDIT_FALLBACK_BYTES));
	cJSON *body = cJSON_CreateObject();
	cJSON_AddStringToObject(body, "msgtype", type);
	cJSON_AddStringToObject(body, "body", buffer_text(&fallback));
	cJSON_AddObjectToObject(body, "m.mentions"); /* whom the answer mentioned was told once */
	cJSON *content = cJSON_Duplicate(root, true);
	cJSON_DeleteItemFromObjectCaseSensitive(content, "m.relates_to");
	cJSON_AddItemToObject(body, "m.new_content", content);
	cJSON *relation = cJSON_AddObjectToObject(body, "m.relates_to");
	cJSON_AddStringToObject(relation, "rel_type", "m.replace");
	cJSON_AddStringToObject(relation, "event_id", remote);
	buffer_finish(&fallback);
	json_destroy(document);
	return matrix_body(body);
}

/* `remote` is always the answer itself, never an edit of it: that is what `sent` reports for edits as well. */
bool matrix_send_edit(struct platform *platform, const char *remote, const struct post *post)
{
	char *body = edit_body(post->payload, remote);
	if (!body || strlen(body) > EVENT_BYTES) {
		free(body);
		return false;
	}
	char *path = matrix_path("/v3/rooms/{}/send/m.room.message/{}", post->room, post->key, NULL);
	send_add((struct matrix *)platform, post->room, path, body, post->key, remote);
	return true;
}

void matrix_send_redact(struct platform *platform, const char *room, const char *remote, const char *key)
{
	char *path = matrix_path("/v3/rooms/{}/redact/{}/{}", room, remote, key, NULL);
	send_add((struct matrix *)platform, room, path, memory_text("{}"), key, remote);
}

/* Typing and receipts are courtesies: what becomes of them is nobody's concern. */
static void ignore(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)matrix;
	(void)context;
	(void)reply;
}

void matrix_send_typing(struct platform *platform, const char *room, bool on)
{
	struct matrix *matrix = (struct matrix *)platform;
	if (!matrix->user_id)
		return;
	cJSON *body = cJSON_CreateObject();
	cJSON_AddBoolToObject(body, "typing", on);
	if (on)
		cJSON_AddNumberToObject(body, "timeout", TYPING_MS);
	matrix_send_call(matrix, &(struct matrix_call){
		.method = "PUT", .path = matrix_path("/v3/rooms/{}/typing/{}", room, matrix->user_id, NULL),
		.body = matrix_body(body), .done = ignore,
	});
}

void matrix_send_receipt(struct platform *platform, const char *room, const char *event)
{
	matrix_send_call((struct matrix *)platform, &(struct matrix_call){
		.method = "POST", .path = matrix_path("/v3/rooms/{}/receipt/m.read/{}", room, event, NULL),
		.body = memory_text("{}"), .done = ignore,
	});
}
