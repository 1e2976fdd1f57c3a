#include "platform/matrix/read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "platform/matrix/matrix.h"
#include "platform/platform.h"

enum { LINK_NAME_BYTES = 300 }; /* of a pill's text; bounds the search for its end */

static const char link_start[] = "https://matrix.to/#/";

/* ---- relations ---- */

struct relation read_relation(const cJSON *content)
{
	struct relation relation = { 0 };
	const cJSON *relates = json_object(content, "m.relates_to");
	const char *type = json_string(relates, "rel_type"), *event = json_string(relates, "event_id");
	const char *reply_to = json_string(json_object(relates, "m.in_reply_to"), "event_id");
	if (type && event && strcmp(type, "m.thread") == 0)
		relation.thread = event;
	if (type && event && strcmp(type, "m.replace") == 0)
		relation.replaces = event;
	/* "is_falling_back": the reply is there for clients without threads ("Fallback for unthreaded clients"). */
	if (reply_to && !(relation.thread && json_bool(relates, "is_falling_back", false)))
		relation.reply_to = reply_to;
	relation.has_fallback = reply_to != NULL;
	return relation;
}

bool read_mentions(const struct reader *reader, const cJSON *content)
{
	const cJSON *user;
	cJSON_ArrayForEach(user, json_array(json_object(content, "m.mentions"), "user_ids"))
		if (cJSON_IsString(user) && strcmp(user->valuestring, reader->user_id) == 0)
			return true;
	return false;
}

/* ---- the quote that older clients put above a reply ("Fallbacks for rich replies") ---- */

static const char *skip_quote(const struct reader *reader, const char *body, bool *quotes_us)
{
	const char *at = body;
	size_t id_bytes = strlen(reader->user_id);
	const char *sender = strncmp(at, "> * <", 5) == 0 ? at + 5 : strncmp(at, "> <", 3) == 0 ? at + 3 : NULL;
	*quotes_us = sender && strncmp(sender, reader->user_id, id_bytes) == 0 && sender[id_bytes] == '>';
	while (at[0] == '>' && (at[1] == ' ' || at[1] == '\n')) {
		const char *end = strchr(at, '\n');
		if (!end)
			return body; /* nothing but a quote: leave it to be read */
		at = end + 1;
	}
	return at != body && *at == '\n' ? at + 1 : at;
}

/* ---- our name in the text ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A byte that goes on with a word or an id; every byte of a non-ASCII letter does. */
static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' ||
	       (c & 0x80);
}

/* Bytes of `name` at `at` as a whole word, ASCII letters in any case; 0: it is not there. */
static size_t name_here(const char *at, const char *name)
{
	size_t bytes = name ? strlen(name) : 0;
	return bytes && strncasecmp(at, name, bytes) == 0 && !is_word(at[bytes]) ? bytes : 0;
}

/* "[any](https://matrix.to/#/@us:server)", as some clients write a pill in the body; the id may be percent-encoded. */
static size_t link_here(const struct reader *reader, const char *at)
{
	if (*at != '[')
		return 0;
	const char *close = at + 1;
	while (*close && *close != ']' && *close != '\n' && close - at < LINK_NAME_BYTES)
		close++;
	if (strncmp(close, "](", 2) != 0 || strncmp(close + 2, link_start, sizeof link_start - 1) != 0)
		return 0;
	const char *id = close + 2 + sizeof link_start - 1;
	size_t bytes = strlen(reader->user_id);
	if (strncmp(id, reader->user_id, bytes) == 0 && id[bytes] == ')')
		return (size_t)(id + bytes + 1 - at);
	if (strncmp(id, "%40", 3) == 0 && strncmp(id + 3, reader->user_id + 1, bytes - 1) == 0 && id[bytes + 2] == ')')
		return (size_t)(id + bytes + 3 - at);
	return 0;
}

/* Bytes at `at` that can be nothing but our name: a pill, the full id, "@localpart", "@display name". */
static size_t clear_name_here(const struct reader *reader, const char *at)
{
	size_t bytes = link_here(reader, at);
	if (bytes || *at != '@')
		return bytes;
	size_t id_bytes = strlen(reader->user_id), local_bytes = strcspn(reader->user_id, ":");
	if (strncasecmp(at, reader->user_id, id_bytes) == 0 && !is_word(at[id_bytes]))
		return id_bytes;
	size_t display_bytes = name_here(at + 1, reader->display_name);
	if (display_bytes)
		return display_bytes + 1;
	return strncasecmp(at, reader->user_id, local_bytes) == 0 && !is_word(at[local_bytes]) && at[local_bytes] != ':'
		       ? local_bytes : 0;
}

