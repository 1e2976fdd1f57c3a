#include "engine/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float bm25_share = 0.5f; /* of BM25F beside the linear margin, both z-scored */

/* The most own questions that a class has. */
static uint32_t most_own(const struct layout *layout)
{
	const uint32_t *starts = layout->data[SECTION_OWN_STARTS];
	uint32_t most = 1;
	for (uint32_t class = 0; class < layout->classes; class++, starts += LAYOUT_OWN_KINDS)
		most = starts[LAYOUT_OWN_KINDS] - starts[0] > most ? starts[LAYOUT_OWN_KINDS] - starts[0] : most;
	return most;
}

void score_init(struct score *score, const struct layout *layout)
{
	score->linear = memory_zeroed(layout->classes + 1, sizeof(float));
	score->bm25 = memory_zeroed(layout->classes + 1, sizeof(float));
	score->values = memory_zeroed(layout->features + 1, sizeof(float));
	score->mix = memory_zeroed(layout->classes + 1, sizeof(float));
	score->order = memory_zeroed(layout->classes + 1, sizeof(uint32_t));
	score->sums = memory_zeroed(layout->classes + 1, sizeof(uint32_t));
	score->own_most = most_own(layout);
	score->likeness = memory_zeroed((size_t)score->own_most * MATCH_CANDIDATES, sizeof(float));
}

void score_finish(struct score *score)
{
	free(score->linear);
	free(score->bm25);
	free(score->mix);
	free(score->values);
	free(score->likeness);
	free(score->sums);
	free(score->order);
}

/* ---- all facts ---- */

/* In whole numbers, here and below: they take half the instructions of floats. */
static void add_terms(struct score *score, const struct layout *layout, const struct match_question *question)
{
	const uint32_t *starts = layout->data[SECTION_TERM_STARTS], *terms = layout->data[SECTION_TERMS];
	uint32_t *sums = score->sums;
	memset(sums, 0, (layout->classes + 1) * sizeof(*sums));
	for (uint32_t i = 0; i < question->features_count; i++) {
		uint32_t term = question->features[i].feature;
		if (term >= layout->terms)
			continue;
		for (uint32_t p = starts[term], end = starts[term + 1]; p < end; p++)
			sums[terms[p] >> 8] += terms[p] & 0xFF;
	}
	for (uint32_t c = 0; c <= layout->classes; c++)
		score->bm25[c] = (float)(int32_t)sums[c];
}

/* A damaged model's sums may wrap. */
static void add_weights(struct score *score, const struct layout *layout, const struct match_question *question)
{
	const uint32_t *starts = layout->data[SECTION_WEIGHT_STARTS];
	const struct layout_posting *postings = layout->data[SECTION_WEIGHT_POSTINGS];
	uint32_t *sums = score->sums;
	memset(sums, 0, (layout->classes + 1) * sizeof(*sums));
	for (uint32_t i = 0; i < question->features_count; i++)
		__builtin_prefetch(&postings[starts[question->features[i].feature]]);
	for (uint32_t i = 0; i < question->features_count; i++) {
		const uint32_t *start = &starts[question->features[i].feature];
		const struct layout_posting *end = postings + start[1];
		int32_t value = (int32_t)(question->features[i].value * SCORE_ONE);
		uint32_t *sum = sums;
		for (const struct layout_posting *posting = postings + start[0]; posting < end; posting++) {
			sum += posting->gap;
			*sum += (uint32_t)(value * (int8_t)posting->weight);
		}
	}
	const struct layout_class *classes = layout->data[SECTION_CLASSES];
	for (uint32_t c = 0; c <= layout->classes; c++)
		score->linear[c] = classes[c].bias + classes[c].scale / SCORE_ONE * (float)(int32_t)sums[c];
}

/* Weights kept by class: for the facts in score->order only. */
static void add_weights_of(struct score *score, const struct layout *layout, const struct match_question *question,
			   uint32_t count)
{
	const uint32_t *starts = layout->data[SECTION_WEIGHT_STARTS], *features = layout->data[SECTION_WEIGHT_FEATURE];
	const int8_t *weights = layout->data[SECTION_WEIGHTS];
	const struct layout_class *classes = layout->data[SECTION_CLASSES];
	for (uint32_t i = 0; i < question->features_count; i++)
		score->values[question->features[i].feature] = question->features[i].value;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t class = score->order[i];
		float sum = 0;
		for (uint32_t p = starts[class]; p < starts[class + 1]; p++)
			sum += score->values[features[p]] * (float)weights[p];
		score->linear[class] = classes[class].bias + classes[class].scale * sum;
	}
	for (uint32_t i = 0; i < question->features_count; i++)
		score->values[question->features[i].feature] = 0;
	score->linear[layout->classes] = classes[layout->classes].bias;
}

