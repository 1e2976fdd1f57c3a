#include "outbox.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "outbox_row.h"

enum { RETRY_BASE_MS = 1000, POSTS_MOST = 10000 };

/* ---- adding ---- */

/* FNV-1a, 128 bits (Fowler, Noll, Vo; draft-eastlake-fnv), over texts with their NULs. */
static unsigned __int128 hash_text(unsigned __int128 hash, const char *text)
{
	const unsigned __int128 prime = ((unsigned __int128)1 << 88) + 0x13B;
	do {
		hash = (hash ^ (unsigned char)*text) * prime;
	} while (*text++);
	return hash;
}

void outbox_key(const struct outbox_cause *cause, int part, char out[])
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	unsigned __int128 hash = ((unsigned __int128)0x6C62272E07BB0142u << 64) + 0x62B821756295C58Du;
	hash = hash_text(hash_text(hash_text(hash, cause->room), cause->event), cause->purpose);
	int i = 0;
	for (; i < 23; i++, hash >>= 5)
		out[i] = digits[(unsigned)hash & 31];
	out[i++] = '.';
	out[i++] = (char)('0' + part);
	out[i] = '\0';
}

static bool add(struct outbox *outbox, const struct outbox_cause *cause, int part, enum store_action action,
		const char *payload)
{
	char key[OUTBOX_KEY_BYTES];
	outbox_key(cause, part, key);
	if (outbox_row(outbox, cause->platform->impl->name, key))
		return true; /* already on its way */
	int64_t now = outbox->options.clock->wall_ms(outbox->options.clock);
	bool is_first = !outbox_lane(outbox, cause->platform, cause->room);
	struct store_post post = {
		.platform = cause->platform->impl->name, .key = key, .room = cause->room, .question = cause->event, .part = part,
		.action = action, .payload = payload, .created_ms = now, .started_ms = is_first && action != STORE_PROMISE ? now : 0,
	};
	outbox_touch(outbox);
	if (!store_post_put(outbox->options.store, &post))
		return false;
	if (action == STORE_PROMISE)
		return true;
	struct row *row = outbox_row_append(outbox, cause->platform, &post);
	row->state = is_first ? ROW_STARTING : ROW_WAITING;
	outbox_row_touch(row);
	return true;
}

/* A reply goes whole or not at all. */
static bool has_room(const struct outbox *outbox, size_t posts)
{
	if (outbox->count + posts <= outbox->options.max_posts)
		return true;
	log_event(outbox->options.log, LOG_ERROR, "outbox", "full", LOG_NUMBER("posts", outbox->count));
	return false;
}

bool outbox_send(struct outbox *outbox, const struct outbox_cause *cause, const struct rendered *rendered)
{
	bool done = rendered->count > 0 && has_room(outbox, rendered->count);
	for (size_t i = 0; i < rendered->count && done; i++)
		done = add(outbox, cause, (int)i, STORE_SEND, rendered->parts[i]);
	return done;
}

bool outbox_promise(struct outbox *outbox, const struct outbox_cause *cause, const struct rendered *apology)
{
	return apology->count > 0 && add(outbox, cause, 0, STORE_PROMISE, apology->parts[0]);
}

/* Drops what of an answer has certainly not been sent. */
static void drop_unsent(struct outbox *outbox, const struct outbox_cause *cause)
{
	struct lane *lane = outbox_lane(outbox, cause->platform, cause->room);
	for (struct row *row = lane ? lane->first : NULL, *next; row; row = next) {
		next = row->next;
		bool is_unsent = row->state == ROW_WAITING || (row->state == ROW_RETRYING && !row->is_maybe_seen);
		if (!is_unsent || strcmp(row->post.question, cause->event) != 0)
			continue;
		outbox_row_drop(row, NULL); /* the last one takes the lane with it, and then there is no next */
	}
	lane = outbox_lane(outbox, cause->platform, cause->room);
	if (lane && lane->first->state == ROW_WAITING) /* one that retries keeps to its back-off */
		outbox_lane_start(lane);
}

static bool knows_part(struct outbox *outbox, const struct outbox_cause *cause, int part)
{
	struct lane *lane = outbox_lane(outbox, cause->platform, cause->room);
	for (struct row *row = lane ? lane->first : NULL; row; row = row->next)
		if (row->post.part == part && strcmp(row->post.question, cause->event) == 0)
			return true;
	char *remote = store_answer_get(outbox->options.store, cause->platform->impl->name, cause->room, cause->event, part);
	free(remote);
	return remote;
}

bool outbox_knows(struct outbox *outbox, const struct outbox_cause *cause)
{
	return knows_part(outbox, cause, 0);
}

