/* login: to a token that holds, and whose it is. Login by password or by the stored token, renewal, /whoami.
 *
 * What is stored: "device_id" (before the first login, so that a crash in between does not leave a second device;
 * transaction ids hold for one device only), "user_id", "secret.access_token", "secret.refresh_token", "renew_ms"
 * (wall clock). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/matrix/internal.h"

enum {
	DEVICE_ID_CHARS = 10,
	LOCKED_RETRY_MS = 5 * 60 * 1000, /* an account that an admin locked, and may unlock */
};

static void log_in(struct matrix *matrix);
static void renew(struct matrix *matrix);
static void identify(struct matrix *matrix);
static void on_expiring(void *context);

/* ---- a token: the configured one, the stored one, or one by password ---- */

/* Renews the token in time, where it is known when that is. */
static void await_expiry(struct matrix *matrix)
{
	char *renew_ms = matrix_recall(matrix, "renew_ms");
	loop_timer_cancel(&matrix->expiry);
	if (renew_ms && matrix->refresh_token) {
		int64_t left_ms = strtoll(renew_ms, NULL, 10) - matrix->clock->wall_ms(matrix->clock);
		loop_timer_set(matrix->loop, &matrix->expiry, left_ms > 0 ? left_ms : 0, on_expiring, matrix);
	}
	free(renew_ms);
}

static void keep_session(struct matrix *matrix, const cJSON *root)
{
	matrix_keep(&matrix->access_token, json_string(root, "access_token"));
	matrix->token_generation++;
	matrix_remember(matrix, "secret.access_token", matrix->access_token);
	const char *refresh = json_string(root, "refresh_token");
	if (refresh)
		matrix_keep(&matrix->refresh_token, refresh);
	matrix_remember(matrix, "secret.refresh_token", matrix->refresh_token);
	matrix->renewals_failed = 0;
	int64_t expires_ms = 0;
	char renew_ms[24] = "";
	if (matrix->refresh_token && json_integer(root, "expires_in_ms", &expires_ms) && expires_ms > 0)
		snprintf(renew_ms, sizeof renew_ms, "%lld",
			 (long long)(matrix->clock->wall_ms(matrix->clock) + expires_ms / 4 * 3));
	matrix_remember(matrix, "renew_ms", *renew_ms ? renew_ms : NULL);
	await_expiry(matrix);
}

/* Another account's place in its stream of events, and its unfinished joins, mean nothing here. */
static void forget_place(struct matrix *matrix)
{
	matrix_remember(matrix, "since", NULL);
	matrix_remember(matrix, "joins", NULL);
}

/* A stored token counts only for the same user, or when none is named. */
static void recall_session(struct matrix *matrix)
{
	char *user = matrix_recall(matrix, "user_id");
	bool is_same = user && (!matrix->options.user || strcmp(user, matrix->options.user) == 0);
	if (user && !is_same)
		forget_place(matrix);
	if (is_same && !matrix->access_token) {
		matrix->access_token = matrix_recall(matrix, "secret.access_token");
		free(matrix->refresh_token);
		matrix->refresh_token = matrix_recall(matrix, "secret.refresh_token");
		await_expiry(matrix);
	}
	if (is_same && !matrix->device_id)
		matrix->device_id = matrix_recall(matrix, "device_id");
	free(user);
}

static void choose_device(struct matrix *matrix)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char id[DEVICE_ID_CHARS + 1] = { 0 };
	for (size_t i = 0; i < DEVICE_ID_CHARS; i++)
		id[i] = letters[matrix->clock->random(matrix->clock) % (sizeof letters - 1)];
	matrix_keep(&matrix->device_id, id);
}

void matrix_login_enter(struct matrix *matrix)
{
	if (matrix->options.access_token && !matrix->access_token)
		matrix_keep(&matrix->access_token, matrix->options.access_token);
	if (matrix->options.device_id)
		matrix_keep(&matrix->device_id, matrix->options.device_id);
	recall_session(matrix);
	if (matrix->access_token)
		identify(matrix);
	else
		log_in(matrix);
}

