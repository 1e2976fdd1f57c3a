/* link: platform */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "platform/matrix/names.h"
#include "platform/matrix/read.h"

static char *const prefixes[] = { "!ask", "!q" };
static const struct reader reader = {
	.user_id = "@qantar:hs", .display_name = "January Bot", .prefixes = prefixes, .prefixes_count = 2,
};

struct expected {
	const char *content;
	bool is_direct;
	const char *text; /* NULL: not for a bot at all */
	bool is_called;
};

static void check(const struct expected *expected)
{
	struct json *json = json_parse(expected->content, strlen(expected->content), &json_limits_message, NULL);
	assert_non_null(json);
	struct reading reading;
	bool is_read = read_content(&reader, json_root(json), expected->is_direct, &reading);
	if (is_read != (expected->text != NULL) || (is_read && reading.is_called != expected->is_called) ||
	    (is_read && strcmp(reading.text, expected->text) != 0))
		fail_msg("%s -> %s, %s", expected->content, is_read ? reading.text : "nothing",
			 reading.is_called ? "called" : "not called");
	free(reading.text);
	json_destroy(json);
}

#define TEXT(body) "{\"msgtype\":\"m.text\",\"body\":\"" body "\"}"
#define MENTIONING(body) "{\"msgtype\":\"m.text\",\"body\":\"" body "\",\"m.mentions\":{\"user_ids\":[\"@qantar:hs\"]}}"
#define MENTIONING_NONE(body) "{\"msgtype\":\"m.text\",\"body\":\"" body "\",\"m.mentions\":{}}"

