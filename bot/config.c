#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"

enum { SETTINGS_MOST = 64 }; /* at least setting_count; a test looks */

/* What was written for one setting, and where: for messages. */
struct written {
	char *value, *file;     /* the value, or the path in NAME_FILE; owned */
	const char *value_from, *file_from; /* "the environment" or the file's path */
};

struct reader {
	const struct config_source *source;
	struct config *config;
	struct config_report *report;
	struct written written[SETTINGS_MOST]; /* by place in setting_table */
};

static const char *environment_get(const struct config_source *source, const char *name)
{
	size_t bytes = strlen(name);
	for (char *const *at = source->environment; at && *at; at++)
		if (strncmp(*at, name, bytes) == 0 && (*at)[bytes] == '=')
			return *at + bytes + 1;
	return NULL;
}

/* Keeps what was written; an empty value counts as not written. The later call wins: the file is read first. */
static void keep(struct reader *reader, const struct setting *setting, bool is_file, const char *value,
		 const char *from)
{
	struct written *written = &reader->written[setting - setting_table];
	char **slot = is_file ? &written->file : &written->value;
	if (!*value)
		return;
	free(*slot);
	*slot = memory_text(value);
	*(is_file ? &written->file_from : &written->value_from) = from;
}

/* ---- the file ---- */

