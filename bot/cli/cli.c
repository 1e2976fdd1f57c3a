#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"

/* ---- paths ---- */

static bool is_there(const char *path)
{
	return access(path, R_OK | X_OK) == 0;
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

static char *find_cache(void)
{
	const char *directory = environment("QANTAR_CACHE_DIR");
	if (!directory)
		directory = environment("CACHE_DIRECTORY");
	if (directory)
		return memory_text(directory);
	if (environment("XDG_CACHE_HOME"))
		return file_join(environment("XDG_CACHE_HOME"), "qantar");
	return environment("HOME") ? file_join(environment("HOME"), ".cache/qantar") : NULL;
}

void cli_paths_find(struct cli_paths *paths, const char *knowledge, const char *cache)
{
	const char *asked = knowledge ? knowledge : environment("QANTAR_KNOWLEDGE");
	bool installed = !asked && is_there(QANTAR_KNOWLEDGE_DEFAULT);
	if (!asked)
		asked = installed ? QANTAR_KNOWLEDGE_DEFAULT : QANTAR_KNOWLEDGE_BUILD;
	else
		installed = strcmp(asked, QANTAR_KNOWLEDGE_DEFAULT) == 0;
	*paths = (struct cli_paths){
		.knowledge = memory_text(asked),
		.cache = cache ? memory_text(cache) : find_cache(),
		.shipped = memory_text(installed ? QANTAR_MODELS_DEFAULT : QANTAR_MODELS_BUILD),
	};
}

void cli_paths_finish(struct cli_paths *paths)
{
	free(paths->knowledge);
	free(paths->cache);
	free(paths->shipped);
	*paths = (struct cli_paths){ 0 };
}

struct knowledge_options cli_paths_options(const struct cli_paths *paths)
{
	return (struct knowledge_options){ .directory = paths->knowledge,
					   .cache = paths->cache,
					   .shipped = paths->shipped };
}

/* ---- the base ---- */

struct knowledge *cli_load(const char *directory, bool whole)
{
	struct cli_paths paths;
	struct knowledge_report report;
	struct error error;
	cli_paths_find(&paths, directory, NULL);
	struct knowledge_options options = cli_paths_options(&paths);
	options.whole = whole;
	struct knowledge *knowledge = knowledge_load(&options, &report, &error);
	cli_print_report(stderr, paths.knowledge, &report);
	if (*error.text)
		fprintf(stderr, "qantar: %s%s\n", knowledge ? "warning: " : "", error.text);
	if (!knowledge)
		fprintf(stderr, "qantar: the base in %s cannot be used\n", paths.knowledge);
	knowledge_report_finish(&report);
	cli_paths_finish(&paths);
	return knowledge;
}

void cli_print_report(FILE *out, const char *directory, const struct knowledge_report *report)
{
	bool colour = cli_has_colour(out);
	for (size_t i = 0; i < report->count; i++) {
		const struct knowledge_problem *problem = &report->problems[i];
		const char *severity = problem->warning ? "warning" : "error";
		fprintf(out, "%s/%s", directory, problem->file);
		if (problem->line)
			fprintf(out, ":%u:%u", problem->line, problem->column);
		fprintf(out, ": %s%s%s: %s (%s)\n",
			!colour            ? ""
			: problem->warning ? "\033[33m"
					   : "\033[31m",
			severity, colour ? "\033[0m" : "", problem->message, problem->kind);
	}
	if (report->left_out)
		fprintf(out, "%s: %zu more problems are not shown\n", directory, report->left_out);
}

/* ---- the terminal ---- */

bool cli_has_colour(FILE *out)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
	return isatty(fileno(out)) && !(no && *no) && !(terminal && strcmp(terminal, "dumb") == 0);
}

int cli_misuse(const char *name, const char *format, ...)
{
	va_list arguments;
	fprintf(stderr, "qantar %s: ", name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nTry \"qantar %s --help\".\n", name);
	return CLI_USAGE;
}
