/* fetch: what a batch lacks. Gaps of limited timelines (Client-Server API, "Syncing", GET /rooms/{roomId}/messages),
 * who wrote the event that somebody replied to, how many are in a room marked direct. One request at a time; what
 * cannot be had after some tries is done without. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/matrix/batch.h"

enum { PAGE_BODY_BYTES = 4 << 20 };

static const char page_filter[] =
	"{\"types\":[\"m.room.message\",\"m.room.encrypted\",\"m.room.redaction\",\"m.room.member\","
	"\"m.room.tombstone\",\"m.room.power_levels\"]}";

static void fetch_again(void *context)
{
	batch_fetch(context);
}

/* True when the request is to be repeated; false when it is given up. */
static bool try_again(struct matrix_batch *batch, const struct matrix_reply *reply, const char *what)
{
	struct matrix *matrix = batch->matrix;
	bool may_pass = reply->verdict == MATRIX_LIMITED || reply->verdict == MATRIX_LOST ||
			reply->verdict == MATRIX_UNREACHED;
	if (!may_pass || batch->tries >= BATCH_TRIES) {
		log_event(matrix->log, LOG_WARNING, "matrix", "fetch_failed", LOG_TEXT("what", what),
			  LOG_TEXT("room", batch->asked->room->id), LOG_NUMBER("status", reply->status),
			  LOG_TEXT("failure", reply->failure));
		batch->tries = 0;
		return false;
	}
	int64_t wait = clock_backoff_ms(matrix->clock, batch->tries++, MATRIX_RETRY_BASE_MS, MATRIX_RETRY_CAP_MS);
	if (reply->retry_after_ms >= 0)
		wait = reply->retry_after_ms;
	loop_timer_set(matrix->loop, &batch->retry, wait, fetch_again, batch);
	return true;
}

/* ---- gaps ---- */

/* Whether the page reaches back far enough: to our invitation, or to what is too old to be answered. */
static bool reaches_back(const struct matrix_batch *batch, const struct batch_room *room, const cJSON *chunk)
{
	const struct matrix *matrix = batch->matrix;
	const cJSON *event, *oldest = NULL;
	cJSON_ArrayForEach(event, chunk) {
		oldest = event;
		if (room->is_to_invite && batch_is_own(matrix, event, "invite"))
			return true;
	}
	if (!oldest)
		return true;
	int64_t age_ms = matrix->clock->wall_ms(matrix->clock) - matrix_event_sent_ms(matrix, oldest);
	return age_ms > matrix->options.answer_age_ms;
}

static void on_page(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	struct matrix_batch *batch = context;
	struct batch_room *room = batch->asked;
	(void)matrix;
	batch->request = NULL;
	if (reply->verdict == MATRIX_UNAUTHORISED)
		return; /* the batch is dropped; it comes again with the next token */
	if (reply->verdict != MATRIX_OK && try_again(batch, reply, "gap"))
		return;
	char *from = NULL;
	if (reply->verdict == MATRIX_OK) {
		const cJSON *chunk = json_array(reply->root, "chunk");
		const char *end = json_string(reply->root, "end");
		batch->tries = 0;
		room->pages[room->pages_count++] = reply->document;
		reply->document = NULL;
		batch->pages++;
		bool may_go_on = room->pages_count < BATCH_PAGES && batch->pages < BATCH_PAGES_ALL;
		bool is_done = !end || reaches_back(batch, room, chunk);
		if (!is_done && may_go_on)
			from = memory_text(end);
		else if (!is_done)
			log_event(batch->matrix->log, LOG_WARNING, "matrix", "gap_too_long",
				  LOG_TEXT("room", room->room->id));
	}
	free(room->from);
	room->from = from;
	batch_fetch(batch);
}

