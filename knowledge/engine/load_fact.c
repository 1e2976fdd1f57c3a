#include <stdio.h>
#include <string.h>

#include "engine/loader.h"
#include "engine/text.h"

static const char *const fact_keys[] = {
	"id",      "unknown",   "answer",  "when",   "as_of",    "claimant", "status",   "supersedes", "disputes",
	"sources", "questions", "affirms", "denies", "keywords", "expects",  "entities", "related",    "tells",
	"corrects", NULL,
};
static const char *const status_words[] = { "reported", "disputed", "unclear", NULL }; /* enum fact_status */
static const char *const precision_words[] = { "day", "week", "year", "range", NULL }; /* enum precision, from 1 */
static const char *const expects_words[] = {
	/* enum expects, by bit */
	"who", "when", "where", "how-many", "why", "what", "which", "yes-no", "how", NULL,
};

static void read_when(struct loader *loader, const cJSON *object, struct fact *fact)
{
	static const char *const keys[] = { "from", "to", "precision", NULL };
	const cJSON *when = json_get(object, "when");
	if (!when || !read_object(loader, when, "\"when\"", keys))
		return;
	read_day(loader, when, "from", true, true, fact->from);
	read_day(loader, when, "to", true, true, fact->to);
	/* A year compares with a day of it by its four digits: 1991 to 1991-12-26 is in order. */
	if (*fact->from && *fact->to && strncmp(fact->from, fact->to, strlen(fact->to)) > 0)
		complain(loader, "schema", when, "\"from\" %s is later than \"to\" %s; swap them", fact->from,
			 fact->to);
	const cJSON *precision = json_get(when, "precision");
	if (!precision)
		complain(loader, "schema", when, "\"precision\" is missing; add one of: day, week, year, range");
	else
		fact->precision = (enum precision)(read_word(loader, precision, "precision", precision_words) + 1);
}

static void read_expects(struct loader *loader, const cJSON *object, struct fact *fact)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, read_array(loader, object, "expects", false, LOAD_LIST_TEXTS))
	{
		int bit = read_word(loader, item, "expects", expects_words);
		if (bit >= 0)
			fact->expects |= 1u << bit;
	}
}

static void read_fact_source(struct loader *loader, const cJSON *item, struct fact *fact)
{
	static const char *const keys[] = { "id", "paragraph", NULL };
	if (!read_object(loader, item, "a source of a fact", keys))
		return;
	const char *id = read_id(loader, item, "id");
	const cJSON *number = json_get(item, "paragraph");
	int64_t paragraph = 0;
	if (number && (!json_integer(item, "paragraph", &paragraph) || paragraph < 1)) {
		complain(loader, "schema", number,
			 "\"paragraph\" must be a whole number from 1; leave it out for the whole source");
		return;
	}
	if (!id)
		return;
	uint32_t index = idmap_find(&loader->source_ids, id);
	if (index == IDMAP_NONE) {
		complain(loader, "reference", json_get(item, "id"),
			 "sources.json has no source \"%s\"; add it there or mend the id", id);
		return;
	}
	const struct source *source = (const struct source *)loader->sources.items + index;
	if (paragraph > source->paragraphs)
		complain(loader, "reference", number, "\"%s\" has %u paragraphs, there is no paragraph %lld", id,
			 source->paragraphs, (long long)paragraph);
	fact->sources[fact->sources_count++] = (struct fact_source){ index, (uint32_t)paragraph };
}

static void read_fact_sources(struct loader *loader, const cJSON *object, struct fact *fact)
{
	const cJSON *array = read_array(loader, object, "sources", true, LOAD_LIST_TEXTS), *item;
	if (!array)
		return;
	if (!array->child)
		complain(loader, "schema", array,
			 "\"sources\" is empty; say where the fact stands: {\"id\": ..., \"paragraph\": ...}");
	fact->sources = arena_array(loader->base->arena, (size_t)cJSON_GetArraySize(array), sizeof *fact->sources);
	cJSON_ArrayForEach(item, array) read_fact_source(loader, item, fact);
}

static void read_entities(struct loader *loader, const cJSON *object, struct fact *fact)
{
	const cJSON *array = read_array(loader, object, "entities", false, LOAD_LIST_TEXTS), *item;
	if (!array || !array->child)
		return;
	fact->entities = arena_array(loader->base->arena, (size_t)cJSON_GetArraySize(array), sizeof *fact->entities);
	cJSON_ArrayForEach(item, array)
	{
		const char *id = take_id(loader, item, "an entity");
		uint32_t index = idmap_find(&loader->entity_ids, id);
		if (id && index == IDMAP_NONE)
			complain(loader, "reference", item,
				 "lexicon.json has no entity \"%s\"; add it there or mend the id", id);
		if (index == IDMAP_NONE)
			continue;
		((struct entity *)loader->entities.items)[index].held = true;
		fact->entities[fact->entities_count++] = index;
	}
}

static void read_links(struct loader *loader, const cJSON *object, const char *key, enum link_kind kind)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, read_array(loader, object, key, false, LOAD_LIST_TEXTS))
	{
		const char *id = take_id(loader, item, key);
		if (id)
			*(struct link *)list_add(&loader->links, sizeof(struct link)) =
				(struct link){ (uint32_t)loader->facts.count - 1, kind, id, place_of(loader, item) };
	}
}

