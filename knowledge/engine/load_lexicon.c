#include <stdio.h>
#include <string.h>

#include "engine/loader.h"

/* ---- sources.json ---- */

static void read_source(struct loader *loader, const cJSON *object)
{
	static const char *const keys[] = { "id",       "title",   "publisher",  "date",
					    "language", "address", "paragraphs", NULL };
	if (!read_object(loader, object, "a source", keys))
		return;
	uint32_t index = (uint32_t)loader->sources.count;
	struct source *source = list_add(&loader->sources, sizeof *source);
	char date[11];
	int64_t paragraphs = 0;
	source->id = read_id(loader, object, "id");
	source->title = read_text(loader, object, "title", true);
	source->publisher = read_text(loader, object, "publisher", true);
	read_day(loader, object, "date", true, false, date);
	source->date = arena_text(loader->base->arena, date, strlen(date));
	source->language = read_text(loader, object, "language", true);
	if (source->language && strlen(source->language) != 2)
		complain(loader, "schema", json_get(object, "language"),
			 "\"language\" must be a code of two letters, like \"en\"");
	const cJSON *address = json_get(object, "address");
	if (address && !cJSON_IsNull(address))
		source->address = take_text(loader, address, "\"address\"");
	if (!json_integer(object, "paragraphs", &paragraphs) || paragraphs < 1 || paragraphs > 100000)
		complain(loader, "schema", json_get(object, "paragraphs") ? json_get(object, "paragraphs") : object,
			 "\"paragraphs\" must be the number of the source's paragraphs, from 1 to 100000");
	source->paragraphs = (uint32_t)paragraphs;
	if (source->id && idmap_add(&loader->source_ids, source->id, index) != IDMAP_NONE)
		complain(loader, "conflict", json_get(object, "id"),
			 "the id \"%s\" belongs to another source already", source->id);
}

void load_sources(struct loader *loader)
{
	static const char *const keys[] = { "$schema", "sources", NULL };
	const cJSON *root = json_root(loader->json), *item;
	if (!read_object(loader, root, "sources.json", keys))
		return;
	cJSON_ArrayForEach(item, read_array(loader, root, "sources", true, LOAD_ENTRIES)) read_source(loader, item);
}

/* ---- lexicon.json ---- */

static void read_entity(struct loader *loader, const cJSON *object)
{
	static const char *const keys[] = { "id", "kind", "names", NULL };
	static const char *const kinds[] = { "person", "place", "organisation", "group", "thing", "event", NULL };
	if (!read_object(loader, object, "an entity", keys))
		return;
	uint32_t index = (uint32_t)loader->entities.count;
	struct entity *entity = list_add(&loader->entities, sizeof *entity);
	entity->id = read_id(loader, object, "id");
	int kind = read_word(loader, json_get(object, "kind") ? json_get(object, "kind") : object, "kind", kinds);
	entity->kind = kinds[kind < 0 ? 0 : kind];
	read_lists(loader, object, "names", true, entity->names);
	if (!entity->id) {
		entity->id = "";
		return;
	}
	if (idmap_add(&loader->entity_ids, entity->id, index) != IDMAP_NONE)
		complain(loader, "conflict", json_get(object, "id"),
			 "the id \"%s\" belongs to another entity already", entity->id);
}

static void read_synonym(struct loader *loader, const cJSON *object)
{
	static const char *const keys[] = { "id", "words", NULL };
	if (!read_object(loader, object, "a group of synonyms", keys))
		return;
	uint32_t index = (uint32_t)loader->synonyms.count;
	struct synonym *synonym = list_add(&loader->synonyms, sizeof *synonym);
	synonym->id = read_id(loader, object, "id");
	read_texts(loader, read_array(loader, object, "words", true, LOAD_LIST_TEXTS), "a synonym", &synonym->words);
	if (!synonym->id) {
		synonym->id = "";
		return;
	}
	if (idmap_add(&loader->synonym_ids, synonym->id, index) != IDMAP_NONE)
		complain(loader, "conflict", json_get(object, "id"), "the id \"%s\" belongs to another group already",
			 synonym->id);
}

/* The phrases of all languages in one list. */
static void join_phrases(struct loader *loader, const struct texts lists[LANGUAGE_COUNT], struct texts *out)
{
	uint32_t count = 0;
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++)
		count += lists[i].count;
	out->items = arena_array(loader->base->arena, count, sizeof *out->items);
	out->places = arena_array(loader->base->arena, count, sizeof *out->places);
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++)
		for (uint32_t j = 0; j < lists[i].count; j++) {
			out->items[out->count] = lists[i].items[j];
			out->places[out->count++] = lists[i].places[j];
		}
}

static void read_talk(struct loader *loader, const cJSON *object)
{
	static const char *const keys[] = { "id", "phrases", "answer", NULL };
	if (!read_object(loader, object, "an entry of small talk", keys))
		return;
	uint32_t index = (uint32_t)loader->talks.count;
	struct small_talk *talk = list_add(&loader->talks, sizeof *talk);
	struct texts phrases[LANGUAGE_COUNT] = { 0 };
	talk->id = read_id(loader, object, "id");
	read_lists(loader, object, "phrases", true, phrases);
	join_phrases(loader, phrases, &talk->phrases);
	read_said(loader, object, "answer", true, talk->answer);
	if (!talk->id) {
		talk->id = "";
		return;
	}
	if (idmap_add(&loader->talk_ids, talk->id, index) != IDMAP_NONE)
		complain(loader, "conflict", json_get(object, "id"), "the id \"%s\" belongs to another entry already",
			 talk->id);
}

void load_lexicon(struct loader *loader)
{
	static const char *const keys[] = { "$schema", "entities", "synonyms", "smalltalk", NULL };
	const cJSON *root = json_root(loader->json), *item;
	if (!read_object(loader, root, "lexicon.json", keys))
		return;
	cJSON_ArrayForEach(item, read_array(loader, root, "entities", true, LOAD_ENTRIES)) read_entity(loader, item);
	cJSON_ArrayForEach(item, read_array(loader, root, "synonyms", true, LOAD_ENTRIES)) read_synonym(loader, item);
	cJSON_ArrayForEach(item, read_array(loader, root, "smalltalk", true, LOAD_TALKS)) read_talk(loader, item);
}

/* ---- questions/unrelated.jsonl, a line at a time ---- */

void load_unrelated_line(struct loader *loader, struct list *texts, struct list *places)
{
	static const char *const keys[] = { "q", NULL };
	const cJSON *root = json_root(loader->json);
	if (!read_object(loader, root, "a line", keys))
		return;
	const char *text = read_text(loader, root, "q", true);
	if (!text)
		return;
	struct place place = place_of(loader, root);
	*(const char **)list_add(texts, sizeof text) = text;
	*(struct place *)list_add(places, sizeof place) = place;
}
