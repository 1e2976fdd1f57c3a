/* cli: what the subcommands share. One file a subcommand; main.c has the table.
 *
 * Data goes to stdout, everything else to stderr; colour only on a terminal and never with NO_COLOR. */
#ifndef QANTAR_CLI_CLI_H
#define QANTAR_CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "knowledge.h"

enum cli_exit { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_CANNOT_START = 3 };

struct cli_command {
	const char *name;
	const char *help;                    /* one line */
	int (*run)(int argc, char **argv);   /* argv[0] is the name; returns an enum cli_exit */
};

int cli_chat(int argc, char **argv);
int cli_run(int argc, char **argv);
int cli_healthcheck(int argc, char **argv);
int cli_ask(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_train(int argc, char **argv);
int cli_eval(int argc, char **argv);

/* Where the base is, and where models are kept; owned strings. */
struct cli_paths {
	char *knowledge;
	char *cache;   /* NULL: no directory to write to is known */
	char *shipped; /* models that came with the base, read-only */
};

/* `knowledge`, else $QANTAR_KNOWLEDGE, else the installed base, else the build's. `cache`, else $QANTAR_CACHE_DIR,
 * $CACHE_DIRECTORY, $XDG_CACHE_HOME/qantar, ~/.cache/qantar. Both may be NULL. */
void cli_paths_find(struct cli_paths *paths, const char *knowledge, const char *cache);
void cli_paths_finish(struct cli_paths *paths);
struct knowledge_options cli_paths_options(const struct cli_paths *paths);

/* Loads the base that `knowledge` (may be NULL) leads to; `whole`: as in knowledge_options. NULL when it is broken:
 * said on stderr. */
struct knowledge *cli_load(const char *knowledge, bool whole);

/* "program: file:line:column: error: message" lines. */
void cli_print_report(FILE *out, const char *directory, const struct knowledge_report *report);

/* Whether `out` is a terminal that wants colour. */
bool cli_has_colour(FILE *out);
/* "qantar NAME: message", and how to get help. Returns CLI_USAGE. */
int cli_misuse(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
