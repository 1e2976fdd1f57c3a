/* qantar chat: a talk in the terminal. No account, no network. */
#include <editline/readline.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "cli/show.h"
#include "config.h"
#include "notice.h"
#include "reply.h"

enum { LINE_BYTES = 1 << 20, HISTORY_LINES = 1000 };

static const char help[] =
	"Usage: qantar chat [--lang en|ru|kk] [--knowledge DIR] [--config FILE]\n"
	"\n"
	"Talks to you in this terminal as it would on Matrix or Discord. An empty line is ignored; /quit or Ctrl-D ends.\n"
	"With a pipe as standard input it answers line by line.\n"
	"\n"
	"  --lang L         answer in this language, whatever the question's\n"
	"  --knowledge DIR  the base (default: $QANTAR_KNOWLEDGE, else the installed one)\n"
	"  --config FILE    settings, for the texts that the operator wrote (default: the environment alone)\n";

struct chat {
	struct knowledge *knowledge;
	struct knowledge_context context;
	enum language language; /* of greetings and refusals, until an answer shows another */
	bool is_terminal;
	char *history; /* the file; NULL: none */
};

/* ---- output ---- */

static void print(const struct reply *reply)
{
	show_reply(stdout, reply);
	putchar('\n');
	fflush(stdout);
}

static void greet(const struct chat *chat)
{
	struct reply reply = { 0 };
	char *greeting = knowledge_greeting(chat->knowledge, chat->language);
	if (greeting)
		reply_add(&reply, BLOCK_PARAGRAPH, "%s", greeting);
	if (chat->is_terminal)
		reply_add(&reply, BLOCK_NOTE, "/quit or Ctrl-D ends.");
	print(&reply);
	reply_finish(&reply);
	free(greeting);
}

static void answer(struct chat *chat, const char *question, size_t bytes)
{
	struct answer found;
	struct reply reply = { 0 };
	enum language language = chat->context.language ? chat->context.language : chat->language;
	switch (knowledge_answer(chat->knowledge, &chat->context, question, bytes, &found)) {
	case KNOWLEDGE_ANSWERED:
		reply_compose(&reply, &found);
		answer_finish(&found);
		break;
	case KNOWLEDGE_TOO_LONG:
		reply_add(&reply, BLOCK_PARAGRAPH, "%s", notice_text(NOTICE_TOO_LONG, language));
		break;
	case KNOWLEDGE_NOT_UTF8:
	case KNOWLEDGE_NO_MEMORY:
		reply_add(&reply, BLOCK_PARAGRAPH, "%s", notice_text(NOTICE_NOT_TEXT, language));
		break;
	}
	print(&reply);
	reply_finish(&reply);
}

/* ---- input ---- */

static void open_history(struct chat *chat)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *base = NULL, *directory = NULL;
	struct error error;
	if (state && *state == '/')
		base = memory_text(state);
	else if (home && *home == '/')
		base = file_join(home, ".local/state");
	if (base)
		directory = file_join(base, "qantar");
	if (directory && file_make_directory(directory, &error)) {
		chat->history = file_join(directory, "history");
		read_history(chat->history);
		stifle_history(HISTORY_LINES);
	}
	free(directory);
	free(base);
}

static void close_history(struct chat *chat)
{
	if (!chat->history)
		return;
	mode_t before = umask(077);
	if (write_history(chat->history) == 0)
		chmod(chat->history, 0600);
	umask(before);
	free(chat->history);
}

/* False when the talk is over. */
static bool take_line(struct chat *chat, char *line, size_t bytes)
{
	while (bytes && strchr(" \t\r\n", line[bytes - 1]))
		bytes--;
	if (bytes == 5 && memcmp(line, "/quit", 5) == 0)
		return false;
	if (!bytes)
		return true;
	answer(chat, line, bytes);
	return true;
}

static void talk_on_terminal(struct chat *chat)
{
	char name[] = "qantar", prompt[] = "> ";
	rl_readline_name = name;
	using_history(); /* also sets libedit up */
	open_history(chat);
	for (char *line;;) {
		rl_prep_terminal(1); /* before the prompt: what is typed the moment it shows must not be lost */
		line = readline(prompt);
		if (!line)
			break;
		if (*line)
			add_history(line);
		bool goes_on = take_line(chat, line, strlen(line));
		free(line);
		if (!goes_on)
			break;
	}
	close_history(chat);
}

static void talk_on_pipe(struct chat *chat)
{
	char *line = NULL;
	size_t capacity = 0;
	ssize_t bytes;
	while ((bytes = getline(&line, &capacity, stdin)) >= 0)
		if (bytes > LINE_BYTES)
			answer(chat, line, LINE_BYTES); /* which refuses it as too long */
		else if (!take_line(chat, line, (size_t)bytes))
			break;
	free(line);
}

/* ---- the subcommand ---- */

static int chat_with(const struct config *config, enum language forced, const char *directory)
{
	struct chat chat = {
		.knowledge = cli_load(directory ? directory : config->knowledge, false),
		.context = { .forced = forced, .contact = config->contact },
		.language = forced ? forced : config_language(config),
		.is_terminal = isatty(STDIN_FILENO),
	};
	if (!chat.knowledge)
		return CLI_CANNOT_START;
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++)
		chat.context.safety[i] = config->safety[i];
	greet(&chat);
	if (chat.is_terminal)
		talk_on_terminal(&chat);
	else
		talk_on_pipe(&chat);
	knowledge_destroy(chat.knowledge);
	return CLI_DONE;
}

int cli_chat(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "lang", required_argument, NULL, 'l' }, { "knowledge", required_argument, NULL, 'k' },
		{ "config", required_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' }, { 0 },
	};
	struct config_source source = { .environment = environ };
	struct config config;
	struct config_report report;
	const char *knowledge = NULL;
	enum language forced = LANGUAGE_NONE;
	optind = 0;
	for (int option; (option = getopt_long(argc, argv, "h", longs, NULL)) != -1;)
		switch (option) {
		case 'l':
			forced = language_from_code(optarg);
			if (forced == LANGUAGE_NONE)
				return cli_misuse("chat", "--lang is \"%s\"; it can be en, ru or kk", optarg);
			break;
		case 'k': knowledge = optarg; break;
		case 'c': source.file = optarg; break;
		case 'h': fputs(help, stdout); return CLI_DONE;
		default: return cli_misuse("chat", "the options are wrong");
		}
	if (optind < argc)
		return cli_misuse("chat", "to ask one question, use \"qantar ask\"");
	int code = CLI_CANNOT_START;
	if (config_load(&source, &config, &report))
		code = chat_with(&config, forced, knowledge);
	else
		fputs(buffer_text(&report.errors), stderr);
	config_report_finish(&report);
	config_finish(&config);
	return code;
}
