/* loader: what the load*.c files share while a base is read. Private to them. */
#ifndef QANTAR_ENGINE_LOADER_H
#define QANTAR_ENGINE_LOADER_H

#include "base/json.h"
#include "engine/arena.h"
#include "engine/load.h"
#include "engine/report.h"

enum link_kind { LINK_RELATED, LINK_TELLS, LINK_SUPERSEDES, LINK_DISPUTES, LINK_KINDS };

struct link { /* to a fact that may come later */
	uint32_t fact;
	enum link_kind kind;
	const char *id;
	struct place place;
};

struct list { /* growing; [count] items of one size */
	void *items;
	size_t count, capacity;
};

struct loader {
	struct base *base;
	struct knowledge_report *report;
	struct arena *texts;     /* where what is read goes: one of base's */
	const struct json *json; /* of the file being read */
	uint16_t file;           /* its index */
	uint32_t line_offset;    /* added to lines: for JSON Lines */
	struct list facts, topics, sources, entities, synonyms, talks, links;
	struct idmap fact_ids, topic_ids, source_ids, entity_ids, synonym_ids, talk_ids;
};

/* A new zeroed item at the end; moves the others. */
void *list_add(struct list *list, size_t size);
/* Into the arena. */
void *list_keep(const struct list *list, struct arena *arena, size_t size);

/* ---- load_read.c: values with complaints ---- */

struct place place_of(const struct loader *loader, const cJSON *value);
void complain(struct loader *loader, const char *kind, const cJSON *value, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* False (and said so) when `value` is no object or is NULL; unknown keys are complained about. */
bool read_object(struct loader *loader, const cJSON *value, const char *what, const char *const keys[]);
/* The array of that key, complained about when it is of another type, missing though required, or longer than `most`.
 */
const cJSON *read_array(struct loader *loader, const cJSON *object, const char *key, bool required, int most);
/* A text of loader->texts, NULL when absent or (said so) wrong. */
const char *read_text(struct loader *loader, const cJSON *object, const char *key, bool required);
const char *read_id(struct loader *loader, const cJSON *object, const char *key);
const char *take_text(struct loader *loader, const cJSON *value, const char *what);
const char *take_id(struct loader *loader, const cJSON *value, const char *what);
void read_texts(struct loader *loader, const cJSON *array, const char *what, struct texts *out);
/* {en, ru, kk} of texts, and of lists. A said text falls back to another language that is there;
 * the bits 1 << LANGUAGE_x of those that are there are returned. */
unsigned read_said(struct loader *loader, const cJSON *object, const char *key, bool required,
		   const char *out[LANGUAGE_COUNT]);
void read_lists(struct loader *loader, const cJSON *object, const char *key, bool required,
		struct texts out[LANGUAGE_COUNT]);
/* "2022-01-06" of the calendar; with `year_alone`, "1968" too. "" when absent or wrong. */
void read_day(struct loader *loader, const cJSON *object, const char *key, bool required, bool year_alone,
	      char out[11]);
/* The index of the word in `words` (NULL-terminated), or -1, said so. */
int read_word(struct loader *loader, const cJSON *value, const char *what, const char *const words[]);

/* ---- one file each ---- */

void load_facts(struct loader *loader);   /* load_fact.c */
void load_sources(struct loader *loader); /* load_lexicon.c */
void load_lexicon(struct loader *loader);
void load_unrelated_line(struct loader *loader, struct list *texts, struct list *places);
void link_facts(struct loader *loader); /* load_link.c */

#endif