static void on_logged_in(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	matrix->step = NULL;
	const char *user = json_string(reply->root, "user_id"), *device = json_string(reply->root, "device_id");
	if (reply->verdict == MATRIX_OK && user && json_string(reply->root, "access_token")) {
		if (device)
			matrix_keep(&matrix->device_id, device);
		matrix_remember(matrix, "device_id", matrix->device_id);
		keep_session(matrix, reply->root);
		matrix->attempts = 0;
		identify(matrix);
	} else if (reply->verdict == MATRIX_OK) {
		matrix_fail(matrix, "the login at %s brought no access token", matrix->base_url);
	} else if (matrix_is_passing(reply)) {
		matrix_retry(matrix, reply, log_in);
	} else if (reply->status == 403) {
		matrix_fail(matrix, "the homeserver does not take the password of %s (%s)", matrix->options.user,
			    reply->failure);
	} else {
		matrix_fail(matrix, "the homeserver refuses the login by password (%s, HTTP status %ld); an access token may do",
			    reply->failure, reply->status);
	}
}

static void log_in(struct matrix *matrix)
{
	if (!matrix->options.password || !matrix->options.user) {
		matrix_fail(matrix, "no access token and no password with a user id: Matrix needs one of them");
		return;
	}
	matrix_set_state(matrix, MATRIX_LOGGING_IN, "by password");
	if (!matrix->device_id)
		choose_device(matrix);
	matrix_remember(matrix, "device_id", matrix->device_id);
	matrix_remember(matrix, "user_id", matrix->options.user);
	cJSON *body = cJSON_CreateObject();
	cJSON_AddStringToObject(body, "type", "m.login.password");
	cJSON *identifier = cJSON_AddObjectToObject(body, "identifier");
	cJSON_AddStringToObject(identifier, "type", "m.id.user");
	cJSON_AddStringToObject(identifier, "user", matrix->options.user);
	cJSON_AddStringToObject(body, "password", matrix->options.password);
	cJSON_AddStringToObject(body, "device_id", matrix->device_id);
	cJSON_AddStringToObject(body, "initial_device_display_name", "Qantar");
	cJSON_AddBoolToObject(body, "refresh_token", true);
	matrix->step = matrix_send_call(matrix, &(struct matrix_call){
		.method = "POST", .path = matrix_path("/v3/login", NULL), .body = matrix_body(body), .is_open = true,
		.done = on_logged_in,
	});
}

/* ---- a token that ran out (Client-Server API, "Soft logout", "Refreshing access tokens") ---- */

static void forget_session(struct matrix *matrix)
{
	matrix_keep(&matrix->access_token, NULL);
	matrix_keep(&matrix->refresh_token, NULL);
	matrix_remember(matrix, "secret.access_token", NULL);
	matrix_remember(matrix, "secret.refresh_token", NULL);
}

static struct matrix_request *send_refresh(struct matrix *matrix,
					   void (*done)(struct matrix *matrix, void *context, struct matrix_reply *reply))
{
	cJSON *body = cJSON_CreateObject();
	cJSON_AddStringToObject(body, "refresh_token", matrix->refresh_token);
	return matrix_send_call(matrix, &(struct matrix_call){
		.method = "POST", .path = matrix_path("/v3/refresh", NULL), .body = matrix_body(body), .is_open = true,
		.done = done,
	});
}

static bool take_renewed(struct matrix *matrix, const struct matrix_reply *reply)
{
	if (reply->verdict != MATRIX_OK || !json_string(reply->root, "access_token"))
		return false;
	keep_session(matrix, reply->root);
	log_event(matrix->log, LOG_INFO, "matrix", "token_renewed");
	return true;
}

/* Before it ran out: nothing else notices. What cannot be mended here comes up as a 401. */
static void on_renewed_early(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	matrix->renewal = NULL;
	if (take_renewed(matrix, reply) || reply->verdict == MATRIX_OK || !matrix_is_passing(reply))
		return;
	int64_t wait = clock_backoff_ms(matrix->clock, matrix->renewals_failed++, MATRIX_RETRY_BASE_MS,
					MATRIX_RETRY_CAP_MS);
	loop_timer_set(matrix->loop, &matrix->expiry, reply->retry_after_ms >= 0 ? reply->retry_after_ms : wait,
		       on_expiring, matrix);
}

