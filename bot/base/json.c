#include "base/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { DEPTH_MOST = 128 }; /* of any limits; bounds the scanner's recursion */

const struct json_limits json_limits_message = {
	.max_bytes = 16u << 20, .max_depth = 64, .max_values = 1000000, .max_string_bytes = 4u << 20,
};
const struct json_limits json_limits_file = {
	.max_bytes = 64u << 20, .max_depth = 16, .max_values = 4000000, .max_string_bytes = 65536,
};

struct json {
	cJSON *root;
	struct json_place *places; /* [count], in document order */
	size_t count;
};

/* ---- the scanner: RFC 8259, one function a production ---- */

struct key { /* of the object being scanned, for duplicates */
	const char *text; /* raw, without quotes */
	size_t bytes;
	uint64_t hash;
};

struct scanner {
	const char *start, *at, *end;
	const struct json_limits *limits;
	struct json_fault *fault;
	struct json_place *places;
	size_t count, capacity;
	struct key *keys;
	size_t keys_count, keys_capacity;
	unsigned depth;
	const char *line_start; /* of the line that `at` was last located in, so that locating is linear */
	const char *located;
	struct json_place place;
};

/* The place of `where`, which never goes back from call to call. */
static struct json_place place_of(struct scanner *s, const char *where)
{
	for (; s->located < where; s->located++) {
		if (*s->located == '\n') {
			s->place.line++;
			s->place.column = 1;
		} else if (((unsigned char)*s->located & 0xC0) != 0x80) {
			s->place.column++;
		}
	}
	return s->place;
}

static bool fail(struct scanner *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(struct scanner *s, const char *format, ...)
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

/* What stands at the cursor, named for a person. Static or in `text`. */
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
	if (s->count >= s->limits->max_values)
		return fail(s, "more than %zu values", s->limits->max_values);
	if (s->count == s->capacity) {
		size_t capacity = s->capacity ? s->capacity * 2 : 64;
		struct json_place *places = realloc(s->places, capacity * sizeof *places);
		if (!places)
			return fail(s, "no memory for so many values");
		s->places = places;
		s->capacity = capacity;
	}
	s->places[s->count++] = place_of(s, s->at);
	return true;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Four hexadecimal digits after \u; the cursor stands on the first. */
static bool scan_unit(struct scanner *s, unsigned *unit)
{
	if (s->end - s->at < 4 || !is_hex(s->at[0]) || !is_hex(s->at[1]) || !is_hex(s->at[2]) || !is_hex(s->at[3]))
		return fail(s, "\\u needs four hexadecimal digits");
	char digits[5] = { s->at[0], s->at[1], s->at[2], s->at[3], 0 };
	*unit = (unsigned)strtoul(digits, NULL, 16);
	s->at += 4;
	return true;
}

static bool scan_escape(struct scanner *s)
{
	char text[16];
	s->at++;
	if (s->at < s->end && *s->at && strchr("\"\\/bfnrt", *s->at)) {
		s->at++;
		return true;
	}
	if (s->at >= s->end || *s->at != 'u')
		return fail(s, "%s cannot be escaped; write \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\uXXXX", found(s, text));
	s->at++;
	unsigned unit, low;
	if (!scan_unit(s, &unit))
		return false;
	if (unit == 0)
		return fail(s, "\\u0000 is not allowed in a text");
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return fail(s, "a low surrogate without a high one before it");
	if (unit < 0xD800 || unit > 0xDBFF)
		return true;
	if (s->end - s->at < 2 || s->at[0] != '\\' || s->at[1] != 'u')
		return fail(s, "a high surrogate without a low one after it");
	s->at += 2;
	if (!scan_unit(s, &low))
		return false;
	return (low >= 0xDC00 && low <= 0xDFFF) || fail(s, "a high surrogate without a low one after it");
}

/* The cursor stands on the opening quote. `escaped`, if asked for, says whether there is a backslash. */
static bool scan_string(struct scanner *s, bool *escaped)
{
	const char *open = s->at++;
	if (escaped)
		*escaped = false;
	while (s->at < s->end && *s->at != '"') {
		if ((size_t)(s->at - open) > s->limits->max_string_bytes)
			return fail(s, "a text longer than %zu bytes", s->limits->max_string_bytes);
		unsigned char c = (unsigned char)*s->at;
		if (c == '\\') {
			if (escaped)
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
		}
	}
	if (s->at >= s->end)
		return fail(s, "the text that begins here never ends; expected '\"'");
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
	/* cJSON copies a number into 64 bytes and reads no further. */
	return s->at - start <= 60 || fail(s, "a number longer than 60 characters");
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

static uint64_t hash_bytes(const char *data, size_t bytes)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)data[i]) * 1099511628211u;
	return hash;
}

