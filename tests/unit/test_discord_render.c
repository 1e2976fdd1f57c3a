/* link: platform */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/utf8.h"
#include "platform/discord/escape.h"
#include "platform/discord/render.h"

/* ---- what Discord would make of a content ---- */

/* Discord's marks at a place that no backslash protects (Markdown Text 101; Reference > Message Formatting). */
static const char *const marks[] = {
	"^[*_~`|]", "^<", "^\\[[^]]*\\]", "^@(everyone|here)", "^(https?|steam|discord):/", "^:[^ \n:]+:",
	"^discord\\.(gg|com/invite)/[A-Za-z0-9]", "^[]>@]",
};
static const char *const line_marks[] = { "^ *#{1,3} ", "^ *>", "^ *-# ", "^ *[-*+] ", "^ *[0-9]+[.)] " };

static bool matches(const char *pattern, const char *text)
{
	regex_t regex;
	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	bool result = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return result;
}

static void assert_no_mark(const char *at, bool opens_line)
{
	/* The patterns need no more than the next few letters. */
	char next[33];
	size_t bytes = strnlen(at, 32);
	memcpy(next, at, bytes);
	next[bytes] = '\0';
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strchr("*_~`|<[@hsd:]>", *at) && matches(marks[i], next))
			fail_msg("'%s' is markup in '%s'", marks[i], next);
	for (size_t i = 0; opens_line && i < sizeof line_marks / sizeof *line_marks; i++)
		if (matches(line_marks[i], next))
			fail_msg("'%s' is markup in '%s'", line_marks[i], next);
}

/* The text that a reader sees; fails when any of it is markup. */
static void show(const char *content, struct buffer *shown)
{
	bool opens_line = true;
	for (; *content; content++) {
		bool is_escape = *content == '\\' && content[1] && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", content[1]);
		if (is_escape)
			content++;
		else
			assert_no_mark(content, opens_line);
		opens_line = *content == '\n' && !is_escape;
		buffer_append_char(shown, *content);
	}
}

static char *content_of(const char *body)
{
	struct json *json = json_parse(body, strlen(body), &json_limits_message, NULL);
	assert_non_null(json);
	const char *content = json_string(json_root(json), "content");
	assert_non_null(content);
	const cJSON *allowed = json_object(json_root(json), "allowed_mentions");
	assert_int_equal(cJSON_GetArraySize(json_array(allowed, "parse")), 0);
	assert_non_null(json_array(allowed, "parse"));
	assert_false(json_bool(allowed, "replied_user", true));
	char *copy = strdup(content);
	json_destroy(json);
	return copy;
}

static size_t utf16_units(const char *text)
{
	size_t units = 0;
	for (const char *at = text; *at; at++)
		units += ((unsigned char)*at & 0xC0) != 0x80 ? ((unsigned char)*at >= 0xF0 ? 2 : 1) : 0;
	return units;
}

static void without_spaces(const char *from, struct buffer *to)
{
	for (; *from; from++)
		if (!strchr(" \n\t", *from))
			buffer_append_char(to, *from);
}

/* ---- texts made of what could hurt ---- */

static const char *const pieces[] = {
	"*", "**", "_", "__", "~~", "`", "```", "||", "> ", ">>> ", "# ", "### ", "-# ", "- ", "+ ", "1. ",
	"12) ", "\\", "\\*",
	"[a](b)",
	"](", "<@123>", "<@&9>", "<#5>", "<:x:1>", "<t:1:R>", "</ask:1>", "@everyone", "@here", ":smile:",
	"https://example.org/a_b",
	"http://x", "discord.gg/abc", "discord.com/invite/abc", "\n", "\n\n", " ", "word", "Almaty. ", "Why? ", "3:15", "::",
	"a:b",
	"\xD0\x9A\xD0\xB0\xD0\xB7\xD0\xB0\xD2\x9B", "\xF0\x9F\x98\x80", "\xE2\x80\xA6", "0", ".", ")", "!", "(", "&amp;",
};

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void make_text(uint32_t *seed, size_t count, struct buffer *text)
{
	buffer_clear(text);
	for (size_t i = 0; i < count; i++)
		buffer_append_text(text, pieces[random_next(seed) % (sizeof pieces / sizeof *pieces)]);
}

