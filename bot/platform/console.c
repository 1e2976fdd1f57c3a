#include "platform/console.h"

#include <string.h>
#include <wchar.h>

#include "base/utf8.h"

enum { INDENT = 2 };

struct pen {
	struct buffer *out;
	size_t columns;
	size_t indent; /* of lines that follow the first of a block */
	size_t column;
};

/* C0, C1 and what can move a cursor or turn text around. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static size_t width_of(uint32_t c)
{
	int width = is_control(c) ? 1 : wcwidth((wchar_t)c);
	return width < 0 ? 1 : (size_t)width;
}

/* The bytes up to the next space or line end, and their width in columns. */
static size_t measure_word(const char *text, size_t bytes, size_t *width)
{
	size_t at = 0;
	*width = 0;
	while (at < bytes && text[at] != ' ' && text[at] != '\n') {
		uint32_t c;
		at += utf8_next(text + at, bytes - at, &c);
		*width += width_of(c);
	}
	return at;
}

static void new_line(struct pen *pen)
{
	buffer_append_char(pen->out, '\n');
	for (size_t i = 0; i < pen->indent; i++)
		buffer_append_char(pen->out, ' ');
	pen->column = pen->indent;
}

/* A word wider than the line is broken where the line ends. */
static void put_word(struct pen *pen, const char *text, size_t bytes)
{
	for (size_t at = 0; at < bytes;) {
		uint32_t c;
		size_t length = utf8_next(text + at, bytes - at, &c), width = width_of(c);
		if (pen->columns && pen->column + width > pen->columns && pen->column > pen->indent)
			new_line(pen);
		if (is_control(c))
			buffer_append_char(pen->out, ' ');
		else
			buffer_append(pen->out, text + at, length);
		pen->column += width;
		at += length;
	}
}

static void put_text(struct pen *pen, const char *text)
{
	size_t bytes = strlen(text), spaces = 0;
	for (size_t at = 0; at < bytes;) {
		if (text[at] == '\n') {
			new_line(pen);
			spaces = 0;
			at++;
			continue;
		}
		if (text[at] == ' ') {
			spaces++;
			at++;
			continue;
		}
		size_t width, length = measure_word(text + at, bytes - at, &width);
		if (pen->columns && pen->column > pen->indent && pen->column + spaces + width > pen->columns)
			new_line(pen);
		else
			for (; spaces > 0; spaces--, pen->column++)
				buffer_append_char(pen->out, ' ');
		spaces = 0;
		put_word(pen, text + at, length);
		at += length;
	}
}

void console_render(const struct console *console, const struct block *blocks, size_t count, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		bool is_item = blocks[i].kind == BLOCK_ITEM, is_dim = console->colour && blocks[i].kind == BLOCK_NOTE;
		bool is_numbered = is_item && blocks[i].text[0] >= '0' && blocks[i].text[0] <= '9';
		struct pen pen = { .out = out, .columns = console->columns, .indent = is_item ? INDENT * 2 : 0 };
		const char *lead = !is_item ? "" : is_numbered ? "  " : "  - ";
		buffer_append_text(out, is_dim ? "\033[2m" : "");
		buffer_append_text(out, lead);
		pen.column = strlen(lead);
		put_text(&pen, blocks[i].text);
		buffer_append_text(out, is_dim ? "\033[0m\n" : "\n");
	}
}
