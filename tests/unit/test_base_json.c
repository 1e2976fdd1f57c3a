/* link: base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/json.h"

struct text {
	const char *data;
	size_t bytes;
};
#define TEXT(literal) { (literal), sizeof(literal) - 1 }

static bool accepts(const char *text, size_t bytes, const struct json_limits *limits)
{
	struct json_fault fault = { 0 };
	/* A copy of just its size: reading past the end is for the sanitizer to see. */
	char *copy = malloc(bytes ? bytes : 1);
	assert_non_null(copy);
	memcpy(copy, text, bytes);
	struct json *json = json_parse(copy, bytes, limits, &fault);
	free(copy);
	assert_int_equal(fault.text[0] != '\0', !json); /* a fault is told of with its place, and nothing else is */
	assert_int_equal(fault.place.line > 0 && fault.place.column > 0, !json);
	json_destroy(json);
	return json != NULL;
}

/* ---- what RFC 8259 says, after the kinds of JSONTestSuite (Seriot, "Parsing JSON is a minefield") ---- */

static void json_parse_accepts_what_is_json(void **state)
{
	(void)state;
	static const struct text valid[] = {
		TEXT("0"), TEXT("-0"), TEXT("-1"), TEXT("1E22"), TEXT("1.5e-3"), TEXT("0e+1"), TEXT("123.456"),
		TEXT("1e999"),
		TEXT("\"\""), TEXT("\"a\""), TEXT("true"), TEXT("false"), TEXT("null"), TEXT(" \t\r\n null \r\n"),
		TEXT("[]"), TEXT("{}"), TEXT("[[]]"), TEXT("[ ]"), TEXT("{ }"), TEXT("[1 , 2]"), TEXT("{\"\":0}"),
		TEXT("{\"a\":{\"a\":{\"a\":1}}}"), TEXT("[{\"a\":1},{\"a\":2}]"),
		TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
		TEXT("\"\\u0041\\u00e9\\uFFFF\""), TEXT("\"\\uD83D\\uDE00\""), TEXT("\"\xD2\x9A\xD0\xB0\""),
		TEXT("\"\x7F\""),
		TEXT("\"\xF4\x8F\xBF\xBF\""), TEXT("\"\xE2\x80\xA8\""), TEXT("\xEF\xBB\xBF{\"a\":1}"),
		TEXT("{\"A\":1,\"a\":2}"),
		TEXT("[\"\\u0061\",\"\\uABCD\"]"), TEXT("{\"a\":1,\r\n\"b\":2}\r\n"),
	};
	for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
		if (!accepts(valid[i].data, valid[i].bytes, &json_limits_file))
			fail_msg("refused: %s", valid[i].data);
}

