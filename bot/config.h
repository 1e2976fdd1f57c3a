/* config: all settings, read and checked before anything starts.
 *
 * They come from a file of KEY=VALUE lines and from the environment, which wins. Everything that is wrong is
 * reported at once. Strings are owned by the config, NULL when empty. */
#ifndef QANTAR_CONFIG_H
#define QANTAR_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "knowledge.h"
#include "setting.h"

#define CONFIG_DEFAULT_FILE "/etc/qantar/qantar.conf"

enum { CONFIG_FILE_BYTES = 65536, CONFIG_REPORT_BYTES = 65536 };

struct config_matrix {
	char *homeserver, *user, *access_token, *device_id, *password;
	struct setting_list invite_allow, prefixes;
	int message_type; /* 0: m.notice, 1: m.text */
};

struct config_discord {
	char *token, *api_url;
	bool compress, message_content;
	int64_t requests_per_second;
};

struct config_limits {
	int64_t person_burst, person_per_minute; /* a burst of 0: no limit */
	int64_t room_burst, room_per_minute;
	int64_t answer_age_minutes, conversation_minutes, conversations;
};

struct config {
	char *knowledge;  /* NULL: the command line's default */
	char *state_dir, *cache_dir;
	char *ca_file;
	int log_level;    /* enum log_level */
	int language;     /* of greetings and notices: 0 en, 1 ru, 2 kk */
	char *contact;
	char *homepage;
	char *safety[LANGUAGE_COUNT]; /* [LANGUAGE_EN..KK] */
	struct setting_list admins, answer_all;
	int64_t admin_power_level; /* 0: rooms give nobody rights */
	struct config_limits limits;
	struct config_matrix matrix;
	struct config_discord discord;
};

struct config_source {
	const char *file;         /* NULL: no file */
	bool file_may_be_absent;  /* the default file */
	char *const *environment; /* like environ(7); also looked at for HOME, XDG_*, STATE_DIRECTORY, ... */
	bool needs_platform;      /* a config without Matrix and Discord is an error */
};

/* What an operator reads; one line each, ended by a newline. */
struct config_report {
	struct buffer errors, warnings;
};
void config_report_finish(struct config_report *report);

/* Fills `config` and `report`; both are to be finished in any case. True when there is no error. */
bool config_load(const struct config_source *source, struct config *config, struct config_report *report);
void config_finish(struct config *config);

bool config_has_matrix(const struct config *config);
bool config_has_discord(const struct config *config);

/* The language of greetings and notices. */
enum language config_language(const struct config *config);

/* Whether `user` of `platform` ("matrix": "@user:server", "discord": the number) is an admin by full id. */
bool config_is_admin(const struct config *config, const char *platform, const char *user);
/* Whether every message in `room` of `platform` is meant for the bot. */
bool config_answers_all(const struct config *config, const char *platform, const char *room);

#endif
