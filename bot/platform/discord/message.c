#include "platform/discord/message.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "platform/discord/snowflake.h"

enum { TYPE_DEFAULT = 0, TYPE_REPLY = 19 }; /* the others are the system's: joins, pins, boosts, thread starters */

/* Whether `text` begins with one of Discord's own tokens (a mention of anyone or anything, a custom emoji); its length.
 * <@1> <@!1> <@&1> <#1> <:name:1> <a:name:1> (Discord documentation, Reference > Message Formatting). */
static size_t token_length(const char *text)
{
	static const char digits[] = "0123456789";
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
	const char *at = text + 1;
	if (*text != '<')
		return 0;
	if (*at == '@') {
		at++;
		at += *at == '!' || *at == '&';
	} else if (*at == '#') {
		at++;
	} else {
		at += *at == 'a';
		if (*at != ':')
			return 0;
		size_t name = strspn(at + 1, letters);
		if (name == 0 || at[1 + name] != ':')
			return 0;
		at += name + 2;
	}
	size_t id = strspn(at, digits);
	return id > 0 && id < SNOWFLAKE_BYTES && at[id] == '>' ? (size_t)(at + id + 1 - text) : 0;
}

static bool is_user_mention_of(const char *token, const char *user)
{
	const char *id = token + 2 + (token[2] == '!');
	size_t bytes = strlen(user);
	return token[1] == '@' && strncmp(id, user, bytes) == 0 && id[bytes] == '>';
}

static bool append_capped(struct buffer *text, const char *data, size_t bytes)
{
	if (bytes <= text->max_bytes - text->bytes)
		return buffer_append(text, data, bytes);
	buffer_append(text, data, utf8_floor(data, bytes, text->max_bytes - text->bytes));
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The content without Discord's tokens, trimmed. Returns whether one of them mentions `self`. */
static bool read_content(const char *content, const char *self, struct buffer *text)
{
	bool mentioned = false, open = true;
	buffer_clear(text);
	while (is_space(*content))
		content++;
	while (*content) {
		size_t token = token_length(content);
		size_t plain = token ? 0 : 1 + strcspn(content + 1, "<");
		if (token && is_user_mention_of(content, self))
			mentioned = true;
		/* A token becomes a space, as "<@1>what<@2>" is two words; at the beginning, nothing. */
		if (open && plain)
			open = append_capped(text, content, plain);
		else if (open && text->bytes)
			open = append_capped(text, " ", 1);
		content += token + plain;
		while (token && is_space(*content) && text->bytes == 0)
			content++;
	}
	while (text->bytes && is_space(text->data[text->bytes - 1]))
		text->data[--text->bytes] = '\0';
	return mentioned;
}

static bool lists_user(const cJSON *users, const char *self)
{
	const cJSON *user;
	cJSON_ArrayForEach(user, users) {
		const char *id = json_string(user, "id");
		if (id && strcmp(id, self) == 0)
			return true;
	}
	return false;
}

static bool is_reply_to(const cJSON *data, const char *self)
{
	const char *author = json_string(json_object(json_object(data, "referenced_message"), "author"), "id");
	return author && strcmp(author, self) == 0;
}

static bool is_by_person(const cJSON *data, const char *self)
{
	const cJSON *author = json_object(data, "author");
	const char *id = json_string(author, "id");
	int64_t type;
	if (!snowflake_valid(id) || strcmp(id, self) == 0 || json_get(data, "webhook_id"))
		return false;
	if (json_bool(author, "bot", false) || json_bool(author, "system", false))
		return false;
	return !json_integer(data, "type", &type) || type == TYPE_DEFAULT || type == TYPE_REPLY;
}

/* An edit is written when it is edited: "2017-07-11T17:27:07.299000+00:00", always UTC. */
static int64_t written_ms(const cJSON *data, const char *event)
{
	const char *edited = json_string(data, "edited_timestamp");
	struct tm at = { 0 };
	const char *rest = edited ? strptime(edited, "%Y-%m-%dT%H:%M:%S", &at) : NULL;
	if (!rest)
		return snowflake_time_ms(event);
	double fraction_s = *rest == '.' ? strtod(rest, NULL) : 0;
	return (int64_t)timegm(&at) * 1000 + (int64_t)(fraction_s < 1 ? fraction_s * 1000 : 0);
}

enum discord_message_kind discord_message_read(const cJSON *data, const char *self, struct buffer *text,
					       struct message *out)
{
	const char *event = json_string(data, "id"), *room = json_string(data, "channel_id");
	const char *content = json_string(data, "content");
	const char *server = json_string(data, "guild_id");
	if (!snowflake_valid(event) || !snowflake_valid(room) || !is_by_person(data, self))
		return MESSAGE_NOT_OURS;
	bool mentioned = read_content(content ? content : "", self, text);
	*out = (struct message){
		.room = room,
		.sender = json_string(json_object(data, "author"), "id"),
		.event = event,
		.server = server,
		.is_direct = !server,
		.is_readable = true,
		.sent_ms = written_ms(data, event),
		.text = buffer_text(text),
		.text_bytes = text->bytes,
	};
	out->is_addressed = out->is_direct || mentioned || lists_user(json_array(data, "mentions"), self) ||
			    is_reply_to(data, self);
	/* A reply to us without a ping, or talk among others. A mention that says nothing else has content. */
	if (!out->is_direct && (!content || !*content) && !mentioned)
		return MESSAGE_UNREADABLE;
	return MESSAGE_TAKEN;
}