static bool line_fault(struct reader *reader, unsigned number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool line_fault(struct reader *reader, unsigned number, const char *format, ...)
{
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return buffer_format(&reader->report->errors, "%s:%u: %s\n", reader->source->file, number, text), false;
}

/* "KEY=VALUE" without surrounding white space. systemd reads a backslash as an escape and a container does not, so
 * none is allowed. */
static bool read_pair(struct reader *reader, char *line, unsigned number, bool seen[])
{
	char *equals = strchr(line, '=');
	if (strncmp(line, "export ", 7) == 0)
		return line_fault(reader, number, "write KEY=VALUE without \"export\"");
	if (!equals || equals == line)
		return line_fault(reader, number, "this is not KEY=VALUE");
	if (equals[-1] == ' ' || equals[-1] == '\t' || equals[1] == ' ' || equals[1] == '\t')
		return line_fault(reader, number, "write KEY=VALUE without spaces around the =");
	*equals = '\0';
	bool is_file;
	const struct setting *setting = setting_find(line, &is_file);
	if (!setting)
		return line_fault(reader, number, "%.80s is not a setting; `qantar run --help-settings` lists them all", line);
	if (strchr(equals + 1, '\\'))
		return line_fault(reader, number, "%s holds a backslash, which systemd and containers read differently", line);
	bool *again = &seen[(size_t)(setting - setting_table) * 2 + is_file];
	if (*again)
		return line_fault(reader, number, "%s is set twice; keep one line", line);
	*again = true;
	keep(reader, setting, is_file, equals + 1, reader->source->file);
	return true;
}

static void read_lines(struct reader *reader, char *text)
{
	bool seen[SETTINGS_MOST * 2] = { false };
	unsigned number = 1;
	for (char *line = text, *next; line; line = next, number++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		line += strspn(line, " \t");
		for (size_t bytes = strlen(line); bytes && strchr(" \t\r", line[bytes - 1]); bytes--)
			line[bytes - 1] = '\0';
		if (*line && *line != '#')
			read_pair(reader, line, number, seen);
	}
}

static void read_file(struct reader *reader)
{
	const char *path = reader->source->file;
	struct buffer text;
	struct error error;
	if (!path || (reader->source->file_may_be_absent && access(path, F_OK) != 0))
		return;
	if (!file_read(path, CONFIG_FILE_BYTES, &text, &error))
		buffer_format(&reader->report->errors, "settings: %s\n", error.text);
	else if (text.bytes && (!utf8_valid(text.data, text.bytes) || memchr(text.data, '\0', text.bytes)))
		buffer_format(&reader->report->errors, "settings: %s is not UTF-8 text\n", path);
	else if (text.bytes)
		read_lines(reader, text.data);
	buffer_finish(&text);
}

/* ---- the environment ---- */

static void read_environment(struct reader *reader)
{
	for (char *const *at = reader->source->environment; at && *at; at++) {
		const char *equals = strchr(*at, '=');
		if (strncmp(*at, "QANTAR_", 7) != 0 || !equals)
			continue;
		char name[64];
		size_t bytes = (size_t)(equals - *at);
		const struct setting *setting = NULL;
		bool is_file = false;
		if (bytes < sizeof name) {
			memcpy(name, *at, bytes);
			name[bytes] = '\0';
			setting = setting_find(name, &is_file);
		}
		if (setting)
			keep(reader, setting, is_file, equals + 1, "the environment");
		else
			buffer_format(&reader->report->warnings, "%.*s in the environment is not a setting and is ignored\n",
				      (int)(bytes < 200 ? bytes : 200), *at);
	}
}

/* ---- secrets ---- */

/* Reads a secret that stands in a file of its own; the newline at its end is no part of it. */
static char *read_secret(struct reader *reader, const char *name, const char *path)
{
	struct buffer text;
	struct error error;
	char *secret = NULL;
	if (!file_read(path, SETTING_VALUE_BYTES, &text, &error)) {
		buffer_format(&reader->report->errors, "%s: %s; write the path of a readable file\n", name, error.text);
		goto finish;
	}
	while (text.bytes && (text.data[text.bytes - 1] == '\n' || text.data[text.bytes - 1] == '\r'))
		text.data[--text.bytes] = '\0';
	if (!text.bytes || memchr(text.data, '\0', text.bytes))
		buffer_format(&reader->report->errors, "%s: %s holds no secret; write it there, on one line\n", name, path);
	else
		secret = memory_text(text.data);
finish:
	buffer_finish(&text);
	return secret;
}

/* A secret's value from NAME_FILE or the credentials' directory into `written->value`. */
static void fetch_secret(struct reader *reader, const struct setting *setting, struct written *written)
{
	const char *directory = environment_get(reader->source, "CREDENTIALS_DIRECTORY");
	if (written->value && written->file) {
		buffer_format(&reader->report->errors, "%s (%s) and %s_FILE (%s) are both set; keep one\n", setting->name,
			      written->value_from, setting->name, written->file_from);
	} else if (written->file) {
		char name[80];
		snprintf(name, sizeof name, "%s_FILE", setting->name);
		written->value = read_secret(reader, name, written->file);
		written->value_from = written->file;
	} else if (!written->value && directory && *directory) {
		char *path = file_join(directory, setting->name);
		if (access(path, F_OK) == 0)
			written->value = read_secret(reader, setting->name, path);
		written->value_from = "the credentials' directory";
		free(path);
	}
}

/* ---- all together ---- */

static void apply(struct reader *reader)
{
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *setting = &setting_table[i];
		struct written *written = &reader->written[i];
		struct buffer fault;
		buffer_init(&fault, CONFIG_REPORT_BYTES);
		if (setting->type == SETTING_SECRET)
			fetch_secret(reader, setting, written);
		if (setting->fallback)
			setting_set(setting, setting->fallback, reader->config, &fault);
		if (written->value && !setting_set(setting, written->value, reader->config, &fault))
			buffer_format(&reader->report->errors, "%s (%s) %s\n", setting->name, written->value_from, buffer_text(&fault));
		buffer_finish(&fault);
	}
}

/* systemd passes several directories separated by colons; the first is ours. */
static char *first_directory(const char *list)
{
	char *path = memory_text(list);
	path[strcspn(path, ":")] = '\0';
	return path;
}

static void default_directory(struct reader *reader, char **place, const char *unit, const char *xdg,
			      const char *home_part, const char *name)
{
	const char *from_unit = environment_get(reader->source, unit);
	const char *from_xdg = environment_get(reader->source, xdg);
	const char *home = environment_get(reader->source, "HOME");
	if (*place)
		return;
	if (from_unit && *from_unit) {
		*place = first_directory(from_unit);
	} else if (from_xdg && *from_xdg == '/') {
		*place = file_join(from_xdg, "qantar");
	} else if (home && *home == '/') {
		char *base = file_join(home, home_part);
		*place = file_join(base, "qantar");
		free(base);
	} else {
		buffer_format(&reader->report->errors,
			      "%s is not set and there is no HOME to find a default; write a directory\n", name);
	}
}

