/* qantar train: writes the model of a base, so that the next start is quick. */
#include <getopt.h>
#include <string.h>

#include "cli/cli.h"

static const char help[] =
	"Usage: qantar train [--knowledge DIR] [--cache DIR] [DIR]\n"
	"\n"
	"Trains the base in DIR and writes its model to the cache ($QANTAR_CACHE_DIR, else the user's).\n"
	"Exit 0 when it is written, 3 when it cannot be.\n";

static int train(const char *directory, const char *cache)
{
	struct cli_paths paths;
	struct knowledge_report report;
	struct error error;
	cli_paths_find(&paths, directory, cache);
	int code = CLI_CANNOT_START;
	if (!paths.cache) {
		fputs("qantar train: no directory for the model is known; set QANTAR_CACHE_DIR\n", stderr);
		cli_paths_finish(&paths);
		return code;
	}
	struct knowledge_options options = cli_paths_options(&paths);
	if (knowledge_train(&options, &report, &error)) {
		printf("trained %s into %s\n", paths.knowledge, paths.cache);
		code = CLI_DONE;
	} else {
		cli_print_report(stderr, paths.knowledge, &report);
		if (*error.text)
			fprintf(stderr, "qantar train: %s\n", error.text);
	}
	knowledge_report_finish(&report);
	cli_paths_finish(&paths);
	return code;
}

int cli_train(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "knowledge", required_argument, NULL, 'k' }, { "cache", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' }, { 0 },
	};
	const char *directory = NULL, *cache = NULL;
	optind = 0;
	for (int option; (option = getopt_long(argc, argv, "h", longs, NULL)) != -1;)
		switch (option) {
		case 'k': directory = optarg; break;
		case 'c': cache = optarg; break;
		case 'h': fputs(help, stdout); return CLI_DONE;
		default: return cli_misuse("train", "the options are wrong");
		}
	if (argc - optind > 1)
		return cli_misuse("train", "one directory at the most");
	return train(optind < argc ? argv[optind] : directory, cache);
}
