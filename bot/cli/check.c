/* qantar check: what is wrong with a base, and what to do. */
#include <getopt.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "cli/cli.h"

static const char help[] =
	"Usage: qantar check [--json] [--strict] [--knowledge DIR] [DIR]\n"
	"\n"
	"Reads and trains the base in DIR and lists its errors (exit 1) and warnings (exit 0, or 1 with --strict), each with\n"
	"file, line, column, what is wrong and what to do. Exit 3 when there is no base to check.\n";

static void append_problems(struct buffer *out, const struct knowledge_report *report, bool warnings)
{
	bool first = true;
	buffer_append_char(out, '[');
	for (size_t i = 0; i < report->count; i++) {
		const struct knowledge_problem *problem = &report->problems[i];
		if (problem->warning != warnings)
			continue;
		buffer_format(out, "%s{\"kind\":\"%s\",\"file\":", first ? "" : ",", problem->kind);
		first = false;
		json_append_string(out, problem->file);
		buffer_format(out, ",\"line\":%u,\"column\":%u,\"message\":", problem->line, problem->column);
		json_append_string(out, problem->message);
		buffer_append_char(out, '}');
	}
	buffer_append_char(out, ']');
}

static void print_json(const struct knowledge_report *report, bool ok)
{
	struct buffer out;
	buffer_init(&out, 4u << 20);
	buffer_format(&out, "{\"ok\":%s,\"errors\":", ok ? "true" : "false");
	append_problems(&out, report, false);
	buffer_append_text(&out, ",\"warnings\":");
	append_problems(&out, report, true);
	buffer_append_char(&out, '}');
	puts(buffer_text(&out));
	buffer_finish(&out);
}

static size_t count_kind(const struct knowledge_report *report, bool warnings)
{
	size_t count = 0;
	for (size_t i = 0; i < report->count; i++)
		count += report->problems[i].warning == warnings;
	return count;
}

static int check(const char *directory, bool json, bool strict)
{
	struct cli_paths paths;
	struct knowledge_report report;
	struct error error;
	cli_paths_find(&paths, directory, NULL);
	struct knowledge_options options = cli_paths_options(&paths);
	bool ok = knowledge_check(&options, &report, &error);
	size_t errors = count_kind(&report, false), warnings = count_kind(&report, true);
	int code = !ok && !errors ? CLI_CANNOT_START : errors || (strict && warnings) ? CLI_FAILED : CLI_DONE;
	if (json)
		print_json(&report, ok);
	else
		cli_print_report(stdout, paths.knowledge, &report);
	if (!ok && *error.text)
		fprintf(stderr, "qantar check: %s\n", error.text);
	if (!json && code != CLI_CANNOT_START)
		printf("%s: %zu error%s, %zu warning%s\n", paths.knowledge, errors, errors == 1 ? "" : "s", warnings,
		       warnings == 1 ? "" : "s");
	knowledge_report_finish(&report);
	cli_paths_finish(&paths);
	return code;
}

int cli_check(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "strict", no_argument, NULL, 's' },
		{ "knowledge", required_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	bool json = false, strict = false;
	const char *directory = NULL;
	optind = 0;
	for (int option; (option = getopt_long(argc, argv, "h", longs, NULL)) != -1;)
		switch (option) {
		case 'j': json = true; break;
		case 's': strict = true; break;
		case 'k': directory = optarg; break;
		case 'h': fputs(help, stdout); return CLI_DONE;
		default: return cli_misuse("check", "the options are wrong");
		}
	if (argc - optind > 1)
		return cli_misuse("check", "one directory at the most");
	return check(optind < argc ? argv[optind] : directory, json, strict);
}