/* The bare display name or localpart, which may be an ordinary word as well. */
static size_t plain_name_here(const struct reader *reader, const char *at)
{
	char local[PLATFORM_ID_BYTES] = { 0 };
	size_t local_bytes = strcspn(reader->user_id, ":");
	if (local_bytes > 1 && local_bytes < sizeof local)
		memcpy(local, reader->user_id + 1, local_bytes - 1);
	size_t bytes = name_here(at, reader->display_name);
	return bytes ? bytes : name_here(at, local);
}

static const char *skip_spaces(const char *at)
{
	while (is_space(*at))
		at++;
	return at;
}

/* Takes our name off the start: a clear one always, a plain one where ":" or "," follows, or anyway where
 * `is_mentioned`. */
static const char *skip_name(const struct reader *reader, const char *at, bool is_mentioned, bool *found)
{
	size_t bytes = clear_name_here(reader, at);
	if (!bytes) {
		bytes = plain_name_here(reader, at);
		if (bytes && at[bytes] != ':' && at[bytes] != ',' && !is_mentioned)
			bytes = 0;
	}
	*found = bytes > 0;
	at += bytes;
	if (bytes && (*at == ':' || *at == ','))
		at++;
	return bytes ? skip_spaces(at) : at;
}

static const char *skip_prefix(const struct reader *reader, const char *at, bool *found)
{
	*found = false;
	for (size_t i = 0; i < reader->prefixes_count; i++) {
		size_t bytes = strlen(reader->prefixes[i]);
		if (bytes && strncasecmp(at, reader->prefixes[i], bytes) == 0 && (!at[bytes] || is_space(at[bytes]))) {
			*found = true;
			return skip_spaces(at + bytes);
		}
	}
	return at;
}

/* Copies `at` without clear names of ours, and without the space around it; `found` says whether there was one. */
static char *copy_without_name(const struct reader *reader, const char *at, bool *found)
{
	struct buffer text;
	buffer_init(&text, PLATFORM_TEXT_BYTES);
	char before = ' ';
	while (*at) {
		size_t name = is_word(before) ? 0 : clear_name_here(reader, at);
		*found |= name > 0;
		at += name;
		if (name)
			continue;
		before = *at;
		if (!buffer_append_char(&text, *at++))
			break;
	}
	while (text.bytes && is_space(text.data[text.bytes - 1]))
		text.data[--text.bytes] = '\0';
	char *copy = memory_text(buffer_text(&text));
	buffer_finish(&text);
	copy[utf8_floor(copy, strlen(copy), strlen(copy))] = '\0'; /* cut at the cap: never inside a code point */
	return copy;
}

/* A pill in the HTML of a client that sends no m.mentions. */
static bool has_pill(const struct reader *reader, const cJSON *content)
{
	const char *html = json_string(content, "formatted_body");
	for (const char *at = html ? strstr(html, link_start) : NULL; at; at = strstr(at, link_start)) {
		at += sizeof link_start - 1;
		size_t bytes = strlen(reader->user_id);
		if (strncmp(at, reader->user_id, bytes) == 0 && (at[bytes] == '"' || at[bytes] == '\''))
			return true;
	}
	return false;
}

bool read_content(const struct reader *reader, const cJSON *content, bool is_ours_to_read, struct reading *out)
{
	*out = (struct reading){ 0 };
	const char *type = json_string(content, "msgtype"), *body = json_string(content, "body");
	if (!type || strcmp(type, "m.text") != 0 || !body)
		return false;
	const char *start = body;
	if (read_relation(content).has_fallback)
		start = skip_quote(reader, body, &out->quotes_us);
	start = skip_spaces(start);
	bool is_mentioned = read_mentions(reader, content);
	/* m.mentions is the word of the client on who is meant; without it the text must tell ("Mentioning"). */
	bool has_mentions = json_object(content, "m.mentions") != NULL;
	bool named_first = false, prefixed = false, named = false;
	if (!has_mentions && has_pill(reader, content))
		is_mentioned = true;
	const char *at = skip_name(reader, start, is_mentioned, &named_first);
	at = skip_prefix(reader, at, &prefixed);
	out->text = copy_without_name(reader, at, &named);
	bool is_command = name_here(out->text, MATRIX_COMMAND_PREFIX) > 0;
	out->is_called = is_mentioned || prefixed || is_command || (!has_mentions && (named_first || named));
	if (!out->is_called && !is_ours_to_read && !out->quotes_us) {
		/* A name that called nobody belongs to the text. */
		free(out->text);
		out->text = memory_text(start);
	}
	return true;
}
