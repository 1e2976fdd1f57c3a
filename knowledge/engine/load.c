#include "engine/load.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/file.h"
#include "engine/loader.h"
#include "engine/text.h"

static const char sources_file[] = "sources.json", lexicon_file[] = "lexicon.json";
static const char facts_folder[] = "facts", unrelated_file[] = "questions/unrelated.jsonl";

static void hash_bytes(uint64_t *hash, const char *data, size_t bytes)
{
	uint64_t word = 0, sum = *hash + bytes;
	size_t i = 0;
	for (; bytes - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		sum = (sum ^ word) * 0x9E3779B97F4A7C15u; /* Fibonacci hashing (Knuth 6.4), a word at a time */
		sum ^= sum >> 32;
	}
	word = 0;
	memcpy(&word, data + i, bytes - i);
	*hash = text_mix(sum ^ word);
}

static struct report_place whole_file(const struct loader *loader)
{
	return (struct report_place){ loader->base->files[loader->file], 0, 0 };
}

/* Reads base->files[file] and adds it to the hash. An absent file is an error only when it is `required`. */
static bool open_file(struct loader *loader, const char *directory, uint16_t file, bool required, struct buffer *text)
{
	struct error error;
	struct stat status;
	struct base *base = loader->base;
	loader->file = file;
	loader->line_offset = 0;
	char *path = file_join(directory, base->files[file]);
	buffer_init(text, LOAD_FILE_BYTES);
	bool absent = stat(path, &status) != 0 && errno == ENOENT;
	bool done = !absent && file_read(path, LOAD_FILE_BYTES, text, &error);
	if (absent && required)
		report_error(loader->report, "reference", whole_file(loader),
			     "the file is missing; every base needs it");
	else if (!absent && !done)
		report_error(loader->report, "syntax", whole_file(loader), "%s", error.text);
	if (done) {
		hash_bytes(&base->hash, base->files[file], strlen(base->files[file]) + 1);
		hash_bytes(&base->hash, buffer_text(text), text->bytes);
	}
	free(path);
	return done;
}

/* Parses and hands the document to `take`; a fault is reported with its place. */
static bool parse(struct loader *loader, const char *text, size_t bytes, const struct json_limits *limits)
{
	struct json_fault fault;
	struct json *json = json_parse(text, bytes, limits, &fault);
	if (!json)
		report_error(loader->report, "syntax",
			     (struct report_place){ loader->base->files[loader->file],
						    fault.place.line + loader->line_offset, fault.place.column },
			     "%s", fault.text);
	loader->json = json;
	return json;
}

static void read_whole(struct loader *loader, const char *directory, uint16_t file, bool required,
		       void (*load)(struct loader *loader))
{
	struct buffer text;
	if (open_file(loader, directory, file, required, &text) &&
	    parse(loader, buffer_text(&text), text.bytes, &json_limits_file)) {
		buffer_finish(&text);
		load(loader);
		json_destroy((struct json *)loader->json);
	}
	buffer_finish(&text);
}

static bool is_blank(const char *line, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
			return false;
	return true;
}

static void read_lines(struct loader *loader, const struct buffer *text, struct list *texts, struct list *places)
{
	const char *at = buffer_text(text), *end = at + text->bytes;
	for (uint32_t line = 0; at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t bytes = (size_t)((stop ? stop : end) - at);
		loader->line_offset = line;
		if (texts->count >= LOAD_UNRELATED) {
			report_error(loader->report, "schema", whole_file(loader), "more than %d questions",
				     LOAD_UNRELATED);
			break;
		}
		if (!is_blank(at, bytes) && parse(loader, at, bytes, &json_limits_file)) {
			load_unrelated_line(loader, texts, places);
			json_destroy((struct json *)loader->json);
		}
		at += bytes + 1;
	}
}

bool base_read_unrelated(struct base *base, struct knowledge_report *report)
{
	struct loader loader = { .base = base, .report = report, .texts = base->asked };
	struct list texts = { 0 }, places = { 0 };
	loader.file = (uint16_t)(base->files_count - 1);
	if (base->unread.bytes)
		read_lines(&loader, &base->unread, &texts, &places);
	buffer_finish(&base->unread);
	base->unrelated = (struct texts){ list_keep(&texts, base->asked, sizeof(char *)),
					  list_keep(&places, base->asked, sizeof(struct place)),
					  (uint32_t)texts.count };
	free(texts.items);
	free(places.items);
	report_sort(report);
	return !report_has_error(report);
}

/* ---- the directory ---- */

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool is_facts_file(const struct dirent *entry)
{
	size_t bytes = strlen(entry->d_name);
	return entry->d_name[0] != '.' && bytes > 5 && strcmp(entry->d_name + bytes - 5, ".json") == 0;
}

