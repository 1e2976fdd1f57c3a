/* knowledge: a question in, an answer out.
 *
 * The one public header of the library. A base is a directory of facts, sources, a lexicon and
 * unrelated questions (see knowledge/README.md). It is loaded once, never changes afterwards, and may
 * be shared by any number of callers; two bases fit in one process. All memory of conversations is the
 * caller's `struct knowledge_context`; every answer owns its texts, so nothing points into the base
 * after a call returns. No globals, no network, no threads. */
#ifndef QANTAR_KNOWLEDGE_H
#define QANTAR_KNOWLEDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

enum {
	KNOWLEDGE_QUESTION_BYTES = 4096,  /* a longer question is refused by KNOWLEDGE_TOO_LONG */
	KNOWLEDGE_ID_BYTES = 64,          /* of a fact's or source's id, with the NUL */
	KNOWLEDGE_CANDIDATES = 3,
	KNOWLEDGE_RELATED = 3,
	KNOWLEDGE_FACTS_TOLD = 8,         /* facts of one answer at the most */
};

enum language { LANGUAGE_NONE, LANGUAGE_EN, LANGUAGE_RU, LANGUAGE_KK };
enum { LANGUAGE_COUNT = 4 };

/* "en", "ru", "kk", or "" for none; and back (LANGUAGE_NONE for anything else). */
const char *language_code(enum language language);
enum language language_from_code(const char *code);

/* ---- problems found in a base ---- */

struct knowledge_problem {
	bool warning;       /* false: an error; a base with an error is not used */
	const char *kind;   /* static text: an error is syntax schema reference conflict,
			     * a warning hijack near-duplicate unreachable language claimant */
	char *file;         /* relative to the base's directory */
	unsigned line, column; /* from 1; 0 when the whole file is meant */
	char *message;      /* what is wrong and what to do */
};

struct knowledge_report {
	struct knowledge_problem *problems; /* [count], in order of file and line; owned */
	size_t count;
	size_t left_out;                    /* problems past the cap of 200 */
};

void knowledge_report_finish(struct knowledge_report *report);

/* ---- loading ---- */

struct knowledge;

struct knowledge_options {
	const char *directory;  /* the base */
	const char *cache;      /* directory for trained models; NULL: train in memory, write nothing */
	const char *shipped;    /* a second, read-only place to look for the model; may be NULL */
	bool no_training;       /* fail rather than train when no cached model fits */
	bool whole;             /* keep all questions in memory, for knowledge_explain to show */
};

/* NULL on failure: `report` (initialised here, finish it in any case) lists what is wrong with the base, or is
 * empty and `error` says what else failed. A missing, damaged or foreign model is trained anew; when that could not be
 * kept in `options->cache`, `error` says so though the base was loaded (its text is empty otherwise). */
struct knowledge *knowledge_load(const struct knowledge_options *options, struct knowledge_report *report,
				 struct error *error);
void knowledge_destroy(struct knowledge *knowledge);

/* Trains the base in `options->directory` and writes the model to `options->cache` by rename. */
bool knowledge_train(const struct knowledge_options *options, struct knowledge_report *report, struct error *error);

/* Loads and trains, then looks for warnings too (folds: about five trainings). True when there is no error. */
bool knowledge_check(const struct knowledge_options *options, struct knowledge_report *report, struct error *error);

struct knowledge_version {
	char hash[17];      /* of everything training read, hexadecimal */
	char as_of[11];     /* the latest day of a fact, "2022-01-06" */
	size_t facts;
};
struct knowledge_version knowledge_version(const struct knowledge *knowledge);

/* What a reload changed. Ids are owned by the diff. */
struct knowledge_diff {
	char **added, **changed, **removed;
	size_t added_count, changed_count, removed_count;
};
void knowledge_diff(const struct knowledge *before, const struct knowledge *after, struct knowledge_diff *out);
void knowledge_diff_finish(struct knowledge_diff *diff);

/* A standing line for a person: what this bot knows, and up to which day. The caller frees. */
char *knowledge_greeting(const struct knowledge *knowledge, enum language language);

