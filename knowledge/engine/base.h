/* base: facts, sources and lexicon as the editor wrote them, read and cross-checked, in one arena.
 *
 * Built by load.c, immutable afterwards, and read by everything else in engine/. All strings are UTF-8, terminated, and
 * live in the arena; lists are [count]. Nothing here is trained: see model.h for that. */
#ifndef QANTAR_ENGINE_BASE_H
#define QANTAR_ENGINE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "knowledge.h"

struct place {          /* where an editor finds it; for messages */
	uint16_t file;  /* index into base->files */
	uint32_t line, column;
};

struct texts {          /* a list of texts in one language */
	const char **items; /* [count] */
	struct place *places; /* [count] */
	uint32_t count;
};

enum expects { /* what a question wants to be told; bit set */
	EXPECTS_WHO = 1, EXPECTS_WHEN = 2, EXPECTS_WHERE = 4, EXPECTS_HOW_MANY = 8, EXPECTS_WHY = 16,
	EXPECTS_WHAT = 32, EXPECTS_WHICH = 64, EXPECTS_YES_NO = 128, EXPECTS_HOW = 256,
};

enum fact_status { STATUS_REPORTED, STATUS_DISPUTED, STATUS_UNCLEAR };
enum precision { PRECISION_NONE, PRECISION_DAY, PRECISION_WEEK, PRECISION_YEAR, PRECISION_RANGE };

struct fact_source {
	uint32_t source;    /* index into base->sources */
	uint32_t paragraph; /* 0: the whole */
};

struct fact {
	const char *id;
	uint32_t topic;     /* index into base->topics */
	bool unknown;       /* a known unknown */
	enum fact_status status;
	const char *answer[LANGUAGE_COUNT];   /* [LANGUAGE_EN..KK]; never NULL: falls back to a language that is there */
	unsigned answered;   /* bits 1 << LANGUAGE_EN..KK: the languages that the editor wrote an answer in */
	const char *claimant[LANGUAGE_COUNT]; /* NULL: the reporter */
	char from[11], to[11]; /* "" when timeless; "1968" or "2022-01-05", which sort as text */
	enum precision precision;
	char as_of[11];
	struct fact_source *sources; uint32_t sources_count;
	struct texts questions[LANGUAGE_COUNT];
	struct texts corrects[LANGUAGE_COUNT]; /* that take something false for granted */
	struct texts affirms[LANGUAGE_COUNT], denies[LANGUAGE_COUNT]; /* that ask for yes or no */
	uint64_t asked_hash;   /* of all questions, which may be forgotten */
	struct texts keywords; /* all languages in one list */
	unsigned expects;      /* bits of enum expects */
	uint32_t *entities, entities_count;     /* indices into base->entities */
	uint32_t *related, related_count;       /* indices into base->facts */
	uint32_t *tells, tells_count;           /* facts whose askers this one's answer serves as well */
	uint32_t *supersedes, supersedes_count;
	uint32_t *disputes, disputes_count;
	uint32_t superseded_by; /* index into base->facts, UINT32_MAX: current */
	struct place place;
};

static inline bool fact_lists(const uint32_t *list, uint32_t count, uint32_t item)
{
	for (uint32_t i = 0; i < count; i++)
		if (list[i] == item)
			return true;
	return false;
}

/* Whether the fact's editor listed the entity. */
static inline bool fact_names(const struct fact *fact, uint32_t entity)
{
	return fact_lists(fact->entities, fact->entities_count, entity);
}

/* Whether an editor has put one of the two facts beside the other. */
static inline bool fact_relates(const struct fact *facts, uint32_t one, uint32_t other)
{
	return fact_lists(facts[one].related, facts[one].related_count, other) ||
	       fact_lists(facts[other].related, facts[other].related_count, one);
}

/* Whether they name a thing in common. */
static inline bool fact_meets(const struct fact *one, const struct fact *other)
{
	for (uint32_t i = 0; i < one->entities_count; i++)
		if (fact_names(other, one->entities[i]))
			return true;
	return false;
}

/* Whether who asks for the fact `other` is served by the answer of `fact`. */
static inline bool fact_tells(const struct fact *facts, uint32_t fact, uint32_t other)
{
	return fact == other || fact_lists(facts[fact].tells, facts[fact].tells_count, other);
}

struct source {
	const char *id, *title, *publisher, *date, *language, *address; /* address NULL: none */
	uint32_t paragraphs;
};

struct topic {
	const char *id;
	const char *name[LANGUAGE_COUNT];
};

struct entity {             /* a person, place, organisation, group, thing: with all its names */
	const char *id, *kind;  /* kind: person place organisation group thing event */
	struct texts names[LANGUAGE_COUNT]; /* the first of each language is the one shown */
	bool held;              /* some fact holds it */
};

struct synonym {            /* words that mean the same here; the group's id becomes one feature */
	const char *id;
	struct texts words;     /* all languages */
};

struct small_talk {
	const char *id;         /* greeting thanks who-are-you what-can-you bye insult how-are-you safety ... */
	struct texts phrases;   /* all languages */
	const char *answer[LANGUAGE_COUNT];
};

struct base {
	struct arena *arena;    /* owns everything below */
	struct arena *asked;    /* but facts' questions and unrelated ones, see base_forget_asked; NULL: forgotten */
	const char **files;     /* relative names; [files_count] */
	uint32_t files_count;
	struct fact *facts;       uint32_t facts_count;   /* in order of file name, then of the file */
	struct topic *topics;     uint32_t topics_count;
	struct source *sources;   uint32_t sources_count;
	struct entity *entities;  uint32_t entities_count;
	struct synonym *synonyms; uint32_t synonyms_count;
	struct small_talk *talks; uint32_t talks_count;
	struct texts unrelated;   /* questions/unrelated.jsonl, once base_read_unrelated has read it */
	struct buffer unread;     /* its bytes before that; hashed, so that they are those the hash speaks of */
	char as_of[11];           /* latest day of a fact */
	uint64_t hash;            /* over the bytes of all files */
};

#endif
