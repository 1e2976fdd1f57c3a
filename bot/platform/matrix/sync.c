/* sync: the long poll (Client-Server API, "Syncing"). One at a time; the next one is asked for when the batch before
 * it was handed up whole, and only then is that batch's token stored. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/matrix/internal.h"

enum {
	POLL_MS = 30000,
	POLL_GRACE_MS = 30000,          /* on top, until the poll is given up */
	FIRST_TIMEOUT_MS = 180000,      /* of the poll that brings all rooms' state */
	SYNC_BODY_BYTES = 16 << 20,
	QUICK_MS = 500,                 /* an empty answer faster than this did not wait: slow down */
	QUICK_RETRY_MS = 1000,
	UNSTORED_RETRY_MS = 30000,      /* rarely enough that what comes again is not taken for a flood of questions */
};

/* Only what the bot reads. Members come lazily; the counts in the summary need that switch as well. */
static const char filter[] =
	"{\"presence\":{\"types\":[]},"
	"\"account_data\":{\"types\":[\"m.direct\",\"m.ignored_user_list\"]},"
	"\"room\":{\"include_leave\":false,\"account_data\":{\"types\":[]},\"ephemeral\":{\"types\":[]},"
	"\"state\":{\"lazy_load_members\":true,"
	"\"types\":[\"m.room.create\",\"m.room.power_levels\",\"m.room.member\"]},"
	"\"timeline\":{\"lazy_load_members\":true,\"limit\":%u,"
	"\"types\":[\"m.room.message\",\"m.room.encrypted\",\"m.room.redaction\",\"m.room.member\","
	"\"m.room.tombstone\",\"m.room.power_levels\"]}}}";

static void on_done(struct matrix *matrix, void *context, struct matrix_reply *reply);

/* ---- whose events are whose ---- */

void matrix_seen_add(struct matrix *matrix, const char *event, bool is_ours)
{
	uint64_t hash = names_hash(event);
	matrix->seen[hash / 2 % MATRIX_SEEN_EVENTS] = (hash & ~(uint64_t)1) | is_ours;
}

int matrix_seen(const struct matrix *matrix, const char *event)
{
	uint64_t hash = names_hash(event), found = matrix->seen[hash / 2 % MATRIX_SEEN_EVENTS];
	return (found ^ hash) > 1 ? -1 : (int)(found & 1);
}

/* ---- the poll ---- */

static char *sync_path(const struct matrix *matrix, int64_t timeout_ms, bool is_whole)
{
	char filled[sizeof filter + 16], timeout[24];
	snprintf(filled, sizeof filled, filter, matrix->sync_limit);
	snprintf(timeout, sizeof timeout, "%lld", (long long)timeout_ms);
	if (!matrix->since)
		return matrix_path("/v3/sync?filter={}&timeout=0&set_presence=online", filled, NULL);
	return matrix_path("/v3/sync?filter={}&timeout={}&set_presence=online&full_state={}&since={}", filled, timeout,
			   is_whole ? "true" : "false", matrix->since, NULL);
}

void matrix_sync_begin(struct matrix *matrix)
{
	if (matrix->state != MATRIX_CONNECTED)
		matrix_set_state(matrix, MATRIX_SYNCING, "");
	bool is_whole = !matrix->is_state_known; /* a stored token alone would not bring the rooms' state again */
	/* The first poll after a failure comes back at once, so that a standing connection shows. */
	int64_t timeout_ms = is_whole || matrix->state == MATRIX_SYNCING ? 0 : POLL_MS;
	matrix->sync_started_us = matrix->clock->monotonic_us(matrix->clock);
	matrix->sync_request = matrix_send_call(matrix, &(struct matrix_call){
		.method = "GET", .path = sync_path(matrix, timeout_ms, is_whole), .is_long_poll = true,
		.timeout_ms = is_whole ? FIRST_TIMEOUT_MS : timeout_ms + POLL_GRACE_MS,
		.max_body_bytes = SYNC_BODY_BYTES, .done = on_done,
	});
}