static bool note_key(struct scanner *s, const char *text, size_t bytes, size_t first)
{
	if (s->keys_count - first >= 4096)
		return fail(s, "more than 4096 keys in one object");
	uint64_t hash = hash_bytes(text, bytes);
	for (size_t i = first; i < s->keys_count; i++)
		if (s->keys[i].hash == hash && s->keys[i].bytes == bytes && memcmp(s->keys[i].text, text, bytes) == 0)
			return fail(s, "the key \"%.*s\" stands twice in one object", (int)(bytes > 60 ? 60 : bytes), text);
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
	if (escaped)
		return fail(s, "a key with an escape; write it plainly");
	if (!note_key(s, key, (size_t)(s->at - 1 - key), first))
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
		s->at++;
		skip_space(s);
		if (s->at < s->end && *s->at == close)
			return fail(s, "a ',' before '%c'; take it away", close);
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
		return scan_string(s, NULL);
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

/* ---- documents ---- */

/* Numbers the values in document order, in cJSON's `valueint` (json_integer reads `valuedouble`), so that a value's
 * place is found at once. */
static void number_values(cJSON *value, int *index)
{
	for (; value; value = value->next) {
		value->valueint = (*index)++;
		number_values(value->child, index);
	}
}

struct json *json_parse(const char *text, size_t bytes, const struct json_limits *limits, struct json_fault *fault)
{
	struct json *json = NULL;
	if (bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		bytes -= 3;
	}
	struct scanner s = { .start = text, .at = text, .end = text + bytes, .limits = limits, .fault = fault,
			     .located = text, .place = { 1, 1 } };
	if (bytes > limits->max_bytes) {
		fail(&s, "longer than %zu bytes", limits->max_bytes);
		return NULL;
	}
	if (!scan_document(&s))
		goto out;
	cJSON *root = cJSON_ParseWithLength(text, bytes);
	json = root ? calloc(1, sizeof *json) : NULL;
	if (!json) {
		cJSON_Delete(root);
		fail(&s, "no memory for this document");
		goto out;
	}
	*json = (struct json){ .root = root, .places = s.places, .count = s.count };
	number_values(root, &(int){ 0 });
	s.places = NULL;
out:
	free(s.places);
	free(s.keys);
	return json;
}

void json_destroy(struct json *json)
{
	if (!json)
		return;
	cJSON_Delete(json->root);
	free(json->places);
	free(json);
}

const cJSON *json_root(const struct json *json)
{
	return json->root;
}

struct json_place json_locate(const struct json *json, const cJSON *value)
{
	if (value && value->valueint >= 0 && (size_t)value->valueint < json->count)
		return json->places[value->valueint];
	return (struct json_place){ 0, 0 };
}

/* ---- getters ---- */

const cJSON *json_get(const cJSON *object, const char *key)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

const char *json_string(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(json_get(object, key));
}

const cJSON *json_object(const cJSON *object, const char *key)
{
	const cJSON *value = json_get(object, key);
	return cJSON_IsObject(value) ? value : NULL;
}

const cJSON *json_array(const cJSON *object, const char *key)
{
	const cJSON *value = json_get(object, key);
	return cJSON_IsArray(value) ? value : NULL;
}

bool json_integer(const cJSON *object, const char *key, int64_t *out)
{
	const cJSON *value = json_get(object, key);
	if (!cJSON_IsNumber(value) || !(value->valuedouble >= -9007199254740992.0 && value->valuedouble <= 9007199254740992.0))
		return false;
	int64_t whole = (int64_t)value->valuedouble;
	if ((double)whole != value->valuedouble)
		return false;
	*out = whole;
	return true;
}

bool json_bool(const cJSON *object, const char *key, bool fallback)
{
	const cJSON *value = json_get(object, key);
	return cJSON_IsBool(value) ? cJSON_IsTrue(value) : fallback;
}

bool json_append_string(struct buffer *out, const char *text)
{
	size_t bytes = strlen(text);
	buffer_append_char(out, '"');
	for (size_t i = 0; i < bytes;) {
		uint32_t c;
		size_t length = utf8_next(text + i, bytes - i, &c);
		if (c == '"' || c == '\\')
			buffer_format(out, "\\%c", (char)c);
		else if (c == '\n')
			buffer_append_text(out, "\\n");
		else if (c < 0x20 || c == 0x7F)
			buffer_format(out, "\\u%04x", c);
		else if (c == 0xFFFD)
			buffer_append_text(out, "\xEF\xBF\xBD");
		else
			buffer_append(out, text + i, length);
		i += length;
	}
	buffer_append_char(out, '"');
	return !out->failed;
}
