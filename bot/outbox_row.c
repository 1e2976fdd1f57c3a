#include "outbox_row.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { RETRY_CAP_MS = 60000 };

static int64_t now_ms(const struct outbox *outbox)
{
	return outbox->options.clock->wall_ms(outbox->options.clock);
}

/* ---- the trees ---- */

static int compare_lanes(const void *a, const void *b)
{
	const struct lane *one = a, *other = b;
	if (one->platform != other->platform)
		return one->platform < other->platform ? -1 : 1;
	return strcmp(one->room, other->room);
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *one = a, *other = b;
	int names = strcmp(one->post.platform, other->post.platform);
	return names ? names : strcmp(one->post.key, other->post.key);
}

struct lane *outbox_lane(struct outbox *outbox, struct platform *platform, const char *room)
{
	struct lane probe = { .platform = platform, .room = (char *)room };
	struct lane **found = tfind(&probe, &outbox->lanes, compare_lanes);
	return found ? *found : NULL;
}

static struct lane *lane_of(struct outbox *outbox, struct platform *platform, const char *room)
{
	struct lane *lane = outbox_lane(outbox, platform, room);
	if (lane)
		return lane;
	lane = memory_zeroed(1, sizeof *lane);
	*lane = (struct lane){ .outbox = outbox, .platform = platform, .room = memory_text(room) };
	tsearch(lane, &outbox->lanes, compare_lanes);
	return lane;
}

struct row *outbox_row(struct outbox *outbox, const char *platform, const char *key)
{
	struct row probe = { .post = { .platform = platform, .key = key } };
	struct row **found = tfind(&probe, &outbox->rows, compare_rows);
	return found ? *found : NULL;
}

void outbox_lane_free(void *at)
{
	struct lane *lane = at;
	loop_timer_cancel(&lane->retry);
	free(lane->room);
	free(lane);
}

void outbox_row_free(void *at)
{
	struct row *row = at;
	free((char *)row->post.key);
	free((char *)row->post.question);
	free((char *)row->post.payload);
	free(row);
}

/* Takes the row out of memory, and its lane when that is empty now. */
static void forget(struct row *row)
{
	struct lane *lane = row->lane;
	struct outbox *outbox = lane->outbox;
	struct row **link = &lane->first, *before = NULL;
	for (; *link != row; link = &(*link)->next)
		before = *link;
	*link = row->next;
	if (lane->last == row)
		lane->last = before;
	for (link = &outbox->touched; row->is_touched && *link; link = &(*link)->next_in_turn)
		if (*link == row) {
			*link = row->next_in_turn;
			break;
		}
	tdelete(row, &outbox->rows, compare_rows);
	outbox_row_free(row);
	outbox->count--;
	if (!lane->first) {
		tdelete(lane, &outbox->lanes, compare_lanes);
		outbox_lane_free(lane);
	}
}

struct row *outbox_row_append(struct outbox *outbox, struct platform *platform, const struct store_post *post)
{
	struct lane *lane = lane_of(outbox, platform, post->room);
	struct row *row = memory_zeroed(1, sizeof *row);
	row->lane = lane;
	row->post = *post;
	row->post.platform = platform->impl->name;
	row->post.room = lane->room;
	row->post.key = memory_text(post->key);
	row->post.question = memory_text(post->question);
	row->post.payload = memory_text(post->payload);
	*(lane->last ? &lane->last->next : &lane->first) = row;
	lane->last = row;
	tsearch(row, &outbox->rows, compare_rows);
	outbox->count++;
	return row;
}

/* ---- a row's life ---- */

static void on_turn(void *context);

void outbox_touch(struct outbox *outbox)
{
	if (outbox->is_turn_set)
		return;
	outbox->is_turn_set = true;
	loop_timer_set(outbox->options.loop, &outbox->turn, 0, on_turn, outbox);
}

void outbox_row_touch(struct row *row)
{
	struct outbox *outbox = row->lane->outbox;
	if (!row->is_touched) {
		row->is_touched = true;
		row->next_in_turn = outbox->touched;
		outbox->touched = row;
	}
	outbox_touch(outbox);
}

void outbox_row_drop(struct row *row, const char *why)
{
	struct outbox *outbox = row->lane->outbox;
	if (why)
		log_event(outbox->options.log, LOG_WARNING, "outbox", "dropped", LOG_TEXT("platform", row->post.platform),
			  LOG_TEXT("room", row->post.room), LOG_TEXT("key", row->post.key), LOG_TEXT("why", why));
	store_post_remove(outbox->options.store, row->post.platform, row->post.key);
	outbox_touch(outbox);
	forget(row);
}

void outbox_row_finish(struct row *row, const char *why)
{
	struct lane *lane = row->lane;
	bool was_last = lane->first == lane->last;
	outbox_row_drop(row, why);
	if (!was_last)
		outbox_lane_start(lane);
}

