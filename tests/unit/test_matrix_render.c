/* link: platform */
#include "matrix_world.h"

static struct rendered rendered;

static const struct target plain_target = { .room = "!r:hs", .reply_to = "$q", .sender = "@ann:hs" };

static void render(const struct target *target, const struct block *blocks, size_t count)
{
	world_begin(&(struct matrix_options){ .user = "@qantar:hs" });
	assert_true(world.platform->impl->render(world.platform, target, blocks, count, &rendered));
}

static void finish(void)
{
	rendered_finish(&rendered);
	world_end();
}

static struct json *part(size_t index)
{
	assert_true(index < rendered.count);
	struct json *json = json_parse(rendered.parts[index], strlen(rendered.parts[index]), &json_limits_message, NULL);
	assert_non_null(json);
	return json;
}

static void render_gives_text_and_html_side_by_side(void **state)
{
	(void)state;
	const struct block blocks[] = {
		{ BLOCK_PARAGRAPH, "Two thousand." }, { BLOCK_ITEM, "1. When?" }, { BLOCK_ITEM, "2. Who?" }, { BLOCK_ITEM, "Why?" },
		{ BLOCK_NOTE, "Source: a paper" },
	};
	render(&plain_target, blocks, 5);
	struct json *json = part(0);
	const cJSON *root = json_root(json);
	assert_int_equal(rendered.count, 1);
	assert_string_equal(json_string(root, "msgtype"), "m.notice");
	assert_string_equal(json_string(root, "body"),
			    "Two thousand.\n1. When?\n2. Who?\n\xE2\x80\xA2 Why?\n\nSource: a paper");
	assert_string_equal(json_string(root, "format"), "org.matrix.custom.html");
	assert_string_equal(json_string(root, "formatted_body"),
			    "<p>Two thousand.</p><ol start=\"1\"><li>When?</li><li>Who?</li></ol><ul><li>Why?</li></ul>"
			    "<p><em>Source: a paper</em></p>");
	json_destroy(json);
	finish();
}

static void render_keeps_the_numbers_that_people_pick_by(void **state)
{
	(void)state;
	const struct block blocks[] = { { BLOCK_ITEM, "1. a" }, { BLOCK_ITEM, "3. b" }, { BLOCK_ITEM, "2022 c" } };
	render(&plain_target, blocks, 3);
	struct json *json = part(0);
	assert_string_equal(json_string(json_root(json), "formatted_body"),
			    "<ol start=\"1\"><li>a</li></ol><ol start=\"3\"><li>b</li></ol><ul><li>2022 c</li></ul>");
	json_destroy(json);
	finish();
}

static void render_answers_and_mentions_who_asked(void **state)
{
	(void)state;
	const struct block block = { BLOCK_PARAGRAPH, "x" };
	render(&plain_target, &block, 1);
	assert_non_null(strstr(rendered.parts[0], "\"m.mentions\":{\"user_ids\":[\"@ann:hs\"]}"));
	assert_non_null(strstr(rendered.parts[0], "\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":\"$q\"}}"));
	finish();
}

static void render_mentions_nobody_when_nobody_asked(void **state)
{
	(void)state;
	const struct block block = { BLOCK_PARAGRAPH, "x" };
	render(&(struct target){ .room = "!r:hs" }, &block, 1);
	assert_non_null(strstr(rendered.parts[0], "\"m.mentions\":{}"));
	assert_null(strstr(rendered.parts[0], "m.relates_to"));
	finish();
}

static void render_stays_in_the_thread(void **state)
{
	(void)state;
	const struct block block = { BLOCK_PARAGRAPH, "x" };
	render(&(struct target){ .room = "!r:hs", .reply_to = "$q", .thread = "$root" }, &block, 1);
	assert_non_null(strstr(rendered.parts[0],
			       "\"m.relates_to\":{\"rel_type\":\"m.thread\",\"event_id\":\"$root\",\"is_falling_back\":false,"
			       "\"m.in_reply_to\":{\"event_id\":\"$q\"}}"));
	finish();
}

/* ---- nothing in a block can become markup ---- */

static bool is_allowed_tag(const char *at)
{
	static const char *const tags[] = {
		"<p>", "</p>", "<br>", "<em>", "</em>", "<ul>", "</ul>", "<ol start=\"1\">", "</ol>", "<li>", "</li>",
	};
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		if (strncmp(at, tags[i], strlen(tags[i])) == 0)
			return true;
	return false;
}

static bool is_allowed_entity(const char *at)
{
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (strncmp(at, entities[i], strlen(entities[i])) == 0)
			return true;
	return false;
}

static size_t count_of(const char *text, const char *part_)
{
	size_t count = 0;
	for (const char *at = strstr(text, part_); at; at = strstr(at + 1, part_))
		count++;
	return count;
}

static void assert_harmless(const char *html, size_t blocks)
{
	for (const char *at = html; *at; at++) {
		assert_true(*at != '<' || is_allowed_tag(at));
		assert_true(*at != '&' || is_allowed_entity(at));
	}
	/* As many as there are blocks: none came from a block's text. */
	assert_true(count_of(html, "<p>") + count_of(html, "<li>") == blocks);
	assert_true(count_of(html, "<p>") == count_of(html, "</p>") && count_of(html, "<li>") == count_of(html, "</li>"));
	assert_true(count_of(html, "<ul>") + count_of(html, "<ol") == count_of(html, "</ul>") + count_of(html, "</ol>"));
}

