/* link: base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

/* RFC 3629, section 4, table of sequences: the first and last of each row, and what stands one beside. */
static const struct {
	const char *bytes;
	size_t length; /* 0: not valid */
	uint32_t code_point;
} sequences[] = {
	{ "\x01", 1, 0x01 }, { "\x7F", 1, 0x7F }, { "\x80", 0, 0 }, { "\xBF", 0, 0 }, { "\xC1\xBF", 0, 0 },
	{ "\xC2\x80", 2, 0x80 }, { "\xDF\xBF", 2, 0x7FF }, { "\xC2\x7F", 0, 0 }, { "\xC2\xC0", 0, 0 }, { "\xC2", 0, 0 },
	{ "\xE0\x9F\xBF", 0, 0 }, { "\xE0\xA0\x80", 3, 0x800 }, { "\xE1\x80\x80", 3, 0x1000 },
	{ "\xEC\xBF\xBF", 3, 0xCFFF },
	{ "\xED\x9F\xBF", 3, 0xD7FF }, { "\xED\xA0\x80", 0, 0 }, { "\xED\xBF\xBF", 0, 0 },
	{ "\xEE\x80\x80", 3, 0xE000 },
	{ "\xEF\xBF\xBF", 3, 0xFFFF }, { "\xEF\xBF", 0, 0 }, { "\xEF\xBF\x7F", 0, 0 }, { "\xF0\x8F\xBF\xBF", 0, 0 },
	{ "\xF0\x90\x80\x80", 4, 0x10000 }, { "\xF1\x80\x80\x80", 4, 0x40000 }, { "\xF4\x8F\xBF\xBF", 4, 0x10FFFF },
	{ "\xF4\x90\x80\x80", 0, 0 }, { "\xF5\x80\x80\x80", 0, 0 }, { "\xFE", 0, 0 }, { "\xFF", 0, 0 },
	{ "\xF0\x90\x80", 0, 0 }, { "\xF0\x90\x80\xC0", 0, 0 },
};

static void utf8_next_knows_every_row_of_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
		uint32_t code_point = 0;
		size_t bytes = strlen(sequences[i].bytes);
		size_t length = utf8_next(sequences[i].bytes, bytes, &code_point);
		bool valid = sequences[i].length > 0;
		assert_int_equal(length, valid ? sequences[i].length : 1);
		assert_int_equal(code_point, valid ? sequences[i].code_point : 0xFFFD);
		assert_int_equal(utf8_valid(sequences[i].bytes, bytes), valid);
	}
}

static void utf8_valid_takes_nul_and_nothing(void **state)
{
	(void)state;
	assert_true(utf8_valid("a\0b", 3));
	assert_true(utf8_valid("", 0));
	assert_false(utf8_valid("good \xFF", 6));
}

static void utf8_floor_never_splits_a_code_point(void **state)
{
	(void)state;
	const char *text = "a\xD0\x96\xE2\x82\xAC\xF0\x9F\x98\x80z"; /* 1, 2, 3, 4 bytes, 1 */
	static const size_t expected[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 11 };
	for (size_t limit = 0; limit < sizeof expected / sizeof *expected; limit++)
		assert_int_equal(utf8_floor(text, strlen(text), limit), expected[limit]);
}

static void utf8_floor_keeps_what_is_no_utf8(void **state)
{
	(void)state;
	assert_int_equal(utf8_floor("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
	assert_int_equal(utf8_floor("", 0, 9), 0);
}

static void utf8_repair_drops_what_a_cut_left(void **state)
{
	(void)state;
	char text[] = "\"\xD2\x9A\xD0\xB0\xD0\" of \xE2\x82 \xF0\x9F\x98\x80 \x80\xEF\xBF\xBD\xD0";
	utf8_repair(text);
	assert_string_equal(text, "\"\xD2\x9A\xD0\xB0\" of  \xF0\x9F\x98\x80 \xEF\xBF\xBD");
}

static void utf8_length_counts_code_points(void **state)
{
	(void)state;
	const char *text = "\xD2\x9A\xD0\xB0\xD0\xB7 \xF0\x9F\x98\x80";
	assert_int_equal(utf8_length(text, strlen(text)), 5);
	assert_int_equal(utf8_length("", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_next_knows_every_row_of_the_table),
		cmocka_unit_test(utf8_valid_takes_nul_and_nothing),
		cmocka_unit_test(utf8_floor_never_splits_a_code_point),
		cmocka_unit_test(utf8_floor_keeps_what_is_no_utf8),
		cmocka_unit_test(utf8_repair_drops_what_a_cut_left),
		cmocka_unit_test(utf8_length_counts_code_points),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
