#include "setting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "config.h"

static bool is_digits(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static const char *user_fault(const char *value)
{
	const char *colon = strchr(value, ':');
	bool right = value[0] == '@' && colon && colon > value + 1 && colon[1] && !strpbrk(value, " \t*?");
	return right ? NULL : "a full Matrix user id, like @qantar:example.org";
}

static const char *admin_fault(const char *value)
{
	if (strncmp(value, "discord:", 8) == 0 && is_digits(value + 8))
		return NULL;
	return user_fault(value) ? "full ids, like @anna:example.org or discord:80351110224678912" : NULL;
}

static const char *room_fault(const char *value)
{
	if (strncmp(value, "discord:", 8) == 0 && is_digits(value + 8))
		return NULL;
	bool right = value[0] == '!' && value[1] && !strpbrk(value, " \t*?");
	return right ? NULL : "room ids, like !abcdef:example.org or discord:41771983423143937 (a channel)";
}

static const char *pattern_fault(const char *value)
{
	bool right = !strpbrk(value, " \t/");
	return right ? NULL
		     : "patterns of users, rooms or servers, like @anna:example.org, @*:example.org, !room:example.org or *";
}

static const char *prefix_fault(const char *value)
{
	return strpbrk(value, " \t") || strlen(value) > 32 ? "short words without spaces, like !ask" : NULL;
}

static const char *token_fault(const char *value)
{
	for (const char *at = value; *at; at++)
		if (*at <= ' ' || *at > '~')
			return "the token as the service shows it, without spaces, \"Bot\" or \"Bearer\"";
	return NULL;
}

static const char *file_fault(const char *value)
{
	return access(value, R_OK) == 0 ? NULL : "the path of a file that can be read";
}

#define AT(member) offsetof(struct config, member)

const struct setting setting_table[] = {
	{ .section = "The bot", .name = "QANTAR_KNOWLEDGE", .type = SETTING_TEXT, .offset = AT(knowledge),
	  .help = "Directory of the base: facts/, sources.json, lexicon.json, questions/. Empty: the one "
	          "installed." },
	{ .name = "QANTAR_STATE_DIR", .type = SETTING_TEXT, .offset = AT(state_dir),
	  .help = "Directory for what must survive a restart. Empty: $STATE_DIRECTORY or "
	          "~/.local/state/qantar." },
	{ .name = "QANTAR_CACHE_DIR", .type = SETTING_TEXT, .offset = AT(cache_dir),
	  .help = "Directory for trained models. Empty: $CACHE_DIRECTORY or ~/.cache/qantar." },
	{ .name = "QANTAR_LOG_LEVEL", .type = SETTING_CHOICE, .offset = AT(log_level),
	  .help = "Least level that is logged.",
	  .fallback = "info", .choices = "debug|info|warning|error" },
	{ .name = "QANTAR_LANGUAGE", .type = SETTING_CHOICE, .offset = AT(language),
	  .help = "Language of greetings and notices; an answer is in its question's language.",
	  .fallback = "en", .choices = "en|ru|kk" },
	{ .name = "QANTAR_CONTACT", .type = SETTING_TEXT, .offset = AT(contact),
	  .help = "How to reach the people who run the bot; told to those whose question it cannot answer." },
	{ .name = "QANTAR_HOMEPAGE", .type = SETTING_URL, .offset = AT(homepage),
	  .help = "Address of a page about this bot, told to Discord and to homeservers in User-Agent; Discord "
	          "wants one." },
	{ .name = "QANTAR_SAFETY_TEXT_EN", .type = SETTING_TEXT, .offset = AT(safety[LANGUAGE_EN]),
	  .help = "What a person in danger is told, in English: the numbers to call. Empty: a text without "
	          "numbers." },
	{ .name = "QANTAR_SAFETY_TEXT_RU", .type = SETTING_TEXT, .offset = AT(safety[LANGUAGE_RU]),
	  .help = "The same in Russian." },
	{ .name = "QANTAR_SAFETY_TEXT_KK", .type = SETTING_TEXT, .offset = AT(safety[LANGUAGE_KK]),
	  .help = "The same in Kazakh." },
	{ .name = "QANTAR_ANSWER_ALL_ROOMS", .type = SETTING_LIST, .offset = AT(answer_all),
	  .help = "Rooms where every message may be a question; the bot speaks there only when it is sure. "
	          "Room ids, separated by commas; a Discord channel is discord:NUMBER.",
	  .fault = room_fault },
	{ .name = "QANTAR_CA_FILE", .type = SETTING_TEXT, .offset = AT(ca_file),
	  .help = "Certificates to trust instead of the system's, as a PEM file.",
	  .fault = file_fault },
	{ .section = "Admins", .name = "QANTAR_ADMINS", .type = SETTING_LIST, .offset = AT(admins),
	  .help = "Who may give commands: full ids, separated by commas, like @anna:example.org, "
	          "discord:80351110224678912.",
	  .fault = admin_fault },
	{ .name = "QANTAR_ADMIN_POWER_LEVEL", .type = SETTING_NUMBER, .offset = AT(admin_power_level),
	  .help = "Matrix: power level in a room from which a member is an admin too. 0: nobody by power "
	          "level.",
	  .fallback = "0", .least = 0, .most = 1000000 },
	{ .section = "Matrix", .name = "QANTAR_MATRIX_HOMESERVER", .type = SETTING_URL, .offset = AT(matrix.homeserver),
	  .help = "Address of the homeserver. Empty: found from the user id." },
	{ .name = "QANTAR_MATRIX_USER", .type = SETTING_TEXT, .offset = AT(matrix.user),
	  .help = "The bot's full user id, like @qantar:example.org.",
	  .fault = user_fault },
	{ .name = "QANTAR_MATRIX_ACCESS_TOKEN", .type = SETTING_SECRET, .offset = AT(matrix.access_token),
	  .help = "Access token; or a password below.",
	  .fault = token_fault },
	{ .name = "QANTAR_MATRIX_DEVICE_ID", .type = SETTING_TEXT, .offset = AT(matrix.device_id),
	  .help = "Device of the access token. Empty: the homeserver is asked.",
	  .fault = token_fault },
	{ .name = "QANTAR_MATRIX_PASSWORD", .type = SETTING_SECRET, .offset = AT(matrix.password),
	  .help = "Password: used for one login, whose token is kept in the state directory." },
	{ .name = "QANTAR_MATRIX_INVITE_ALLOW", .type = SETTING_LIST, .offset = AT(matrix.invite_allow),
	  .help = "Whose invitations are accepted: patterns of users, rooms or servers, separated by "
	          "commas, like @*:example.org. Empty: nobody's.",
	  .fault = pattern_fault },
	{ .name = "QANTAR_MATRIX_PREFIX", .type = SETTING_LIST, .offset = AT(matrix.prefixes),
	  .help = "Words that call the bot at the start of a message, separated by commas.",
	  .fallback = "!ask,!q", .fault = prefix_fault },
	{ .name = "QANTAR_MATRIX_MESSAGE_TYPE", .type = SETTING_CHOICE, .offset = AT(matrix.message_type),
	  .help = "Type of the bot's messages; other bots ignore m.notice.",
	  .fallback = "m.notice", .choices = "m.notice|m.text" },
	{ .section = "Discord", .name = "QANTAR_DISCORD_TOKEN", .type = SETTING_SECRET, .offset = AT(discord.token),
	  .help = "The bot's token from the developer portal.",
	  .fault = token_fault },
	{ .name = "QANTAR_DISCORD_API_URL", .type = SETTING_URL, .offset = AT(discord.api_url),
	  .help = "Address of Discord's API.",
	  .fallback = "https://discord.com/api/v10" },
	{ .name = "QANTAR_DISCORD_COMPRESS", .type = SETTING_SWITCH, .offset = AT(discord.compress),
	  .help = "Whether the gateway compresses (zstd).",
	  .fallback = "on" },
	{ .name = "QANTAR_DISCORD_MESSAGE_CONTENT", .type = SETTING_SWITCH, .offset = AT(discord.message_content),
	  .help = "Whether to ask for the privileged message content intent; only rooms where every message "
	          "may be a question need it.",
	  .fallback = "off" },
	{ .name = "QANTAR_DISCORD_REQUESTS_PER_SECOND", .type = SETTING_NUMBER, .offset = AT(discord.requests_per_second),
	  .help = "Requests to Discord's API over all channels; Discord grants every bot 50.",
	  .fallback = "50", .least = 1, .most = 1000000 },
	{ .section = "Limits", .name = "QANTAR_LIMIT_PERSON_BURST", .type = SETTING_NUMBER, .offset = AT(limits.person_burst),
	  .help = "Questions one person may ask at once in a room. 0: no limit.",
	  .fallback = "8", .least = 0, .most = 100000 },
	{ .name = "QANTAR_LIMIT_PERSON_PER_MINUTE", .type = SETTING_NUMBER, .offset = AT(limits.person_per_minute),
	  .help = "Questions a minute one person may go on asking in a room.",
	  .fallback = "12", .least = 1, .most = 100000 },
	{ .name = "QANTAR_LIMIT_ROOM_BURST", .type = SETTING_NUMBER, .offset = AT(limits.room_burst),
	  .help = "Questions a whole room may ask at once. 0: no limit.",
	  .fallback = "30", .least = 0, .most = 100000 },
	{ .name = "QANTAR_LIMIT_ROOM_PER_MINUTE", .type = SETTING_NUMBER, .offset = AT(limits.room_per_minute),
	  .help = "Questions a minute a whole room may go on asking.",
	  .fallback = "60", .least = 1, .most = 100000 },
	{ .name = "QANTAR_ANSWER_AGE_MINUTES", .type = SETTING_NUMBER, .offset = AT(limits.answer_age_minutes),
	  .help = "A question is answered, and an answer delivered, up to this age.",
	  .fallback = "15", .least = 1, .most = 1440 },
	{ .name = "QANTAR_CONVERSATION_MINUTES", .type = SETTING_NUMBER, .offset = AT(limits.conversation_minutes),
	  .help = "How long a person's last questions in a room are remembered, for follow-ups.",
	  .fallback = "15", .least = 1, .most = 1440 },
	{ .name = "QANTAR_CONVERSATIONS", .type = SETTING_NUMBER, .offset = AT(limits.conversations),
	  .help = "How many conversations are remembered; the oldest goes first.",
	  .fallback = "10000", .least = 1, .most = 1000000 },
};
const size_t setting_count = sizeof setting_table / sizeof *setting_table;

const struct setting *setting_find(const char *name, bool *is_file)
{
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *setting = &setting_table[i];
		size_t bytes = strlen(setting->name);
		if (strncmp(name, setting->name, bytes) != 0)
			continue;
		*is_file = setting->type == SETTING_SECRET && strcmp(name + bytes, "_FILE") == 0;
		if (!name[bytes] || *is_file)
			return setting;
	}
	return NULL;
}

