#include "command/command.h"

#include <string.h>

enum { WORD_BYTES = 32 };

const struct command command_table[] = {
	{ "help", "this list", command_help },
	{ "reload", "load the facts anew", command_reload },
	{ "status", "how the bot is doing", command_status },
	{ "version", "program and facts", command_version },
	{ NULL, NULL, NULL },
};

static const char *const help_words[] = { "help", "помощь", "көмек" };

/* The next word of the message from `*at` on; what is too long to be a word of ours gives "?". */
static void next_word(const struct message *message, size_t *at, char out[WORD_BYTES])
{
	const char *text = message->text;
	size_t end = message->text_bytes, bytes = 0;
	while (*at < end && strchr(" \t\r\n", text[*at]))
		++*at;
	while (*at < end && text[*at] && !strchr(" \t\r\n", text[*at])) {
		if (bytes < WORD_BYTES)
			out[bytes] = text[*at];
		bytes++;
		++*at;
	}
	if (bytes >= WORD_BYTES) {
		out[0] = '?';
		bytes = 1;
	}
	out[bytes] = '\0';
}

static bool is_admin_call(const struct message *message, const char *word)
{
	return strcmp(word, "!admin") == 0 || (message->is_addressed && strcmp(word, "admin") == 0);
}

static bool is_help(const struct message *message, const char *word, size_t at)
{
	char more[WORD_BYTES];
	next_word(message, &at, more);
	for (size_t i = 0; i < sizeof help_words / sizeof *help_words; i++)
		if (message->is_addressed && strcmp(word, help_words[i]) == 0 && !*more)
			return true;
	return false;
}

bool command_matches(const struct message *message)
{
	char word[WORD_BYTES];
	size_t at = 0;
	next_word(message, &at, word);
	return is_admin_call(message, word) || is_help(message, word, at);
}

void command_run(struct bot *bot, const struct message *message)
{
	char word[WORD_BYTES];
	size_t at = 0;
	next_word(message, &at, word);
	if (!is_admin_call(message, word)) {
		bot_reply_notice(bot, message, "answer", NOTICE_HELP);
		return;
	}
	if (!bot_is_admin(bot, message)) {
		bot_reply_notice(bot, message, "answer", NOTICE_NO_RIGHTS);
		return;
	}
	next_word(message, &at, word);
	for (const struct command *command = command_table; command->name; command++)
		if (strcmp(command->name, word) == 0) {
			log_event(bot->options.log, LOG_INFO, "command", command->name, LOG_TEXT("sender", message->sender));
			command->run(bot, message);
			return;
		}
	command_help(bot, message);
}
