#include "base/utf8.h"

#include <string.h>

/* Length of the valid sequence at `text`, 0 when it is not one (RFC 3629, section 4). */
static size_t sequence_length(const unsigned char *text, size_t bytes)
{
	unsigned char first = text[0];
	if (first < 0x80)
		return 1;
	size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
	if (first < 0xC2 || first > 0xF4 || bytes < length)
		return 0;
	unsigned char low = 0x80, high = 0xBF;
	if (first == 0xE0)
		low = 0xA0;
	if (first == 0xED)
		high = 0x9F;
	if (first == 0xF0)
		low = 0x90;
	if (first == 0xF4)
		high = 0x8F;
	if (text[1] < low || text[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((text[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

bool utf8_valid(const char *text, size_t bytes)
{
	const unsigned char *at = (const unsigned char *)text;
	while (bytes > 0) {
		size_t length = sequence_length(at, bytes);
		if (length == 0)
			return false;
		at += length;
		bytes -= length;
	}
	return true;
}

size_t utf8_next(const char *text, size_t bytes, uint32_t *code_point)
{
	const unsigned char *at = (const unsigned char *)text;
	if (at[0] < 0x80) { /* nearly all text is of these two kinds */
		*code_point = at[0];
		return 1;
	}
	if (at[0] >= 0xC2 && at[0] < 0xE0 && bytes > 1 && (at[1] & 0xC0) == 0x80) {
		*code_point = (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
		return 2;
	}
	size_t length = sequence_length(at, bytes);
	if (length == 0) {
		*code_point = 0xFFFD;
		return 1;
	}
	uint32_t value = at[0] & (0xFFu >> (length + 1));
	for (size_t i = 1; i < length; i++)
		value = value << 6 | (at[i] & 0x3Fu);
	*code_point = value;
	return length;
}

size_t utf8_floor(const char *text, size_t bytes, size_t limit)
{
	if (limit > bytes)
		limit = bytes;
	/* Step back over at most three continuation bytes to the lead, and drop it if it does not fit. */
	for (size_t back = 1; back <= 4 && back <= limit; back++) {
		unsigned char byte = (unsigned char)text[limit - back];
		if ((byte & 0xC0) == 0x80)
			continue;
		size_t length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
		return length > back ? limit - back : limit;
	}
	return limit;
}

size_t utf8_length(const char *text, size_t bytes)
{
	size_t count = 0;
	for (size_t i = 0; i < bytes; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count;
}

void utf8_repair(char *text)
{
	size_t bytes = strlen(text), kept = 0;
	for (size_t i = 0, length; i < bytes; i += length) {
		uint32_t code_point;
		length = utf8_next(text + i, bytes - i, &code_point);
		if (code_point == 0xFFFD && length == 1)
			continue;
		memmove(text + kept, text + i, length);
		kept += length;
	}
	text[kept] = '\0';
}
