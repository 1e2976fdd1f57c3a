#include "engine/follow.h"

#include <math.h>
#include <string.h>

#include "engine/context.h"

/* How much surer of itself a question must be with the last fact than alone to be read so: one that need not lean, and
 * one that leans and says next to nothing. */
static const float follow_ahead = .10f, tiny_ahead = -.50f;
static const float whole_least = .9f; /* so sure, even one word is a question by itself: "how many died" */
/* In log odds: what has to do with the last fact is likelier meant, most of all what an editor put beside it. */
static const float meets_odds = .4f, kin_odds = 1.0f;
static const float nobody_odds = -1; /* "he" where nobody was spoken of */
static const uint32_t short_content = 3; /* words that say something, in a question that may lean on the last one */
static const uint32_t persons_most = 2;  /* that a fact is about; of more, "he" may be anyone */

static bool is_person(const struct base *base, uint32_t entity)
{
	return strcmp(base->entities[entity].kind, "person") == 0;
}

static uint32_t persons_of(const struct base *base, const struct fact *fact)
{
	uint32_t persons = 0;
	for (uint32_t i = 0; i < fact->entities_count; i++)
		persons += is_person(base, fact->entities[i]);
	return persons;
}

/* Whom a fact is about: its editor names them first. UINT32_MAX: nobody. */
static uint32_t subject_of(const struct base *base, const struct fact *fact)
{
	for (uint32_t i = 0; i < fact->entities_count; i++)
		if (is_person(base, fact->entities[i]))
			return fact->entities[i];
	return UINT32_MAX;
}

static bool names_person(const struct base *base, const struct match_question *question)
{
	for (uint32_t i = 0; i < question->entities_count; i++)
		if (is_person(base, question->entities[i]))
			return true;
	return false;
}

/* Whether a candidate is about one of the last fact's persons (1), about nobody (0) or about somebody else (-1). What
 * is not known may be so of several. */
static int about(const struct base *base, const struct match_candidate *candidate, const struct fact *last)
{
	if (candidate->fact >= base->facts_count)
		return 0;
	const struct fact *fact = &base->facts[candidate->fact];
	int whom = 0;
	for (uint32_t i = 0; i < fact->entities_count; i++) {
		if (!is_person(base, fact->entities[i]))
			continue;
		if (fact_names(last, fact->entities[i]))
			return 1;
		if (!fact->unknown)
			return -1;
		whom = -1;
	}
	return whom;
}

/* A first candidate about another person than the last fact is about is not what was asked, nor, to next to no words
 * ("is he rich"), one about nobody: one about that person takes its place, with its share of what those about others
 * leave (a known unknown, which does no harm, of those about the person); else nothing is sure. What is offered may be
 * about others. */
static void keep_to_person(const struct knowledge *knowledge, const struct fact *last, bool tiny)
{
	const struct base *base = &knowledge->base;
	struct match_candidate *candidates = knowledge->scratch->candidates, first = candidates[0];
	float left = 0, of_person = 0;
	size_t other = 0;
	int of_first = about(base, &first, last);
	if (of_first > 0 || (of_first == 0 && !tiny))
		return;
	for (size_t i = knowledge->scratch->candidates_count; i-- > 1;) {
		int whom = about(base, &candidates[i], last);
		left += whom >= 0 ? candidates[i].probability : 0;
		of_person += whom > 0 ? candidates[i].probability : 0;
		other = whom > 0 ? i : other;
	}
	if (of_first == 0 && other == 0)
		return;
	struct match_candidate best = candidates[other];
	memmove(candidates + 1, candidates, other * sizeof *candidates);
	candidates[0] = best;
	candidates[0].offer = first.offer;
	bool unknown = best.fact < base->facts_count && base->facts[best.fact].unknown;
	float all = unknown ? of_person : left;
	candidates[0].probability = other > 0 && all > 0 ? first.offer * best.probability / all : 0;
}

static float shift(float probability, float odds)
{
	float least = 1e-6f, p = fminf(fmaxf(probability, least), 1 - least);
	return 1 / (1 + expf(-logf(p / (1 - p)) - odds));
}

