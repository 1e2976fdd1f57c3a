#include "platform/discord/session.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

enum { STORED_BYTES = 4096 };

void discord_session_forget(struct discord_session *session)
{
	session->id[0] = session->resume_url[0] = '\0';
	session->sequence = -1;
}

bool discord_session_can_resume(const struct discord_session *session)
{
	return session->id[0] && session->resume_url[0] && session->user[0] && session->sequence >= 0;
}

static bool copy(char *to, size_t bytes, const char *from)
{
	if (!from || !*from || strlen(from) >= bytes)
		return false;
	snprintf(to, bytes, "%s", from);
	return true;
}

static bool take(struct discord_session *session, const cJSON *from, const char *user)
{
	discord_session_forget(session);
	if (snowflake_valid(user) && copy(session->user, sizeof session->user, user) &&
	    copy(session->resume_url, sizeof session->resume_url, json_string(from, "resume_gateway_url")) &&
	    copy(session->id, sizeof session->id, json_string(from, "session_id")))
		return true;
	discord_session_forget(session);
	return false;
}

bool discord_session_begin(struct discord_session *session, const cJSON *ready)
{
	return take(session, ready, json_string(json_object(ready, "user"), "id"));
}

void discord_session_read(struct discord_session *session, const char *text)
{
	struct json *json = text ? json_parse(text, strlen(text), &json_limits_message, NULL) : NULL;
	const cJSON *root = json ? json_root(json) : NULL;
	int64_t sequence;
	if (take(session, root, json_string(root, "user")) && json_integer(root, "sequence", &sequence))
		session->sequence = sequence;
	else
		discord_session_forget(session);
	json_destroy(json);
}

char *discord_session_write(const struct discord_session *session)
{
	struct buffer out;
	buffer_init(&out, STORED_BYTES);
	buffer_append_text(&out, "{\"session_id\":");
	json_append_string(&out, session->id);
	buffer_append_text(&out, ",\"resume_gateway_url\":");
	json_append_string(&out, session->resume_url);
	buffer_append_text(&out, ",\"user\":");
	json_append_string(&out, session->user);
	buffer_format(&out, ",\"sequence\":%lld}", (long long)session->sequence);
	return buffer_take(&out);
}
