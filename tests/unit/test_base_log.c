/* link: base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/utf8.h"

struct memory_log {
	struct log *log;
	FILE *stream;
	char *text;
	size_t bytes;
};

static void open_log(struct memory_log *memory, enum log_level least)
{
	memory->stream = open_memstream(&memory->text, &memory->bytes);
	assert_non_null(memory->stream);
	memory->log = log_create(memory->stream, least);
}

static void close_log(struct memory_log *memory)
{
	log_destroy(memory->log);
	fclose(memory->stream);
	free(memory->text);
}

static size_t lines(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* The value of `key` in the first line, quotes included. */
static void expect_logged(const char *text, const char *expected)
{
	struct memory_log memory;
	open_log(&memory, LOG_INFO);
	log_event(memory.log, LOG_INFO, "net", "test", LOG_TEXT("key", text));
	const char *at = strstr(memory.text, " key=");
	assert_non_null(at);
	char wanted[4096];
	snprintf(wanted, sizeof wanted, " key=%s\n", expected);
	assert_string_equal(at, wanted);
	assert_int_equal(lines(memory.text), 1);
	close_log(&memory);
}

static void log_event_writes_one_logfmt_line(void **state)
{
	(void)state;
	struct memory_log memory;
	open_log(&memory, LOG_INFO);
	log_event(memory.log, LOG_WARNING, "discord", "resumed", LOG_NUMBER("seq", -42), LOG_TEXT("host", "a.example"));
	assert_int_equal(strncmp(memory.text, "time=20", 7), 0);
	const char *rest = strstr(memory.text, "Z ");
	assert_non_null(rest);
	assert_string_equal(rest, "Z level=warning module=discord event=resumed seq=-42 host=a.example\n");
	close_log(&memory);
}

static void log_event_leaves_out_what_is_below_its_level(void **state)
{
	(void)state;
	struct memory_log memory;
	open_log(&memory, LOG_WARNING);
	log_event(memory.log, LOG_INFO, "m", "quiet");
	log_event(memory.log, LOG_ERROR, "m", "loud");
	assert_int_equal(lines(memory.text), 1);
	assert_null(strstr(memory.text, "quiet"));
	close_log(&memory);
	log_event(NULL, LOG_ERROR, "m", "nobody listens");
	log_destroy(NULL);
}

static void log_event_quotes_what_could_forge_a_line(void **state)
{
	(void)state;
	expect_logged("plain/value:1", "plain/value:1");
	expect_logged("", "\"\"");
	expect_logged(NULL, "\"\"");
	expect_logged("two words", "\"two words\"");
	expect_logged("a=b", "\"a=b\"");
	expect_logged("x\nlevel=error module=forged", "\"x\\u000alevel=error module=forged\"");
	expect_logged("say \"no\" \\", "\"say \\\"no\\\" \\\\\"");
	expect_logged("\x1B[31m\x7F\r\t", "\"\\u001b[31m\\u007f\\u000d\\u0009\"");
	expect_logged("\xD2\x9A\xD0\xB0\xD0\xB7", "\"\xD2\x9A\xD0\xB0\xD0\xB7\"");
	expect_logged("bad \xFF\xC3", "\"bad \\ufffd\\ufffd\"");
	/* C1 controls; marks and overrides of writing direction; separators; zero width */
	expect_logged("\xC2\x85\xC2\x9B", "\"\\u0085\\u009b\"");
	expect_logged("\xE2\x80\xAE\xE2\x81\xA6\xD8\x9C", "\"\\u202e\\u2066\\u061c\"");
	expect_logged("\xE2\x80\xA8\xE2\x80\x8B\xEF\xBB\xBF", "\"\\u2028\\u200b\\ufeff\"");
}

static void log_event_cuts_a_value_at_its_cap(void **state)
{
	(void)state;
	char text[300], expected[320];
	memset(text, 'x', sizeof text);
	text[LOG_VALUE_BYTES] = '\0';
	expect_logged(text, text); /* at the cap */
	text[LOG_VALUE_BYTES] = 'x';
	text[LOG_VALUE_BYTES + 1] = '\0';
	snprintf(expected, sizeof expected, "\"%.*s...\"", LOG_VALUE_BYTES, text);
	expect_logged(text, expected);
	memcpy(text + LOG_VALUE_BYTES - 1, "\xD0\x96", 3); /* a letter across the cap goes as a whole */
	snprintf(expected, sizeof expected, "\"%.*s...\"", LOG_VALUE_BYTES - 1, text);
	expect_logged(text, expected);
}

static void log_write_ends_a_line_with_too_many_fields(void **state)
{
	(void)state;
	struct memory_log memory;
	struct log_field fields[100] = { 0 };
	char text[LOG_VALUE_BYTES + 1];
	memset(text, '\n', LOG_VALUE_BYTES); /* six bytes each when escaped */
	text[LOG_VALUE_BYTES] = '\0';
	for (int i = 0; i < 99; i++)
		fields[i] = LOG_TEXT("k", text);
	open_log(&memory, LOG_INFO);
	log_write(memory.log, LOG_INFO, "m", "first", fields);
	log_event(memory.log, LOG_INFO, "m", "second");
	assert_int_equal(lines(memory.text), 2);
	assert_non_null(strstr(memory.text, "\ntime="));
	close_log(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_event_writes_one_logfmt_line),
		cmocka_unit_test(log_event_leaves_out_what_is_below_its_level),
		cmocka_unit_test(log_event_quotes_what_could_forge_a_line),
		cmocka_unit_test(log_event_cuts_a_value_at_its_cap),
		cmocka_unit_test(log_write_ends_a_line_with_too_many_fields),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
