/* RFC 8259, one function a production. */
#include "base/json_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum {
	DEPTH_MOST = 990,      /* of any limits: bounds the recursion here and in cJSON */
	KEYS_MOST = 4096,      /* in one object, where doubles are refused */
	NUMBER_BYTES_MOST = 60, /* cJSON copies a number into 64 bytes and reads no further */
};

struct key { /* of the object being scanned, for duplicates */
	const char *text; /* raw, without quotes */
	size_t bytes, hash;
};

struct scanner {
	const char *start, *at, *end;
	const struct json_limits *limits;
	struct json_fault *fault;
	struct json_scan *out;
	size_t capacity; /* of its places */
	struct key *keys;
	size_t keys_count, keys_capacity;
	unsigned depth;
	const char *located; /* as far as `place` was counted: linear */
	struct json_place place;
};

/* The place of `where`, which never goes back from call to call. */
static struct json_place place_of(struct scanner *s, const char *where)
{
	for (const char *line; (line = memchr(s->located, '\n', (size_t)(where - s->located))); s->located = line + 1) {
		s->place.line++;
		s->place.column = 1;
	}
	for (; s->located < where; s->located++)
		s->place.column += ((unsigned char)*s->located & 0xC0) != 0x80;
	return s->place;
}

__attribute__((format(printf, 2, 3))) static bool fail(struct scanner *s, const char *format, ...)
{
	if (s->fault) {
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(s->fault->text, sizeof s->fault->text, format, arguments);
		va_end(arguments);
		s->fault->place = place_of(s, s->at);
	}
	return false;
}

/* What stands at the cursor, named for a person. */
static const char *found(const struct scanner *s, char text[16])
{
	if (s->at >= s->end)
		return "the end";
	unsigned char c = (unsigned char)*s->at;
	if (c < 0x20 || c >= 0x7F)
		snprintf(text, 16, "byte 0x%02X", c);
	else
		snprintf(text, 16, "'%c'", c);
	return text;
}

