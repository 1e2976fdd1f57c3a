/* command: what can be said to the bot besides questions.
 *
 * "help" (in three languages) is for everyone who addresses the bot. "!admin NAME" anywhere, or "admin NAME" to the
 * bot itself, is for admins: by full id from the settings, or by power level in a room where the settings allow it.
 */
#ifndef QANTAR_COMMAND_H
#define QANTAR_COMMAND_H

#include <stdbool.h>

#include "bot.h"

struct command {
	const char *name;
	const char *help; /* one line, for admins */
	void (*run)(struct bot *bot, const struct message *message);
};
/* The admins' commands, sorted by name; a NULL name ends the table. */
extern const struct command command_table[];

bool command_matches(const struct message *message);
/* Runs it or refuses; for a message that matches and is claimed. */
void command_run(struct bot *bot, const struct message *message);

/* One file each. */
void command_help(struct bot *bot, const struct message *message);
void command_reload(struct bot *bot, const struct message *message);
void command_status(struct bot *bot, const struct message *message);
void command_version(struct bot *bot, const struct message *message);

#endif
