#include "command/command.h"

void command_reload(struct bot *bot, const struct message *message)
{
	reload_start(bot->reload, message);
}
