#include "engine/abstain.h"

#include <math.h>

#include "engine/layout.h"

enum {
	SIGN_SHARPNESS = 4, /* of the softmax over margins */
	SIGN_MOST = 4,      /* deviations: what lies further out counts as this */
};

/* What a candidate's parts are worth beside its mix. Learned from own questions left out they come out too large: an
 * own question resembles the others of its fact more than a stranger's does. */
static const float worth_nearest = 4, worth_covered = 1, worth_named = 3, worth_expected = 0.5f, worth_verbatim = .5f;

float abstain_order(const struct match_candidate *candidate)
{
	float verbatim = candidate->nearest >= ABSTAIN_VERBATIM ? worth_verbatim : 0;
	return verbatim + candidate->mix + worth_nearest * candidate->nearest + worth_covered * candidate->covered +
	       worth_named * candidate->named + worth_expected * candidate->expected;
}

bool abstain_serves(const struct base *base, const struct match_candidate *candidate, uint32_t class)
{
	return candidate->fact == class || (candidate->fact < base->facts_count && class < base->facts_count &&
					    fact_tells(base->facts, candidate->fact, class));
}

void abstain_signs(const struct base *base, const struct match_question *question,
		   const struct match_candidate *candidates, size_t count, const struct abstain_context *context,
		   float signs[ABSTAIN_SIGNS])
{
	static const struct match_candidate nobody = { .linear = -1 };
	const struct match_candidate *best = &candidates[0], *second = NULL;
	float top = best->linear, most = top, rival_near = 0, sum = 0;
	for (size_t i = 1; i < count; i++)
		most = candidates[i].linear > most ? candidates[i].linear : most;
	for (size_t i = 0; i < count; i++) {
		const struct match_candidate *rival = &candidates[i];
		if (i > 0 && abstain_serves(base, best, rival->fact))
			continue;
		sum += expf(SIGN_SHARPNESS * (rival->linear - most));
		if (i == 0)
			continue;
		second = second ? second : rival;
		rival_near = rival->nearest > rival_near ? rival->nearest : rival_near;
	}
	second = second ? second : &nobody;
	float content = (float)question->content;
	const float values[ABSTAIN_SIGNS] = {
		top,
		best->score - second->score,
		top - second->linear,
		expf(SIGN_SHARPNESS * (top - most)) / sum,
		best->nearest,
		best->nearest - rival_near,
		best->covered,
		question->seen,
		(float)best->held,
		best->expected,
		logf(1 + content),
		context->unrelated,
		best->mix,
		best->bm25,
		question->content == 0,
		content > 0 ? (float)question->unknown / content : 0,
		top - context->unrelated,
		best->covered * best->covered,
		best->nearest * best->covered,
	};
	for (int i = 0; i < ABSTAIN_SIGNS; i++)
		signs[i] = values[i];
}

static float standardised(const struct abstain *abstain, const float signs[ABSTAIN_SIGNS], int i)
{
	float value = (signs[i] - abstain->mean[i]) / abstain->deviation[i];
	return fminf(fmaxf(value, -SIGN_MOST), SIGN_MOST);
}

void abstain_terms(const struct abstain *abstain, const float signs[ABSTAIN_SIGNS], float terms[ABSTAIN_TERMS])
{
	float *products = terms + ABSTAIN_SIGNS;
	for (int i = 0; i < ABSTAIN_SIGNS; i++) {
		terms[i] = standardised(abstain, signs, i);
		for (int j = 0; j <= i; j++)
			*products++ = terms[i] * terms[j];
	}
}

float abstain_probability(const struct abstain *abstain, const float signs[ABSTAIN_SIGNS])
{
	float terms[ABSTAIN_TERMS], sum = abstain->bias;
	abstain_terms(abstain, signs, terms);
	for (int i = 0; i < ABSTAIN_TERMS; i++)
		sum += abstain->weight[i] * terms[i];
	return 1 / (1 + expf(-sum));
}

float abstain_offer(const struct abstain *abstain, const float signs[ABSTAIN_SIGNS])
{
	float sum = abstain->offer_bias;
	for (int i = 0; i < ABSTAIN_SIGNS; i++)
		sum += abstain->offer_weight[i] * standardised(abstain, signs, i);
	return 1 / (1 + expf(-sum));
}
