#include "command/command.h"

void command_help(struct bot *bot, const struct message *message)
{
	struct reply reply = { 0 };
	reply_add(&reply, BLOCK_PARAGRAPH, "Commands for admins, after \"!admin\" or \"admin\":");
	for (const struct command *command = command_table; command->name; command++)
		reply_add(&reply, BLOCK_ITEM, "%s: %s", command->name, command->help);
	bot_reply(bot, message, "answer", &reply);
	reply_finish(&reply);
}