static void json_parse_refuses_what_is_not(void **state)
{
	(void)state;
	static const struct text invalid[] = {
		TEXT(""), TEXT(" "), TEXT("\xEF\xBB\xBF"), TEXT("\xEF\xBB\xBF\xEF\xBB\xBF{}"), TEXT("nul"),
		TEXT("nulll"), TEXT("True"),
		TEXT("NaN"), TEXT("Infinity"), TEXT("-Infinity"), TEXT("undefined"), TEXT("'a'"), TEXT("a"),
		TEXT("+1"), TEXT("01"), TEXT("-01"), TEXT("-"), TEXT("1."), TEXT(".5"), TEXT("-.5"), TEXT("1e"),
		TEXT("1e+"), TEXT("1.e1"),
		TEXT("0x1"), TEXT("1 000"), TEXT("1_000"), TEXT("1.2.3"), TEXT("--1"), TEXT("1a"), TEXT("2.e3"),
		TEXT("["), TEXT("]"), TEXT("[1"), TEXT("[1,"), TEXT("[,1]"), TEXT("[1,,2]"), TEXT("[1,]"),
		TEXT("[1 2]"), TEXT("[1:2]"),
		TEXT("[1}"), TEXT("{"), TEXT("}"), TEXT("{\"a\""), TEXT("{\"a\":"), TEXT("{\"a\":1"),
		TEXT("{\"a\":1,"), TEXT("{\"a\":1,}"),
		TEXT("{,}"), TEXT("{1:1}"), TEXT("{a:1}"), TEXT("{'a':1}"), TEXT("{\"a\" 1}"), TEXT("{\"a\"::1}"),
		TEXT("{\"a\":1 \"b\":2}"),
		TEXT("{\"a\",1}"), TEXT("{null:1}"), TEXT("{\"a\":1]"), TEXT("[] []"), TEXT("{}}"), TEXT("1 2"),
		TEXT("[][]"),
		TEXT("\""), TEXT("\"a"), TEXT("\"\\"), TEXT("\"\\\""), TEXT("\"\\x41\""), TEXT("\"\\a\""),
		TEXT("\"\\u\""),
		TEXT("\"\\u00\""), TEXT("\"\\u00g0\""), TEXT("\"\\u 041\""), TEXT("\"\\uD83D\\u00\""),
		TEXT("\"\\'\""), TEXT("\"\\\n\""),
		TEXT("/* c */ 1"), TEXT("1 // c"), TEXT("# c\n1"), TEXT("\x0C[]"), TEXT("\xC2\xA0[]"), TEXT("[\xE2\x81\xA0]"),
		TEXT("[1]\0"),
		TEXT("[\0]"), TEXT("\xFF\xFE[\0]\0"), TEXT("\xE5"), TEXT("<html>"),
	};
	for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
		if (accepts(invalid[i].data, invalid[i].bytes, &json_limits_file))
			fail_msg("accepted as a file: %s", invalid[i].data);
		if (accepts(invalid[i].data, invalid[i].bytes, &json_limits_message))
			fail_msg("accepted as a message: %s", invalid[i].data);
	}
}

/* cJSON 1.7.15 by itself takes each of these, which this asserts: were it mended, the test should say so. */
static void json_parse_refuses_what_cjson_takes(void **state)
{
	(void)state;
	static const struct text taken[] = {
		TEXT("[1]x"),            /* something after the end */
		TEXT("[\"a\"]\""), TEXT("[1]]"), TEXT("{\"a\":\"b\"}#{}"), TEXT("{\"a\":true} \"x\""),
		TEXT("[\"\t\"]"),        /* raw control bytes */
		TEXT("[\"\n\"]"), TEXT("[\"\x1F\"]"), TEXT("[\"a\0b\"]"),
		TEXT("[-01]"), TEXT("[-2.]"), TEXT("[2.e3]"), TEXT("[2.e+3]"), TEXT("[2.e-3]"), TEXT("[0.e1]"),
		TEXT("[1.]"), TEXT("[-.123]"), TEXT("[012]"), TEXT("[-012]"),
		TEXT("[\"\xFF\"]"),      /* what is no UTF-8: a lone byte, */
		TEXT("[\"\xE9\"]"), TEXT("[\"\x80\"]"),
		TEXT("[\"\xC0\xAF\"]"),  /* overlong, */
		TEXT("[\"\xE0\x80\xAF\"]"), TEXT("[\"\xF0\x80\x80\xAF\"]"),
		TEXT("[\"\xED\xA0\x80\"]"), /* a surrogate, */
		TEXT("[\"\xF4\x90\x80\x80\"]"), /* beyond U+10FFFF, */
		TEXT("[\"\xE2\x82\"]"),  /* cut short */
		TEXT("[\x01]"), TEXT("[\x0B" "1]"), TEXT("\x1F[]"),
	};
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
		cJSON *alone = cJSON_ParseWithLength(taken[i].data, taken[i].bytes);
		if (!alone)
			fail_msg("cJSON refuses case %zu", i);
		cJSON_Delete(alone);
		if (accepts(taken[i].data, taken[i].bytes, &json_limits_file))
			fail_msg("accepted as a file: case %zu", i);
		if (accepts(taken[i].data, taken[i].bytes, &json_limits_message))
			fail_msg("accepted as a message: case %zu", i);
	}
}