static void fetch_page(struct matrix_batch *batch, struct batch_room *room)
{
	struct matrix *matrix = batch->matrix;
	char limit[16];
	snprintf(limit, sizeof limit, "%d", BATCH_PAGE_EVENTS);
	/* Before our invitation and before the last token there is nothing for us; the invitation may be older than
	 * the token. */
	const char *to = room->is_to_invite ? NULL : matrix->since;
	char *path = to ? matrix_path("/v3/rooms/{}/messages?dir=b&limit={}&filter={}&from={}&to={}", room->room->id,
				      limit, page_filter, room->from, to, NULL)
			: matrix_path("/v3/rooms/{}/messages?dir=b&limit={}&filter={}&from={}", room->room->id, limit,
				      page_filter, room->from, NULL);
	batch->asked = room;
	batch->request = matrix_send_call(matrix, &(struct matrix_call){
		.method = "GET", .path = path, .max_body_bytes = PAGE_BODY_BYTES, .done = on_page, .context = batch,
	});
}

/* ---- look-ups ---- */

static void on_looked_up(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	struct matrix_batch *batch = context;
	batch->request = NULL;
	if (reply->verdict == MATRIX_UNAUTHORISED)
		return;
	if (reply->verdict != MATRIX_OK && try_again(batch, reply, "event"))
		return;
	const char *sender = json_string(reply->root, "sender");
	matrix_seen_add(matrix, batch->looked_up,
			reply->verdict == MATRIX_OK && sender && strcmp(sender, matrix->user_id) == 0);
	batch->lookups++;
	batch_fetch(batch);
}

static void on_counted(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	struct matrix_batch *batch = context;
	(void)matrix;
	batch->request = NULL;
	if (reply->verdict == MATRIX_UNAUTHORISED)
		return;
	if (reply->verdict != MATRIX_OK && try_again(batch, reply, "members"))
		return;
	if (reply->verdict == MATRIX_OK)
		batch->asked->room->joined_members = cJSON_GetArraySize(json_object(reply->root, "joined"));
	batch->asked->is_counted = true;
	batch->lookups++;
	batch_fetch(batch);
}

/* The event that `event` replies to, when it matters whether that is ours and nobody knows. */
static const char *unknown_original(const struct matrix *matrix, const cJSON *event)
{
	const cJSON *content = json_object(event, "content");
	const struct reader reader = { .user_id = matrix->user_id };
	const char *reply_to = read_relation(content).reply_to;
	if (!reply_to || strlen(reply_to) >= PLATFORM_ID_BYTES || matrix_seen(matrix, reply_to) >= 0)
		return NULL;
	return read_mentions(&reader, content) ? NULL : reply_to;
}

/* Begins a look-up for this room; false when it needs none. */
static bool look_up(struct matrix_batch *batch, struct batch_room *room)
{
	struct matrix *matrix = batch->matrix;
	if (room->start >= room->events_count)
		return false;
	batch->asked = room;
	if (room->room->is_marked_direct && room->room->joined_members == ROOM_MEMBERS_UNKNOWN && !room->is_counted) {
		batch->request = matrix_send_call(matrix, &(struct matrix_call){
			.method = "GET", .path = matrix_path("/v3/rooms/{}/joined_members", room->room->id, NULL),
			.done = on_counted, .context = batch,
		});
		return true;
	}
	for (size_t i = room->start; i < room->events_count && !room_is_direct(room->room); i++) {
		const char *original = unknown_original(matrix, room->events[i]);
		if (!original)
			continue;
		batch->looked_up = original;
		batch->request = matrix_send_call(matrix, &(struct matrix_call){
			.method = "GET", .path = matrix_path("/v3/rooms/{}/event/{}", room->room->id, original, NULL),
			.done = on_looked_up, .context = batch,
		});
		return true;
	}
	return false;
}

/* What this batch holds itself need not be asked for. */
static void arrange(struct matrix_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct batch_room *room = &batch->rooms[i];
		if (room->events)
			continue;
		batch_room_arrange(batch, room);
		for (size_t k = 0; k < room->events_count; k++) {
			const char *id = json_string(room->events[k], "event_id");
			const char *sender = json_string(room->events[k], "sender");
			if (id && sender)
				matrix_seen_add(batch->matrix, id, strcmp(sender, batch->matrix->user_id) == 0);
		}
	}
}

void batch_fetch(struct matrix_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->rooms[i].from) {
			fetch_page(batch, &batch->rooms[i]);
			return;
		}
	}
	arrange(batch);
	for (size_t i = 0; i < batch->count && batch->lookups < BATCH_LOOKUPS; i++)
		if (look_up(batch, &batch->rooms[i]))
			return;
	batch_hand_up(batch);
}
