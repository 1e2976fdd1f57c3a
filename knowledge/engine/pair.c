#include "engine/pair.h"

#include <string.h>

#include "engine/focus.h"
#include "engine/lead.h"
#include "engine/split.h"

enum { WAYS = 4 }; /* to cut a message that are tried */

static const uint32_t part_short = 3;  /* words that say something, below which a part may lean */
static const float part_likely = .70f; /* a part that has not the form of a question */
static const float part_agreed = .42f; /* a part whose fact is also one of the first few of the whole message */
static const float part_sure = .80f;   /* a part that is known beside one that is not, or in few words */

struct part {
	uint32_t content;
	struct statement statement;
	bool fits;                /* sure enough to be stated */
	float probability, offer; /* 0: nothing is near */
};

/* "... did they shoot? my sister lives there": the second is a remark, if it has no question mark. */
static bool ends_asking(const char *text, size_t bytes)
{
	return memchr(text, '?', bytes);
}

/* The fact nearest to the part that was read last. */
static struct part rank_part(const struct knowledge *knowledge)
{
	struct scratch *scratch = knowledge->scratch;
	struct match_question *question = &scratch->other;
	struct part part = { .content = question->content };
	scratch->others_count = match_rank(knowledge->match, question, scratch->others, MATCH_CANDIDATES);
	if (!scratch->others_count || scratch->others[0].fact >= knowledge->base.facts_count)
		return part;
	part.probability = scratch->others[0].probability;
	part.offer = scratch->others[0].offer;
	part.fits = decide_is_sure(knowledge, question, &scratch->others[0]) ||
		    (part.probability >= part_agreed && scratch_holds(scratch, scratch->others[0].fact));
	part.statement = (struct statement){ .fact = scratch->others[0].fact };
	if (part.fits)
		lead_find(knowledge, question, &scratch->others[0], &part.statement);
	return part;
}

/* Finds what one part asks for by itself. False when it leans or is short, and fits nothing: then what stands before
 * it may help. */
static bool find_alone(const struct knowledge *knowledge, const char *text, size_t bytes, struct part *part)
{
	struct match_question *question = &knowledge->scratch->other;
	match_read_words(knowledge->match, text, bytes, question);
	*part = (struct part){ .content = question->content };
	if (question->leans)
		return false;
	match_read_features(knowledge->match, question);
	*part = rank_part(knowledge);
	return part->fits || part->content >= part_short;
}

static struct part find_first(const struct knowledge *knowledge, const char *text, size_t bytes)
{
	match_read(knowledge->match, text, bytes, &knowledge->scratch->other);
	return rank_part(knowledge);
}

/* In the light of the fact that the part before asks for. */
static struct part find_after(const struct knowledge *knowledge, const char *text, size_t bytes, uint32_t fact)
{
	match_read_after(knowledge->match, text, bytes, fact, &knowledge->scratch->other);
	return rank_part(knowledge);
}

/* Nothing is near a part that says something. */
static bool may_be_unknown(const struct knowledge *knowledge, const struct part *part)
{
	return part->offer < match_thresholds(knowledge->match)->offer && part->content > 1;
}

static bool are_related(const struct knowledge *knowledge, const struct part parts[2])
{
	uint32_t first = parts[0].statement.fact, second = parts[1].statement.fact;
	return fact_relates(knowledge->base.facts, first, second) ||
	       fact_relates(knowledge->base.facts, second, first);
}

/* "When was the emergency declared, and for how long?": the little that is said fits facts on other matters. */
static bool is_far_off(const struct knowledge *knowledge, const struct part parts[2])
{
	return parts[1].fits && parts[1].content < part_short && !are_related(knowledge, parts);
}

/* How sure each part must be where they stand on both sides of a comma, which is little to go by. */
static float sure_enough(const struct split *split)
{
	return split->cut == SPLIT_COMMA ? part_sure : 0;
}

/* Finds both parts; false as soon as there are no two questions. `both`: each must fit a fact. The second tells at
 * once in most of these cases, and is the shorter one. */
static bool find_parts(const struct knowledge *knowledge, const char *text, const struct split *split, bool both,
		       struct part parts[2])
{
	const char *second = text + split->at[1];
	bool alone = both && find_alone(knowledge, second, split->bytes[1], &parts[1]);
	if (alone &&
	    (!parts[1].fits || (parts[1].content >= part_short && parts[1].probability < sure_enough(split))))
		return false;
	parts[0] = find_first(knowledge, text + split->at[0], split->bytes[0]);
	if (!parts[0].fits ? both || !may_be_unknown(knowledge, &parts[0])
			   : parts[0].probability < sure_enough(split))
		return false;
	if (!parts[0].fits)
		parts[1] = find_first(knowledge, second, split->bytes[1]);
	else if ((!alone && (both || !find_alone(knowledge, second, split->bytes[1], &parts[1]))) ||
		 is_far_off(knowledge, parts))
		parts[1] = find_after(knowledge, second, split->bytes[1], parts[0].statement.fact);
	return parts[1].fits || (parts[0].fits && !both);
}

static void add(struct decision *decision, const struct part *part, bool unasked)
{
	if (decision->told_count == KNOWLEDGE_FACTS_TOLD)
		return;
	decision->told[decision->told_count] = part->statement;
	decision->told[decision->told_count++].unasked = unasked;
}