/* Takes the reading in `other` and its candidates. */
static void take_other(struct scratch *scratch)
{
	enum language language = scratch->whole.language;
	scratch->whole = scratch->other;
	scratch->whole.language = language;
	memcpy(scratch->candidates, scratch->others, sizeof scratch->candidates);
	scratch->candidates_count = scratch->others_count;
}

/* Leans the probability of the first of the others on how it stands to the last fact. */
static void weigh_kin(const struct base *base, struct match_candidate *first, uint32_t last)
{
	if (first->fact >= base->facts_count)
		return;
	if (first->fact != last && fact_relates(base->facts, last, first->fact))
		first->probability = shift(first->probability, kin_odds);
	else if (first->fact == last || fact_meets(&base->facts[last], &base->facts[first->fact]))
		first->probability = shift(first->probability, meets_odds);
}

/* Whether the question names what the fact is about in the first place. */
static bool names_subject(const struct match_question *question, const struct fact *fact)
{
	for (uint32_t i = 0; i < question->entities_count; i++)
		if (fact->entities_count && fact->entities[0] == question->entities[i])
			return true;
	return false;
}

/* "And the police?" after a fact that tells several things: the one of these that is about what is named, not the same
 * again. */
static void narrow_down(const struct base *base, struct scratch *scratch, uint32_t last)
{
	struct match_candidate *candidates = scratch->candidates;
	if (!scratch->candidates_count || candidates[0].fact != last ||
	    names_subject(&scratch->whole, &base->facts[last]))
		return;
	for (size_t i = 1; i < scratch->candidates_count; i++) {
		uint32_t fact = candidates[i].fact;
		if (fact >= base->facts_count || !fact_tells(base->facts, last, fact) ||
		    !names_subject(&scratch->whole, &base->facts[fact]))
			continue;
		struct match_candidate narrow = candidates[i];
		narrow.probability = candidates[0].probability;
		narrow.offer = candidates[0].offer;
		memmove(candidates + 1, candidates, i * sizeof *candidates);
		candidates[0] = narrow;
		return;
	}
}

/* "Will it work?" after a fact is no test whether anybody is there. */
static void drop_talk(const struct base *base, struct match_candidate *candidates, size_t *count)
{
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++)
		if (candidates[i].fact < base->facts_count)
			candidates[kept++] = candidates[i];
	*count = kept;
}

bool follow_rank(const struct knowledge *knowledge, const struct knowledge_context *context, const char *text,
		 size_t bytes)
{
	struct scratch *scratch = knowledge->scratch;
	const struct base *base = &knowledge->base;
	scratch->candidates_count =
		match_rank(knowledge->match, &scratch->whole, scratch->candidates, MATCH_CANDIDATES);
	uint32_t last = context_last(knowledge, context);
	bool leans = scratch->whole.leans, of_person = scratch->whole.of_person && !names_person(base, &scratch->whole);
	if (last == UINT32_MAX && of_person && scratch->whole.content <= short_content && scratch->candidates_count)
		scratch->candidates[0].probability = shift(scratch->candidates[0].probability, nobody_odds);
	if (last == UINT32_MAX || (!leans && scratch->whole.content > short_content))
		return false;
	match_read_after(knowledge->match, text, bytes, last, &scratch->other);
	scratch->others_count = match_rank(knowledge->match, &scratch->other, scratch->others, MATCH_CANDIDATES);
	bool tiny = scratch->whole.content <= 1 && (leans || !scratch->whole.entities_count);
	if (leans) {
		drop_talk(base, scratch->candidates, &scratch->candidates_count);
		drop_talk(base, scratch->others, &scratch->others_count);
	}
	float alone = scratch->candidates_count ? scratch->candidates[0].probability : 0;
	bool whole = !leans && alone >= whole_least;
	float ahead = tiny && !whole ? tiny_ahead : leans ? 0 : follow_ahead;
	bool followed = scratch->others_count && scratch->others[0].probability >= alone + ahead;
	if (followed) {
		take_other(scratch);
		narrow_down(base, scratch, last);
		weigh_kin(base, &scratch->candidates[0], last);
	}
	const struct fact *fact = &base->facts[last];
	if (of_person && scratch->candidates_count && subject_of(base, fact) != UINT32_MAX &&
	    persons_of(base, fact) <= persons_most)
		keep_to_person(knowledge, fact, tiny);
	return followed;
}
