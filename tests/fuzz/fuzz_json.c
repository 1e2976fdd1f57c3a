/* link: base */
/* json: what the strict scanner lets through, cJSON must take, with the places of all its values; as a message
 * and as a file. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/utf8.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return 0;
}

static void visit(const struct json *json, const cJSON *value, struct buffer *out)
{
	for (; value; value = value->next) {
		struct json_place place = json_locate(json, value);
		if (place.line == 0 || place.column == 0)
			abort();
		if (value->string && !json_append_string(out, value->string))
			return;
		if (cJSON_IsString(value)) {
			if (!utf8_valid(value->valuestring, strlen(value->valuestring)))
				abort();
			json_append_string(out, value->valuestring);
		}
		visit(json, value->child, out);
	}
}

static void parse(const uint8_t *data, size_t size, const struct json_limits *limits)
{
	struct json_fault fault = { 0 };
	struct json *json = json_parse((const char *)data, size, limits, &fault);
	if (!json) {
		if (fault.text[0] == '\0' || !utf8_valid(fault.text, strlen(fault.text)))
			abort();
		return;
	}
	struct buffer out;
	buffer_init(&out, 1 << 20);
	visit(json, json_root(json), &out);
	buffer_finish(&out);
	json_destroy(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse(data, size, &json_limits_message);
	parse(data, size, &json_limits_file);
	return 0;
}