/* ---- a file is refused for it, a message is mended ---- */

static struct json *tolerant(const char *text)
{
	struct json *json = json_parse(text, strlen(text), &json_limits_message, NULL);
	assert_non_null(json);
	return json;
}

static void json_parse_mends_a_message_that_a_file_is_refused_for(void **state)
{
	(void)state;
	static const struct {
		const char *text, *a; /* the string that "a" is then */
	} mended[] = {
		{ "{\"a\":\"x\\u0000y\"}", "x\xEF\xBF\xBDy" },
		{ "{\"a\":\"\\uD800\"}", "\xEF\xBF\xBD" },
		{ "{\"a\":\"\\uD800x\"}", "\xEF\xBF\xBDx" },
		{ "{\"a\":\"\\uDC00\\uD800\"}", "\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "{\"a\":\"\\uD800\\uD83D\\uDE00\"}", "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
		{ "{\"a\":\"\\uD83D\\u0041\"}", "\xEF\xBF\xBD" "A" },
		{ "{\"a\\u0000\":1,\"a\":\"plain\"}", "plain" },
		{ "{\"\\\"\":1,\"a\":\"escaped key before\"}", "escaped key before" },
		{ "{\"a\":\"first\",\"a\":\"second\"}", "first" },
		{ "{\"n\":1234567890123456789012345678901234567890123456789012345678901,\"a\":\"long number before\"}",
		  "long number before" },
	};
	for (size_t i = 0; i < sizeof mended / sizeof *mended; i++) {
		assert_false(accepts(mended[i].text, strlen(mended[i].text), &json_limits_file));
		struct json *json = tolerant(mended[i].text);
		assert_string_equal(json_string(json_root(json), "a"), mended[i].a);
		json_destroy(json);
	}
}

static void json_parse_mends_without_moving_places(void **state)
{
	(void)state;
	struct json *json = tolerant("{\"a\":[\"\\u0000\","
				     " 1234567890123456789012345678901234567890123456789012345678901,\n 7]}");
	const cJSON *array = json_array(json_root(json), "a");
	struct json_place place = json_locate(json, cJSON_GetArrayItem(array, 2));
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 2);
	assert_true(cJSON_GetArrayItem(array, 1)->valuedouble == 0);
	json_destroy(json);
}

/* ---- caps, at them and one past ---- */

static void json_parse_takes_depth_at_the_cap_only(void **state)
{
	(void)state;
	char text[2048];
	const struct json_limits *limits[] = { &json_limits_file, &json_limits_message };
	for (size_t i = 0; i < 2; i++)
		for (unsigned past = 0; past < 2; past++) {
			size_t depth = limits[i]->max_depth + past;
			memset(text, '[', depth);
			memset(text + depth, ']', depth);
			assert_int_equal(accepts(text, 2 * depth, limits[i]), !past);
		}
	char *hostile = malloc(5000000);
	assert_non_null(hostile);
	memset(hostile, '[', 5000000);
	assert_false(accepts(hostile, 5000000, &json_limits_message));
	free(hostile);
}

static void json_parse_counts_depth_not_containers(void **state)
{
	(void)state;
	struct json_limits limits = { .max_bytes = 100, .max_depth = 2, .max_values = 100, .max_string_bytes = 10 };
	assert_true(accepts("[[],[],{},{\"a\":1}]", 18, &limits));
	assert_false(accepts("[[],[[]]]", 9, &limits));
}

static void json_parse_takes_bytes_values_and_strings_at_their_caps_only(void **state)
{
	(void)state;
	struct json_limits limits = { .max_bytes = 12, .max_depth = 4, .max_values = 4, .max_string_bytes = 5 };
	assert_true(accepts("[1,  2,   3]", 12, &limits));
	assert_false(accepts("[1,  2,    3]", 13, &limits));
	assert_true(accepts("\xEF\xBB\xBF[1,  2,   3]", 15, &limits)); /* the mark does not count */
	assert_true(accepts("[1,2,3]", 7, &limits));
	assert_false(accepts("[1,2,3,4]", 9, &limits));
	assert_true(accepts("\"12345\"", 7, &limits));
	assert_false(accepts("\"123456\"", 8, &limits));
	assert_true(accepts("{\"12345\":1}", 11, &limits));
	limits.max_bytes = 20;
	assert_false(accepts("{\"123456\":1}", 12, &limits));
}

static void json_parse_takes_numbers_at_their_cap_only(void **state)
{
	(void)state;
	char digits[80];
	memset(digits, '1', sizeof digits);
	assert_true(accepts(digits, 60, &json_limits_file));
	assert_false(accepts(digits, 61, &json_limits_file));
}

static void json_parse_takes_keys_at_their_cap_only(void **state)
{
	(void)state;
	struct buffer text;
	buffer_init(&text, 100000);
	buffer_append_char(&text, '{');
	for (int i = 0; i < 4096; i++)
		buffer_format(&text, "%s\"k%d\":0", i ? "," : "", i);
	size_t whole = text.bytes;
	buffer_append_char(&text, '}');
	assert_true(accepts(text.data, text.bytes, &json_limits_file));
	text.bytes = whole;
	buffer_append_text(&text, ",\"more\":0}");
	assert_false(accepts(text.data, text.bytes, &json_limits_file));
	assert_true(accepts(text.data, text.bytes, &json_limits_message));
	buffer_finish(&text);
}

/* ---- places ---- */

static void expect_fault(const char *text, unsigned line, unsigned column, const char *words)
{
	struct json_fault fault = { 0 };
	assert_null(json_parse(text, strlen(text), &json_limits_file, &fault));
	if (fault.place.line != line || fault.place.column != column || !strstr(fault.text, words))
		fail_msg("%s: %u:%u %s", text, fault.place.line, fault.place.column, fault.text);
	assert_null(json_parse(text, strlen(text), &json_limits_file, NULL)); /* nobody needs to ask */
}

static void json_parse_tells_line_and_column_of_a_fault(void **state)
{
	(void)state;
	expect_fault("{\n  \"a\": 1,\n}", 2, 9, "take it away");
	expect_fault("{\r\n  \"a\" 1}", 2, 7, "expected ':'");
	expect_fault("[\"\xD2\x9A\xD0\xB0\xD0\xB7\", x]", 1, 9, "found 'x'"); /* code points, not bytes */
	expect_fault("\xEF\xBB\xBF[,]", 1, 2, "found ','");
	expect_fault("{\"a\":1,\n \"b\":2,\n \"a\":3}", 3, 2, "\"a\" stands twice");
	expect_fault("{\"\\u0061\":1}", 1, 2, "a key with an escape");
	expect_fault("[\n\"open]\n", 2, 7, "0x0A");
	expect_fault("[1,\n \"open]", 2, 2, "never ends");
	expect_fault("[\"a\\u0000\"]", 1, 4, "\\u0000");
	expect_fault("[\"\xFF\"]", 1, 3, "0xFF");
	expect_fault("[1]\n\nx", 3, 1, "expected the end");
	expect_fault("['a']", 1, 2, "double quotes");
	expect_fault("", 1, 1, "found the end");
}

static void json_locate_finds_every_value(void **state)
{
	(void)state;
	const char *text = "{\"a\": [1,\n  {\"b\": \"\xD0\x96\", \"c\": [true]}],\n\"d\": null}";
	struct json *json = json_parse(text, strlen(text), &json_limits_file, NULL);
	assert_non_null(json);
	const cJSON *root = json_root(json), *inner = cJSON_GetArrayItem(json_array(root, "a"), 1);
	const struct {
		const cJSON *value;
		unsigned line, column;
	} expected[] = {
		{ root, 1, 1 }, { json_get(root, "a"), 1, 7 }, { inner, 2, 3 }, { json_get(inner, "b"), 2, 9 },
		{ json_get(inner, "c"), 2, 19 }, { json_get(inner, "c")->child, 2, 20 }, { json_get(root, "d"), 3, 6 },
	};
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		struct json_place place = json_locate(json, expected[i].value);
		assert_int_equal(place.line, expected[i].line);
		assert_int_equal(place.column, expected[i].column);
	}
	assert_int_equal(json_locate(json, NULL).line, 0);
	json_destroy(json);
	json_destroy(NULL);
}

