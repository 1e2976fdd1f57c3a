#include "platform/discord/closing.h"

#include <stddef.h>
#include <stdlib.h>

/* Sorted by code. */
static const struct discord_closing table[] = {
	{ 1009, CLOSING_NEW_SESSION, "a gateway message was larger than the cap; resuming would bring it again" },
	{ 4004, CLOSING_FATAL,
	  "Discord refused the bot's token: copy the current one from the Developer Portal (Bot > Reset Token) into "
	  "QANTAR_DISCORD_TOKEN" },
	{ 4007, CLOSING_NEW_SESSION, "Discord does not know the sequence number to resume from" },
	{ 4009, CLOSING_NEW_SESSION, "the session timed out" },
	{ 4010, CLOSING_FATAL,
	  "Discord refused the shard number: this version of Qantar runs as one shard and cannot serve this bot" },
	{ 4011, CLOSING_FATAL,
	  "the bot is in too many servers for one connection: this version of Qantar has no sharding; leave some servers" },
	{ 4012, CLOSING_FATAL, "Discord no longer serves gateway version 10: install a newer Qantar" },
	{ 4013, CLOSING_FATAL, "Discord refused the intents as malformed: install a newer Qantar" },
	{ 4014, CLOSING_FATAL,
	  "the privileged Message Content intent is not enabled for this bot: switch it on in the Developer Portal (Bot > "
	  "Privileged Gateway Intents > Message Content Intent), or set QANTAR_DISCORD_MESSAGE_CONTENT to off" },
};

static int compare(const void *key, const void *element)
{
	return *(const int *)key - ((const struct discord_closing *)element)->code;
}

const struct discord_closing *discord_closing_find(int code)
{
	static const struct discord_closing lost = { 0, CLOSING_RESUME, "the connection was lost" };
	static const struct discord_closing closed = { 0, CLOSING_RESUME, "Discord closed the connection" };
	const struct discord_closing *found = bsearch(&code, table, sizeof table / sizeof *table, sizeof *table, compare);
	return found ? found : code == 0 ? &lost : &closed;
}
