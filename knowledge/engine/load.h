/* load: a directory becomes a base.
 *
 * Strict JSON; every fault of every file is reported with its place before loading gives up. What the rules are for
 * an editor's program stands in the *.schema.json files beside the facts; the caps are here. */
#ifndef QANTAR_ENGINE_LOAD_H
#define QANTAR_ENGINE_LOAD_H

#include "engine/base.h"
#include "engine/idmap.h"

enum {
	LOAD_FILE_BYTES = 64 << 20,
	LOAD_TEXT_BYTES = 4096,  /* of one answer, question, name */
	LOAD_LIST_TEXTS = 1000,  /* of one list of one fact or entity */
	LOAD_FILES = 10000,      /* of facts/ */
	LOAD_FACTS = 200000,
	LOAD_ENTRIES = 20000,    /* of sources, entities, synonyms each */
	LOAD_TALKS = 1000,
	LOAD_UNRELATED = 200000,
};

/* Fills `base` (destroy it in any case) and `report`. False when the report has an error, or when `error` says what
 * else failed: no such directory. */
bool base_load(const char *directory, struct base *base, struct knowledge_report *report, struct error *error);

/* The parts of base_load: reading; the unrelated questions, which only training, check and eval look into (a running
 * bot finds them in the model); and whether two facts claim one question or two entities one name, which need not be
 * asked again of a base from which a model was trained. Each is false when the report has an error. */
bool base_read(const char *directory, struct base *base, struct knowledge_report *report, struct error *error);
bool base_read_unrelated(struct base *base, struct knowledge_report *report);
bool base_check_owners(const struct base *base, struct knowledge_report *report);

/* Gives back what only training, check, explain and eval look into: of each fact's questions all but the first of each
 * language (their places too), and the unrelated ones. A third of the memory. */
void base_forget_asked(struct base *base);

void base_finish(struct base *base);

/* Ids to indices; keys are borrowed from the base. */
void base_index_facts(const struct base *base, struct idmap *facts);

#endif
