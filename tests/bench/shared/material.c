#include "material.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"

enum { FILE_BYTES = 256 << 20 };

static void add(char ***list, size_t *count, const char *text)
{
	if ((*count & (*count - 1)) == 0) { /* at powers of two */
		char **larger = realloc(*list, (*count > 0 ? *count * 2 : 1) * sizeof **list);
		if (!larger)
			abort();
		*list = larger;
	}
	(*list)[(*count)++] = memory_text(text);
}

static void add_fact(struct material *material, const cJSON *fact)
{
	const cJSON *languages = json_object(fact, "questions");
	for (const cJSON *list = languages ? languages->child : NULL; list; list = list->next)
		for (const cJSON *text = list->child; text; text = text->next)
			if (cJSON_IsString(text))
				add(&material->rows, &material->rows_count, text->valuestring);
}

static bool read_facts(const char *path, struct material *material, struct error *error)
{
	struct buffer text;
	struct json_fault fault = { 0 };
	bool read = file_read(path, FILE_BYTES, &text, error);
	struct json *json = read ? json_parse(text.data, text.bytes, &json_limits_file, &fault) : NULL;
	if (read && !json)
		error_set(error, "%s: line %u: %s", path, fault.place.line, fault.text);
	const cJSON *facts = json ? json_array(json_root(json), "facts") : NULL;
	for (const cJSON *fact = facts ? facts->child : NULL; fact; fact = fact->next)
		add_fact(material, fact);
	json_destroy(json);
	buffer_finish(&text);
	return json != NULL;
}

static bool read_folder(const char *directory, struct material *material, struct error *error)
{
	char *folder = file_join(directory, "facts");
	DIR *open = opendir(folder);
	bool good = open || error_set(error, "%s: cannot be read", folder);
	for (struct dirent *entry = open ? readdir(open) : NULL; good && entry; entry = readdir(open)) {
		const char *dot = strrchr(entry->d_name, '.');
		if (!dot || strcmp(dot, ".json") != 0)
			continue;
		char *path = file_join(folder, entry->d_name);
		good = read_facts(path, material, error);
		free(path);
	}
	if (open)
		closedir(open);
	free(folder);
	return good;
}

static bool read_lines(const char *directory, const char *name, struct material *material)
{
	char *path = file_join(directory, name);
	struct buffer text;
	bool read = file_read(path, FILE_BYTES, &text, NULL);
	free(path);
	char *rest = text.data;
	for (char *line = read ? strsep(&rest, "\n") : NULL; line; line = strsep(&rest, "\n")) {
		struct json *json = json_parse(line, strlen(line), &json_limits_message, NULL);
		const char *question = json ? json_string(json_root(json), "q") : NULL;
		if (question)
			add(&material->questions, &material->questions_count, question);
		json_destroy(json);
	}
	buffer_finish(&text);
	return material->questions_count > 0;
}

bool material_read(const char *directory, struct material *material, struct error *error)
{
	*material = (struct material){ 0 };
	if (!read_folder(directory, material, error))
		return false;
	if (!read_lines(directory, "questions/people.jsonl", material))
		read_lines(directory, "questions/unrelated.jsonl", material);
	if (material->rows_count == 0 || material->questions_count == 0)
		return error_set(error, "%s: has no questions to measure with", directory);
	return true;
}

void material_finish(struct material *material)
{
	for (size_t i = 0; i < material->rows_count; i++)
		free(material->rows[i]);
	for (size_t i = 0; i < material->questions_count; i++)
		free(material->questions[i]);
	free(material->rows);
	free(material->questions);
	*material = (struct material){ 0 };
}
