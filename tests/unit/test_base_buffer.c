/* link: base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"

static void buffer_append_fills_to_the_cap_and_no_further(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 5);
	assert_string_equal(buffer_text(&buffer), "");
	assert_true(buffer_append(&buffer, "abc", 3));
	assert_true(buffer_append_text(&buffer, "de"));
	assert_false(buffer.failed);
	assert_false(buffer_append_char(&buffer, 'f'));
	assert_true(buffer.failed);
	assert_string_equal(buffer_text(&buffer), "abcde"); /* unchanged */
	assert_false(buffer_append(&buffer, "", 0));        /* and stays failed */
	buffer_clear(&buffer);
	assert_true(buffer_append_text(&buffer, "fresh"));
	assert_string_equal(buffer_text(&buffer), "fresh");
	buffer_finish(&buffer);
}

static void buffer_append_refuses_hostile_sizes(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 100);
	assert_true(buffer_append_text(&buffer, "x"));
	assert_false(buffer_append(&buffer, "x", SIZE_MAX));
	buffer_clear(&buffer);
	assert_false(buffer_append(&buffer, "x", SIZE_MAX - 1));
	buffer_finish(&buffer);
	buffer_init(&buffer, 0);
	assert_true(buffer_append(&buffer, NULL, 0));
	assert_false(buffer_append_char(&buffer, 'x'));
	buffer_finish(&buffer);
}

static void buffer_append_keeps_a_nul_behind_at_every_size(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 1000);
	for (size_t i = 1; i <= 1000; i++) {
		assert_true(buffer_append_char(&buffer, 'x'));
		assert_int_equal(buffer.bytes, i);
		assert_int_equal(strlen(buffer_text(&buffer)), i);
	}
	assert_true(buffer.capacity <= 1001);
	buffer_finish(&buffer);
}

static void buffer_format_is_all_or_nothing(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 8);
	assert_true(buffer_format(&buffer, "%d-%s", 42, "ab"));
	assert_false(buffer_format(&buffer, "%s", "long"));
	assert_string_equal(buffer_text(&buffer), "42-ab");
	buffer_finish(&buffer);
}

static void buffer_take_gives_the_text_and_leaves_it_empty(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 10);
	buffer_append_text(&buffer, "taken");
	char *text = buffer_take(&buffer);
	assert_string_equal(text, "taken");
	free(text);
	assert_int_equal(buffer.bytes, 0);
	text = buffer_take(&buffer);
	assert_string_equal(text, ""); /* empty is a text as well */
	free(text);
	buffer_append_text(&buffer, "far too long");
	assert_null(buffer_take(&buffer));
	assert_true(buffer_append_text(&buffer, "usable"));
	buffer_finish(&buffer);
}

static void buffer_shrink_keeps_small_memory_only(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 10000);
	buffer_append_text(&buffer, "small");
	buffer_shrink(&buffer, 1000);
	assert_non_null(buffer.data);
	assert_string_equal(buffer_text(&buffer), "");
	for (int i = 0; i < 5000; i++)
		buffer_append_char(&buffer, 'x');
	buffer_shrink(&buffer, 1000);
	assert_null(buffer.data);
	assert_int_equal(buffer.max_bytes, 10000);
	buffer_finish(&buffer);
}

/* ---- error ---- */

static void error_set_keeps_sentence_and_place(void **state)
{
	(void)state;
	struct error error = { 0 };
	assert_false(error_set(&error, "%s is %d", "x", 1));
	assert_string_equal(error.text, "x is 1");
	assert_non_null(strstr(error.file, "test_base_buffer.c"));
	assert_true(error.line > 0);
	assert_false(error_prefix(&error, "while %s", "testing"));
	assert_string_equal(error.text, "while testing: x is 1");
	assert_false(error_set(NULL, "nobody asks"));
	assert_false(error_prefix(NULL, "nobody asks"));
}

static void error_set_cuts_at_a_code_point(void **state)
{
	(void)state;
	struct error error = { 0 };
	char text[600] = "";
	for (int i = 0; i < 290; i++)
		memcpy(text + 2 * i, "\xD0\x96", 3);
	error_set(&error, "%s", text); /* 511 bytes fit: 255 letters */
	assert_int_equal(strlen(error.text), 510);
	error_prefix(&error, "abc");
	assert_int_equal(strlen(error.text), 511); /* 5 bytes and 253 letters */
	error_prefix(&error, "%s", text);
	assert_int_equal(strlen(error.text), 510);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffer_append_fills_to_the_cap_and_no_further),
		cmocka_unit_test(buffer_append_refuses_hostile_sizes),
		cmocka_unit_test(buffer_append_keeps_a_nul_behind_at_every_size),
		cmocka_unit_test(buffer_format_is_all_or_nothing),
		cmocka_unit_test(buffer_take_gives_the_text_and_leaves_it_empty),
		cmocka_unit_test(buffer_shrink_keeps_small_memory_only),
		cmocka_unit_test(error_set_keeps_sentence_and_place),
		cmocka_unit_test(error_set_cuts_at_a_code_point),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