static void read_takes_text_messages_only(void **state)
{
	(void)state;
	const struct expected cases[] = {
		{ TEXT("hello"), true, "hello", false },
		{ "{\"msgtype\":\"m.notice\",\"body\":\"!ask hello\"}", true, NULL, false },
		{ "{\"msgtype\":\"m.emote\",\"body\":\"!ask hello\"}", true, NULL, false },
		{ "{\"msgtype\":\"m.image\",\"body\":\"!ask hello\"}", true, NULL, false },
		{ "{\"msgtype\":\"m.text\"}", true, NULL, false },
		{ "{\"msgtype\":\"m.text\",\"body\":7}", true, NULL, false },
		{ "{\"msgtype\":[],\"body\":\"x\"}", true, NULL, false },
		{ "{}", true, NULL, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

static void read_knows_the_prefix_as_a_word(void **state)
{
	(void)state;
	const struct expected cases[] = {
		{ TEXT("!ask who?"), false, "who?", true },
		{ TEXT("  !Q\\nwho?"), false, "who?", true },
		{ TEXT("!ask"), false, "", true },
		{ TEXT("!asking who?"), false, "!asking who?", false },
		{ TEXT("so !ask who?"), false, "so !ask who?", false },
		{ TEXT("!admin reload"), false, "!admin reload", true },
		{ TEXT("!administrator"), false, "!administrator", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

static void read_believes_m_mentions(void **state)
{
	(void)state;
	const struct expected cases[] = {
		{ MENTIONING("January Bot: who?"), false, "who?", true },
		{ MENTIONING("January Bot who?"), false, "who?", true },
		{ MENTIONING("[January Bot](https://matrix.to/#/@qantar:hs) who?"), false, "who?", true },
		{ MENTIONING("[January Bot](https://matrix.to/#/%40qantar:hs): who?"), false, "who?", true },
		{ MENTIONING("who, @qantar:hs"), false, "who,", true },
		{ MENTIONING("@qantar:hs !admin reload"), false, "!admin reload", true },
		{ MENTIONING_NONE("January Bot: who?"), false, "January Bot: who?", false },
		{ MENTIONING_NONE("@qantar:hs who?"), false, "@qantar:hs who?", false },
		{ "{\"msgtype\":\"m.text\",\"body\":\"x\",\"m.mentions\":{\"room\":true}}", false, "x", false },
		{ "{\"msgtype\":\"m.text\",\"body\":\"x\",\"m.mentions\":{\"user_ids\":[7,\"@qantar:hs.evil\"]}}", false, "x",
		  false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

static void read_finds_its_name_where_clients_send_no_mentions(void **state)
{
	(void)state;
	const struct expected cases[] = {
		{ TEXT("January Bot: who?"), false, "who?", true },
		{ TEXT("january bot, who?"), false, "who?", true },
		{ TEXT("qantar: who?"), false, "who?", true },
		{ TEXT("@qantar who?"), false, "who?", true },
		{ TEXT("@Qantar:hs: who?"), false, "who?", true },
		{ TEXT("hey @qantar:hs who?"), false, "hey  who?", true },
		{ "{\"msgtype\":\"m.text\",\"body\":\"January Bot who?\",\"formatted_body\":"
		  "\"<a href=\\\"https://matrix.to/#/@qantar:hs\\\">January Bot</a> who?\"}", false, "who?", true },
		{ TEXT("mail me@qantar:hs"), false, "mail me@qantar:hs", false },
		{ TEXT("@qantar:hs2 who?"), false, "@qantar:hs2 who?", false },
		{ TEXT("@qantarist who?"), false, "@qantarist who?", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

/* The bot's name is also the month: a question about it must stay whole. */
static void read_keeps_its_name_where_it_is_a_word(void **state)
{
	(void)state;
	const struct expected cases[] = {
		{ TEXT("qantar oqigasy degen ne?"), true, "qantar oqigasy degen ne?", false },
		{ TEXT("what is qantar?"), false, "what is qantar?", false },
		{ TEXT("qantar: who?"), true, "who?", true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

#define REPLY(body) \
	"{\"msgtype\":\"m.text\",\"body\":\"" body "\",\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":\"$a\"}}}"

static void read_takes_the_quote_off_replies_only(void **state)
{
	(void)state;
	const struct expected cases[] = {
		{ REPLY("> <@ann:hs> two\\n> lines\\n\\nand now?"), true, "and now?", false },
		{ REPLY("> <@ann:hs> !ask this\\n\\nand now?"), false, "and now?", false },
		{ REPLY("and now?"), true, "and now?", false },
		{ REPLY("> nothing but a quote"), true, "> nothing but a quote", false },
		{ TEXT("> a quote\\n\\nnot a reply"), true, "> a quote\n\nnot a reply", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

static void read_sees_whom_the_quote_quotes(void **state)
{
	(void)state;
	const char *const contents[] = { REPLY("> <@qantar:hs> two\\n\\nwhy?"), REPLY("> <@qantar:hs2> two\\n\\nwhy?"),
					 REPLY("> * <@qantar:hs> two\\n\\nwhy?") };
	const bool expected[] = { true, false, true };
	for (size_t i = 0; i < 3; i++) {
		struct json *json = json_parse(contents[i], strlen(contents[i]), &json_limits_message, NULL);
		struct reading reading;
		assert_true(read_content(&reader, json_root(json), false, &reading));
		assert_int_equal(reading.quotes_us, expected[i]);
		free(reading.text);
		json_destroy(json);
	}
}

static void relation_tells_threads_replies_and_edits_apart(void **state)
{
	(void)state;
	const char text[] = "[{\"m.relates_to\":{\"rel_type\":\"m.thread\",\"event_id\":\"$t\",\"is_falling_back\":true,"
			    "\"m.in_reply_to\":{\"event_id\":\"$a\"}}},"
			    "{\"m.relates_to\":{\"rel_type\":\"m.thread\",\"event_id\":\"$t\",\"m.in_reply_to\":{\"event_id\":\"$a\"}}},"
			    "{\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"$e\"}},"
			    "{\"m.relates_to\":{\"rel_type\":7,\"event_id\":[]}},{\"m.relates_to\":null}]";
	struct json *json = json_parse(text, strlen(text), &json_limits_message, NULL);
	const cJSON *root = json_root(json);
	struct relation falling_back = read_relation(cJSON_GetArrayItem(root, 0));
	struct relation answering = read_relation(cJSON_GetArrayItem(root, 1));
	struct relation edit = read_relation(cJSON_GetArrayItem(root, 2));
	struct relation none = read_relation(cJSON_GetArrayItem(root, 3));
	assert_string_equal(falling_back.thread, "$t");
	assert_null(falling_back.reply_to);
	assert_true(falling_back.has_fallback);
	assert_string_equal(answering.reply_to, "$a");
	assert_string_equal(edit.replaces, "$e");
	assert_true(!none.thread && !none.replaces && !none.reply_to);
	json_destroy(json);
}

/* Every byte a possible start of a name: bounded work at each of them. */
static void read_takes_hostile_texts_in_linear_time(void **state)
{
	(void)state;
	const char *const bits[] = { "[", "@qantar:h", "[](https://matrix.to/#/", "> ", "January Bo", "\xD2\x9B" };
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		struct buffer text;
		buffer_init(&text, 65000);
		while (buffer_append_text(&text, bits[i]))
			;
		cJSON *content = cJSON_CreateObject();
		cJSON_AddStringToObject(content, "msgtype", "m.text");
		cJSON_AddStringToObject(content, "body", buffer_text(&text));
		struct reading reading;
		assert_true(read_content(&reader, content, true, &reading));
		assert_true(strlen(reading.text) + 12 >= text.bytes); /* all of it, but for a first name */
		free(reading.text);
		cJSON_Delete(content);
		buffer_finish(&text);
	}
}

static void glob_matches_whole_names(void **state)
{
	(void)state;
	assert_true(names_glob("*", "@ann:hs"));
	assert_true(names_glob("@*:hs", "@ann:hs"));
	assert_true(names_glob("@ann:h?", "@ann:hs"));
	assert_true(names_glob("*a*b*", "xxaxxbxx"));
	assert_false(names_glob("@*:hs", "@ann:hs.evil"));
	assert_false(names_glob("@*:hs", "@ann:evil"));
	assert_false(names_glob("", "@ann:hs"));
	assert_false(names_glob("@ann:hs", "@ann:hs2"));
	assert_false(names_glob("[a-z]", "a"));
	assert_true(names_glob("", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_takes_text_messages_only),
		cmocka_unit_test(read_knows_the_prefix_as_a_word),
		cmocka_unit_test(read_believes_m_mentions),
		cmocka_unit_test(read_finds_its_name_where_clients_send_no_mentions),
		cmocka_unit_test(read_keeps_its_name_where_it_is_a_word),
		cmocka_unit_test(read_takes_the_quote_off_replies_only),
		cmocka_unit_test(read_sees_whom_the_quote_quotes),
		cmocka_unit_test(relation_tells_threads_replies_and_edits_apart),
		cmocka_unit_test(read_takes_hostile_texts_in_linear_time),
		cmocka_unit_test(glob_matches_whole_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