static void on_expiring(void *context)
{
	struct matrix *matrix = context;
	matrix->renewal = send_refresh(matrix, on_renewed_early);
}

static void on_renewed(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	matrix->step = NULL;
	if (take_renewed(matrix, reply)) {
		matrix->attempts = 0;
		identify(matrix);
	} else if (reply->verdict == MATRIX_OK || !matrix_is_passing(reply)) {
		forget_session(matrix);
		log_in(matrix);
	} else {
		matrix_retry(matrix, reply, renew);
	}
}

static void renew(struct matrix *matrix)
{
	matrix_set_state(matrix, MATRIX_LOGGING_IN, "renewing the token");
	matrix->step = send_refresh(matrix, on_renewed);
}

void matrix_on_unauthorised(struct matrix *matrix, const struct matrix_reply *reply)
{
	if (matrix->state == MATRIX_STOPPED)
		return;
	matrix->token_generation++;
	matrix->is_authorised = false;
	matrix_stop(matrix);
	if (strcmp(reply->errcode, "M_USER_LOCKED") == 0) {
		struct matrix_reply locked = *reply;
		locked.verdict = MATRIX_LIMITED;
		locked.retry_after_ms = LOCKED_RETRY_MS;
		matrix_retry(matrix, &locked, identify);
	} else if (reply->soft_logout && matrix->refresh_token) {
		renew(matrix);
	} else if (reply->soft_logout && matrix->options.password && matrix->options.user) {
		forget_session(matrix);
		log_in(matrix);
	} else {
		bool has_password = matrix->options.password && !matrix->options.access_token;
		forget_session(matrix);
		matrix_fail(matrix, "the homeserver does not take the access token any more (%s); %s", reply->failure,
			    has_password ? "start again to log in with the password" : "set a new one");
	}
}

/* ---- whose token it is ---- */

static void on_named(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	matrix->step = NULL;
	if (reply->verdict == MATRIX_UNAUTHORISED)
		return;
	const char *name = json_string(reply->root, "displayname");
	matrix_keep(&matrix->display_name, reply->verdict == MATRIX_OK && name && *name ? name : NULL);
	if (!matrix->since)
		matrix->since = matrix_recall(matrix, "since");
	matrix_invite_resume(matrix);
	matrix_sync_begin(matrix);
}

static void on_identified(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	matrix->step = NULL;
	if (reply->verdict == MATRIX_UNAUTHORISED)
		return; /* matrix_on_unauthorised goes on */
	const char *user = json_string(reply->root, "user_id"), *device = json_string(reply->root, "device_id");
	if (reply->verdict != MATRIX_OK) {
		if (matrix_is_passing(reply))
			matrix_retry(matrix, reply, identify);
		else
			matrix_fail(matrix, "the homeserver refuses to say whose access token it is (%s)", reply->failure);
		return;
	}
	const char *wanted = matrix->options.user;
	if (!user || strlen(user) >= PLATFORM_ID_BYTES || (wanted && strcmp(user, wanted) != 0)) {
		matrix_fail(matrix, "the access token belongs to another user than %s", wanted ? wanted : "a valid one");
		return;
	}
	char *before = matrix_recall(matrix, "user_id");
	if (before && strcmp(before, user) != 0)
		forget_place(matrix);
	free(before);
	matrix_keep(&matrix->user_id, user);
	matrix_remember(matrix, "user_id", user);
	if (device) {
		matrix_keep(&matrix->device_id, device);
		matrix_remember(matrix, "device_id", device);
	}
	log_event(matrix->log, LOG_INFO, "matrix", "identified", LOG_TEXT("user", user), LOG_TEXT("device", device),
		  LOG_TEXT("homeserver", matrix->base_url));
	matrix->attempts = 0;
	matrix->step = matrix_send_call(matrix, &(struct matrix_call){
		.method = "GET", .path = matrix_path("/v3/profile/{}/displayname", user, NULL), .done = on_named,
	});
}

static void identify(struct matrix *matrix)
{
	matrix_set_state(matrix, MATRIX_IDENTIFYING, "");
	matrix->is_authorised = true;
	matrix->step = matrix_send_call(matrix, &(struct matrix_call){
		.method = "GET", .path = matrix_path("/v3/account/whoami", NULL), .done = on_identified,
	});
}
