#include "knowledge.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/check.h"
#include "engine/handle.h"
#include "engine/language.h"
#include "engine/load.h"
#include "engine/report.h"

/* ---- models ---- */

static bool open_cached(struct knowledge *knowledge, const char *directory, const char *name, struct error *error)
{
	if (!directory || !cache_map_open(&knowledge->mapped, directory, name, error))
		return false;
	knowledge->model = model_open(&knowledge->base, knowledge->mapped.bytes, knowledge->mapped.count,
				      cache_map_let_go, error);
	if (!knowledge->model)
		cache_map_close(&knowledge->mapped);
	return knowledge->model;
}

static bool train(struct knowledge *knowledge, struct error *error)
{
	buffer_init(&knowledge->trained, CACHE_FILE_BYTES);
	if (!model_train(&knowledge->base, &knowledge->trained, error))
		return false;
	knowledge->model = model_open(&knowledge->base, knowledge->trained.data, knowledge->trained.bytes, NULL, error);
	return knowledge->model;
}

/* A model of this very base that was trained before. */
static bool open_trained(struct knowledge *knowledge, const struct knowledge_options *options, struct error *error)
{
	char name[CACHE_NAME_BYTES];
	cache_name(knowledge->base.hash, name);
	return open_cached(knowledge, options->cache, name, error) ||
	       open_cached(knowledge, options->shipped, name, error);
}

static bool train_and_keep(struct knowledge *knowledge, const struct knowledge_options *options, struct error *error)
{
	char name[CACHE_NAME_BYTES];
	cache_name(knowledge->base.hash, name);
	if (!train(knowledge, error))
		return false;
	if (options->cache &&
	    !cache_write(options->cache, name, knowledge->trained.data, knowledge->trained.bytes, error))
		error_prefix(error, "the trained model is kept in memory only");
	return true;
}

/* Who trains a model has looked into the whole base: of a model's base only what is needed is done again. */
static bool open_model(struct knowledge *knowledge, const struct knowledge_options *options, bool sound,
		       struct knowledge_report *report, struct error *error)
{
	struct error why = { 0 };
	if (!options->whole && sound && open_trained(knowledge, options, &why))
		return true;
	sound = base_read_unrelated(&knowledge->base, report) && sound;
	if (options->whole && sound && open_trained(knowledge, options, &why))
		return true;
	if (!base_check_owners(&knowledge->base, report) || !sound)
		return false;
	if (options->no_training)
		return error_set(error, "no trained model fits this base: %s; run \"qantar train\"", why.text);
	return train_and_keep(knowledge, options, error);
}

/* ---- the handle ---- */

struct knowledge *knowledge_load(const struct knowledge_options *options, struct knowledge_report *report,
				 struct error *error)
{
	struct knowledge *knowledge = memory_zeroed(1, sizeof *knowledge);
	if (error)
		*error = (struct error){ 0 };
	*report = (struct knowledge_report){ 0 };
	bool sound = base_read(options->directory, &knowledge->base, report, error);
	if (!open_model(knowledge, options, sound, report, error)) {
		knowledge_destroy(knowledge);
		return NULL;
	}
	base_index_facts(&knowledge->base, &knowledge->facts);
	knowledge->match = match_create(&knowledge->base, knowledge->model);
	knowledge->phrases = phrasebook_create(&knowledge->base, model_layout(knowledge->model));
	knowledge->scratch = memory_zeroed(1, sizeof *knowledge->scratch);
	if (!options->whole)
		base_forget_asked(&knowledge->base);
	malloc_trim(0); /* what reading the files took, twice the base, goes back to the system */
	return knowledge;
}

void knowledge_destroy(struct knowledge *knowledge)
{
	if (!knowledge)
		return;
	phrasebook_destroy(knowledge->phrases);
	match_destroy(knowledge->match);
	model_close(knowledge->model);
	cache_map_close(&knowledge->mapped);
	buffer_finish(&knowledge->trained);
	idmap_finish(&knowledge->facts);
	base_finish(&knowledge->base);
	free(knowledge->scratch);
	free(knowledge);
}

bool knowledge_train(const struct knowledge_options *options, struct knowledge_report *report, struct error *error)
{
	char name[CACHE_NAME_BYTES];
	struct knowledge *knowledge = memory_zeroed(1, sizeof *knowledge);
	if (error)
		*error = (struct error){ 0 };
	*report = (struct knowledge_report){ 0 };
	bool done = base_load(options->directory, &knowledge->base, report, error) && train(knowledge, error);
	if (done) {
		cache_name(knowledge->base.hash, name);
		done = cache_write(options->cache, name, knowledge->trained.data, knowledge->trained.bytes, error);
	}
	knowledge_destroy(knowledge);
	return done;
}

bool knowledge_check(const struct knowledge_options *options, struct knowledge_report *report, struct error *error)
{
	struct knowledge_options whole = *options;
	whole.whole = true;
	struct knowledge *knowledge = knowledge_load(&whole, report, error);
	if (!knowledge)
		return false;
	if (error)
		*error = (struct error){ 0 };
	bool done = check_base(knowledge, report, error);
	report_sort(report);
	knowledge_destroy(knowledge);
	return done && !report_has_error(report);
}

/* ---- what it is ---- */

struct knowledge_version knowledge_version(const struct knowledge *knowledge)
{
	struct knowledge_version version = { .facts = knowledge->base.facts_count };
	snprintf(version.hash, sizeof version.hash, "%016" PRIx64, knowledge->base.hash);
	memcpy(version.as_of, knowledge->base.as_of, sizeof version.as_of);
	return version;
}

char *knowledge_greeting(const struct knowledge *knowledge, enum language language)
{
	struct buffer text;
	buffer_init(&text, 4096);
	buffer_append_text(&text, phrase(PHRASE_GREETING_DAY, language));
	knowledge_append_date(&text, language, knowledge->base.as_of);
	buffer_append_text(&text, phrase(PHRASE_GREETING_FACTS, language));
	buffer_format(&text, "%u", knowledge->base.facts_count);
	buffer_append_text(&text, phrase(PHRASE_GREETING_PROMISE, language));
	return buffer_take(&text);
}