static const char *why_too_late(const struct row *row)
{
	const struct outbox *outbox = row->lane->outbox;
	int64_t now = now_ms(outbox);
	if (row->is_maybe_seen && now - row->post.started_ms > row->lane->platform->impl->dedupe_window_ms)
		return "it may have arrived, and the service no longer recognises it";
	if (!row->is_maybe_seen && now - row->post.created_ms > outbox->options.answer_age_ms)
		return "it waited too long";
	return NULL;
}

static bool is_waiting(const struct row *row)
{
	return row->state == ROW_WAITING || row->state == ROW_RETRYING;
}

/* Marks the lane's first row as under way; it is handed over once that is committed. */
void outbox_lane_start(struct lane *lane)
{
	struct outbox *outbox = lane->outbox;
	const char *late;
	while (is_waiting(lane->first) && (late = why_too_late(lane->first))) {
		bool was_last = lane->first == lane->last;
		outbox_row_drop(lane->first, late);
		if (was_last)
			return;
	}
	struct row *row = lane->first;
	if (!is_waiting(row))
		return;
	row->state = ROW_STARTING;
	if (!row->post.started_ms) {
		row->post.started_ms = now_ms(outbox);
		store_post_start(outbox->options.store, row->post.platform, row->post.key, row->post.started_ms);
	}
	outbox_row_touch(row);
}

static void on_timer(void *context)
{
	outbox_lane_start(context);
}

void outbox_lane_start_later(struct lane *lane)
{
	loop_timer_set(lane->outbox->options.loop, &lane->retry, 0, on_timer, lane);
}

void outbox_row_retry(struct row *row)
{
	struct lane *lane = row->lane;
	struct outbox *outbox = lane->outbox;
	int64_t delay_ms = clock_backoff_ms(outbox->options.clock, row->tries++, outbox->options.retry_base_ms, RETRY_CAP_MS);
	row->state = ROW_RETRYING;
	log_event(outbox->options.log, LOG_INFO, "outbox", "retry", LOG_TEXT("platform", row->post.platform),
		  LOG_TEXT("key", row->post.key), LOG_NUMBER("try", row->tries), LOG_NUMBER("in_ms", delay_ms));
	loop_timer_set(outbox->options.loop, &lane->retry, delay_ms, on_timer, lane);
}

/* Gives a committed row to its platform. */
static void hand_over(struct row *row)
{
	const struct platform_impl *impl = row->lane->platform->impl;
	struct platform *platform = row->lane->platform;
	struct post post = { .room = row->post.room, .payload = row->post.payload, .key = row->post.key };
	char *remote = NULL;
	row->state = ROW_HANDED;
	if (row->post.action != STORE_SEND)
		remote = store_answer_get(row->lane->outbox->options.store, impl->name, post.room, row->post.question,
					  row->post.part);
	if (row->post.action == STORE_REDACT) {
		if (remote && impl->redact)
			impl->redact(platform, post.room, remote, post.key);
		else
			outbox_row_finish(row, NULL); /* it was never sent */
	} else if (!remote) { /* an edit may bring a part that was not there before */
		row->is_new_post = true;
		impl->send(platform, &post);
	} else if (!impl->edit || !impl->edit(platform, remote, &post)) {
		outbox_row_finish(row, "the platform cannot edit it");
	}
	free(remote);
}

/* ---- the turn ---- */

/* The turn's writes are lost: what was added in it does not exist, what was to start waits. */
static void undo_turn(struct outbox *outbox)
{
	while (outbox->touched) {
		struct row *row = outbox->touched;
		outbox->touched = row->next_in_turn;
		row->is_touched = false;
		if (!row->is_stored) {
			forget(row);
		} else if (row->state == ROW_STARTING) {
			row->post.started_ms = row->is_maybe_seen ? row->post.started_ms : 0;
			outbox_row_retry(row);
		}
	}
}

bool outbox_commit(struct outbox *outbox)
{
	if (!store_commit(outbox->options.store)) {
		undo_turn(outbox);
		return false;
	}
	while (outbox->touched) {
		struct row *row = outbox->touched;
		outbox->touched = row->next_in_turn;
		row->is_touched = false;
		row->is_stored = true;
		if (row->state != ROW_STARTING)
			continue;
		row->state = ROW_COMMITTED;
		row->next_in_turn = outbox->due;
		outbox->due = row;
	}
	return true;
}

static void on_turn(void *context)
{
	struct outbox *outbox = context;
	outbox->is_turn_set = false;
	outbox_commit(outbox);
	while (outbox->due) {
		struct row *row = outbox->due;
		outbox->due = row->next_in_turn;
		hand_over(row);
	}
}

