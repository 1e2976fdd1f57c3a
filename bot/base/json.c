#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json_scan.h"
#include "base/utf8.h"

const struct json_limits json_limits_message = {
	.max_bytes = 16u << 20, .max_depth = 990, .max_values = 1000000, .max_string_bytes = 4u << 20, .tolerant = true,
};
const struct json_limits json_limits_file = {
	.max_bytes = 64u << 20, .max_depth = 16, .max_values = 4000000, .max_string_bytes = 65536,
};

struct json {
	cJSON *root;
	struct json_place *places; /* [count], in document order */
	size_t count;
};

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
	struct json_scan scan;
	if (bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		bytes -= 3;
	}
	if (!json_scan(&scan, text, bytes, limits, fault))
		goto out;
	cJSON *root = cJSON_ParseWithLength(scan.mended ? scan.mended : text, bytes);
	json = root ? calloc(1, sizeof *json) : NULL;
	if (!json) {
		cJSON_Delete(root);
		if (fault)
			*fault = (struct json_fault){ { 1, 1 }, "no memory for this document" };
		goto out;
	}
	*json = (struct json){ .root = root, .places = scan.places, .count = scan.count };
	number_values(root, &(int){ 0 });
	scan.places = NULL;
out:
	json_scan_finish(&scan);
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
	const double most = 9007199254740992.0; /* 2^53 */
	if (!cJSON_IsNumber(value) || !(value->valuedouble >= -most && value->valuedouble <= most))
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
