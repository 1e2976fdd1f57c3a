#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

void buffer_init(struct buffer *buffer, size_t max_bytes)
{
	*buffer = (struct buffer){ .max_bytes = max_bytes };
}

void buffer_finish(struct buffer *buffer)
{
	free(buffer->data);
	buffer_init(buffer, buffer->max_bytes);
}

void buffer_clear(struct buffer *buffer)
{
	buffer->bytes = 0;
	buffer->failed = false;
	if (buffer->data)
		buffer->data[0] = '\0';
}

void buffer_shrink(struct buffer *buffer, size_t keep_bytes)
{
	if (buffer->capacity > keep_bytes)
		buffer_finish(buffer);
	else
		buffer_clear(buffer);
}

/* Makes room for `more` bytes and the NUL. */
static bool reserve(struct buffer *buffer, size_t more)
{
	if (buffer->failed || more > buffer->max_bytes - buffer->bytes) {
		buffer->failed = true;
		return false;
	}
	size_t needed = buffer->bytes + more + 1;
	if (needed <= buffer->capacity)
		return true;
	size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
	while (capacity < needed)
		capacity += capacity / 2;
	if (capacity > buffer->max_bytes + 1)
		capacity = buffer->max_bytes + 1;
	char *data = realloc(buffer->data, capacity);
	if (!data) {
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

bool buffer_append(struct buffer *buffer, const void *data, size_t bytes)
{
	if (!reserve(buffer, bytes))
		return false;
	if (bytes)
		memcpy(buffer->data + buffer->bytes, data, bytes);
	buffer->bytes += bytes;
	buffer->data[buffer->bytes] = '\0';
	return true;
}

bool buffer_append_text(struct buffer *buffer, const char *text)
{
	return buffer_append(buffer, text, strlen(text));
}

bool buffer_append_char(struct buffer *buffer, char c)
{
	return buffer_append(buffer, &c, 1);
}

bool buffer_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int bytes = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	bool done = bytes >= 0 && reserve(buffer, (size_t)bytes);
	if (done) {
		vsnprintf(buffer->data + buffer->bytes, (size_t)bytes + 1, format, again);
		buffer->bytes += (size_t)bytes;
	} else {
		buffer->failed = true;
	}
	va_end(again);
	return done;
}

const char *buffer_text(const struct buffer *buffer)
{
	return buffer->data ? buffer->data : "";
}

char *buffer_take(struct buffer *buffer)
{
	char *data = NULL;
	if (!buffer->failed && reserve(buffer, 0)) {
		data = buffer->data;
		data[buffer->bytes] = '\0';
		buffer->data = NULL;
	}
	buffer_finish(buffer);
	return data;
}

/* The one place where running out of memory ends the program. */
static void *or_abort(void *memory)
{
	if (memory)
		return memory;
	fputs("qantar: out of memory\n", stderr);
	abort();
}

void *memory_zeroed(size_t count, size_t size)
{
	return or_abort(calloc(count ? count : 1, size ? size : 1));
}

char *memory_text(const char *text)
{
	return text ? or_abort(strdup(text)) : NULL;
}