struct spread {
	float mean, deviation;
};

static struct spread spread_of(const float *values, const uint32_t *order, uint32_t count)
{
	float sum = 0, squares = 0;
	for (uint32_t i = 0; i < count; i++) {
		float value = values[order[i]];
		sum += value;
		squares += value * value;
	}
	float mean = sum / (float)count, variance = squares / (float)count - mean * mean;
	return (struct spread){ mean, variance > 1e-6f ? sqrtf(variance) : 1 };
}

/* The `most` classes with the largest `values`, in order of size; of equals the first. Insertion into a short list. */
static uint32_t take_best(const float *values, const uint32_t *from, uint32_t count, uint32_t *best, uint32_t most)
{
	uint32_t kept = 0;
	float least = 0; /* of a full list */
	for (uint32_t i = 0; i < count; i++) {
		uint32_t class = from ? from[i] : i;
		float value = values[class];
		if (kept == most && value <= least)
			continue;
		uint32_t at = kept < most ? kept++ : kept - 1;
		for (; at > 0 && values[best[at - 1]] < value; at--)
			best[at] = best[at - 1];
		best[at] = class;
		least = values[best[kept - 1]];
	}
	return kept;
}

/* ---- the best few ---- */

/* This and the search below go on without a branch that depends on what is in the list: it could not be foretold. */
bool score_holds(const struct layout *layout, uint32_t term, uint32_t class)
{
	const uint32_t *starts = layout->data[SECTION_TERM_STARTS], *terms = layout->data[SECTION_TERMS];
	uint32_t low = starts[term], end = starts[term + 1];
	for (uint32_t left = end - low; left > 1;) {
		uint32_t half = left / 2, next = low + half;
		low = terms[next] >> 8 <= class ? next : low;
		left -= half;
	}
	return low < end && terms[low] >> 8 == class;
}

/* Where the ascending list, which is not empty, has each candidate's class, or would have it after. Step by step for
 * all, so that they wait for memory together. */
static void seek(const struct layout_held *list, uint32_t entries, const struct match_candidate *candidates,
		 size_t count, uint32_t places[])
{
	memset(places, 0, count * sizeof(*places));
	for (uint32_t left = entries, half; left > 1; left -= half) {
		half = left / 2;
		for (size_t c = 0; c < count; c++)
			places[c] += layout_held_class(&list[places[c] + half]) <= candidates[c].fact ? half : 0;
	}
}

/* Products of the question's words with the candidates' own questions, a row of score->likeness a candidate. */
static void multiply_own(const struct score *score, const struct layout *layout,
			 const struct match_candidate *candidates, size_t count)
{
	const uint32_t *starts = layout->data[SECTION_HELD_STARTS];
	const struct layout_held *held = layout->data[SECTION_HELD];
	const struct layout_posting *hits = layout->data[SECTION_HITS];
	for (uint32_t i = 0; i < score->words_count; i++)
		__builtin_prefetch(&starts[score->words[i].feature]);
	for (uint32_t i = 0; i < score->words_count; i++) {
		const uint32_t *start = &starts[score->words[i].feature];
		__builtin_prefetch(&held[start[0] + (start[1] - start[0]) / 2]);
	}
	for (uint32_t i = 0; i < score->words_count; i++) {
		const struct match_feature *word = &score->words[i];
		const struct layout_held *list = held + starts[word->feature];
		uint32_t entries = starts[word->feature + 1] - starts[word->feature], places[MATCH_CANDIDATES];
		if (entries == 0)
			continue;
		seek(list, entries, candidates, count, places);
		for (size_t c = 0; c < count; c++)
			__builtin_prefetch(&hits[layout_held_hits(&list[places[c]])]);
		for (size_t c = 0; c < count; c++) {
			const struct layout_held *found = &list[places[c]];
			float *row = score->likeness + c * score->own_most;
			/* Held or not, the loop's end is all that cannot be foretold. */
			uint32_t to = layout_held_hits(&found[layout_held_class(found) == candidates[c].fact]);
			for (const struct layout_posting *hit = hits + layout_held_hits(found); hit < hits + to; hit++) {
				row += hit->gap;
				*row += word->value * (float)hit->weight;
			}
		}
	}
}

