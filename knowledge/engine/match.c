#include "engine/match.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/match_parts.h"

/* An own question word for word is its fact's, however little a small base has taught of being sure. */
static const float verbatim_sure = .95f;
static const float wider_near = .3f;        /* of a candidate's score: as near as the first */
static const float wider_asked = 1.5f;      /* the same, where nothing that is asked is the first one's alone */
static const float inherited_weight = 0.4f; /* of what a follow-up takes over */

/* An unknown word weighs as much as the rarest known one. */
static float rarest(const struct layout *layout)
{
	const struct layout_feature *features = layout->data[SECTION_FEATURES];
	float most = 1;
	for (uint32_t i = 0; i < layout->terms; i++)
		most = features[i].weight > most ? features[i].weight : most;
	return most;
}

struct match *match_create_view(const struct base *base, const struct layout *layout, const struct abstain *abstain)
{
	struct match *match = memory_zeroed(1, sizeof(*match));
	match->base = base;
	match->layout = layout;
	match->abstain = abstain;
	match->reading = reading_create(base);
	match->own_texts = memory_zeroed(MATCH_OWN_TEXTS, sizeof(*match->own_texts));
	match->rarest = rarest(layout);
	score_init(&match->score, layout);
	return match;
}

void match_destroy(struct match *match)
{
	if (!match)
		return;
	reading_destroy(match->reading);
	score_finish(&match->score);
	free(match->own_texts);
	free(match);
}

const struct match_thresholds *match_thresholds(const struct match *match)
{
	return &match->abstain->thresholds;
}

bool match_holds(const struct match *match, uint32_t term, uint32_t fact)
{
	return score_holds(match->layout, term, fact);
}

const char *match_word(const struct match *match, uint32_t word)
{
	size_t bytes;
	return word < match->layout->count[SECTION_WORDS] ? lexis_text(match->layout, word, &bytes) : "";
}

static bool held_somewhere(const struct layout *layout, uint32_t term)
{
	const uint32_t *starts = layout->data[SECTION_TERM_STARTS];
	return term < layout->terms && starts[term] < starts[term + 1];
}

/* What the tokens weigh, and how much of that the base knows. */
static void weigh(const struct match *match, struct match_question *question)
{
	const struct layout_feature *features = match->layout->data[SECTION_FEATURES];
	float known = 0, all = 0;
	question->content = question->unknown = 0;
	for (uint32_t i = 0; i < question->tokens_count; i++) {
		struct match_token *token = &question->tokens[i];
		bool named = token->entity != UINT32_MAX, grouped = token->synonym != UINT32_MAX;
		uint64_t stem = named     ? reading_meaning(match->base, token->entity)
				: grouped ? reading_meaning(match->base, LAYOUT_SYNONYM | token->synonym)
					  : match->reading->words[i].stem;
		token->term = features_find(match->layout, features_term(stem));
		bool held = held_somewhere(match->layout, token->term);
		if (!held)
			token->term = UINT32_MAX;
		if (token->weight <= 0)
			continue;
		float weight = token->term == UINT32_MAX ? match->rarest : features[token->term].weight;
		token->weight = weight * weight;
		question->content++;
		question->unknown += !held;
		all += token->weight;
		known += held ? token->weight : 0;
	}
	for (uint32_t i = 0; i < question->entities_count; i++) {
		uint32_t term = features_find(match->layout,
					      features_term(reading_meaning(match->base, question->entities[i])));
		question->entity_terms[i] = held_somewhere(match->layout, term) ? term : UINT32_MAX;
	}
	question->seen = all > 0 ? known / all : 0;
}

void match_read_words(struct match *match, const char *text, size_t bytes, struct match_question *question)
{
	reading_take(match->reading, match->layout, text, bytes, question);
	question->features_count = 0;
	weigh(match, question);
}

void match_read_features(struct match *match, struct match_question *question)
{
	match->reading->list.count = 0;
	reading_features(match->reading, question);
	features_finish(match->layout, &match->reading->list, match->score.values, question);
}

void match_read(struct match *match, const char *text, size_t bytes, struct match_question *question)
{
	match_read_words(match, text, bytes, question);
	match_read_features(match, question);
}

const struct match_question *match_names(struct match *match, const char *text)
{
	for (uint32_t i = 0; i < MATCH_OWN_TEXTS; i++)
		if (match->own_texts[i].text == text)
			return &match->own_texts[i].question;
	struct match_own_text *own = &match->own_texts[match->own_texts_next];
	match->own_texts_next = (match->own_texts_next + 1) % MATCH_OWN_TEXTS;
	own->text = text;
	reading_take(match->reading, match->layout, text, strlen(text), &own->question);
	return &own->question;
}

void match_read_form(struct match *match, const char *text, size_t bytes, enum language language,
		     struct match_question *question)
{
	question->language = language;
	reading_take_form(match->reading, text, bytes, question);
}

/* The fact's first question, in the language asked in if there is one. */
static const char *asked_before(const struct match *match, uint32_t fact, enum language language)
{
	if (fact >= match->base->facts_count)
		return "";
	const struct texts *questions = match->base->facts[fact].questions;
	for (int l = LANGUAGE_NONE; l < LANGUAGE_COUNT; l++) {
		const struct texts *texts = l == LANGUAGE_NONE ? &questions[language] : &questions[l];
		if (texts->count > 0)
			return texts->items[0];
	}
	return "";
}

