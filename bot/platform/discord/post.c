#include "platform/discord/post.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { BODY_BYTES = 256 << 10 };

char *discord_post_payload(const char *content, int64_t flags, const char *reply_to)
{
	struct buffer body;
	buffer_init(&body, BODY_BYTES);
	buffer_append_text(&body, "{\"content\":");
	json_append_string(&body, content);
	buffer_format(&body, ",\"flags\":%lld,\"allowed_mentions\":{\"parse\":[],\"replied_user\":false}", (long long)flags);
	if (snowflake_valid(reply_to))
		buffer_format(&body, ",\"message_reference\":{\"message_id\":\"%s\",\"fail_if_not_exists\":false}", reply_to);
	buffer_append_char(&body, '}');
	return buffer_take(&body);
}

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

char *discord_post_plain_body(const char *body)
{
	struct json *json = json_parse(body, strlen(body), &json_limits_message, NULL);
	const cJSON *root = json ? json_root(json) : NULL;
	const char *content = json_string(root, "content"), *nonce = json_string(root, "nonce");
	int64_t flags = 0;
	char *plain = NULL;
	json_integer(root, "flags", &flags);
	if (content && nonce && json_object(root, "message_reference")) {
		char *payload = discord_post_payload(content, flags, NULL);
		plain = payload ? discord_post_body(payload, nonce) : NULL;
		free(payload);
	}
	json_destroy(json);
	return plain;
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