/* The nearest own question of a kind: how near, and which. A second look finds which: a branch in the first would be
 * foretold wrongly again and again. */
static float nearest_of(const float *likeness, const float *norms, uint32_t count, uint32_t *which)
{
	float most = 0;
	for (uint32_t i = 0; i < count; i++) {
		float like = likeness[i] * norms[i];
		most = like > most ? like : most;
	}
	*which = 0;
	while (*which + 1 < count && likeness[*which] * norms[*which] < most)
		++*which;
	return most;
}

/* What a class's own questions from `first` to `last` say, those that ask for yes or no or the others; `likeness` is
 * that of all its own questions. */
static float vote_of(const struct layout *layout, const uint32_t *starts, enum match_own first, enum match_own last,
		     const float *likeness, float norm)
{
	const struct layout_own *own = layout->data[SECTION_OWN];
	const float *norms = layout->data[SECTION_OWN_NORMS];
	float sum = 0;
	int32_t all = 0;
	for (uint32_t i = starts[first]; i < starts[last + 1]; i++) {
		sum += (float)own[i].polarity * likeness[i - starts[0]] * norms[i];
		all += own[i].polarity;
	}
	return (norm * sum + LAYOUT_POLARITY_CONSTANT * (float)all) / LAYOUT_POLARITY_ONE;
}

static void look_at_own(const struct score *score, const struct layout *layout, float norm, size_t place,
			bool may_be_yes_no, bool asks_more, struct match_candidate *candidate)
{
	const uint32_t *starts = layout->data[SECTION_OWN_STARTS];
	const struct layout_own *own = layout->data[SECTION_OWN];
	const float *norms = layout->data[SECTION_OWN_NORMS];
	float *likeness = score->likeness + place * score->own_most;
	starts += (size_t)LAYOUT_OWN_KINDS * candidate->fact;
	const uint32_t first = starts[0], end = starts[LAYOUT_OWN_KINDS];
	for (enum match_own kind = OWN_QUESTION; kind <= OWN_DENIES; kind++) {
		uint32_t from = starts[kind], which;
		if (from == starts[kind + 1])
			continue;
		uint32_t many = starts[kind + 1] - from;
		float near = norm * nearest_of(likeness + (from - first), norms + from, many, &which);
		candidate->near[kind] = near;
		if (near <= candidate->nearest && from > first)
			continue;
		candidate->nearest = near;
		candidate->own = kind;
		candidate->own_language = (enum language)own[from + which].language;
		candidate->own_index = own[from + which].index;
	}
	if (may_be_yes_no)
		candidate->polarity = vote_of(layout, starts, OWN_AFFIRMS, OWN_DENIES, likeness, norm);
	if (asks_more && starts[OWN_CORRECTS] < starts[OWN_CORRECTS + 1])
		candidate->premise = vote_of(layout, starts, OWN_QUESTION, OWN_CORRECTS, likeness, norm);
	memset(likeness, 0, (end - first) * sizeof(*likeness));
}

static void look_at_words(const struct score_query *query, const struct match_question *question,
			  struct match_candidate *candidate)
{
	const struct layout *layout = query->layout;
	float held = 0, all = 0;
	for (uint32_t i = 0; i < question->tokens_count; i++) {
		const struct match_token *token = &question->tokens[i];
		if (token->weight <= 0)
			continue;
		all += token->weight;
		if (token->term != UINT32_MAX && score_holds(layout, token->term, candidate->fact)) {
			held += token->weight;
			candidate->held++;
		}
	}
	candidate->covered = all > 0 ? held / all : 0;
	uint32_t named = 0;
	for (uint32_t i = 0; i < question->entities_count; i++) {
		uint32_t term = question->entity_terms[i];
		named += term != UINT32_MAX && score_holds(layout, term, candidate->fact);
	}
	candidate->named = question->entities_count ? (float)named / (float)question->entities_count : 1;
}

/* Only a number asked for and not told speaks against a fact: why, when and who are asked of facts that tell it by the
 * way. */