/* ---- answering ---- */

enum answer_kind {
	ANSWER_FACT,
	ANSWER_FACTS,
	ANSWER_UNSURE,        /* candidates to pick from; states nothing */
	ANSWER_KNOWN_UNKNOWN, /* the base says that its sources do not say */
	ANSWER_UNKNOWN,
	ANSWER_SMALL_TALK,
	ANSWER_SAFETY,
};
/* "fact" "facts" "unsure" "known_unknown" "unknown" "smalltalk" "safety" */
const char *answer_kind_name(enum answer_kind kind);

struct answer_source {
	char *id;
	unsigned paragraph; /* 0: the whole */
	char *title, *publisher, *date;
	char *address;      /* NULL: none */
};

struct answer_choice {
	char *id;
	char *question; /* in the answer's language */
};

struct answer {
	enum answer_kind kind;
	enum language language;
	double confidence;  /* calibrated probability of being right; 0 when nothing is stated */
	char *text;         /* the body a person sees: no source line, no candidates, no related questions */
	char **facts;       /* ids of what is stated (the known unknown's id too) */
	size_t facts_count;
	char as_of[11];     /* "" when nothing is stated */
	char *claimant;     /* NULL: the reporter */
	struct answer_source *sources;
	size_t sources_count;
	struct answer_choice *candidates; /* [<= KNOWLEDGE_CANDIDATES] */
	size_t candidates_count;
	struct answer_choice *related;    /* [<= KNOWLEDGE_RELATED] */
	size_t related_count;
};

/* What the engine remembers of one person in one room. Owned by the caller, zeroed before the first
 * question ({ 0 }), freely copied; holds ids as text, so it stays valid across a reload: ids that the new base
 * does not have are passed over. Expiry is the caller's affair (zero it). */
struct knowledge_context {
	enum language forced;   /* LANGUAGE_NONE: answer in the question's language */
	enum language language; /* of the last answer */
	char facts[KNOWLEDGE_FACTS_TOLD][KNOWLEDGE_ID_BYTES];      /* last told, "" ends */
	char candidates[KNOWLEDGE_CANDIDATES][KNOWLEDGE_ID_BYTES]; /* last offered, "" ends */
	const char *safety[LANGUAGE_COUNT]; /* the operator's text for people in danger, by language; NULL: the default */
	const char *contact;    /* how to reach an admin, told with "unknown"; NULL: nothing is said */
};

enum knowledge_refusal { KNOWLEDGE_ANSWERED, KNOWLEDGE_TOO_LONG, KNOWLEDGE_NOT_UTF8, KNOWLEDGE_NO_MEMORY };

/* Answers `question` (need not end in NUL; NUL bytes inside count as spaces) in linear time, updates `context`, and
 * fills `answer` (finish it when KNOWLEDGE_ANSWERED is returned; otherwise it is zeroed and `context` is untouched). An
 * empty question, emoji or punctuation alone get ANSWER_UNKNOWN with a friendly text. */
enum knowledge_refusal knowledge_answer(const struct knowledge *knowledge, struct knowledge_context *context,
					const char *question, size_t bytes, struct answer *answer);
void answer_finish(struct answer *answer);

/* How the answer came about, as JSON (the caller frees): tokens, corrections, entities, form, candidates with the parts
 * of their scores, threshold, and why it answered or did not. NULL on refusal. Does not touch `context`. */
char *knowledge_explain(const struct knowledge *knowledge, const struct knowledge_context *context,
			const char *question, size_t bytes);

/* The prompt that asks a person in `language` to pick from so many candidates (one or more); static text. */
const char *knowledge_phrase_pick(enum language language, size_t candidates);
/* "Source", "as of", "claimed by", "You can also ask" in `language`; static text. */
struct knowledge_labels { const char *source, *paragraph, *as_of, *related; };
struct knowledge_labels knowledge_labels(enum language language);
/* "January 6, 2022", "6 января 2022 года", "2022 жылғы 6 қаңтар"; "1968", "1968 год", "1968 жыл". */
void knowledge_append_date(struct buffer *out, enum language language, const char *date);

#endif
