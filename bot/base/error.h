/* error: why a call failed, in one sentence that a person can act on.
 *
 * A function that can fail returns bool and takes a `struct error *` that may be NULL. The text is
 * shown to operators and editors: say what was wrong, where, and what would be right. It never holds
 * a secret and never the text of a message. Not thread-safe; nothing here allocates. */
#ifndef QANTAR_BASE_ERROR_H
#define QANTAR_BASE_ERROR_H

#include <stdbool.h>

enum { ERROR_TEXT_BYTES = 512 };

struct error {
	char text[ERROR_TEXT_BYTES]; /* always terminated; longer sentences are cut at a code point */
	const char *file;            /* the source line that set it, for logs */
	int line;
};

/* Sets `error` (ignored when NULL) and returns false, so that `return error_set(...)` reads well. */
#define error_set(error, ...) error_set_at((error), __FILE__, __LINE__, __VA_ARGS__)

bool error_set_at(struct error *error, const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Puts "prefix: " in front of the text that is there. Returns false. */
bool error_prefix(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