static void list_finish(struct setting_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct setting_list){ 0 };
}

void setting_clear(const struct setting *setting, struct config *config)
{
	void *at = (char *)config + setting->offset;
	switch (setting->type) {
	case SETTING_TEXT:
	case SETTING_SECRET:
	case SETTING_URL:
		free(*(char **)at);
		*(char **)at = NULL;
		break;
	case SETTING_LIST:
		list_finish(at);
		break;
	case SETTING_NUMBER:
	case SETTING_SWITCH:
	case SETTING_CHOICE:
		break;
	}
}

/* What any value must be. */
static bool is_clean(const char *value, struct buffer *fault)
{
	size_t bytes = strlen(value);
	if (bytes > SETTING_VALUE_BYTES)
		return buffer_format(fault, "is longer than %d bytes", SETTING_VALUE_BYTES), false;
	if (!utf8_valid(value, bytes))
		return buffer_append_text(fault, "is not UTF-8"), false;
	for (const char *at = value; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7F)
			return buffer_append_text(fault, "holds a control character; write it on one line"), false;
	if (value[0] == '"' || value[0] == '\'')
		return buffer_append_text(fault, "is quoted; write the value without quotes"), false;
	return true;
}

static bool set_number(const struct setting *setting, const char *value, int64_t *out, struct buffer *fault)
{
	char *end;
	errno = 0;
	long long number = strtoll(value, &end, 10);
	if (!is_digits(value) || *end || errno || number < setting->least || number > setting->most) {
		buffer_format(fault, "is \"%.40s\"; write a whole number from %lld to %lld", value, (long long)setting->least,
			      (long long)setting->most);
		return false;
	}
	*out = number;
	return true;
}

