/* qantar run: the bot on its platforms, until a signal ends it. */
#include <getopt.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bot.h"
#include "cli/cli.h"
#include "health.h"
#include "net/http.h"
#include "platform/discord/discord.h"
#include "platform/matrix/matrix.h"

static const char help[] =
	"Usage: qantar run [--config FILE] [--knowledge DIR]\n"
	"\n"
	"Runs the bot on Matrix, Discord, or both. SIGHUP reloads the facts; SIGINT and SIGTERM end it.\n"
	"Exit 0 when it was ended, 3 when it cannot start or no platform is left.\n"
	"\n"
	"  --config FILE    settings (default: " CONFIG_DEFAULT_FILE ", if it is there); the environment wins over it\n"
	"  --knowledge DIR  the base (default: the setting QANTAR_KNOWLEDGE, else the installed one)\n"
	"  --help-settings  list the settings, as a file to start from\n";

/* Everything that runs, in the order of its making. */
struct run {
	struct config config;
	struct cli_paths paths;
	struct log *log;
	struct loop *loop;
	struct store *store;
	struct bot *bot;
	struct http *http[2]; /* of Matrix and of Discord; NULL: not set up */
	struct loop_timer heartbeat;
};

static int print_settings(void)
{
	struct buffer text;
	buffer_init(&text, 1 << 20);
	setting_print_example(&text);
	fputs(buffer_text(&text), stdout);
	buffer_finish(&text);
	return CLI_DONE;
}

/* ---- settings ---- */

static void print_lines(const char *kind, const struct buffer *lines)
{
	const char *at = buffer_text(lines);
	while (*at) {
		size_t bytes = strcspn(at, "\n");
		fprintf(stderr, "qantar run: %s%.*s\n", kind, (int)bytes, at);
		at += bytes + (at[bytes] == '\n');
	}
}

static bool read_config(const struct config_source *source, struct config *config)
{
	struct config_report report;
	bool done = config_load(source, config, &report);
	print_lines("warning: ", &report.warnings);
	print_lines("", &report.errors);
	config_report_finish(&report);
	return done;
}

/* ---- the base ---- */

