#include "platform/discord/payload.h"

#include "base/json.h"

enum { LARGE_THRESHOLD = 50 }; /* the least: we have no use for member lists */

bool discord_payload_identify(struct buffer *out, const char *token, bool message_content)
{
	int intents = INTENT_GUILDS | INTENT_GUILD_MESSAGES | INTENT_DIRECT_MESSAGES;
	if (message_content)
		intents |= INTENT_MESSAGE_CONTENT;
	buffer_format(out, "{\"op\":%d,\"d\":{\"token\":", OPCODE_IDENTIFY);
	json_append_string(out, token);
	return buffer_format(out,
			     ",\"intents\":%d,\"large_threshold\":%d,\"shard\":[0,1],\"properties\":{\"os\":\"linux\","
			     "\"browser\":\"qantar\",\"device\":\"qantar\"}}}",
			     intents, LARGE_THRESHOLD);
}

bool discord_payload_resume(struct buffer *out, const char *token, const struct discord_session *session)
{
	buffer_format(out, "{\"op\":%d,\"d\":{\"token\":", OPCODE_RESUME);
	json_append_string(out, token);
	buffer_append_text(out, ",\"session_id\":");
	json_append_string(out, session->id);
	return buffer_format(out, ",\"seq\":%lld}}", (long long)session->sequence);
}

bool discord_payload_heartbeat(struct buffer *out, int64_t sequence)
{
	if (sequence < 0)
		return buffer_format(out, "{\"op\":%d,\"d\":null}", OPCODE_HEARTBEAT);
	return buffer_format(out, "{\"op\":%d,\"d\":%lld}", OPCODE_HEARTBEAT, (long long)sequence);
}