static bool list_facts_files(struct loader *loader, const char *directory, struct list *names, struct error *error)
{
	char *path = file_join(directory, facts_folder);
	DIR *folder = opendir(path);
	if (!folder)
		error_set(error, "%s cannot be read: %s; a base is a directory with facts/*.json and sources.json",
			  path, strerror(errno));
	free(path);
	if (!folder)
		return false;
	bool few = true;
	for (struct dirent *entry; few && (entry = readdir(folder));) {
		if (!is_facts_file(entry))
			continue;
		char *name = file_join(facts_folder, entry->d_name);
		*(const char **)list_add(names, sizeof name) = arena_text(loader->base->arena, name, strlen(name));
		free(name);
		few = names->count <= LOAD_FILES;
	}
	closedir(folder);
	if (names->count == 0 || !few)
		return error_set(error, "%s/%s has %s", directory, facts_folder,
				 few ? "no *.json: write a file of facts" : "too many files");
	qsort(names->items, names->count, sizeof(char *), compare_names);
	return true;
}

/* ---- all together ---- */

static void keep(struct loader *loader)
{
	struct base *base = loader->base;
	struct arena *arena = base->arena;
	base->facts = list_keep(&loader->facts, arena, sizeof *base->facts);
	base->facts_count = (uint32_t)loader->facts.count;
	base->topics = list_keep(&loader->topics, arena, sizeof *base->topics);
	base->topics_count = (uint32_t)loader->topics.count;
	base->sources = list_keep(&loader->sources, arena, sizeof *base->sources);
	base->sources_count = (uint32_t)loader->sources.count;
	base->entities = list_keep(&loader->entities, arena, sizeof *base->entities);
	base->entities_count = (uint32_t)loader->entities.count;
	base->synonyms = list_keep(&loader->synonyms, arena, sizeof *base->synonyms);
	base->synonyms_count = (uint32_t)loader->synonyms.count;
	base->talks = list_keep(&loader->talks, arena, sizeof *base->talks);
	base->talks_count = (uint32_t)loader->talks.count;
}

static void loader_finish(struct loader *loader)
{
	struct list *lists[] = { &loader->facts,    &loader->topics, &loader->sources, &loader->entities,
				 &loader->synonyms, &loader->talks,  &loader->links };
	struct idmap *maps[] = { &loader->fact_ids,   &loader->topic_ids,   &loader->source_ids,
				 &loader->entity_ids, &loader->synonym_ids, &loader->talk_ids };
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		free(lists[i]->items);
	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
		idmap_finish(maps[i]);
}

bool base_read(const char *directory, struct base *base, struct knowledge_report *report, struct error *error)
{
	*base = (struct base){ .arena = arena_create(), .asked = arena_create(), .hash = 14695981039346656037u };
	struct loader loader = { .base = base, .report = report, .texts = base->arena };
	struct list names = { 0 };
	bool done = list_facts_files(&loader, directory, &names, error);
	if (!done)
		goto finish;
	uint16_t facts_files = (uint16_t)names.count;
	const char *others[] = { sources_file, lexicon_file, unrelated_file };
	for (size_t i = 0; i < 3; i++)
		*(const char **)list_add(&names, sizeof(char *)) = others[i];
	base->files = list_keep(&names, base->arena, sizeof(char *));
	base->files_count = (uint32_t)names.count;
	/* What facts refer to comes first. */
	read_whole(&loader, directory, facts_files, true, load_sources);
	read_whole(&loader, directory, (uint16_t)(facts_files + 1), false, load_lexicon);
	for (uint16_t file = 0; file < facts_files; file++)
		read_whole(&loader, directory, file, true, load_facts);
	if (!open_file(&loader, directory, (uint16_t)(facts_files + 2), false, &base->unread))
		buffer_finish(&base->unread);
	link_facts(&loader);
	keep(&loader);
	if (!base->facts_count && !report_has_error(report))
		report_error(report, "schema", (struct report_place){ facts_folder, 0, 0 },
			     "there is no fact in this base");
	done = !report_has_error(report);
	report_sort(report);
finish:
	free(names.items);
	loader_finish(&loader);
	return done;
}

bool base_load(const char *directory, struct base *base, struct knowledge_report *report, struct error *error)
{
	bool done = base_read(directory, base, report, error);
	done = base_read_unrelated(base, report) && done;
	return base_check_owners(base, report) && done;
}

void base_finish(struct base *base)
{
	buffer_finish(&base->unread);
	arena_destroy(base->asked);
	arena_destroy(base->arena);
	*base = (struct base){ 0 };
}

/* The first question of each language is shown to people. */
static void keep_first(struct base *base, struct texts *texts)
{
	if (texts->count == 0)
		return;
	const char **items = arena_array(base->arena, 1, sizeof *items);
	items[0] = arena_text(base->arena, texts->items[0], strlen(texts->items[0]));
	*texts = (struct texts){ .items = items, .count = 1 };
}

void base_forget_asked(struct base *base)
{
	for (uint32_t i = 0; i < base->facts_count; i++)
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++) {
			keep_first(base, &base->facts[i].questions[l]);
			base->facts[i].corrects[l] = (struct texts){ 0 };
		}
	base->unrelated = (struct texts){ 0 };
	buffer_finish(&base->unread);
	arena_destroy(base->asked);
	base->asked = NULL;
}

void base_index_facts(const struct base *base, struct idmap *facts)
{
	for (uint32_t i = 0; i < base->facts_count; i++)
		idmap_add(facts, base->facts[i].id, i);
}
