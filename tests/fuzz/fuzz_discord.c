/* link: platform */
/* discord: what Discord sends. The first byte picks which reader gets the rest: a dispatched event (message, READY, an
 * answer with its limits), the compressed stream cut into messages at each 0x00 0xff, a stored session, or a text to be
 * rendered. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "platform/discord/inflate.h"
#include "platform/discord/limits.h"
#include "platform/discord/message.h"
#include "platform/discord/render.h"
#include "platform/discord/session.h"

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return 0;
}

static void read_message(const cJSON *data)
{
	struct buffer text;
	struct message message = { 0 };
	buffer_init(&text, PLATFORM_TEXT_BYTES);
	if (discord_message_read(data, "900", &text, &message) == MESSAGE_TAKEN) {
		require(message.text && message.text_bytes <= PLATFORM_TEXT_BYTES);
		require(utf8_valid(message.text, message.text_bytes));
		require(message.room && message.sender && message.event && *message.room && *message.event);
		require(strlen(message.room) < PLATFORM_ID_BYTES && strlen(message.event) < PLATFORM_ID_BYTES);
	}
	buffer_finish(&text);
}

static void read_ready(const cJSON *data)
{
	struct discord_session session, again;
	discord_session_forget(&session);
	if (!discord_session_begin(&session, data))
		return;
	char *stored = discord_session_write(&session);
	discord_session_read(&again, stored);
	require(stored && strcmp(again.id, session.id) == 0 && strcmp(again.resume_url, session.resume_url) == 0);
	free(stored);
}

static void read_limits(const cJSON *body, const char *text)
{
	struct discord_limits *limits = discord_limits_create(clock_system(), 0);
	const struct discord_headers headers = {
		.bucket = text, .remaining = text, .reset_after = text, .scope = text, .retry_after = text,
	};
	for (long status = 200; status <= 500; status += 229)
		discord_limits_learn(limits, ROUTE_POST, "20", status, &headers, body);
	int64_t wait_ms = discord_limits_wait_ms(limits, ROUTE_POST, "20");
	require(wait_ms >= 0 && wait_ms <= LIMITS_WAIT_MOST_MS);
	discord_limits_destroy(limits);
}

static void read_json(const char *text, size_t bytes)
{
	struct json *json = json_parse(text, bytes, &json_limits_message, NULL);
	if (!json)
		return;
	char head[64] = "";
	memcpy(head, text, bytes < sizeof head - 1 ? bytes : sizeof head - 1);
	read_message(json_root(json));
	read_ready(json_root(json));
	read_limits(json_root(json), head);
	json_destroy(json);
}

static void inflate(const char *data, size_t bytes)
{
	struct discord_inflate stream;
	discord_inflate_init(&stream);
	discord_inflate_reset(&stream);
	while (bytes > 0) {
		const char *end = memmem(data, bytes, "\x00\xff", 2);
		size_t part = end ? (size_t)(end - data) : bytes;
		enum discord_inflate_result result = discord_inflate_message(&stream, data, part);
		require(result != INFLATE_WHOLE || stream.text.bytes <= INFLATE_MESSAGE_BYTES);
		if (result == INFLATE_CORRUPT)
			break;
		part += end ? 2 : 0;
		data += part;
		bytes -= part;
	}
	discord_inflate_finish(&stream);
}

/* Whatever is in a text, a body is JSON, mentions nobody, and is short enough. */
static void render(const char *text)
{
	const struct block blocks[] = { { BLOCK_PARAGRAPH, text }, { BLOCK_ITEM, text }, { BLOCK_NOTE, text } };
	struct rendered rendered = { 0 };
	if (!discord_render(&(struct target){ .room = "20", .reply_to = "77" }, blocks, 3, &rendered))
		return;
	require(rendered.count > 0 && rendered.count <= PLATFORM_PARTS);
	for (size_t i = 0; i < rendered.count; i++) {
		struct json *json = json_parse(rendered.parts[i], strlen(rendered.parts[i]), &json_limits_message, NULL);
		require(json != NULL);
		const char *content = json_string(json_root(json), "content");
		const cJSON *mentions = json_object(json_root(json), "allowed_mentions");
		require(content && *content && utf8_length(content, strlen(content)) <= RENDER_UNITS);
		require(mentions && json_array(mentions, "parse") && !json_array(mentions, "parse")->child);
		for (const char *at = strchr(content, '@'); at; at = strchr(at + 1, '@'))
			require(at > content && at[-1] == '\\'); /* escaped */
		json_destroy(json);
	}
	rendered_finish(&rendered);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	char *text = malloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	struct discord_session session;
	switch (data[0] % 4) {
	case 0: read_json(text, size - 1); break;
	case 1: inflate(text, size - 1); break;
	case 2: discord_session_read(&session, text); break;
	default: render(text);
	}
	free(text);
	return 0;
}
