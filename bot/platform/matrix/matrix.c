#include "platform/matrix/matrix.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/matrix/internal.h"

/* Synapse forgets transaction ids after 30 minutes, and no other server is known to be quicker. */
enum { DEDUPE_WINDOW_MS = 30 * 60 * 1000 };

/* ---- state ---- */

static const char *const state_names[] = {
	[MATRIX_IDLE] = "idle", [MATRIX_DISCOVERING] = "discovering", [MATRIX_PROBING] = "probing",
	[MATRIX_LOGGING_IN] = "logging_in", [MATRIX_IDENTIFYING] = "identifying", [MATRIX_SYNCING] = "syncing",
	[MATRIX_CONNECTED] = "connected", [MATRIX_WAITING] = "waiting", [MATRIX_STOPPED] = "stopped",
};

static enum platform_state outer_state(enum matrix_state state)
{
	return state == MATRIX_CONNECTED ? PLATFORM_CONNECTED
	       : state == MATRIX_STOPPED ? PLATFORM_FAILED
					 : PLATFORM_CONNECTING;
}

void matrix_set_state(struct matrix *matrix, enum matrix_state state, const char *why)
{
	enum matrix_state before = matrix->state;
	if (before == state)
		return;
	matrix->state = state;
	enum log_level level = state == MATRIX_STOPPED ? LOG_ERROR : state == MATRIX_WAITING ? LOG_WARNING : LOG_INFO;
	log_event(matrix->log, level, "matrix", "state", LOG_TEXT("from", state_names[before]),
		  LOG_TEXT("to", state_names[state]), LOG_TEXT("why", why));
	if (before == MATRIX_IDLE || outer_state(before) != outer_state(state))
		matrix->platform.events->state(matrix->platform.context, &matrix->platform, outer_state(state), why);
}

static void on_retry(void *context)
{
	struct matrix *matrix = context;
	matrix->resume(matrix);
}

void matrix_retry(struct matrix *matrix, const struct matrix_reply *reply, void (*resume)(struct matrix *matrix))
{
	int64_t wait = clock_backoff_ms(matrix->clock, matrix->attempts, MATRIX_RETRY_BASE_MS, MATRIX_RETRY_CAP_MS);
	if (reply->verdict == MATRIX_LIMITED && reply->retry_after_ms >= 0)
		wait = reply->retry_after_ms;
	if (matrix->attempts < 30)
		matrix->attempts++;
	char why[ERROR_TEXT_BYTES];
	snprintf(why, sizeof why, "%s (HTTP status %ld); again in %lld ms", reply->failure, reply->status,
		 (long long)wait);
	matrix_set_state(matrix, MATRIX_WAITING, why);
	matrix->resume = resume;
	loop_timer_set(matrix->loop, &matrix->retry, wait, on_retry, matrix);
}

void matrix_stop(struct matrix *matrix)
{
	matrix_sync_stop(matrix);
	matrix_request_cancel(matrix->step);
	matrix_request_cancel(matrix->renewal);
	matrix->step = matrix->renewal = NULL;
	loop_timer_cancel(&matrix->retry);
	loop_timer_cancel(&matrix->expiry);
}

void matrix_fail(struct matrix *matrix, const char *format, ...)
{
	char why[ERROR_TEXT_BYTES];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(why, sizeof why, format, arguments);
	va_end(arguments);
	matrix_stop(matrix);
	matrix_set_state(matrix, MATRIX_STOPPED, why);
}

void matrix_remember(struct matrix *matrix, const char *key, const char *value)
{
	matrix->platform.events->state_set(matrix->platform.context, &matrix->platform, key, value);
}

char *matrix_recall(struct matrix *matrix, const char *key)
{
	return matrix->platform.events->state_get(matrix->platform.context, &matrix->platform, key);
}

void matrix_keep(char **slot, const char *value)
{
	char *copy = memory_text(value);
	free(*slot);
	*slot = copy;
}

/* ---- the platform ---- */

static bool has_form_of_user(const char *user)
{
	return user && user[0] == '@' && strchr(user, ':') && strlen(user) < PLATFORM_ID_BYTES;
}

static bool matrix_start(struct platform *platform, struct error *error)
{
	struct matrix *matrix = (struct matrix *)platform;
	const struct matrix_options *options = &matrix->options;
	if (options->user && !has_form_of_user(options->user))
		return error_set(error, "the Matrix user must be a full user id, like @qantar:example.org");
	if (!options->user && (!options->homeserver || !options->access_token))
		return error_set(error, "Matrix needs the bot's user id, or a homeserver and an access token");
	const char *url = options->homeserver;
	if (url && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		return error_set(error,
				 "the Matrix homeserver must be an address that begins with https:// or http://");
	matrix_login_begin(matrix);
	return true;
}

static bool matrix_is_room_admin(struct platform *platform, const char *room, const char *user)
{
	const struct matrix *matrix = (const struct matrix *)platform;
	const struct matrix_room *known = room_find(&matrix->rooms, room);
	return known && room_is_admin(known, user);
}

static void finish_queue(void *context, struct matrix_room *room)
{
	(void)context;
	matrix_send_queue_finish(room);
}

static void matrix_destroy(struct platform *platform)
{
	struct matrix *matrix = (struct matrix *)platform;
	loop_timer_cancel(&matrix->retry);
	loop_timer_cancel(&matrix->expiry);
	loop_timer_cancel(&matrix->pause);
	matrix_batch_drop(matrix);
	matrix_requests_finish(matrix);
	matrix_invite_finish(matrix);
	rooms_each(&matrix->rooms, finish_queue, NULL);
	rooms_finish(&matrix->rooms);
	names_finish(&matrix->ignored);
	cJSON_Delete(matrix->direct);
	free(matrix->base_url);
	free(matrix->user_id);
	free(matrix->device_id);
	free(matrix->access_token);
	free(matrix->refresh_token);
	free(matrix->display_name);
	free(matrix->since);
	free(matrix);
}

static const struct platform_impl matrix_impl = {
	.name = "matrix",
	.dedupe_window_ms = DEDUPE_WINDOW_MS,
	.start = matrix_start,
	.render = matrix_render,
	.send = matrix_send_post,
	.edit = matrix_send_edit,
	.redact = matrix_send_redact,
	.typing = matrix_send_typing,
	.receipt = matrix_send_receipt,
	.is_room_admin = matrix_is_room_admin,
	.destroy = matrix_destroy,
};

struct platform *matrix_create(struct loop *loop, struct http *http, struct log *log, const struct clock *clock,
			       const struct matrix_options *options, const struct platform_events *events,
			       void *context)
{
	struct matrix *matrix = memory_zeroed(1, sizeof *matrix);
	matrix->platform = (struct platform){ .impl = &matrix_impl, .events = events, .context = context };
	matrix->loop = loop;
	matrix->http = http;
	matrix->log = log;
	matrix->clock = clock;
	matrix->options = *options;
	if (!matrix->options.message_type)
		matrix->options.message_type = "m.notice";
	if (matrix->options.answer_age_ms <= 0)
		matrix->options.answer_age_ms = MATRIX_ANSWER_AGE_MS;
	matrix->sync_limit = MATRIX_SYNC_LIMIT;
	matrix->waiting_end = &matrix->waiting;
	return &matrix->platform;
}
