/* abstain: the order of the best few, and whether the first is to be believed.
 *
 * Two small linear models with parameters from training. The first orders candidates by their parts (pairwise logistic
 * regression: right over wrong). The second gives the probability that the first candidate is what was asked (logistic regression on
 * the signs below, from questions held out of training: right answers, wrong answers, questions whose fact was
 * taken away, and unrelated questions). */
#ifndef QANTAR_ENGINE_ABSTAIN_H
#define QANTAR_ENGINE_ABSTAIN_H

#include "base/buffer.h"
#include "engine/match.h"

enum { ABSTAIN_PARTS = 8, ABSTAIN_SIGNS = 20 };

struct abstain {
	float order[ABSTAIN_PARTS];
	float sign[ABSTAIN_SIGNS], mean[ABSTAIN_SIGNS], deviation[ABSTAIN_SIGNS], bias;
	struct match_thresholds thresholds;
};
enum { ABSTAIN_FLOATS = sizeof(struct abstain) / sizeof(float) };

struct abstain_context {
	float unrelated;        /* margin of the class of unrelated questions */
	float mass;             /* the best margins, all facts: log of the sum of exp */
	float mix;              /* z-scored mix of the best and of the second */
	float rival_mix;
};

/* The parts of a candidate, of which the order is a weighted sum. */
void abstain_parts(const struct match_candidate *candidate, float parts[ABSTAIN_PARTS]);
float abstain_order(const struct abstain *abstain, const struct match_candidate *candidate);

void abstain_signs(const struct match_question *question, const struct match_candidate *candidates, size_t count,
		   const struct abstain_context *context, float signs[ABSTAIN_SIGNS]);
float abstain_probability(const struct abstain *abstain, const float signs[ABSTAIN_SIGNS]);

#endif
