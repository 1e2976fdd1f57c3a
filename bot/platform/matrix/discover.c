/* discover: where the homeserver is (Client-Server API, "Server Discovery"), and whether it is one. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "platform/matrix/internal.h"

enum { WELL_KNOWN_BYTES = 65536, REDIRECTS_MOST = 5 };

static void probe(struct matrix *matrix);
static void ask(struct matrix *matrix, const char *url);

static void keep_base_url(struct matrix *matrix, const char *url)
{
	matrix_keep(&matrix->base_url, url);
	size_t bytes = strlen(matrix->base_url);
	while (bytes && matrix->base_url[bytes - 1] == '/')
		matrix->base_url[--bytes] = '\0';
}

/* "Clients SHOULD follow 30x redirects": to any public server, as nothing secret goes along. */
static bool leads_on(const struct matrix *matrix, const struct matrix_reply *reply)
{
	return reply->location && strncmp(reply->location, "https://", 8) == 0 && matrix->redirects < REDIRECTS_MOST;
}

static void on_discovered(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	matrix->step = NULL;
	const char *server = names_server(matrix->options.user);
	const char *url = json_string(json_object(reply->root, "m.homeserver"), "base_url");
	if (reply->verdict == MATRIX_OK && (!url || strncmp(url, "https://", 8) != 0)) {
		matrix_fail(matrix,
			    "the file https://%s/.well-known/matrix/client names no https:// homeserver; set the "
			    "homeserver",
			    server);
	} else if (reply->verdict == MATRIX_OK) {
		keep_base_url(matrix, url);
		probe(matrix);
	} else if (reply->status == 404) { /* no such file: the server's own name */
		struct buffer own;
		buffer_init(&own, PLATFORM_ID_BYTES + 16);
		buffer_format(&own, "https://%s", server);
		keep_base_url(matrix, buffer_text(&own));
		buffer_finish(&own);
		probe(matrix);
	} else if (leads_on(matrix, reply)) {
		matrix->redirects++;
		ask(matrix, reply->location);
	} else if (reply->verdict == MATRIX_REFUSED || reply->status / 100 == 3) {
		matrix_fail(matrix,
			    "no homeserver found by https://%s/.well-known/matrix/client (HTTP status %ld); set the "
			    "homeserver",
			    server, reply->status);
	} else {
		matrix_retry(matrix, reply, matrix_login_begin);
	}
}

static void ask(struct matrix *matrix, const char *url)
{
	matrix->step = matrix_send_call(matrix, &(struct matrix_call){
		.method = "GET", .url = url, .is_open = true, .is_private_refused = true,
		.max_body_bytes = WELL_KNOWN_BYTES, .done = on_discovered,
	});
}

static void discover(struct matrix *matrix)
{
	matrix_set_state(matrix, MATRIX_DISCOVERING, "");
	struct buffer url;
	buffer_init(&url, PLATFORM_ID_BYTES + 64);
	buffer_format(&url, "https://%s/.well-known/matrix/client", names_server(matrix->options.user));
	matrix->redirects = 0;
	ask(matrix, buffer_text(&url));
	buffer_finish(&url);
}

static void on_probed(struct matrix *matrix, void *context, struct matrix_reply *reply)
{
	(void)context;
	matrix->step = NULL;
	if (reply->verdict == MATRIX_OK && json_array(reply->root, "versions"))
		matrix_login_enter(matrix);
	else if (reply->verdict == MATRIX_OK || !matrix_is_passing(reply))
		matrix_fail(matrix, "%s is no Matrix homeserver (/_matrix/client/versions: HTTP status %ld)",
			    matrix->base_url, reply->status);
	else
		matrix_retry(matrix, reply, probe);
}

static void probe(struct matrix *matrix)
{
	matrix_set_state(matrix, MATRIX_PROBING, "");
	matrix->step = matrix_send_call(matrix, &(struct matrix_call){
		.method = "GET", .path = matrix_path("/versions", NULL), .is_open = true, .done = on_probed,
	});
}

void matrix_login_begin(struct matrix *matrix)
{
	if (!matrix->options.homeserver) {
		discover(matrix);
		return;
	}
	keep_base_url(matrix, matrix->options.homeserver);
	probe(matrix);
}
