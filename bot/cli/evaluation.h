/* evaluation: answers held against a file of questions with the facts that answer them (DESIGN, "people.jsonl").
 *
 * Right: answered, one of `expect` told, nothing told outside `expect` and `also_fine`. A question with an empty
 * `expect` must not be answered. */
#ifndef QANTAR_CLI_EVALUATION_H
#define QANTAR_CLI_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/json.h"
#include "knowledge.h"

enum outcome {
	OUTCOME_RIGHT,
	OUTCOME_WRONG,
	OUTCOME_UNSURE_RIGHT,
	OUTCOME_UNSURE,
	OUTCOME_SILENT, /* of an answerable question */
	OUTCOME_KEPT_SILENT,
	OUTCOME_ANSWERED, /* of an unanswerable one */
	OUTCOMES,
};

struct trial {
	char *id, *question, *language, *style, *part, *form, *gold;
	char *expected; /* the first of `expect`; NULL: unanswerable */
	enum outcome outcome;
	char *kind;         /* of the answer */
	char *told;         /* first fact told, else first candidate; NULL: none */
	char *explanation;  /* of knowledge_explain; NULL unless a miss */
	double probability; /* of the best fact, stated or not */
	bool best_fits;         /* that fact is among `expect` */
	bool best_unknown;  /* that fact is a known unknown or small talk: silent at any threshold */
};

struct evaluation {
	struct trial *trials;
	size_t count, capacity;
};

/* Asks every question of the file, or those of one part ("tune", "report"; NULL: all). False with `error` (file and
 * line) when the file is not as it must be. */
bool evaluation_run(struct evaluation *evaluation, const struct knowledge *knowledge, const char *path,
		    const char *part, struct error *error);
void evaluation_finish(struct evaluation *evaluation);

bool trial_is_miss(const struct trial *trial);

struct tally {
	size_t of[OUTCOMES];
};
size_t tally_answerable(const struct tally *tally);
size_t tally_unanswerable(const struct tally *tally);

/* Wilson's interval for `hits` of `count` at 95 % (Wilson 1927, J. Am. Stat. Assoc. 22, 209). In percent; 0..100 for
 * none. */
struct interval {
	double low, high;
};
struct interval interval_wilson(size_t hits, size_t count);

#endif