static void escape_shows_any_text_letter_by_letter(void **state)
{
	(void)state;
	struct buffer text, escaped, shown;
	uint32_t seed = 1;
	buffer_init(&text, 65536);
	buffer_init(&escaped, 65536);
	buffer_init(&shown, 65536);
	for (int i = 0; i < 4000; i++) {
		make_text(&seed, 1 + random_next(&seed) % 12, &text);
		buffer_clear(&escaped);
		buffer_clear(&shown);
		assert_true(discord_escape(&escaped, buffer_text(&text), text.bytes, false));
		show(buffer_text(&escaped), &shown);
		assert_string_equal(buffer_text(&shown), buffer_text(&text));
		assert_int_equal(discord_escape_units(buffer_text(&text), text.bytes, false), utf16_units(buffer_text(&escaped)));
	}
	buffer_finish(&text);
	buffer_finish(&escaped);
	buffer_finish(&shown);
}

static void escape_drops_what_turns_text_around_or_controls(void **state)
{
	(void)state;
	static const char text[] = "a\x01\x1b[31mb\xE2\x80\xAE" "c\xC2\x85\xE2\x81\xA6" "d\x7F\tz\xFF";
	struct buffer out;
	buffer_init(&out, 256);
	discord_escape(&out, text, sizeof text - 1, false);
	assert_string_equal(buffer_text(&out), "a\\[31mbcd z\xEF\xBF\xBD");
	buffer_finish(&out);
}

/* ---- fitting ---- */

