/* link: platform */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/discord/message.h"
#include "platform/discord/snowflake.h"

#define SELF "900"

/* A message read, with what it borrows from. */
struct reading {
	struct json *json;
	struct buffer text;
	struct message message;
	enum discord_message_kind kind;
};

static struct reading read_json(const char *json)
{
	struct reading reading = { .json = json_parse(json, strlen(json), &json_limits_message, NULL) };
	assert_non_null(reading.json);
	buffer_init(&reading.text, PLATFORM_TEXT_BYTES);
	reading.kind = discord_message_read(json_root(reading.json), SELF, &reading.text, &reading.message);
	return reading;
}

static void finish(struct reading *reading)
{
	json_destroy(reading->json);
	buffer_finish(&reading->text);
}

static struct reading read_content(const char *content, const char *more)
{
	struct buffer json;
	buffer_init(&json, 1 << 20);
	buffer_append_text(&json, "{\"id\":\"175928847299117063\",\"channel_id\":\"20\",\"author\":{\"id\":\"30\"},");
	buffer_append_text(&json, "\"content\":");
	json_append_string(&json, content);
	buffer_append_text(&json, more);
	buffer_append_char(&json, '}');
	struct reading reading = read_json(buffer_text(&json));
	buffer_finish(&json);
	return reading;
}

static void message_read_fills_a_direct_message(void **state)
{
	(void)state;
	struct reading reading = read_content("  how many soldiers?\n", "");
	assert_int_equal(reading.kind, MESSAGE_TAKEN);
	assert_string_equal(reading.message.text, "how many soldiers?");
	assert_string_equal(reading.message.room, "20");
	assert_string_equal(reading.message.sender, "30");
	assert_string_equal(reading.message.event, "175928847299117063");
	assert_null(reading.message.server);
	assert_true(reading.message.is_direct && reading.message.is_addressed && reading.message.is_readable);
	assert_int_equal(reading.message.sent_ms, 1462015105796); /* the documentation's own example */
	finish(&reading);
}

static void message_read_finds_mentions_and_takes_them_off(void **state)
{
	(void)state;
	static const char *const contents[][2] = {
		{ "<@900> who?", "who?" }, { "<@!900> who?", "who?" }, { "who <@900>", "who" }, { "<@900>", "" },
		{ "hey <@900> who?", "hey   who?" }, { "<@900><@31> who <:smile:123>", "who" }, { "<@900> <#5> a<@&6>b", "a b" },
	};
	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
		struct reading reading = read_content(contents[i][0], ",\"guild_id\":\"40\"");
		assert_int_equal(reading.kind, MESSAGE_TAKEN);
		assert_true(reading.message.is_addressed);
		assert_false(reading.message.is_direct);
		assert_string_equal(reading.message.text, contents[i][1]);
		assert_string_equal(reading.message.server, "40");
		finish(&reading);
	}
}

static void message_read_leaves_what_only_looks_like_a_token(void **state)
{
	(void)state;
	static const char *const contents[] = {
		"a < b", "<@>", "<@12", "<@12a>", "<:a:>", "<a::1>", "<::1>", "<", "x<", "<@!>", "<#1 >", "<@123456789012345678901>",
	};
	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
		struct reading reading = read_content(contents[i], "");
		assert_string_equal(reading.message.text, contents[i]);
		finish(&reading);
	}
}

