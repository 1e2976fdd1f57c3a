#include "platform/discord/post.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { BODY_BYTES = 256 << 10 };

char *discord_post_body(const char *payload, const char *key)
{
	struct buffer body;
	size_t characters = strlen(key);
	if (payload[0] != '{' || payload[1] == '}' || characters == 0 || characters > POST_NONCE_CHARACTERS)
		return NULL;
	buffer_init(&body, BODY_BYTES);
	buffer_append_text(&body, "{\"nonce\":");
	json_append_string(&body, key);
	buffer_append_text(&body, ",\"enforce_nonce\":true,");
	buffer_append_text(&body, payload + 1);
	return buffer_take(&body);
}

char *discord_post_edit_body(const char *payload)
{
	struct json *json = json_parse(payload, strlen(payload), &json_limits_message, NULL);
	const char *content = json ? json_string(json_root(json), "content") : NULL;
	struct buffer body;
	buffer_init(&body, BODY_BYTES);
	if (content) {
		buffer_append_text(&body, "{\"content\":");
		json_append_string(&body, content);
		buffer_append_text(&body, ",\"allowed_mentions\":{\"parse\":[],\"replied_user\":false}}");
	} else {
		body.failed = true;
	}
	json_destroy(json);
	return buffer_take(&body);
}

enum send_result discord_post_result(const struct discord_result *result)
{
	if (result->outcome == HTTP_NOT_SENT)
		return SEND_UNREACHED;
	if (result->outcome != HTTP_DONE || result->status >= 500 || result->status == 408)
		return SEND_LOST;
	if (result->status >= 200 && result->status < 300)
		return SEND_DONE;
	if (result->status == 401) /* nothing was posted; a bot that is given a new token sends it then */
		return SEND_UNREACHED;
	return result->route == ROUTE_DELETE && result->status == 404 ? SEND_DONE : SEND_REFUSED;
}
