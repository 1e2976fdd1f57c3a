/* link: platform */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

#include "platform/console.h"

static void assert_rendered(struct console console, enum block_kind kind, const char *text, const char *expected)
{
	struct buffer out;
	struct block block = { kind, text };
	buffer_init(&out, 4096);
	console_render(&console, &block, 1, &out);
	assert_string_equal(buffer_text(&out), expected);
	buffer_finish(&out);
}

static void console_render_wraps_at_words(void **state)
{
	(void)state;
	struct console narrow = { .columns = 10 };
	assert_rendered(narrow, BLOCK_PARAGRAPH, "one two three four", "one two\nthree four\n");
	assert_rendered(narrow, BLOCK_PARAGRAPH, "abcdefghijklm no", "abcdefghij\nklm no\n");
	assert_rendered(narrow, BLOCK_PARAGRAPH, "one\ntwo", "one\ntwo\n");
	assert_rendered((struct console){ 0 }, BLOCK_PARAGRAPH, "one two three four", "one two three four\n");
}

static void console_render_counts_columns_not_bytes(void **state)
{
	(void)state;
	struct console narrow = { .columns = 10 };
	assert_rendered(narrow, BLOCK_PARAGRAPH, "ответ готов да", "ответ\nготов да\n");
	assert_rendered(
		narrow, BLOCK_PARAGRAPH,
		"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", /* six of two columns */
		"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC\n\xE8\xAA\x9E\n");
}

static void console_render_indents_lists(void **state)
{
	(void)state;
	struct console narrow = { .columns = 14 };
	assert_rendered(narrow, BLOCK_ITEM, "one two three", "  - one two\n    three\n");
	assert_rendered(narrow, BLOCK_ITEM, "1. one two three", "  1. one two\n    three\n");
}

static void console_render_dims_only_with_colour(void **state)
{
	(void)state;
	assert_rendered((struct console){ .colour = true }, BLOCK_NOTE, "small", "\033[2msmall\033[0m\n");
	assert_rendered((struct console){ .colour = true }, BLOCK_PARAGRAPH, "large", "large\n");
	assert_rendered((struct console){ 0 }, BLOCK_NOTE, "small", "small\n");
}

static void console_render_defuses_control_characters(void **state)
{
	(void)state;
	assert_rendered((struct console){ 0 }, BLOCK_PARAGRAPH, "a\033[2Jb\rc\xC2\x9B" "d\xE2\x80\xAE" "e", "a [2Jb c d e\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(console_render_wraps_at_words),
		cmocka_unit_test(console_render_counts_columns_not_bytes),
		cmocka_unit_test(console_render_indents_lists),
		cmocka_unit_test(console_render_dims_only_with_colour),
		cmocka_unit_test(console_render_defuses_control_characters),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
