#include "command/command.h"

void command_version(struct bot *bot, const struct message *message)
{
	struct knowledge_version version = knowledge_version(bot->knowledge);
	struct reply reply = { 0 };
	reply_add(&reply, BLOCK_PARAGRAPH, "Qantar %s; %zu facts up to %s, base %s.", QANTAR_VERSION, version.facts,
		  version.as_of, version.hash);
	bot_reply(bot, message, "answer", &reply);
	reply_finish(&reply);
}