static float expectation(const struct base *base, const struct match_question *question, uint32_t class)
{
	const unsigned telling = EXPECTS_WHO | EXPECTS_WHEN | EXPECTS_WHERE | EXPECTS_HOW_MANY | EXPECTS_WHY;
	unsigned asked = question->expects & telling;
	if (!asked || class >= base->facts_count || !base->facts[class].expects)
		return 0.5f;
	if (asked & base->facts[class].expects)
		return 1;
	return asked & EXPECTS_HOW_MANY ? 0 : 0.5f;
}

static void look_closely(struct score *score, const struct score_query *query, const struct match_question *question,
			 struct match_candidate *candidates, size_t count)
{
	const struct layout *layout = query->layout;
	double square = 0;
	score->words_count = 0;
	for (uint32_t i = 0; i < question->features_count; i++) {
		struct match_feature feature = question->features[i];
		if (feature.feature >= layout->letters)
			continue;
		score->words[score->words_count++] = feature;
		square += (double)feature.value * feature.value;
	}
	float norm = square > 0 ? (float)(1 / sqrt(square)) : 0;
	multiply_own(score, layout, candidates, count);
	for (size_t i = 0; i < count; i++) {
		look_at_own(score, layout, norm, i, question->yes_no || !question->expects, !question->yes_no,
			    &candidates[i]);
		look_at_words(query, question, &candidates[i]);
		candidates[i].expected = expectation(query->base, question, candidates[i].fact);
	}
}

static void reorder(struct match_candidate *candidates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct match_candidate candidate = candidates[i];
		candidate.score = abstain_order(&candidate);
		size_t at = i;
		for (; at > 0 && candidates[at - 1].score < candidate.score; at--)
			candidates[at] = candidates[at - 1];
		candidates[at] = candidate;
	}
}

static void mix(struct score *score, uint32_t count)
{
	struct spread linear = spread_of(score->linear, score->order, count),
		      terms = spread_of(score->bm25, score->order, count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t c = score->order[i];
		score->mix[c] = (score->linear[c] - linear.mean) / linear.deviation +
				bm25_share * (score->bm25[c] - terms.mean) / terms.deviation;
	}
}

/* Brings a sum of impacts to the share of what a text with all the question's terms could get, about. */
static float ideal_terms(const struct layout *layout, const struct match_question *question)
{
	const struct layout_feature *features = layout->data[SECTION_FEATURES];
	const struct layout_class *classes = layout->data[SECTION_CLASSES];
	float sum = 0;
	for (uint32_t i = 0; i < question->features_count; i++) {
		uint32_t feature = question->features[i].feature;
		sum += feature < layout->terms ? features[feature].weight * features[feature].weight : 0;
	}
	return sum > 0 ? classes[0].impact / sum : 0;
}

size_t score_rank(struct score *score, const struct score_query *query, const struct match_question *question,
		  struct match_candidate *candidates, size_t most, struct abstain_context *context)
{
	const struct layout *layout = query->layout;
	uint32_t considered = 0;
	*context = (struct abstain_context){ 0 };
	if (question->features_count == 0 || layout->classes == 0)
		return 0;
	add_terms(score, layout, question);
	if (layout->by_class) {
		if (query->ignore < layout->classes)
			score->bm25[query->ignore] = 0;
		considered = take_best(score->bm25, NULL, layout->classes, score->order, SCORE_FIRST);
		add_weights_of(score, layout, question, considered);
	} else {
		add_weights(score, layout, question);
		for (uint32_t c = 0; c < layout->classes; c++)
			if (c != query->ignore)
				score->order[considered++] = c;
	}
	mix(score, considered);
	uint32_t best[MATCH_CANDIDATES];
	uint32_t count = take_best(score->mix, score->order, considered, best,
				   most < MATCH_CANDIDATES ? (uint32_t)most : MATCH_CANDIDATES);
	float ideal = ideal_terms(layout, question);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t c = best[i];
		candidates[i] = (struct match_candidate){ .fact = c,
							  .score = score->mix[c],
							  .linear = score->linear[c],
							  .mix = score->mix[c],
							  .bm25 = score->bm25[c] * ideal };
	}
	context->unrelated = score->linear[layout->classes];
	look_closely(score, query, question, candidates, count);
	reorder(candidates, count);
	return count;
}