static void skip_space(struct scanner *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static bool note_place(struct scanner *s)
{
	if (s->out->count >= s->limits->max_values)
		return fail(s, "more than %zu values", s->limits->max_values);
	if (s->out->count == s->capacity) {
		size_t capacity = s->capacity ? s->capacity * 2 : 64;
		struct json_place *places = realloc(s->out->places, capacity * sizeof *places);
		if (!places)
			return fail(s, "no memory for so many values");
		s->out->places = places;
		s->capacity = capacity;
	}
	s->out->places[s->out->count++] = place_of(s, s->at);
	return true;
}

/* Writes `with`, and spaces after it, over the `bytes` at `from`: the text keeps its length and its places. */
static bool mend(struct scanner *s, const char *from, size_t bytes, const char *with)
{
	size_t whole = (size_t)(s->end - s->start), used = strlen(with);
	if (!s->out->mended) {
		s->out->mended = malloc(whole);
		if (!s->out->mended)
			return fail(s, "no memory for this document");
		memcpy(s->out->mended, s->start, whole);
	}
	char *to = s->out->mended + (from - s->start);
	memcpy(to, with, used);
	memset(to + used, ' ', bytes - used);
	return true;
}

/* An escape \uXXXX that began at `from` and says nothing that a C string could hold. */
static bool bad_escape(struct scanner *s, const char *from, const char *what)
{
	if (s->limits->tolerant)
		return mend(s, from, 6, "\\uFFFD");
	s->at = from;
	return fail(s, "%s", what);
}

/* Four hexadecimal digits after \u; the cursor stands on the first. */
static bool scan_unit(struct scanner *s, unsigned *unit)
{
	char digits[5] = "";
	memcpy(digits, s->at, s->end - s->at < 4 ? 0 : 4);
	if (strspn(digits, "0123456789abcdefABCDEF") != 4)
		return fail(s, "\\u needs four hexadecimal digits");
	*unit = (unsigned)strtoul(digits, NULL, 16);
	s->at += 4;
	return true;
}

static bool scan_escape(struct scanner *s)
{
	char text[16];
	const char *from = s->at++;
	if (s->at < s->end && *s->at && strchr("\"\\/bfnrt", *s->at)) {
		s->at++;
		return true;
	}
	if (s->at >= s->end || *s->at != 'u')
		return fail(s, "%s cannot be escaped; write \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\uXXXX",
			    found(s, text));
	s->at++;
	unsigned unit = 0, low = 0;
	if (!scan_unit(s, &unit))
		return false;
	if (unit == 0)
		return bad_escape(s, from, "\\u0000 is not allowed in a text");
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return bad_escape(s, from, "a low surrogate without a high one before it");
	if (unit < 0xD800 || unit > 0xDBFF)
		return true;
	const char *next = s->at;
	if (s->end - next >= 6 && next[0] == '\\' && next[1] == 'u') {
		s->at += 2;
		if (!scan_unit(s, &low))
			return false;
		if (low >= 0xDC00 && low <= 0xDFFF)
			return true;
		s->at = next; /* it is looked at by itself */
	}
	return bad_escape(s, from, "a high surrogate without a low one after it");
}

/* Over what needs no second look: printable ASCII but quotes and backslashes. */
static void skip_plain(struct scanner *s)
{
	while (s->at < s->end && *s->at >= 0x20 && *s->at < 0x7F && *s->at != '"' && *s->at != '\\')
		s->at++;
}

/* The cursor stands on the opening quote. `escaped` says whether there is a backslash. */
static bool scan_string(struct scanner *s, bool *escaped)
{
	const char *open = s->at++;
	*escaped = false;
	for (skip_plain(s); s->at < s->end && *s->at != '"'; skip_plain(s)) {
		unsigned char c = (unsigned char)*s->at;
		if (c == '\\') {
			*escaped = true;
			if (!scan_escape(s))
				return false;
		} else if (c < 0x20) {
			return fail(s, "a raw control character (0x%02X) inside a text; write it as an escape", c);
		} else if (c < 0x80) {
			s->at++;
		} else {
			uint32_t code_point;
			size_t length = utf8_next(s->at, (size_t)(s->end - s->at), &code_point);
			if (length == 1)
				return fail(s, "byte 0x%02X is not UTF-8", c);
			s->at += length;
			/* Cyrillic letters, which have two bytes, come in rows. */
			while (s->end - s->at > 1 && s->at[0] >= '\xC2' && s->at[0] < '\xE0' && (s->at[1] & 0xC0) == 0x80)
				s->at += 2;
		}
	}
	if ((size_t)(s->at - open - 1) > s->limits->max_string_bytes) {
		s->at = open;
		return fail(s, "a text longer than %zu bytes", s->limits->max_string_bytes);
	}
	if (s->at >= s->end) {
		s->at = open;
		return fail(s, "the text that begins here never ends; expected '\"'");
	}
	s->at++;
	return true;
}

static bool scan_digits(struct scanner *s)
{
	char text[16];
	if (s->at >= s->end || *s->at < '0' || *s->at > '9')
		return fail(s, "expected a digit, found %s", found(s, text));
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return true;
}

static bool scan_number(struct scanner *s)
{
	const char *start = s->at;
	if (*s->at == '-')
		s->at++;
	if (s->at < s->end && *s->at == '0')
		s->at++;
	else if (!scan_digits(s))
		return false;
	if (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		return fail(s, "a number may not begin with 0");
	if (s->at < s->end && *s->at == '.') {
		s->at++;
		if (!scan_digits(s))
			return false;
	}
	if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
		s->at++;
		if (s->at < s->end && (*s->at == '+' || *s->at == '-'))
			s->at++;
		if (!scan_digits(s))
			return false;
	}
	if (s->at - start <= NUMBER_BYTES_MOST)
		return true;
	if (s->limits->tolerant)
		return mend(s, start, (size_t)(s->at - start), "0");
	s->at = start;
	return fail(s, "a number longer than %d characters", NUMBER_BYTES_MOST);
}

static bool scan_word(struct scanner *s)
{
	static const char *const words[] = { "true", "false", "null" };
	char text[16];
	for (size_t i = 0; i < 3; i++) {
		size_t bytes = strlen(words[i]);
		if ((size_t)(s->end - s->at) >= bytes && memcmp(s->at, words[i], bytes) == 0) {
			s->at += bytes;
			return true;
		}
	}
	return fail(s, "expected a value, found %s", found(s, text));
}

static bool note_key(struct scanner *s, const char *text, size_t bytes, size_t first)
{
	if (s->keys_count - first >= KEYS_MOST)
		return fail(s, "more than %d keys in one object", KEYS_MOST);
	size_t hash = 14695981039346656037u; /* FNV-1a */
	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
	for (size_t i = first; i < s->keys_count; i++)
		if (s->keys[i].hash == hash && s->keys[i].bytes == bytes && memcmp(s->keys[i].text, text, bytes) == 0)
			return fail(s, "the key \"%.*s\" stands twice in one object",
				    (int)utf8_floor(text, bytes, 60), text);
	if (s->keys_count == s->keys_capacity) {
		size_t capacity = s->keys_capacity ? s->keys_capacity * 2 : 32;
		struct key *keys = realloc(s->keys, capacity * sizeof *keys);
		if (!keys)
			return fail(s, "no memory for so many keys");
		s->keys = keys;
		s->keys_capacity = capacity;
	}
	s->keys[s->keys_count++] = (struct key){ text, bytes, hash };
	return true;
}

/* The cursor stands behind the closing quote, and on the opening one when the key is refused. */
static bool check_key(struct scanner *s, const char *key, bool escaped, size_t first)
{
	const char *after = s->at;
	s->at = key - 1;
	if (escaped)
		return fail(s, "a key with an escape; write it plainly");
	if (!note_key(s, key, (size_t)(after - 1 - key), first))
		return false;
	s->at = after;
	return true;
}

static bool scan_value(struct scanner *s);

static bool scan_member(struct scanner *s, size_t first)
{
	char text[16];
	skip_space(s);
	if (s->at >= s->end || *s->at != '"')
		return fail(s, "expected a key in quotes, found %s", found(s, text));
	const char *key = s->at + 1;
	bool escaped;
	if (!scan_string(s, &escaped))
		return false;
	if (!s->limits->tolerant && !check_key(s, key, escaped, first))
		return false;
	skip_space(s);
	if (s->at >= s->end || *s->at != ':')
		return fail(s, "expected ':' after the key, found %s", found(s, text));
	s->at++;
	return scan_value(s);
}

/* Array or object: the cursor stands on the bracket. */
static bool scan_container(struct scanner *s)
{
	char text[16];
	bool is_object = *s->at == '{';
	char close = is_object ? '}' : ']';
	if (++s->depth > s->limits->max_depth || s->depth > DEPTH_MOST)
		return fail(s, "nested deeper than %u", s->limits->max_depth);
	s->at++;
	size_t first = s->keys_count;
	skip_space(s);
	bool empty = s->at < s->end && *s->at == close;
	while (!empty) {
		if (!(is_object ? scan_member(s, first) : scan_value(s)))
			return false;
		skip_space(s);
		if (s->at < s->end && *s->at == close)
			break;
		if (s->at >= s->end || *s->at != ',')
			return fail(s, "expected ',' or '%c', found %s", close, found(s, text));
		const char *comma = s->at++;
		skip_space(s);
		if (s->at < s->end && *s->at == close) {
			s->at = comma;
			return fail(s, "a ',' before '%c'; take it away", close);
		}
	}
	s->at++;
	s->keys_count = first;
	s->depth--;
	return true;
}

static bool scan_value(struct scanner *s)
{
	char text[16];
	skip_space(s);
	if (s->at >= s->end)
		return fail(s, "expected a value, found the end");
	if (!note_place(s))
		return false;
	char c = *s->at;
	if (c == '{' || c == '[')
		return scan_container(s);
	if (c == '"')
		return scan_string(s, &(bool){ false });
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(s);
	if (c == '\'')
		return fail(s, "expected a value, found %s; texts stand in double quotes", found(s, text));
	return scan_word(s);
}

static bool scan_document(struct scanner *s)
{
	char text[16];
	if (!scan_value(s))
		return false;
	skip_space(s);
	return s->at == s->end || fail(s, "expected the end, found %s", found(s, text));
}

bool json_scan(struct json_scan *scan, const char *text, size_t bytes, const struct json_limits *limits,
	       struct json_fault *fault)
{
	*scan = (struct json_scan){ 0 };
	struct scanner s = { .start = text, .at = text, .end = text + bytes, .located = text, .place = { 1, 1 },
			     .limits = limits, .fault = fault, .out = scan };
	bool fits = bytes <= limits->max_bytes;
	bool done = fits ? scan_document(&s) : fail(&s, "longer than %zu bytes", limits->max_bytes);
	free(s.keys);
	return done;
}

void json_scan_finish(struct json_scan *scan)
{
	free(scan->places);
	free(scan->mended);
	*scan = (struct json_scan){ 0 };
}