void match_read_after(struct match *match, const char *text, size_t bytes, uint32_t fact,
		      struct match_question *question)
{
	struct match_question *context = &match->context;
	match->reading->list.count = 0;
	reading_take(match->reading, match->layout, text, bytes, question);
	reading_features(match->reading, question);
	weigh(match, question);
	const char *before = asked_before(match, fact, question->language);
	reading_take(match->reading, match->layout, before, strlen(before), context);
	reading_inherit(match->reading, context, inherited_weight, question);
	features_finish(match->layout, &match->reading->list, match->score.values, question);
}

/* That the candidate serves who asks, by what each of them is likely to be asked for. */
static float served_by(const struct base *base, const struct match_candidate *candidates, size_t count, size_t i)
{
	float sum = 0;
	for (size_t c = 0; c < count; c++)
		sum += abstain_serves(base, &candidates[i], candidates[c].fact) ? candidates[c].probability : 0;
	return fminf(sum, 1);
}

static uint32_t count_named(const struct fact *fact, const struct match_question *question)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < question->entities_count; i++)
		count += fact_names(fact, question->entities[i]);
	return count;
}

/* How far behind the first a wider fact may be: "how many were killed" asks for neither side's dead, nor does who
 * names both. */
static float wider_behind(const struct match *match, const struct match_question *question, uint32_t narrow,
			  uint32_t wide)
{
	const struct fact *facts = match->base->facts;
	if (question->only)
		return INFINITY;
	bool asked = question->entities_count == 0 ||
		     count_named(&facts[narrow], question) < count_named(&facts[wide], question);
	return asked ? wider_asked : wider_near;
}

/* In doubt between a fact and one that tells it too, or where both are equally near, the wider one is taken; and by
 * who asks whether it was "only" so, for that tells the rest. */
static void take_wider(const struct match *match, const struct match_question *question,
		       struct match_candidate *candidates, size_t count)
{
	bool sure = candidates[0].probability >= match->abstain->thresholds.answer;
	for (size_t i = 1; i < count; i++) {
		if (!abstain_serves(match->base, &candidates[i], candidates[0].fact))
			continue;
		uint32_t narrow = candidates[0].fact, wide = candidates[i].fact;
		if (sure && candidates[0].score - candidates[i].score > wider_behind(match, question, narrow, wide))
			continue;
		struct match_candidate wider = candidates[i];
		wider.probability = served_by(match->base, candidates, count, i);
		wider.offer = candidates[0].offer;
		memmove(candidates + 1, candidates, i * sizeof *candidates);
		candidates[0] = wider;
		return;
	}
}

/* Whether the first tells what the others of the first three tell: then it is right if one of them is. */
static bool serves_all(const struct base *base, const struct match_candidate *candidates, size_t count)
{
	for (size_t i = 1; i < count && i < KNOWLEDGE_CANDIDATES; i++)
		if (!abstain_serves(base, &candidates[0], candidates[i].fact))
			return false;
	return count > 1;
}

size_t match_rank(struct match *match, const struct match_question *question, struct match_candidate *candidates,
		  size_t most)
{
	struct abstain_context context;
	float signs[ABSTAIN_SIGNS];
	size_t count = match_rank_parts(match, question, UINT32_MAX, candidates, MATCH_CANDIDATES, &context);
	if (count == 0)
		return 0;
	abstain_signs(match->base, question, candidates, count, &context, signs);
	candidates[0].probability = abstain_probability(match->abstain, signs);
	candidates[0].offer = abstain_offer(match->abstain, signs);
	if (candidates[0].nearest >= ABSTAIN_VERBATIM && question->content > 0 && question->unknown == 0)
		candidates[0].probability = fmaxf(candidates[0].probability, verbatim_sure);
	float sum = 0;
	for (size_t i = 1; i < count; i++)
		sum += expf(candidates[i].score - candidates[0].score);
	for (size_t i = 1; i < count; i++)
		candidates[i].probability =
			(1 - candidates[0].probability) * expf(candidates[i].score - candidates[0].score) / (1 + sum);
	if (candidates[0].fact < match->base->facts_count && candidates[0].nearest < ABSTAIN_VERBATIM)
		take_wider(match, question, candidates, count);
	if (serves_all(match->base, candidates, count))
		candidates[0].probability = fmaxf(candidates[0].probability, candidates[0].offer);
	return count < most ? count : most;
}

size_t match_rank_parts(struct match *match, const struct match_question *question, uint32_t ignore,
			struct match_candidate *candidates, size_t most, struct abstain_context *context)
{
	struct score_query query = { match->base, match->layout, ignore };
	return score_rank(&match->score, &query, question, candidates, most, context);
}

float match_likeness(struct match *match, const struct match_question *a, const struct match_question *b)
{
	float *values = match->score.values;
	double product = 0, a_square = 0, b_square = 0;
	for (uint32_t i = 0; i < a->features_count; i++) {
		values[a->features[i].feature] = a->features[i].value;
		a_square += (double)a->features[i].value * a->features[i].value;
	}
	for (uint32_t i = 0; i < b->features_count; i++) {
		product += (double)values[b->features[i].feature] * b->features[i].value;
		b_square += (double)b->features[i].value * b->features[i].value;
	}
	for (uint32_t i = 0; i < a->features_count; i++)
		values[a->features[i].feature] = 0;
	return a_square > 0 && b_square > 0 ? (float)(product / sqrt(a_square * b_square)) : 0;
}