static void check_matrix(struct reader *reader)
{
	const struct config_matrix *matrix = &reader->config->matrix;
	struct buffer *errors = &reader->report->errors;
	if (!config_has_matrix(reader->config))
		return;
	if (!matrix->user && !matrix->access_token)
		buffer_append_text(errors, "QANTAR_MATRIX_USER is not set; write the bot's full user id, like @qantar:example.org\n");
	if (!matrix->user && !matrix->homeserver)
		buffer_append_text(
			errors,
			"QANTAR_MATRIX_HOMESERVER is not set and cannot be found without QANTAR_MATRIX_USER; set one\n");
	if (!matrix->access_token && !matrix->password)
		buffer_append_text(
			errors,
			"QANTAR_MATRIX_ACCESS_TOKEN is not set; set it, or QANTAR_MATRIX_PASSWORD, or their _FILE\n");
	if (matrix->access_token && matrix->password)
		buffer_append_text(errors, "QANTAR_MATRIX_ACCESS_TOKEN and QANTAR_MATRIX_PASSWORD are both set; keep one\n");
}

static bool was_asked(const struct reader *reader, const char *name)
{
	bool is_file;
	const struct written *written = &reader->written[setting_find(name, &is_file) - setting_table];
	return written->value || written->file;
}

static void check_together(struct reader *reader)
{
	default_directory(reader, &reader->config->state_dir, "STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state",
			  "QANTAR_STATE_DIR");
	default_directory(reader, &reader->config->cache_dir, "CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache",
			  "QANTAR_CACHE_DIR");
	if (!reader->source->needs_platform)
		return;
	check_matrix(reader);
	/* A token that could not be read has its own error: do not add that nothing is set. */
	if (!config_has_matrix(reader->config) && !config_has_discord(reader->config) &&
	    !was_asked(reader, "QANTAR_DISCORD_TOKEN") && !was_asked(reader, "QANTAR_MATRIX_USER"))
		buffer_append_text(&reader->report->errors,
				   "no platform is set; set QANTAR_MATRIX_USER and QANTAR_MATRIX_ACCESS_TOKEN, "
				   "or QANTAR_DISCORD_TOKEN, or both\n");
}

bool config_load(const struct config_source *source, struct config *config, struct config_report *report)
{
	struct reader reader = { .source = source, .config = config, .report = report };
	*config = (struct config){ 0 };
	buffer_init(&report->errors, CONFIG_REPORT_BYTES);
	buffer_init(&report->warnings, CONFIG_REPORT_BYTES);
	read_file(&reader);
	read_environment(&reader);
	apply(&reader);
	check_together(&reader);
	for (size_t i = 0; i < setting_count; i++) {
		free(reader.written[i].value);
		free(reader.written[i].file);
	}
	return report->errors.bytes == 0 && !report->errors.failed;
}

void config_finish(struct config *config)
{
	for (size_t i = 0; i < setting_count; i++)
		setting_clear(&setting_table[i], config);
}

void config_report_finish(struct config_report *report)
{
	buffer_finish(&report->errors);
	buffer_finish(&report->warnings);
}

/* ---- questions to it ---- */

bool config_has_matrix(const struct config *config)
{
	const struct config_matrix *matrix = &config->matrix;
	return matrix->homeserver || matrix->user || matrix->access_token || matrix->password;
}

bool config_has_discord(const struct config *config)
{
	return config->discord.token;
}

enum language config_language(const struct config *config)
{
	return (enum language)(LANGUAGE_EN + config->language);
}

/* Ids of Discord carry a prefix in lists, those of Matrix their sigil. */
static bool holds(const struct setting_list *list, const char *platform, const char *id)
{
	bool is_discord = strcmp(platform, "discord") == 0;
	for (size_t i = 0; i < list->count; i++) {
		const char *item = list->items[i];
		bool prefixed = strncmp(item, "discord:", 8) == 0;
		if (prefixed == is_discord && strcmp(prefixed ? item + 8 : item, id) == 0)
			return true;
	}
	return false;
}

bool config_is_admin(const struct config *config, const char *platform, const char *user)
{
	return holds(&config->admins, platform, user);
}

bool config_answers_all(const struct config *config, const char *platform, const char *room)
{
	return holds(&config->answer_all, platform, room);
}
