/* qantar healthcheck: exit 0 while a running bot is healthy. */
#include <getopt.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "config.h"
#include "health.h"

static const char help[] =
	"Usage: qantar healthcheck [--config FILE]\n"
	"\n"
	"Says whether the bot that runs with the same settings does its work: exit 0 while it does, 1 while not.\n"
	"\n"
	"  --config FILE  settings (default: " CONFIG_DEFAULT_FILE ", if it is there)\n";

int cli_healthcheck(int argc, char **argv)
{
	static const struct option longs[] = { { "config", required_argument, NULL, 'c' },
					       { "help", no_argument, NULL, 'h' },
					       { 0 } };
	struct config_source source = { .file = CONFIG_DEFAULT_FILE, .file_may_be_absent = true, .environment = environ };
	struct config config;
	struct config_report report;
	struct error why = { 0 };
	optind = 0;
	for (int option; (option = getopt_long(argc, argv, "h", longs, NULL)) != -1;)
		switch (option) {
		case 'c': source.file = optarg; source.file_may_be_absent = false; break;
		case 'h': fputs(help, stdout); return CLI_DONE;
		default: return cli_misuse("healthcheck", "the options are wrong");
		}
	if (optind < argc)
		return cli_misuse("healthcheck", "there is nothing to name here");
	int code = CLI_CANNOT_START;
	const struct clock *clock = clock_system();
	if (!config_load(&source, &config, &report)) {
		fputs(buffer_text(&report.errors), stderr);
	} else if (health_read(config.state_dir, clock->wall_ms(clock), &why)) {
		puts("healthy");
		code = CLI_DONE;
	} else {
		fprintf(stderr, "qantar healthcheck: %s\n", why.text);
		code = CLI_FAILED;
	}
	config_report_finish(&report);
	config_finish(&config);
	return code;
}