static void fill(char *text, size_t bytes, uint32_t *seed)
{
	static const char *const bits[] = {
		"<", ">", "&", "\"", "'", "<b>", "</p>", "<li>", "&lt;", "<br>", "@room", "@ann:hs", "\n", "\t", "\x01",
		"\xE2\x80\xAE", "\xFF", "\xD2\x9B", "a", " ", "<a href=\"javascript:x\">", "\xF0\x9F", "1. ",
		"](https://matrix.to/#/@ann:hs)", "\xE2\x81\xA7", "\xEF\xBB\xBF",
	};
	size_t at = 0;
	for (;;) {
		*seed = *seed * 1664525u + 1013904223u;
		const char *bit = bits[(*seed >> 16) % (sizeof bits / sizeof *bits)];
		if (at + strlen(bit) >= bytes)
			break;
		memcpy(text + at, bit, strlen(bit));
		at += strlen(bit);
	}
	text[at] = '\0';
}

static void render_lets_no_text_become_markup(void **state)
{
	(void)state;
	uint32_t seed = 1;
	for (int round = 0; round < 500; round++) {
		char texts[3][80];
		for (size_t i = 0; i < 3; i++) {
			texts[i][0] = 'x'; /* no item begins with a number, no block is empty */
			fill(texts[i] + 1, sizeof texts[i] - 1, &seed);
		}
		const struct block blocks[] = { { BLOCK_PARAGRAPH, texts[0] }, { BLOCK_ITEM, texts[1] }, { BLOCK_NOTE, texts[2] } };
		render(&plain_target, blocks, 3);
		struct json *json = part(0); /* strict: the whole is valid UTF-8 and valid JSON */
		const char *body = json_string(json_root(json), "body");
		assert_harmless(json_string(json_root(json), "formatted_body"), 3);
		assert_null(strstr(body, "\xE2\x80\xAE"));
		assert_null(strchr(body, '\x01'));
		assert_null(strstr(json_string(json_root(json), "formatted_body"), "\xE2\x80\xAE"));
		assert_int_equal(cJSON_GetArraySize(json_array(json_object(json_root(json), "m.mentions"), "user_ids")), 1);
		json_destroy(json);
		finish();
	}
}

/* ---- length ---- */

static void render_splits_a_long_reply_and_loses_nothing(void **state)
{
	(void)state;
	enum { WORDS = 3000 };
	static char text[WORDS * 5 + 1];
	for (size_t i = 0; i < WORDS; i++)
		snprintf(text + i * 5, 6, "%04zu ", i);
	const struct block block = { BLOCK_PARAGRAPH, text };
	render(&plain_target, &block, 1);
	assert_true(rendered.count > 1 && rendered.count <= PLATFORM_PARTS);
	unsigned expected = 0;
	for (size_t i = 0; i < rendered.count; i++) {
		struct json *json = part(i);
		char *at = (char *)(uintptr_t)json_string(json_root(json), "body");
		while (*at)
			assert_int_equal(strtoul(at, &at, 10), expected++), at += strspn(at, " \n");
		json_destroy(json);
	}
	assert_int_equal(expected, WORDS);
	assert_null(strstr(rendered.parts[1], "@ann:hs"));
	finish();
}

static void render_never_passes_the_size_of_an_event(void **state)
{
	(void)state;
	static char text[200001];
	memset(text, '"', sizeof text - 1); /* the longest when escaped */
	const struct block block = { BLOCK_PARAGRAPH, text };
	render(&plain_target, &block, 1);
	assert_int_equal(rendered.count, PLATFORM_PARTS);
	for (size_t i = 0; i < rendered.count; i++) {
		assert_true(strlen(rendered.parts[i]) < 65536);
		const struct post post = { .room = "!r:hs", .payload = rendered.parts[i], .key = "k" };
		assert_true(world.platform->impl->edit(world.platform, "$e", &post)); /* twice over in an edit */
	}
	finish();
}

static void render_makes_nothing_of_nothing(void **state)
{
	(void)state;
	world_begin(&(struct matrix_options){ .user = "@qantar:hs" });
	const struct block block = { BLOCK_PARAGRAPH, "" };
	assert_false(world.platform->impl->render(world.platform, &plain_target, &block, 1, &rendered));
	finish();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(render_gives_text_and_html_side_by_side),
		cmocka_unit_test(render_keeps_the_numbers_that_people_pick_by),
		cmocka_unit_test(render_answers_and_mentions_who_asked),
		cmocka_unit_test(render_mentions_nobody_when_nobody_asked),
		cmocka_unit_test(render_stays_in_the_thread),
		cmocka_unit_test(render_lets_no_text_become_markup),
		cmocka_unit_test(render_splits_a_long_reply_and_loses_nothing),
		cmocka_unit_test(render_never_passes_the_size_of_an_event),
		cmocka_unit_test(render_makes_nothing_of_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