static bool set_choice(const struct setting *setting, const char *value, int *out, struct buffer *fault)
{
	size_t bytes = strlen(value);
	int place = 0;
	for (const char *at = setting->choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL, place++)
		if (bytes && strncmp(at, value, bytes) == 0 && (at[bytes] == '|' || !at[bytes])) {
			*out = place;
			return true;
		}
	buffer_format(fault, "is \"%.40s\"; write one of %s", value, setting->choices);
	return false;
}

static bool set_url(const char *value, char **out, struct buffer *fault)
{
	const char *host = strncmp(value, "https://", 8) == 0  ? value + 8
			   : strncmp(value, "http://", 7) == 0 ? value + 7
							       : NULL;
	if (!host || !*host || strpbrk(value, " \t?#@") || *host == '/') {
		buffer_format(fault, "is \"%.80s\"; write an address like https://matrix.example.org", value);
		return false;
	}
	if (strlen(value) > SETTING_URL_BYTES) {
		buffer_format(fault, "is an address longer than %d bytes; write a shorter one", SETTING_URL_BYTES);
		return false;
	}
	*out = memory_text(value);
	for (size_t bytes = strlen(*out); (*out)[bytes - 1] == '/'; bytes--)
		(*out)[bytes - 1] = '\0';
	return true;
}