/* ---- getters and writing ---- */

static void json_getters_want_the_exact_key_and_type(void **state)
{
	(void)state;
	const char *text = "{\"A\":\"big\",\"s\":\"text\",\"n\":5,\"f\":1.5,\"b\":true,\"o\":{},\"l\":[],\"z\":null,"
			   "\"edge\":-9007199254740992,\"inf\":1e999}";
	struct json *json = json_parse(text, strlen(text), &json_limits_message, NULL);
	assert_non_null(json);
	const cJSON *root = json_root(json);
	int64_t number = 77;
	assert_null(json_string(root, "a")); /* cJSON alone would find "A" */
	assert_string_equal(json_string(root, "A"), "big");
	assert_null(json_string(root, "n"));
	assert_true(json_integer(root, "n", &number) && number == 5);
	assert_true(json_integer(root, "edge", &number) && number == -9007199254740992);
	assert_false(json_integer(root, "f", &number));
	assert_false(json_integer(root, "s", &number));
	assert_false(json_integer(root, "inf", &number));
	assert_false(json_integer(root, "absent", &number));
	assert_true(json_bool(root, "b", false));
	assert_true(json_bool(root, "s", true));
	assert_false(json_bool(root, "absent", false));
	assert_non_null(json_object(root, "o"));
	assert_null(json_object(root, "l"));
	assert_non_null(json_array(root, "l"));
	assert_null(json_array(root, "o"));
	assert_true(cJSON_IsNull(json_get(root, "z")));
	assert_null(json_get(NULL, "a"));
	assert_null(json_get(json_get(root, "s"), "a"));
	json_destroy(json);
}