static void message_read_addresses_replies_and_not_talk_of_others(void **state)
{
	(void)state;
	static const struct {
		const char *more;
		bool is_addressed;
	} cases[] = {
		{ ",\"guild_id\":\"40\"", false },
		{ ",\"guild_id\":\"40\",\"mentions\":[{\"id\":\"31\"}]", false },
		{ ",\"guild_id\":\"40\",\"mentions\":[{\"id\":\"31\"},{\"id\":\"900\"}]", true },
		{ ",\"guild_id\":\"40\",\"type\":19,\"referenced_message\":{\"author\":{\"id\":\"900\"}}", true },
		{ ",\"guild_id\":\"40\",\"type\":19,\"referenced_message\":{\"author\":{\"id\":\"31\"}}", false },
		{ ",\"guild_id\":\"40\",\"type\":19,\"referenced_message\":null", false },
		{ ",\"guild_id\":\"40\",\"mention_everyone\":true", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading reading = read_content("what is this?", cases[i].more);
		assert_int_equal(reading.kind, MESSAGE_TAKEN);
		assert_int_equal(reading.message.is_addressed, cases[i].is_addressed);
		finish(&reading);
	}
}

static void message_read_tells_withheld_content_apart(void **state)
{
	(void)state;
	struct reading reading = read_content("", ",\"guild_id\":\"40\"");
	assert_int_equal(reading.kind, MESSAGE_UNREADABLE);
	finish(&reading);
	reading = read_content("", ""); /* a picture in a direct message */
	assert_int_equal(reading.kind, MESSAGE_TAKEN);
	assert_string_equal(reading.message.text, "");
	finish(&reading);
}

/* Edited to something else and back: the bot tells the two edits apart by their time. */
static void message_read_tells_when_it_was_edited(void **state)
{
	(void)state;
	static const struct {
		const char *more;
		int64_t sent_ms;
	} cases[] = {
		{ ",\"edited_timestamp\":\"2022-01-06T12:30:05.250000+00:00\"", 1641472205250 },
		{ ",\"edited_timestamp\":\"2022-01-06T12:30:05+00:00\"", 1641472205000 },
		{ ",\"edited_timestamp\":\"yesterday\"", 1462015105796 },
		{ ",\"edited_timestamp\":null", 1462015105796 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char json[512];
		snprintf(json, sizeof json,
			 "{\"id\":\"175928847299117063\",\"channel_id\":\"2\",\"author\":{\"id\":\"3\"},\"content\":\"x\"%s}",
			 cases[i].more);
		struct reading reading = read_json(json);
		assert_int_equal(reading.message.sent_ms, cases[i].sent_ms);
		finish(&reading);
	}
}

static void message_read_refuses_what_is_no_persons(void **state)
{
	(void)state;
	static const char *const jsons[] = {
		"{\"id\":\"1\",\"channel_id\":\"2\",\"author\":{\"id\":\"900\"},\"content\":\"x\"}",
		"{\"id\":\"1\",\"channel_id\":\"2\",\"author\":{\"id\":\"3\",\"bot\":true},\"content\":\"x\"}",
		"{\"id\":\"1\",\"channel_id\":\"2\",\"author\":{\"id\":\"3\",\"system\":true},\"content\":\"x\"}",
		"{\"id\":\"1\",\"channel_id\":\"2\",\"author\":{\"id\":\"3\"},\"webhook_id\":\"4\",\"content\":\"x\"}",
		"{\"id\":\"1\",\"channel_id\":\"2\",\"author\":{\"id\":\"3\"},\"type\":7,\"content\":\"x\"}",
		"{\"id\":\"1\",\"channel_id\":\"2\",\"content\":\"x\"}",
		"{\"id\":\"1\",\"channel_id\":\"2\",\"author\":{\"id\":3},\"content\":\"x\"}",
		"{\"id\":\"1/../5\",\"channel_id\":\"2\",\"author\":{\"id\":\"3\"},\"content\":\"x\"}",
		"{\"id\":\"1\",\"channel_id\":\"\",\"author\":{\"id\":\"3\"},\"content\":\"x\"}",
		"{\"id\":\"1\",\"author\":{\"id\":\"3\"},\"content\":\"x\"}",
		"[]", "null", "{}",
	};
	for (size_t i = 0; i < sizeof jsons / sizeof *jsons; i++) {
		struct reading reading = read_json(jsons[i]);
		assert_int_equal(reading.kind, MESSAGE_NOT_OURS);
		finish(&reading);
	}
}

static void message_read_cuts_long_text_at_a_code_point(void **state)
{
	(void)state;
	char *content = malloc(2 * PLATFORM_TEXT_BYTES + 2);
	content[0] = 'a'; /* so that the cap falls into the middle of a letter */
	for (size_t i = 0; i < PLATFORM_TEXT_BYTES; i++)
		memcpy(content + 1 + 2 * i, "\xD0\xB0", 2);
	content[2 * PLATFORM_TEXT_BYTES + 1] = '\0';
	struct reading reading = read_content(content, "");
	assert_int_equal(reading.message.text_bytes, PLATFORM_TEXT_BYTES - 1);
	finish(&reading);
	free(content);
}

static void snowflake_valid_accepts_digits_only(void **state)
{
	(void)state;
	assert_true(snowflake_valid("0"));
	assert_true(snowflake_valid("18446744073709551615"));
	assert_false(snowflake_valid("184467440737095516150"));
	assert_false(snowflake_valid(""));
	assert_false(snowflake_valid(NULL));
	assert_false(snowflake_valid("12/34"));
	assert_false(snowflake_valid("-1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_read_fills_a_direct_message),
		cmocka_unit_test(message_read_finds_mentions_and_takes_them_off),
		cmocka_unit_test(message_read_leaves_what_only_looks_like_a_token),
		cmocka_unit_test(message_read_addresses_replies_and_not_talk_of_others),
		cmocka_unit_test(message_read_tells_withheld_content_apart),
		cmocka_unit_test(message_read_tells_when_it_was_edited),
		cmocka_unit_test(message_read_refuses_what_is_no_persons),
		cmocka_unit_test(message_read_cuts_long_text_at_a_code_point),
		cmocka_unit_test(snowflake_valid_accepts_digits_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
