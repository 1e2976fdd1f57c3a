#include "platform/discord/denied.h"

#include <stdio.h>
#include <string.h>

void discord_denied_add(struct discord_denied *denied, const char *channel, int64_t now_us)
{
	snprintf(denied->channels[denied->oldest].channel, SNOWFLAKE_BYTES, "%s", channel);
	denied->channels[denied->oldest].until_us = now_us + DENIED_FOR_MS * INT64_C(1000);
	denied->oldest = (denied->oldest + 1) % DENIED_CHANNELS;
}

bool discord_denied_has(const struct discord_denied *denied, const char *channel, int64_t now_us)
{
	for (size_t i = 0; i < DENIED_CHANNELS; i++)
		if (strcmp(denied->channels[i].channel, channel) == 0 && now_us < denied->channels[i].until_us)
			return true;
	return false;
}

void discord_denied_forget(struct discord_denied *denied)
{
	*denied = (struct discord_denied){ 0 };
}