static void hash_texts(uint64_t *hash, const struct texts *texts)
{
	*hash = *hash * 31 + texts->count;
	for (uint32_t i = 0; i < texts->count; i++)
		*hash = *hash * 31 + text_hash(texts->items[i], strlen(texts->items[i]));
}

static void read_sayings(struct loader *loader, const cJSON *object, struct fact *fact)
{
	fact->answered = read_said(loader, object, "answer", true, fact->answer);
	read_said(loader, object, "claimant", false, fact->claimant);
	loader->texts = loader->base->asked;
	read_lists(loader, object, "questions", true, fact->questions);
	read_lists(loader, object, "corrects", false, fact->corrects);
	loader->texts = loader->base->arena;
	read_lists(loader, object, "affirms", false, fact->affirms);
	read_lists(loader, object, "denies", false, fact->denies);
	read_texts(loader, read_array(loader, object, "keywords", false, LOAD_LIST_TEXTS), "a keyword",
		   &fact->keywords);
	uint32_t asked = 0;
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++) {
		asked += fact->questions[i].count;
		hash_texts(&fact->asked_hash, &fact->questions[i]);
		hash_texts(&fact->asked_hash, &fact->corrects[i]);
	}
	if (!asked && json_get(object, "questions"))
		complain(loader, "schema", json_get(object, "questions"),
			 "no question in any language; write how people ask for this fact");
}

static void read_fact(struct loader *loader, const cJSON *object, uint32_t topic)
{
	if (!read_object(loader, object, "a fact", fact_keys))
		return;
	uint32_t index = (uint32_t)loader->facts.count;
	struct fact *fact = list_add(&loader->facts, sizeof *fact);
	fact->topic = topic;
	fact->superseded_by = UINT32_MAX;
	fact->place = place_of(loader, object);
	fact->id = read_id(loader, object, "id");
	uint32_t twin = fact->id ? idmap_add(&loader->fact_ids, fact->id, index) : IDMAP_NONE;
	if (twin != IDMAP_NONE) {
		struct place place = ((const struct fact *)loader->facts.items)[twin].place;
		complain(loader, "conflict", json_get(object, "id"),
			 "the id \"%s\" belongs to another fact (%s:%u); give this one its own", fact->id,
			 loader->base->files[place.file], place.line);
	}
	const cJSON *unknown = json_get(object, "unknown"), *status = json_get(object, "status");
	if (unknown && !cJSON_IsBool(unknown))
		complain(loader, "schema", unknown, "\"unknown\" must be true or false");
	fact->unknown = cJSON_IsTrue(unknown);
	if (status)
		fact->status = (enum fact_status)read_word(loader, status, "status", status_words);
	read_day(loader, object, "as_of", true, false, fact->as_of);
	read_when(loader, object, fact);
	read_fact_sources(loader, object, fact);
	read_sayings(loader, object, fact);
	read_expects(loader, object, fact);
	read_entities(loader, object, fact);
	read_links(loader, object, "related", LINK_RELATED);
	read_links(loader, object, "tells", LINK_TELLS);
	read_links(loader, object, "supersedes", LINK_SUPERSEDES);
	read_links(loader, object, "disputes", LINK_DISPUTES);
	if (strcmp(fact->as_of, loader->base->as_of) > 0)
		memcpy(loader->base->as_of, fact->as_of, sizeof fact->as_of);
	if (!fact->id)
		fact->id = "";
}

static void read_topic(struct loader *loader, const cJSON *root)
{
	static const char *const keys[] = { "id", "name", NULL };
	const cJSON *object = json_get(root, "topic");
	if (!object) {
		complain(loader, "schema", root,
			 "\"topic\" is missing; add \"topic\": {\"id\": ..., \"name\": {\"en\": ...}}");
		return;
	}
	uint32_t index = (uint32_t)loader->topics.count;
	struct topic *topic = list_add(&loader->topics, sizeof *topic);
	topic->id = "";
	if (!read_object(loader, object, "\"topic\"", keys))
		return;
	const char *id = read_id(loader, object, "id");
	read_said(loader, object, "name", true, topic->name);
	if (id && idmap_add(&loader->topic_ids, id, index) != IDMAP_NONE)
		complain(loader, "conflict", json_get(object, "id"),
			 "the topic \"%s\" is in another file already; one file a topic", id);
	topic->id = id ? id : "";
}

void load_facts(struct loader *loader)
{
	static const char *const keys[] = { "$schema", "topic", "facts", NULL };
	const cJSON *root = json_root(loader->json), *item;
	if (!read_object(loader, root, "a file of facts", keys))
		return;
	uint32_t topic = (uint32_t)loader->topics.count;
	read_topic(loader, root);
	cJSON_ArrayForEach(item, read_array(loader, root, "facts", true, LOAD_FACTS))
	{
		if (loader->facts.count >= LOAD_FACTS) {
			complain(loader, "schema", item, "more than %d facts in this base", LOAD_FACTS);
			return;
		}
		read_fact(loader, item, topic);
	}
}
