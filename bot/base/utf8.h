/* utf8: what every part must know of text from outside. */
#ifndef QANTAR_BASE_UTF8_H
#define QANTAR_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF. NUL is valid here. */
bool utf8_valid(const char *text, size_t bytes);

/* Reads one code point of valid UTF-8 at `text` (bytes > 0) and returns its length; an invalid byte
 * gives U+FFFD and length 1. */
size_t utf8_next(const char *text, size_t bytes, uint32_t *code_point);

/* The largest n <= limit at which `text` can be cut without splitting a code point. */
size_t utf8_floor(const char *text, size_t bytes, size_t limit);

/* Drops the bytes that are no UTF-8, in place: for a message in which "%.80s" may have cut a code point. */
void utf8_repair(char *text);

/* Code points in `text`. */
size_t utf8_length(const char *text, size_t bytes);

#endif
