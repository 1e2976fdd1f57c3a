/* abstain: the order of the best few, and whether the first is to be believed.
 *
 * The order is a weighted sum of a candidate's parts, its weights named constants. The probability that the first
 * candidate is what was asked comes from logistic regression on the signs below, trained on questions held out: right
 * answers, wrong answers, questions whose fact was taken away, and unrelated questions. */
#ifndef QANTAR_ENGINE_ABSTAIN_H
#define QANTAR_ENGINE_ABSTAIN_H

#include "base/buffer.h"
#include "engine/match.h"

enum {
	ABSTAIN_SIGNS = 19,
	ABSTAIN_UNKNOWN = 15, /* of these, the share of unknown words */
	ABSTAIN_TERMS = ABSTAIN_SIGNS + ABSTAIN_SIGNS * (ABSTAIN_SIGNS + 1) / 2,
};

#define ABSTAIN_VERBATIM .999f /* cosine from which on a question is an own one word for word, and that fact's */

struct abstain {
	float mean[ABSTAIN_SIGNS], deviation[ABSTAIN_SIGNS]; /* of the signs */
	float weight[ABSTAIN_TERMS], bias;
	float offer_weight[ABSTAIN_SIGNS], offer_bias; /* that one of the best three is right */
	struct match_thresholds thresholds;
};
enum { ABSTAIN_FLOATS = sizeof(struct abstain) / sizeof(float) };

struct abstain_context {
	float unrelated; /* margin of the class of unrelated questions */
};

/* What the best few are ordered by. */
float abstain_order(const struct match_candidate *candidate);

/* Candidates whose facts the first one's fact tells as well are no rivals of it. */
void abstain_signs(const struct base *base, const struct match_question *question,
		   const struct match_candidate *candidates, size_t count, const struct abstain_context *context,
		   float signs[ABSTAIN_SIGNS]);
/* Whether the answer to the candidate serves who asks for the class (a fact or a small talk). */
bool abstain_serves(const struct base *base, const struct match_candidate *candidate, uint32_t class);
/* What the regression sees of the signs: each standardised and cut at four deviations, then all products of two. */
void abstain_terms(const struct abstain *abstain, const float signs[ABSTAIN_SIGNS], float terms[ABSTAIN_TERMS]);
float abstain_probability(const struct abstain *abstain, const float signs[ABSTAIN_SIGNS]);
/* That the fact asked for is among the ones offered. */
float abstain_offer(const struct abstain *abstain, const float signs[ABSTAIN_SIGNS]);

#endif