void matrix_sync_stop(struct matrix *matrix)
{
	matrix_request_cancel(matrix->sync_request);
	matrix->sync_request = NULL;
	matrix_batch_drop(matrix);
}

static void on_failed(struct matrix *matrix, const struct matrix_reply *reply)
{
	/* Too many bytes, or (200, but no JSON to us) too many values in them: somebody may be sending such events. */
	bool is_too_much = reply->verdict == MATRIX_OVERSIZED ||
			   (reply->verdict == MATRIX_LOST && reply->status == 200);
	if (is_too_much && matrix->sync_limit > 1) {
		matrix->sync_limit /= 2;
		log_event(matrix->log, LOG_WARNING, "matrix", "sync_too_large",
			  LOG_NUMBER("limit", matrix->sync_limit));
	} else if (is_too_much && matrix->since && !matrix->is_state_known) {
		/* Too many rooms for their whole state: better without it than never. It comes where it changes. */
		log_event(matrix->log, LOG_ERROR, "matrix", "state_too_large");
		matrix->is_state_known = true;
	} else if (reply->status == 400 && *reply->errcode && matrix->since) {
		/* The homeserver does not know its own token any more (its database was put back): start as if new. A 400
		 * without an errcode is of a proxy in front of it. */
		log_event(matrix->log, LOG_WARNING, "matrix", "sync_token_refused",
			  LOG_TEXT("errcode", reply->errcode));
		matrix_keep(&matrix->since, NULL);
		matrix_remember(matrix, "since", NULL);
		matrix->is_state_known = false;
	} else if (reply->status == 403 && strcmp(reply->errcode, "M_USER_DEACTIVATED") == 0) {
		matrix_fail(matrix, "the account %s was deactivated", matrix->user_id);
		return;
	}
	matrix_retry(matrix, reply, matrix_sync_begin);
}

static void on_done(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	matrix->sync_request = NULL;
	if (reply->verdict == MATRIX_UNAUTHORISED)
		return; /* matrix_on_unauthorised goes on */
	if (reply->verdict == MATRIX_OK && !json_string(reply->root, "next_batch")) {
		reply->verdict = MATRIX_LOST;
		reply->failure = "a sync without next_batch";
	}
	if (reply->verdict != MATRIX_OK) {
		on_failed(matrix, reply);
		return;
	}
	matrix->attempts = 0;
	matrix->sync_limit = matrix->sync_limit * 2 < MATRIX_SYNC_LIMIT ? matrix->sync_limit * 2 : MATRIX_SYNC_LIMIT;
	matrix_set_state(matrix, MATRIX_CONNECTED, "");
	bool is_first = !matrix->since;
	matrix->is_state_known = true;
	struct json *document = reply->document;
	reply->document = NULL;
	matrix_batch_begin(matrix, document, is_first);
}

static void on_asked_again(void *context)
{
	matrix_sync_begin(context);
}

/* What the bot could not write down comes again: the place in the stream stays where it was. */
void matrix_sync_on_handed_up(struct matrix *matrix, const char *next)
{
	bool is_same = matrix->since && strcmp(matrix->since, next) == 0;
	if (!is_same) {
		matrix_remember(matrix, "since", next);
		if (!matrix->platform.events->commit(matrix->platform.context)) {
			log_event(matrix->log, LOG_WARNING, "matrix", "batch_not_stored", LOG_NUMBER("again_ms", UNSTORED_RETRY_MS));
			loop_timer_set(matrix->loop, &matrix->retry, UNSTORED_RETRY_MS, on_asked_again, matrix);
			return;
		}
		matrix_keep(&matrix->since, next);
	}
	int64_t took_us = matrix->clock->monotonic_us(matrix->clock) - matrix->sync_started_us;
	if (is_same && took_us < QUICK_MS * 1000)
		loop_timer_set(matrix->loop, &matrix->retry, QUICK_RETRY_MS, on_asked_again, matrix);
	else
		matrix_sync_begin(matrix);
}