static bool set_text(const struct setting *setting, const char *value, char **out, struct buffer *fault)
{
	const char *right = setting->fault ? setting->fault(value) : NULL;
	if (!right) {
		*out = memory_text(value);
		return true;
	}
	if (setting->type == SETTING_SECRET)
		buffer_format(fault, "is malformed; write %s", right);
	else
		buffer_format(fault, "is \"%.80s\"; write %s", value, right);
	return false;
}

static bool set_list(const struct setting *setting, const char *value, struct setting_list *out, struct buffer *fault)
{
	for (const char *at = value; at;) {
		at += strspn(at, " ");
		const char *comma = strchr(at, ',');
		size_t bytes = comma ? (size_t)(comma - at) : strlen(at);
		while (bytes && at[bytes - 1] == ' ')
			bytes--;
		char *item = memory_zeroed(bytes + 1, 1);
		memcpy(item, at, bytes);
		const char *right = !bytes ? "items separated by single commas" : setting->fault ? setting->fault(item) : NULL;
		if (right || out->count == SETTING_LIST_ITEMS) {
			buffer_format(fault, "holds \"%.80s\"; write %s", item, right ? right : "at most 256 items");
			free(item);
			return false;
		}
		if (!out->items)
			out->items = memory_zeroed(SETTING_LIST_ITEMS, sizeof *out->items);
		out->items[out->count++] = item;
		at = comma ? comma + 1 : NULL;
	}
	return true;
}

bool setting_set(const struct setting *setting, const char *value, struct config *config, struct buffer *fault)
{
	void *at = (char *)config + setting->offset;
	setting_clear(setting, config);
	if (!is_clean(value, fault))
		return false;
	switch (setting->type) {
	case SETTING_TEXT:
	case SETTING_SECRET:
		return set_text(setting, value, at, fault);
	case SETTING_URL:
		return set_url(value, at, fault);
	case SETTING_NUMBER:
		return set_number(setting, value, at, fault);
	case SETTING_SWITCH:
		*(bool *)at = strcmp(value, "on") == 0;
		if (*(bool *)at || strcmp(value, "off") == 0)
			return true;
		return buffer_format(fault, "is \"%.40s\"; write on or off", value), false;
	case SETTING_CHOICE:
		return set_choice(setting, value, at, fault);
	case SETTING_LIST:
		return set_list(setting, value, at, fault);
	}
	return false;
}

void setting_print_example(struct buffer *out)
{
	buffer_append_text(out, "# Settings of qantar run. Each line shows the default; take the # away to change it.\n"
				"# KEY=VALUE, without quotes, without a comment after the value. The environment wins over this file.\n"
				"# A secret can also stand in a file of its own: write its path as KEY_FILE, or pass it as a systemd\n"
				"# credential named KEY.\n");
	for (size_t i = 0; i < setting_count; i++) {
		const struct setting *setting = &setting_table[i];
		if (setting->section)
			buffer_format(out, "\n# ---- %s ----\n", setting->section);
		buffer_format(out, "\n# %s\n", setting->help);
		if (setting->type == SETTING_CHOICE)
			buffer_format(out, "# One of: %s\n", setting->choices);
		if (setting->type == SETTING_SWITCH)
			buffer_append_text(out, "# on or off\n");
		buffer_format(out, "#%s=%s\n", setting->name, setting->fallback ? setting->fallback : "");
	}
}
