#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

bool error_set_at(struct error *error, const char *file, int line, const char *format, ...)
{
	if (!error)
		return false;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
	utf8_repair(error->text);
	error->file = file;
	error->line = line;
	return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
	if (!error)
		return false;
	char old[ERROR_TEXT_BYTES];
	memcpy(old, error->text, sizeof old);
	va_list arguments;
	va_start(arguments, format);
	int used = vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
	size_t left = used >= 0 && (size_t)used < sizeof error->text ? sizeof error->text - (size_t)used : 0;
	if (left)
		snprintf(error->text + used, left, ": %.*s", (int)left, old);
	utf8_repair(error->text);
	return false;
}