/* One part is known; the other is not: a known unknown, or nothing near it. */
static bool answer_half(const struct knowledge *knowledge, const struct part *known, const struct part *other,
			struct decision *decision)
{
	bool known_unknown = other->fits && knowledge->base.facts[other->statement.fact].unknown;
	if (known->probability < part_sure || (!known_unknown && !may_be_unknown(knowledge, other)))
		return false;
	decision->kind = ANSWER_FACTS;
	decision->confidence = (double)known->probability;
	decision->why = "two questions, one of which the base cannot answer";
	add(decision, known, false);
	if (known_unknown)
		add(decision, other, true);
	else
		decision->part_unknown = true;
	return true;
}

/* "When was it founded, how many members?": a word is enough for what an editor related to the other part, if the
 * whole message points to it too. */
static bool are_sure(const struct knowledge *knowledge, const struct part parts[2])
{
	bool related = are_related(knowledge, parts);
	for (int i = 0; i < 2; i++) {
		bool brief = parts[i].content <= 1;
		if (parts[i].probability < part_sure ||
		    (brief && !(related && scratch_holds(knowledge->scratch, parts[i].statement.fact))))
			return false;
	}
	return true;
}

/* A question, and a remark to which the whole message was drawn: "what goes on in Almaty??? my family lives there".
 */
static bool answer_asked(const struct knowledge *knowledge, const struct part *asked, const struct part *remark,
			 struct decision *decision)
{
	const struct match_candidate *whole = knowledge->scratch->candidates;
	if (!asked->fits || knowledge->base.facts[asked->statement.fact].unknown ||
	    remark->statement.fact != whole->fact)
		return false;
	decision->kind = ANSWER_FACT;
	decision->confidence = (double)asked->probability;
	decision->why = "a question, and a remark behind it";
	add(decision, asked, false);
	return true;
}

static bool answer_cut(const struct knowledge *knowledge, const char *text, const struct split *split,
		       struct decision *decision)
{
	const struct match_thresholds *thresholds = match_thresholds(knowledge->match);
	const struct match_candidate *whole = knowledge->scratch->candidates;
	const struct fact *facts = knowledge->base.facts;
	/* Most cuts are none, and reading tells: ranking is what takes time. A second question in English or Russian
	 * begins like one; further on a question word belongs to a clause. */
	size_t opening = knowledge->scratch->whole.language == LANGUAGE_KK ? split->bytes[1] : split->opening;
	bool asked_more = focus_is_question(knowledge, text + split->at[1], opening);
	if (split->cut != SPLIT_MARK && !asked_more)
		return false;
	const bool asked = focus_is_question(knowledge, text + split->at[0], split->bytes[0]);
	if (split->cut != SPLIT_MARK && !asked)
		return false;
	asked_more = asked_more || ends_asking(text + split->at[1], split->bytes[1]);
	/* Where the whole fits one fact well, a half that fits none is more likely a clause than a question. */
	bool both =
		split->cut == SPLIT_COMMA || (split->cut == SPLIT_WORD && whole->probability >= thresholds->answer);
	struct part parts[2];
	if (!find_parts(knowledge, text, split, both, parts))
		return false;
	struct part first = parts[0], second = parts[1];
	/* A comma is little to go by; and so is a question mark behind or before what has not the form of a question.
	 */
	if ((split->cut == SPLIT_COMMA && !are_sure(knowledge, parts)) || (!asked && first.probability < part_likely))
		return false;
	if (!asked_more && second.probability < part_likely)
		return asked && answer_asked(knowledge, &first, &second, decision);
	/* "Was the net cut off, and for how long?": a few words behind a known unknown ask for more of it. */
	if (first.fits && facts[first.statement.fact].unknown && second.content < part_short &&
	    second.probability < part_sure)
		return false;
	bool first_known = first.fits && !facts[first.statement.fact].unknown;
	bool second_known = second.fits && !facts[second.statement.fact].unknown;
	float less = first.probability < second.probability ? first.probability : second.probability;
	if (first_known && second_known && first.statement.fact != second.statement.fact) {
		bool wide = fact_tells(facts, first.statement.fact, second.statement.fact);
		bool narrow = !wide && fact_tells(facts, second.statement.fact, first.statement.fact);
		decision->kind = wide || narrow ? ANSWER_FACT : ANSWER_FACTS;
		decision->confidence = (double)less;
		decision->why =
			wide || narrow ? "two questions that one fact tells" : "two questions that both stand alone";
		if (!narrow)
			add(decision, &first, false);
		if (!wide)
			add(decision, &second, false);
		return true;
	}
	if (first_known == second_known)
		return false;
	/* The whole message fits a fact, and a half of it quite another one. */
	if (whole->probability >= thresholds->answer &&
	    !scratch_holds(knowledge->scratch, (first_known ? first : second).statement.fact))
		return false;
	return answer_half(knowledge, first_known ? &first : &second, first_known ? &second : &first, decision);
}

bool pair_decide(const struct knowledge *knowledge, const char *text, size_t bytes, const struct words *words,
		 struct decision *decision)
{
	struct split splits[WAYS];
	size_t count = split_find(words, bytes, splits, WAYS);
	for (size_t i = 0; i < count; i++)
		if (answer_cut(knowledge, text, &splits[i], decision))
			return true;
	return false;
}
