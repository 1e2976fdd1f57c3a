/* denied: channels in which Discord refused us a message (403, 404), so that we do not ask again and again: each
 * refusal counts towards the ban of our address. Bounded; the oldest is forgotten first. */
#ifndef QANTAR_DISCORD_DENIED_H
#define QANTAR_DISCORD_DENIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/discord/snowflake.h"

enum { DENIED_CHANNELS = 256, DENIED_FOR_MS = 3600000 };

struct discord_denied {
	struct {
		char channel[SNOWFLAKE_BYTES]; /* "": free */
		int64_t until_us;
	} channels[DENIED_CHANNELS];
	size_t oldest;
};

void discord_denied_add(struct discord_denied *denied, const char *channel, int64_t now_us);
bool discord_denied_has(const struct discord_denied *denied, const char *channel, int64_t now_us);
/* All of them: rights have changed. */
void discord_denied_forget(struct discord_denied *denied);

#endif
