/* message: a message object of the gateway (Discord documentation, Resources > Message) as a platform-neutral
 * message. */
#ifndef QANTAR_DISCORD_MESSAGE_H
#define QANTAR_DISCORD_MESSAGE_H

#include "base/buffer.h"
#include "base/json.h"
#include "platform/platform.h"

enum discord_message_kind {
	MESSAGE_TAKEN,
	MESSAGE_NOT_OURS,   /* our own, a bot's, a webhook's, the system's, or malformed */
	MESSAGE_UNREADABLE, /* its content is withheld: without the intent only mentions and direct messages have one */
};

/* Fills `out` (all but `platform`) with what is borrowed from `data` and from `text`, which is cleared first and
 * must have PLATFORM_TEXT_BYTES as its maximum. `self` is the bot's own id. */
enum discord_message_kind discord_message_read(const cJSON *data, const char *self, struct buffer *text,
					       struct message *out);

#endif