/* In a child, which gives training's memory back when it ends. */
static void train_in_child(const char *directory)
{
	char *argv[] = { "/proc/self/exe", "train", (char *)directory, NULL };
	pid_t child;
	int status;
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	if (posix_spawn(&child, argv[0], &actions, NULL, argv, environ) == 0)
		waitpid(child, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
}

/* A cached model, else one trained in a child, else one trained here. NULL when the base is broken: said on stderr. */
static struct knowledge *load_knowledge(struct run *run)
{
	struct knowledge_options options = cli_paths_options(&run->paths);
	struct knowledge_report report;
	struct error error = { 0 };
	options.no_training = true;
	struct knowledge *knowledge = knowledge_load(&options, &report, &error);
	bool is_broken = report.count > 0;
	knowledge_report_finish(&report);
	if (knowledge)
		return knowledge;
	if (!is_broken && run->paths.cache) {
		log_event(run->log, LOG_INFO, "run", "training", LOG_TEXT("base", run->paths.knowledge));
		train_in_child(run->paths.knowledge);
	}
	return cli_load(run->paths.knowledge, false);
}

/* ---- platforms ---- */

static struct http *make_http(struct run *run, struct error *error)
{
	const char *homepage = run->config.homepage;
	char user_agent[SETTING_URL_BYTES + 64];
	snprintf(user_agent, sizeof user_agent, "Qantar/%s%s%s%s", QANTAR_VERSION, homepage ? " (+" : "",
		 homepage ? homepage : "", homepage ? ")" : "");
	return http_create(run->loop,
			   &(struct http_options){
				   .user_agent = user_agent,
				   .ca_file = run->config.ca_file,
				   .before_send = bot_before_send,
				   .context = run->bot,
			   },
			   error);
}

static bool add_matrix(struct run *run, struct error *error)
{
	const struct config *config = &run->config;
	run->http[0] = make_http(run, error);
	if (!run->http[0])
		return false;
	struct matrix_options options = {
		.homeserver = config->matrix.homeserver, .user = config->matrix.user, .access_token = config->matrix.access_token,
		.device_id = config->matrix.device_id, .password = config->matrix.password,
		.invite_allow = config->matrix.invite_allow.items, .invite_allow_count = config->matrix.invite_allow.count,
		.prefixes = config->matrix.prefixes.items, .prefixes_count = config->matrix.prefixes.count,
		.message_type = config->matrix.message_type ? "m.text" : "m.notice",
		.answer_age_ms = config->limits.answer_age_minutes * 60000, .admin_power_level = (int)config->admin_power_level,
	};
	bot_add_platform(run->bot, matrix_create(run->loop, run->http[0], run->log, clock_system(), &options,
						 bot_events(), run->bot));
	return true;
}

static bool add_discord(struct run *run, struct error *error)
{
	const struct config *config = &run->config;
	run->http[1] = make_http(run, error);
	if (!run->http[1])
		return false;
	char user_agent[SETTING_URL_BYTES + 64];
	snprintf(user_agent, sizeof user_agent, "DiscordBot (%s, %s)", config->homepage ? config->homepage : "",
		 QANTAR_VERSION);
	struct discord_options options = {
		.user_agent = config->homepage ? user_agent : NULL, /* NULL: the platform's own */
		.token = config->discord.token, .api_url = config->discord.api_url, .ca_file = config->ca_file,
		.plain = !config->discord.compress, .message_content = config->discord.message_content,
		.requests_per_s = (unsigned)config->discord.requests_per_second,
	};
	bot_add_platform(run->bot, discord_create(run->loop, run->http[1], run->log, clock_system(), &options,
						  bot_events(), run->bot));
	return true;
}

/* ---- running ---- */

static void beat(void *context)
{
	struct run *run = context;
	struct error why = { 0 };
	health_beat(run->config.state_dir, bot_is_healthy(run->bot, &why) ? NULL : why.text);
	loop_timer_set(run->loop, &run->heartbeat, HEALTH_EVERY_MS, beat, run);
}

static void on_signal(void *context, int number)
{
	struct run *run = context;
	log_event(run->log, LOG_INFO, "run", "signal", LOG_TEXT("name", sigabbrev_np(number)));
	if (number == SIGHUP)
		reload_start(run->bot->reload, NULL);
	else if (number == SIGINT || number == SIGTERM)
		loop_stop(run->loop);
}

static bool start(struct run *run, struct knowledge *knowledge, struct error *error)
{
	run->bot = bot_create(&(struct bot_options){
		.config = &run->config, .loop = run->loop, .log = run->log, .clock = clock_system(), .store = run->store,
		.knowledge = knowledge, .base = cli_paths_options(&run->paths),
	});
	return loop_signals(run->loop, on_signal, run, error) &&
	       (!config_has_matrix(&run->config) || add_matrix(run, error)) &&
	       (!config_has_discord(&run->config) || add_discord(run, error)) && bot_start(run->bot, error);
}

static bool serve(struct run *run, struct error *error)
{
	struct knowledge_version version = knowledge_version(run->bot->knowledge);
	log_event(run->log, LOG_INFO, "run", "started", LOG_TEXT("version", QANTAR_VERSION), LOG_TEXT("hash", version.hash),
		  LOG_NUMBER("facts", version.facts), LOG_TEXT("as_of", version.as_of));
	beat(run);
	bool served = loop_run(run->loop) || error_set(error, "the event loop failed");
	if (served && run->bot->failure)
		served = error_set(error, "no platform is left: %s", run->bot->failure);
	log_event(run->log, LOG_INFO, "run", "stopped");
	return served;
}

static bool prepare(struct run *run, struct error *error)
{
	run->log = log_create(stderr, (enum log_level)run->config.log_level);
	run->store = store_open(&(struct store_options){ .directory = run->config.state_dir,
							 .log = run->log,
							 .clock = clock_system() },
				error);
	if (!run->store)
		return false;
	struct knowledge *knowledge = load_knowledge(run);
	if (!knowledge)
		return error_set(error, "there are no facts to answer from");
	run->loop = loop_create(run->log, clock_system(), error);
	if (run->loop)
		return start(run, knowledge, error);
	knowledge_destroy(knowledge);
	return false;
}

static void finish(struct run *run)
{
	if (run->loop)
		loop_timer_cancel(&run->heartbeat);
	bot_destroy(run->bot);
	for (size_t i = 0; i < sizeof run->http / sizeof *run->http; i++)
		http_destroy(run->http[i]);
	loop_destroy(run->loop);
	if (run->store)
		health_end(run->config.state_dir);
	store_close(run->store);
	log_destroy(run->log);
	cli_paths_finish(&run->paths);
	config_finish(&run->config);
}

/* From the first moment on, or a SIGHUP would end a bot that is still training. One that comes before the loop watches
 * signals waits for it. */
static void hold_back_reloads(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static int run_bot(const struct config_source *source, const char *knowledge)
{
	struct run run = { 0 };
	struct error error = { 0 };
	int code = CLI_CANNOT_START;
	hold_back_reloads();
	if (read_config(source, &run.config)) {
		umask(077);
		cli_paths_find(&run.paths, knowledge ? knowledge : run.config.knowledge, run.config.cache_dir);
		setenv("QANTAR_CACHE_DIR", run.config.cache_dir, 1); /* for the children that train */
		if (prepare(&run, &error) && serve(&run, &error))
			code = CLI_DONE;
		else
			fprintf(stderr, "qantar run: %s\n", error.text);
	}
	finish(&run);
	return code;
}

int cli_run(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' }, { "knowledge", required_argument, NULL, 'k' },
		{ "help-settings", no_argument, NULL, 's' }, { "help", no_argument, NULL, 'h' }, { 0 },
	};
	struct config_source source = {
		.file = CONFIG_DEFAULT_FILE, .file_may_be_absent = true, .environment = environ, .needs_platform = true,
	};
	const char *knowledge = NULL;
	optind = 0;
	for (int option; (option = getopt_long(argc, argv, "h", longs, NULL)) != -1;)
		switch (option) {
		case 'c': source.file = optarg; source.file_may_be_absent = false; break;
		case 'k': knowledge = optarg; break;
		case 's': return print_settings();
		case 'h': fputs(help, stdout); return CLI_DONE;
		default: return cli_misuse("run", "the options are wrong");
		}
	if (optind < argc)
		return cli_misuse("run", "there is nothing to name here");
	return run_bot(&source, knowledge);
}
