/* buffer: bytes that grow up to a declared maximum, always followed by a NUL.
 *
 * init/finish do not allocate; the first append does. An append that would pass `max_bytes`, or for
 * which memory is not to be had, changes nothing, sets `failed` and returns false: a caller may append
 * many times and look at `failed` once. */
#ifndef QANTAR_BASE_BUFFER_H
#define QANTAR_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
	char *data;       /* NULL until the first append; owned */
	size_t bytes;     /* without the NUL */
	size_t capacity;
	size_t max_bytes; /* without the NUL */
	bool failed;
};

void buffer_init(struct buffer *buffer, size_t max_bytes);
void buffer_finish(struct buffer *buffer);
/* Forgets the content and `failed`; keeps the memory. */
void buffer_clear(struct buffer *buffer);
/* Forgets the content and gives the memory back when it holds more than `keep_bytes`. */
void buffer_shrink(struct buffer *buffer, size_t keep_bytes);

bool buffer_append(struct buffer *buffer, const void *data, size_t bytes);
bool buffer_append_text(struct buffer *buffer, const char *text);
bool buffer_append_char(struct buffer *buffer, char c);
bool buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The content as a string, "" when empty. Borrowed until the next call. */
const char *buffer_text(const struct buffer *buffer);
/* The content as a malloc'd string (the caller frees) and an empty buffer; NULL when `failed`. */
char *buffer_take(struct buffer *buffer);

/* Small allocations: abort with a message when there is no memory (one place for all of them).
 * Never for sizes that come from outside: those go through a buffer with a maximum. */
void *memory_zeroed(size_t count, size_t size);
char *memory_text(const char *text); /* NULL for NULL */

#endif
