#include "base/log.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { LINE_BYTES_MOST = 16384 }; /* fields that would pass it are left out */

struct log {
	FILE *stream;
	enum log_level least;
};

struct log *log_create(FILE *stream, enum log_level least)
{
	struct log *log = memory_zeroed(1, sizeof *log);
	log->stream = stream ? stream : stderr;
	log->least = least;
	return log;
}

void log_destroy(struct log *log)
{
	free(log);
}

static bool is_plain(const char *text)
{
	if (!*text)
		return false;
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7F || strchr("\"=\\", *at))
			return false;
	return true;
}

/* Code points that can move a terminal's cursor or turn its text around: C0, C1, bidi controls, separators. */
static bool is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static void append_value(struct buffer *line, const char *text)
{
	size_t bytes = strnlen(text, LOG_VALUE_BYTES + 1);
	bool cut = bytes > LOG_VALUE_BYTES;
	if (cut)
		bytes = utf8_floor(text, LOG_VALUE_BYTES, LOG_VALUE_BYTES);
	if (!cut && is_plain(text)) {
		buffer_append(line, text, bytes);
		return;
	}
	buffer_append_char(line, '"');
	for (size_t i = 0; i < bytes;) {
		uint32_t c;
		size_t length = utf8_next(text + i, bytes - i, &c);
		if (c == '"' || c == '\\')
			buffer_format(line, "\\%c", (char)c);
		else if (is_harmful(c) || c == 0xFFFD)
			buffer_format(line, "\\u%04x", c);
		else
			buffer_append(line, text + i, length);
		i += length;
	}
	buffer_append_text(line, cut ? "...\"" : "\"");
}

static void append_time(struct buffer *line)
{
	struct timespec now;
	struct tm utc;
	char text[32];
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	buffer_format(line, "time=%s.%03ldZ", text, now.tv_nsec / 1000000);
}

void log_write(struct log *log, enum log_level level, const char *module, const char *event,
	       const struct log_field *fields)
{
	static const char *const names[] = { "debug", "info", "warning", "error" };
	if (!log || level < log->least)
		return;
	struct buffer line;
	buffer_init(&line, LINE_BYTES_MOST + 1); /* the line's end always fits */
	append_time(&line);
	buffer_format(&line, " level=%s module=%s event=%s", names[level], module, event);
	for (; fields->key; fields++) {
		size_t whole = line.bytes;
		buffer_format(&line, " %s=", fields->key);
		if (fields->text)
			append_value(&line, fields->text);
		else
			buffer_format(&line, "%lld", (long long)fields->number);
		if (line.failed || line.bytes > LINE_BYTES_MOST) {
			line.failed = false;
			line.bytes = whole;
			break;
		}
	}
	buffer_append_char(&line, '\n');
	fwrite(buffer_text(&line), 1, line.bytes, log->stream);
	fflush(log->stream);
	buffer_finish(&line);
}