static void escape_fit_prefers_lines_to_sentences_to_words(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t units, expected;
	} cases[] = {
		{ "One two.\nThree. Four five", 20, 9 },
		{ "One two. Three four five", 20, 8 },
		{ "One two three four five", 15, 13 },
		{ "Onetwothreefourfive", 7, 7 },
		{ "short", 7, 5 },
		{ "\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 3, 4 },
		{ "**", 3, 1 },
		{ "*", 1, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(discord_escape_fit(cases[i].text, strlen(cases[i].text), false, cases[i].units), cases[i].expected);
}

/* ---- replies ---- */

static void render_writes_paragraphs_items_and_small_print(void **state)
{
	(void)state;
	struct block blocks[] = {
		{ BLOCK_PARAGRAPH, "About 2,500 soldiers." }, { BLOCK_ITEM, "1. Who sent them?" }, { BLOCK_ITEM, "When?" },
		{ BLOCK_NOTE, "Source: a paper,\nparagraph 4" },
	};
	struct target target = { .room = "1", .reply_to = "77" };
	struct rendered rendered;
	assert_true(discord_render(&target, blocks, 4, &rendered));
	assert_int_equal(rendered.count, 1);
	char *content = content_of(rendered.parts[0]);
	assert_string_equal(content, "About 2,500 soldiers.\n1\\. Who sent them?\n\xE2\x80\xA2 When?\n"
				     "-# Source: a paper, paragraph 4");
	static const char reference[] = "\"message_reference\":{\"message_id\":\"77\",\"fail_if_not_exists\":false}";
	assert_non_null(strstr(rendered.parts[0], reference));
	free(content);
	rendered_finish(&rendered);
}

static void render_refuses_what_shows_nothing(void **state)
{
	(void)state;
	struct block blocks[] = { { BLOCK_PARAGRAPH, "" }, { BLOCK_NOTE, " \n\t" }, { BLOCK_ITEM, "\x01\x02" } };
	struct rendered rendered;
	assert_false(discord_render(NULL, blocks, 3, &rendered));
	assert_int_equal(rendered.count, 0);
}

static void render_refers_to_the_question_once_and_only_by_a_snowflake(void **state)
{
	(void)state;
	char *text = malloc(5001);
	memset(text, 'x', 5000);
	text[5000] = '\0';
	struct block block = { BLOCK_PARAGRAPH, text };
	struct rendered rendered;
	assert_true(discord_render(&(struct target){ .reply_to = "77" }, &block, 1, &rendered));
	assert_int_equal(rendered.count, 3);
	assert_non_null(strstr(rendered.parts[0], "message_reference"));
	assert_null(strstr(rendered.parts[1], "message_reference"));
	rendered_finish(&rendered);
	assert_true(discord_render(&(struct target){ .reply_to = "7\",\"x\":\"7" }, &block, 1, &rendered));
	assert_null(strstr(rendered.parts[0], "message_reference"));
	rendered_finish(&rendered);
	free(text);
}

static void render_moves_a_block_that_fits_alone_whole(void **state)
{
	(void)state;
	char first[1501], second[1501];
	memset(first, 'a', 1500);
	memset(second, 'b', 1500);
	first[1500] = second[1500] = '\0';
	memcpy(second + 700, ". ", 2);
	struct block blocks[] = { { BLOCK_PARAGRAPH, first }, { BLOCK_PARAGRAPH, second } };
	struct rendered rendered;
	assert_true(discord_render(NULL, blocks, 2, &rendered));
	assert_int_equal(rendered.count, 2);
	char *content = content_of(rendered.parts[1]);
	assert_string_equal(content, second);
	free(content);
	rendered_finish(&rendered);
}

static void render_splits_any_text_within_the_limit_and_loses_nothing(void **state)
{
	(void)state;
	struct buffer text, shown, expected, seen;
	uint32_t seed = 7;
	buffer_init(&text, 65536);
	buffer_init(&shown, 65536);
	buffer_init(&expected, 65536);
	buffer_init(&seen, 65536);
	for (int i = 0; i < 60; i++) {
		struct rendered rendered;
		make_text(&seed, 800 + random_next(&seed) % 600, &text);
		struct block block = { BLOCK_PARAGRAPH, buffer_text(&text) };
		assert_true(discord_render(NULL, &block, 1, &rendered));
		assert_in_range(rendered.count, 2, PLATFORM_PARTS);
		buffer_clear(&shown);
		for (size_t part = 0; part < rendered.count; part++) {
			char *content = content_of(rendered.parts[part]);
			assert_in_range(utf16_units(content), 1, RENDER_UNITS);
			assert_true(utf8_valid(content, strlen(content)));
			show(content, &shown);
			free(content);
		}
		buffer_clear(&expected);
		buffer_clear(&seen);
		without_spaces(buffer_text(&text), &expected);
		without_spaces(buffer_text(&shown), &seen);
		assert_string_equal(buffer_text(&seen), buffer_text(&expected));
		rendered_finish(&rendered);
	}
	buffer_finish(&text);
	buffer_finish(&shown);
	buffer_finish(&expected);
	buffer_finish(&seen);
}

static void render_ends_in_an_ellipsis_when_all_parts_are_full(void **state)
{
	(void)state;
	size_t bytes = 30000;
	char *text = malloc(bytes + 1);
	memset(text, '*', bytes);
	text[bytes] = '\0';
	struct block blocks[] = { { BLOCK_PARAGRAPH, text }, { BLOCK_NOTE, "source" } };
	struct rendered rendered;
	assert_true(discord_render(NULL, blocks, 2, &rendered));
	assert_int_equal(rendered.count, PLATFORM_PARTS);
	char *last = content_of(rendered.parts[PLATFORM_PARTS - 1]);
	assert_in_range(utf16_units(last), 1000, RENDER_UNITS);
	assert_string_equal(last + strlen(last) - 3, "\xE2\x80\xA6");
	free(last);
	rendered_finish(&rendered);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escape_shows_any_text_letter_by_letter),
		cmocka_unit_test(escape_drops_what_turns_text_around_or_controls),
		cmocka_unit_test(escape_fit_prefers_lines_to_sentences_to_words),
		cmocka_unit_test(render_writes_paragraphs_items_and_small_print),
		cmocka_unit_test(render_refuses_what_shows_nothing),
		cmocka_unit_test(render_refers_to_the_question_once_and_only_by_a_snowflake),
		cmocka_unit_test(render_moves_a_block_that_fits_alone_whole),
		cmocka_unit_test(render_splits_any_text_within_the_limit_and_loses_nothing),
		cmocka_unit_test(render_ends_in_an_ellipsis_when_all_parts_are_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
