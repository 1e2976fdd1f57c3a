/* payload: what we send over the gateway (Discord documentation, Gateway > Sending Events). Each at most 4096 bytes. */
#ifndef QANTAR_DISCORD_PAYLOAD_H
#define QANTAR_DISCORD_PAYLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "platform/discord/session.h"

enum { PAYLOAD_BYTES = 4096 };

enum {
	INTENT_GUILDS = 1 << 0,
	INTENT_GUILD_MESSAGES = 1 << 9,
	INTENT_DIRECT_MESSAGES = 1 << 12,
	INTENT_MESSAGE_CONTENT = 1 << 15, /* privileged */
};

/* Gateway opcodes. */
enum {
	OPCODE_DISPATCH = 0,
	OPCODE_HEARTBEAT = 1,
	OPCODE_IDENTIFY = 2,
	OPCODE_RESUME = 6,
	OPCODE_RECONNECT = 7,
	OPCODE_INVALID_SESSION = 9,
	OPCODE_HELLO = 10,
	OPCODE_HEARTBEAT_ACK = 11,
};

/* False when it would not fit. `out` has PAYLOAD_BYTES as its maximum. */
bool discord_payload_identify(struct buffer *out, const char *token, bool message_content);
bool discord_payload_resume(struct buffer *out, const char *token, const struct discord_session *session);
bool discord_payload_heartbeat(struct buffer *out, int64_t sequence);

#endif
