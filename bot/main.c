/* qantar: the table of subcommands; the only place that ends the process. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static const struct cli_command commands[] = {
	{ "chat", "talk to it in this terminal", cli_chat },
	{ "run", "answer on Matrix and Discord", cli_run },
	{ "healthcheck", "say whether a running bot does its work", cli_healthcheck },
	{ "ask", "answer a question, or many (--batch)", cli_ask },
	{ "explain", "show how an answer came about", cli_explain },
	{ "check", "list what is wrong with a base of facts", cli_check },
	{ "train", "train a base, so that the next start is quick", cli_train },
	{ "eval", "measure the answers to a file of questions", cli_eval },
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static int print_help(FILE *out)
{
	fputs("Usage: qantar COMMAND [OPTION]...\n\n"
	      "Answers questions on a crisis from a base of facts with sources and dates.\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-12s %s\n", commands[i].name, commands[i].help);
	fputs("\nqantar COMMAND --help tells a command's options. Everywhere: --knowledge DIR, the base to use.\n"
	      "Exit codes: 0 done, 1 the check failed, 2 wrong use, 3 cannot start.\n", out);
	return CLI_DONE;
}

static int print_version(void)
{
	puts("qantar " QANTAR_VERSION);
	struct knowledge *knowledge = cli_load(NULL, false);
	if (!knowledge)
		return CLI_CANNOT_START;
	struct knowledge_version version = knowledge_version(knowledge);
	printf("base %s, %zu facts, as of %s\n", version.hash, version.facts, version.as_of);
	char *greeting = knowledge_greeting(knowledge, LANGUAGE_EN);
	puts(greeting ? greeting : "");
	free(greeting);
	knowledge_destroy(knowledge);
	return CLI_DONE;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	setlocale(LC_CTYPE, "C.UTF-8"); /* how wide a terminal shows a letter */
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
		return print_help(stdout);
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
		return print_version();
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		int code = commands[i].run(argc - 1, argv + 1);
		/* What could not be written was not done. */
		if (fflush(stdout) != 0 || ferror(stdout))
			return code == CLI_DONE ? CLI_FAILED : code;
		return code;
	}
	if (*name)
		fprintf(stderr, "qantar: there is no command \"%.60s\"\n", name);
	print_help(stderr);
	return CLI_USAGE;
}