static void json_append_string_is_read_back_as_it_was(void **state)
{
	(void)state;
	const char *text = "\"quoted\" back\\slash /\b\f\n\r\t\x01\x1F\x7F \xD2\x9A\xF0\x9F\x98\x80 \xE2\x80\xA8";
	struct buffer out;
	buffer_init(&out, 1000);
	assert_true(json_append_string(&out, text));
	struct json *json = json_parse(out.data, out.bytes, &json_limits_file, NULL);
	assert_non_null(json);
	assert_string_equal(cJSON_GetStringValue(json_root(json)), text);
	json_destroy(json);
	buffer_clear(&out);
	assert_true(json_append_string(&out, "a\xFFz\xE2\x82"));
	assert_string_equal(buffer_text(&out), "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\"");
	buffer_finish(&out);
	buffer_init(&out, 5);
	assert_false(json_append_string(&out, "too long for it"));
	buffer_finish(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_parse_accepts_what_is_json),
		cmocka_unit_test(json_parse_refuses_what_is_not),
		cmocka_unit_test(json_parse_refuses_what_cjson_takes),
		cmocka_unit_test(json_parse_mends_a_message_that_a_file_is_refused_for),
		cmocka_unit_test(json_parse_mends_without_moving_places),
		cmocka_unit_test(json_parse_takes_depth_at_the_cap_only),
		cmocka_unit_test(json_parse_counts_depth_not_containers),
		cmocka_unit_test(json_parse_takes_bytes_values_and_strings_at_their_caps_only),
		cmocka_unit_test(json_parse_takes_numbers_at_their_cap_only),
		cmocka_unit_test(json_parse_takes_keys_at_their_cap_only),
		cmocka_unit_test(json_parse_tells_line_and_column_of_a_fault),
		cmocka_unit_test(json_locate_finds_every_value),
		cmocka_unit_test(json_getters_want_the_exact_key_and_type),
		cmocka_unit_test(json_append_string_is_read_back_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