static bool redact_from(struct outbox *outbox, const struct outbox_cause *cause, size_t part)
{
	bool done = true;
	for (; part < PLATFORM_PARTS && done; part++)
		if (knows_part(outbox, cause, (int)part))
			done = add(outbox, cause, (int)part, STORE_REDACT, "");
	return done;
}

bool outbox_edit(struct outbox *outbox, const struct outbox_cause *cause, const struct rendered *rendered)
{
	bool done = rendered->count > 0 && has_room(outbox, PLATFORM_PARTS);
	drop_unsent(outbox, cause);
	for (size_t i = 0; i < rendered->count && done; i++)
		done = add(outbox, cause, (int)i, STORE_EDIT, rendered->parts[i]);
	return done && redact_from(outbox, cause, rendered->count);
}

bool outbox_redact(struct outbox *outbox, const struct outbox_cause *cause)
{
	drop_unsent(outbox, cause);
	return has_room(outbox, PLATFORM_PARTS) && redact_from(outbox, cause, 0);
}

/* ---- results ---- */

static void note_delivered(struct outbox *outbox, const struct row *row, const char *remote)
{
	const struct store_post *post = &row->post;
	if (post->action == STORE_REDACT)
		store_answer_remove(outbox->options.store, post->platform, post->room, post->question, post->part);
	else if (*remote && row->is_new_post) /* an edit's own id is of no use: edits are of the first post */
		store_answer_put(outbox->options.store, post->platform, post->room, post->question, post->part, remote);
}

void outbox_sent(struct outbox *outbox, struct platform *platform, const char *key, enum send_result result,
		 const char *remote)
{
	struct row *row = outbox_row(outbox, platform->impl->name, key);
	if (!row || row->state != ROW_HANDED)
		return;
	switch (result) {
	case SEND_DONE:
		note_delivered(outbox, row, remote);
		outbox_row_finish(row, NULL);
		break;
	case SEND_REFUSED:
		outbox_row_finish(row, "the service refused it");
		break;
	case SEND_LOST:
		row->is_maybe_seen = true;
		outbox_row_retry(row);
		break;
	case SEND_UNREACHED:
		if (!row->is_maybe_seen) {
			row->post.started_ms = 0;
			store_post_start(outbox->options.store, row->post.platform, row->post.key, 0);
			outbox_touch(outbox);
		}
		outbox_row_retry(row);
		break;
	}
}

/* ---- life ---- */

struct outbox *outbox_create(const struct outbox_options *options)
{
	struct outbox *outbox = memory_zeroed(1, sizeof *outbox);
	outbox->options = *options;
	if (!outbox->options.retry_base_ms)
		outbox->options.retry_base_ms = RETRY_BASE_MS;
	if (!outbox->options.max_posts)
		outbox->options.max_posts = POSTS_MOST;
	return outbox;
}

void outbox_destroy(struct outbox *outbox)
{
	if (!outbox)
		return;
	outbox_commit(outbox);
	for (struct row *row = outbox->due; row; row = row->next_in_turn)
		if (!row->is_maybe_seen) /* never handed over: pending for the next start */
			store_post_start(outbox->options.store, row->post.platform, row->post.key, 0);
	store_commit(outbox->options.store);
	loop_timer_cancel(&outbox->turn);
	tdestroy(outbox->rows, outbox_row_free);
	tdestroy(outbox->lanes, outbox_lane_free);
	free(outbox);
}

void outbox_add_platform(struct outbox *outbox, struct platform *platform)
{
	if (outbox->platforms_count < OUTBOX_PLATFORMS)
		outbox->platforms[outbox->platforms_count++] = platform;
}

static void take_up(void *context, const struct store_post *post)
{
	struct outbox *outbox = context;
	for (size_t i = 0; i < outbox->platforms_count; i++)
		if (strcmp(outbox->platforms[i]->impl->name, post->platform) == 0) {
			struct row *row = outbox_row_append(outbox, outbox->platforms[i], post);
			row->is_stored = true;
			row->is_maybe_seen = post->started_ms != 0;
			if (row->post.action == STORE_PROMISE)
				row->post.action = STORE_SEND;
			return;
		}
}

static void start_lane(const void *node, VISIT visit, void *context)
{
	(void)context;
	if (visit == postorder || visit == leaf)
		outbox_lane_start_later(*(struct lane *const *)node); /* not now: it may take lanes out of the tree */
}

void outbox_resume(struct outbox *outbox)
{
	store_posts_each(outbox->options.store, take_up, outbox);
	twalk_r(outbox->lanes, start_lane, NULL);
}

size_t outbox_count(const struct outbox *outbox)
{
	return outbox->count;
}
