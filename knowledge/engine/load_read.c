#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "engine/loader.h"

void *list_add(struct list *list, size_t size)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 16;
		char *items = memory_zeroed(capacity, size);
		if (list->count)
			memcpy(items, list->items, list->count * size);
		free(list->items);
		list->items = items;
		list->capacity = capacity;
	}
	return (char *)list->items + list->count++ * size;
}

void *list_keep(const struct list *list, struct arena *arena, size_t size)
{
	void *kept = arena_array(arena, list->count, size);
	if (list->count)
		memcpy(kept, list->items, list->count * size);
	return kept;
}

struct place place_of(const struct loader *loader, const cJSON *value)
{
	struct json_place place = json_locate(loader->json, value);
	return (struct place){ loader->file, place.line + loader->line_offset, place.column };
}

void complain(struct loader *loader, const char *kind, const cJSON *value, const char *format, ...)
{
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	text[utf8_floor(text, strlen(text), sizeof text - 2)] = '\0';
	report_error(loader->report, kind, report_place(loader->base, place_of(loader, value)), "%s", text);
}

static bool is_one_of(const char *word, const char *const words[])
{
	for (; *words; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

/* "a, b, c" into `text`, for messages. */
static const char *enumerate(const char *const words[], char *text, size_t bytes)
{
	size_t used = 0;
	text[0] = '\0';
	for (size_t i = 0; words[i] && used < bytes; i++)
		used += (size_t)snprintf(text + used, bytes - used, "%s%s", i ? ", " : "", words[i]);
	return text;
}

bool read_object(struct loader *loader, const cJSON *value, const char *what, const char *const keys[])
{
	char list[256];
	if (!cJSON_IsObject(value)) {
		complain(loader, "schema", value, "%s must be an object: { ... }", what);
		return false;
	}
	for (const cJSON *member = value->child; member; member = member->next)
		if (!is_one_of(member->string, keys))
			complain(loader, "schema", member, "%s has no key \"%.60s\"; the keys are: %s", what,
				 member->string, enumerate(keys, list, sizeof list));
	return true;
}

const cJSON *read_array(struct loader *loader, const cJSON *object, const char *key, bool required, int most)
{
	const cJSON *value = json_get(object, key);
	if (!value) {
		if (required)
			complain(loader, "schema", object, "\"%s\" is missing; add a list: \"%s\": [...]", key, key);
		return NULL;
	}
	if (!cJSON_IsArray(value)) {
		complain(loader, "schema", value, "\"%s\" must be a list: [...]", key);
		return NULL;
	}
	if (cJSON_GetArraySize(value) > most) {
		complain(loader, "schema", value, "\"%s\" has more than %d entries; split it", key, most);
		return NULL;
	}
	return value;
}

const char *take_text(struct loader *loader, const cJSON *value, const char *what)
{
	const char *text = cJSON_GetStringValue(value);
	if (!text) {
		complain(loader, "schema", value, "%s must be a text in double quotes", what);
		return NULL;
	}
	size_t bytes = strlen(text);
	if (bytes > LOAD_TEXT_BYTES) {
		complain(loader, "schema", value, "%s is %zu bytes long; at most %d are allowed, shorten it", what,
			 bytes, LOAD_TEXT_BYTES);
		return NULL;
	}
	if (strspn(text, " \t\r\n") == bytes) {
		complain(loader, "schema", value, "%s is empty; write it or take it away", what);
		return NULL;
	}
	return arena_text(loader->texts, text, bytes);
}

/* A text as it should be; for all others take_text says what is wrong. */
static const char *take_good_text(struct loader *loader, const cJSON *value)
{
	const char *text = cJSON_GetStringValue(value);
	size_t bytes = text ? strlen(text) : 0;
	bool good = bytes > 0 && bytes <= LOAD_TEXT_BYTES && !strchr(" \t\r\n", text[0]);
	return good ? arena_text(loader->texts, text, bytes) : NULL;
}

const char *read_text(struct loader *loader, const cJSON *object, const char *key, bool required)
{
	char what[80];
	const cJSON *value = json_get(object, key);
	const char *text = take_good_text(loader, value);
	if (text)
		return text;
	snprintf(what, sizeof what, "\"%s\"", key);
	if (value)
		return take_text(loader, value, what);
	if (required)
		complain(loader, "schema", object, "\"%s\" is missing; add a text: \"%s\": \"...\"", key, key);
	return NULL;
}

static bool is_kebab_case(const char *id)
{
	for (const char *at = id; *at; at++) {
		bool dash = *at == '-';
		if (!dash && !(*at >= 'a' && *at <= 'z') && !(*at >= '0' && *at <= '9'))
			return false;
		if (dash && (at == id || at[-1] == '-' || !at[1]))
			return false;
	}
	return *id;
}

const char *take_id(struct loader *loader, const cJSON *value, const char *what)
{
	const char *id = take_text(loader, value, what);
	if (!id)
		return NULL;
	if (strlen(id) >= KNOWLEDGE_ID_BYTES) {
		complain(loader, "schema", value, "%s is longer than %d characters", what, KNOWLEDGE_ID_BYTES - 1);
		return NULL;
	}
	if (!is_kebab_case(id)) {
		complain(loader, "schema", value,
			 "%s \"%s\" is not kebab-case: small Latin letters and digits, "
			 "words joined by single dashes, like \"gas-prices\"",
			 what, id);
		return NULL;
	}
	return id;
}

const char *read_id(struct loader *loader, const cJSON *object, const char *key)
{
	char what[80];
	const cJSON *value = json_get(object, key);
	snprintf(what, sizeof what, "\"%s\"", key);
	if (value)
		return take_id(loader, value, what);
	complain(loader, "schema", object, "\"%s\" is missing; add one in kebab-case: \"%s\": \"gas-prices\"", key,
		 key);
	return NULL;
}

void read_texts(struct loader *loader, const cJSON *array, const char *what, struct texts *out)
{
	size_t count = array ? (size_t)cJSON_GetArraySize(array) : 0;
	if (!count)
		return;
	out->items = arena_array(loader->texts, count, sizeof *out->items);
	out->places = arena_array(loader->texts, count, sizeof *out->places);
	const cJSON *item;
	cJSON_ArrayForEach(item, array)
	{
		const char *text = take_text(loader, item, what);
		if (!text)
			continue;
		out->places[out->count] = place_of(loader, item);
		out->items[out->count++] = text;
	}
}

static const char *const language_keys[] = { "en", "ru", "kk", NULL };

unsigned read_said(struct loader *loader, const cJSON *object, const char *key, bool required,
		   const char *out[LANGUAGE_COUNT])
{
	char what[80];
	const cJSON *said = json_get(object, key);
	if (!said) {
		if (required)
			complain(loader, "schema", object,
				 "\"%s\" is missing; add \"%s\": {\"en\": ..., \"ru\": ..., \"kk\": ...}", key, key);
		return 0;
	}
	snprintf(what, sizeof what, "\"%s\"", key);
	if (!read_object(loader, said, what, language_keys))
		return 0;
	const char *any = NULL;
	unsigned there = 0;
	for (int i = LANGUAGE_COUNT - 1; i >= LANGUAGE_EN; i--) {
		out[i] = read_text(loader, said, language_keys[i - 1], false);
		any = out[i] ? out[i] : any;
		there |= out[i] ? 1u << i : 0;
	}
	if (!said->child)
		complain(loader, "schema", said, "\"%s\" has no text in any language", key);
	for (int i = LANGUAGE_NONE; i < LANGUAGE_COUNT; i++)
		out[i] = out[i] ? out[i] : any;
	return there;
}

void read_lists(struct loader *loader, const cJSON *object, const char *key, bool required,
		struct texts out[LANGUAGE_COUNT])
{
	char what[80];
	const cJSON *lists = json_get(object, key);
	if (!lists) {
		if (required)
			complain(loader, "schema", object,
				 "\"%s\" is missing; add \"%s\": {\"en\": [...], \"ru\": [...], \"kk\": [...]}", key,
				 key);
		return;
	}
	snprintf(what, sizeof what, "a text of \"%s\"", key);
	if (!read_object(loader, lists, key, language_keys))
		return;
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++)
		read_texts(loader, read_array(loader, lists, language_keys[i - 1], false, LOAD_LIST_TEXTS), what,
			   &out[i]);
}

static bool is_digits(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

/* "YYYY-MM-DD" with a day that the month has. */
static bool is_day(const char *text)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !is_digits(text, 4) ||
	    !is_digits(text + 5, 2) || !is_digits(text + 8, 2))
		return false;
	int year = (int)strtol(text, NULL, 10), month = (int)strtol(text + 5, NULL, 10),
	    day = (int)strtol(text + 8, NULL, 10);
	if (month < 1 || month > 12 || day < 1)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day <= days[month - 1] + (month == 2 && leap);
}

void read_day(struct loader *loader, const cJSON *object, const char *key, bool required, bool year_alone,
	      char out[11])
{
	const char *text = read_text(loader, object, key, required);
	out[0] = '\0';
	if (!text)
		return;
	if (is_day(text) || (year_alone && strlen(text) == 4 && is_digits(text, 4)))
		memcpy(out, text, strlen(text) + 1);
	else
		complain(loader, "schema", json_get(object, key),
			 "\"%s\" is \"%.40s\", which is no day%s; write it as 2022-01-06%s", key, text,
			 year_alone ? " and no year" : "", year_alone ? " or 1968" : "");
}

int read_word(struct loader *loader, const cJSON *value, const char *what, const char *const words[])
{
	char list[256];
	const char *word = cJSON_GetStringValue(value);
	for (int i = 0; word && words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	complain(loader, "schema", value, "\"%s\" must be one of: %s", what, enumerate(words, list, sizeof list));
	return -1;
}
