#include "command/command.h"

#include <string.h>
#include <strings.h>

enum { WORD_BYTES = 32 };

const struct command command_table[] = {
	{ "help", "this list", command_help },
	{ "reload", "load the facts anew", command_reload },
	{ "status", "how the bot is doing", command_status },
	{ "version", "program and facts", command_version },
	{ NULL, NULL, NULL },
};

/* A telephone capitalises the first word; beyond ASCII both forms stand here. */
static const struct {
	const char *word;
	enum language language;
} help_words[] = {
	{ "help", LANGUAGE_EN },  { "помощь", LANGUAGE_RU }, { "Помощь", LANGUAGE_RU },
	{ "көмек", LANGUAGE_KK }, { "Көмек", LANGUAGE_KK },
};

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
	return strcasecmp(word, "!admin") == 0 || (message->is_addressed && strcasecmp(word, "admin") == 0);
}

/* The language of the word that asks for help and stands alone; LANGUAGE_NONE for anything else. */
static enum language help_language(const struct message *message, const char *word, size_t at)
{
	char more[WORD_BYTES];
	next_word(message, &at, more);
	for (size_t i = 0; i < sizeof help_words / sizeof *help_words; i++)
		if (message->is_addressed && strcasecmp(word, help_words[i].word) == 0 && !*more)
			return help_words[i].language;
	return LANGUAGE_NONE;
}

bool command_matches(const struct message *message)
{
	char word[WORD_BYTES];
	size_t at = 0;
	next_word(message, &at, word);
	return is_admin_call(message, word) || help_language(message, word, at) != LANGUAGE_NONE;
}

void command_run(struct bot *bot, const struct message *message)
{
	char word[WORD_BYTES];
	size_t at = 0;
	next_word(message, &at, word);
	if (!is_admin_call(message, word)) {
		bot_reply_notice(bot, message, "answer", NOTICE_HELP, help_language(message, word, at));
		return;
	}
	if (!bot_is_admin(bot, message)) {
		bot_reply_notice(bot, message, "answer", NOTICE_NO_RIGHTS, bot_language(bot, message));
		return;
	}
	next_word(message, &at, word);
	for (const struct command *command = command_table; command->name; command++)
		if (strcasecmp(command->name, word) == 0) {
			log_event(bot->options.log, LOG_INFO, "command", command->name, LOG_TEXT("sender", message->sender));
			command->run(bot, message);
			return;
		}
	command_help(bot, message);
}
