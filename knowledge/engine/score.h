/* score: how well each fact fits a question that was read, from the sections of a model.
 *
 * All facts get a linear margin and a BM25F score, mixed after both are brought to mean 0 and deviation 1; the best few
 * are looked at closely and ordered anew by a weighted sum of the parts (abstain.h). */
#ifndef QANTAR_ENGINE_SCORE_H
#define QANTAR_ENGINE_SCORE_H

#include "engine/abstain.h"
#include "engine/layout.h"
#include "engine/match.h"
#include "engine/read.h"

enum {
	SCORE_FIRST = 200, /* facts that large bases look at past BM25 */
	SCORE_ONE = 1 << 16, /* a feature's value of 1 as a whole number; all values together are 85 at most */
};

/* working memory */
struct score {
	float *linear, *bm25, *mix; /* [classes + 1] */
	uint32_t *sums;             /* of weights, as int32_t [classes + 1] */
	float *values;              /* [features], zeros between calls */
	uint32_t *order;            /* [classes + 1] */
	uint32_t own_most;          /* own questions that a fact has */
	float *likeness;            /* to own questions [MATCH_CANDIDATES][own_most], zeros between calls */
	struct match_feature words[MATCH_FEATURES]; /* of the question, letters left out */
	uint32_t words_count;
};

void score_init(struct score *score, const struct layout *layout);
void score_finish(struct score *score);

struct score_query {
	const struct base *base;
	const struct layout *layout;
	uint32_t ignore; /* a class that is as if it were not there; UINT32_MAX: none */
};

/* Fills candidates, best first; `context` gets what abstain needs besides. */
size_t score_rank(struct score *score, const struct score_query *query, const struct match_question *question,
		  struct match_candidate *candidates, size_t most, struct abstain_context *context);

/* Whether the fact's texts hold a term. */
bool score_holds(const struct layout *layout, uint32_t term, uint32_t class);

#endif
