#include "engine/decide.h"

#include <string.h>

#include "engine/abstain.h"
#include "engine/bare.h"
#include "engine/broad.h"
#include "engine/figure.h"
#include "engine/focus.h"
#include "engine/follow.h"
#include "engine/lead.h"
#include "engine/pair.h"

static const float covered_least = .20f, covered_sure = .85f; /* see decide_is_sure */
static const float covered_danger = .30f; /* "help me solve this equation" holds less of what people in danger write */
static const float stranger_most = .90f; /* surer than this, a name that no fact holds is a slip or beside the point */
static const float gap_near = .90f, gap_least = .35f, gap_like = .33f, gap_covered = .40f; /* see is_likely_gap */
static const float offer_within = 3; /* of the first one's score: a third one further off is as good as never meant */
static const double retold = .99;    /* confidence of what the person picked or asked to hear again */

void decide_tell(struct decision *decision, uint32_t fact)
{
	if (decision->told_count < KNOWLEDGE_FACTS_TOLD)
		decision->told[decision->told_count++] = (struct statement){ .fact = fact };
}

static bool is_told(const struct decision *decision, uint32_t fact)
{
	for (uint32_t i = 0; i < decision->told_count; i++)
		if (decision->told[i].fact == fact)
			return true;
	return false;
}

/* An old fact gives way to the one in force and follows it; facts that say otherwise stand beside it. */
static void tell_around(const struct knowledge *knowledge, struct decision *decision)
{
	const struct fact *facts = knowledge->base.facts;
	struct statement first = decision->told[0];
	uint32_t current = first.fact;
	while (facts[current].superseded_by != UINT32_MAX)
		current = facts[current].superseded_by;
	if (current != first.fact) {
		decision->told[0] = (struct statement){ .fact = current };
		decide_tell(decision, first.fact);
		decision->told[decision->told_count - 1].earlier = true;
	}
	for (uint32_t i = 0; i < facts[current].disputes_count; i++)
		if (!is_told(decision, facts[current].disputes[i]) &&
		    facts[facts[current].disputes[i]].superseded_by == UINT32_MAX)
			decide_tell(decision, facts[current].disputes[i]);
	if (decision->told_count > 1) {
		decision->kind = ANSWER_FACTS;
		decision->told[0].lead = LEAD_NONE;
	}
}

/* States one fact, a known unknown included. */
static void state(const struct knowledge *knowledge, struct decision *decision, uint32_t fact, double confidence,
		  const char *why)
{
	bool unknown = knowledge->base.facts[fact].unknown;
	decision->kind = unknown ? ANSWER_KNOWN_UNKNOWN : ANSWER_FACT;
	decision->confidence = unknown ? 0 : confidence;
	decision->why = why;
	decide_tell(decision, fact);
}

static void say(struct decision *decision, enum answer_kind kind, enum phrase phrase, const char *why)
{
	decision->kind = kind;
	decision->phrase = phrase;
	decision->why = why;
}

static void talk(struct decision *decision, enum answer_kind kind, uint32_t index, const char *why)
{
	decision->kind = kind;
	decision->talk = index;
	decision->why = why;
}

/* ---- what needs no matching ---- */

static void retell(const struct knowledge *knowledge, const struct knowledge_context *context,
		   struct decision *decision, const char *why)
{
	for (size_t i = 0; i < KNOWLEDGE_FACTS_TOLD && *context->facts[i]; i++) {
		uint32_t fact = idmap_find(&knowledge->facts, context->facts[i]);
		if (fact != UINT32_MAX)
			decide_tell(decision, fact);
	}
	if (!decision->told_count) {
		say(decision, ANSWER_UNKNOWN, PHRASE_NO_TOPIC, "nothing was told before");
		return;
	}
	bool unknown = decision->told_count == 1 && knowledge->base.facts[decision->told[0].fact].unknown;
	decision->kind = unknown ? ANSWER_KNOWN_UNKNOWN : decision->told_count > 1 ? ANSWER_FACTS : ANSWER_FACT;
	decision->confidence = unknown ? 0 : retold;
	decision->why = why;
}

static void offer_again(const struct knowledge *knowledge, const struct knowledge_context *context,
			struct decision *decision)
{
	for (size_t i = 0; i < KNOWLEDGE_CANDIDATES && *context->candidates[i]; i++) {
		uint32_t fact = idmap_find(&knowledge->facts, context->candidates[i]);
		if (fact != UINT32_MAX)
			decision->candidates[decision->candidates_count++] = fact;
	}
	say(decision, ANSWER_UNSURE, PHRASE_UNSURE, "the candidates again, in another language");
}

/* A wish for a language and nothing else. */
static void decide_wish(const struct knowledge *knowledge, const struct knowledge_context *context,
			const struct words *words, struct decision *decision)
{
	if (*context->candidates[0]) {
		offer_again(knowledge, context, decision);
	} else if (*context->facts[0]) {
		retell(knowledge, context, decision, "the same again, in another language");
	} else {
		decision->lasting = true;
		decision->phrase = PHRASE_LANGUAGE;
		talk(decision, ANSWER_SMALL_TALK, phrasebook_find(knowledge->phrases, words),
		     "a wish for the answers to come");
	}
}

static bool decide_turn(const struct knowledge *knowledge, const struct knowledge_context *context,
			const struct words *words, struct decision *decision)
{
	enum turn turn = turn_of(words);
	if (turn == TURN_NONE_OF_THEM && *context->candidates[0]) {
		say(decision, ANSWER_UNKNOWN, PHRASE_NONE_MEANT, "none of the candidates was meant");
		return true;
	}
	if (turn == TURN_SOURCE && *context->facts[0]) {
		decision->sources = true;
		retell(knowledge, context, decision, "asked for the source of what was told last");
		return true;
	}
	if ((turn == TURN_MORE || turn == TURN_NEXT) && *context->facts[0]) {
		uint32_t fact = context_next(knowledge, context, turn);
		if (fact == UINT32_MAX && turn == TURN_NEXT)
			return false; /* what came later may still be found by the words */
		if (fact == UINT32_MAX)
			say(decision, ANSWER_UNKNOWN, PHRASE_MORE_NONE, "no related fact is left");
		else
			state(knowledge, decision, fact, retold, "the next related fact");
		return true;
	}
	return false;
}

/* A number to pick by. */
static bool is_lone_digit(const struct words *words)
{
	const char *word = words->items[0].folded;
	return words->count == 1 && word[0] >= '0' && word[0] <= '9' && word[1] == '\0';
}

/* True when the message was settled without the matcher. */
static bool decide_at_once(const struct knowledge *knowledge, const struct knowledge_context *context,
			   const struct words *words, struct decision *decision)
{
	if (!words->count) {
		say(decision, ANSWER_UNKNOWN, PHRASE_EMPTY, "no word in the message");
		return true;
	}
	if (phrasebook_is_safety(knowledge->phrases, words)) {
		talk(decision, ANSWER_SAFETY, phrasebook_safety(knowledge->phrases), "words of a person in danger");
		return true;
	}
	if (*context->candidates[0]) {
		uint32_t fact = context_pick(knowledge, context, words);
		if (fact != UINT32_MAX) {
			state(knowledge, decision, fact, retold, "picked from the candidates");
			tell_around(knowledge, decision);
			return true;
		}
	}
	if (decide_turn(knowledge, context, words, decision))
		return true;
	if (is_lone_digit(words)) {
		say(decision, ANSWER_UNKNOWN, PHRASE_EMPTY, "a number to pick by, and nothing to pick from");
		return true;
	}
	uint32_t found = phrasebook_find(knowledge->phrases, words);
	if (found != UINT32_MAX) {
		talk(decision, ANSWER_SMALL_TALK, found, "small talk, word by word");
		return true;
	}
	if (!phrasebook_is_unrelated(knowledge->phrases, words))
		return false;
	say(decision, ANSWER_UNKNOWN, PHRASE_UNKNOWN, "one of the questions that this base must not answer");
	return true;
}

/* ---- what the matcher finds ---- */

static bool is_talk(const struct knowledge *knowledge, const struct match_candidate *candidate)
{
	return candidate->fact >= knowledge->base.facts_count;
}

/* A thing that no fact holds is asked for: whatever lies near is not what was asked. */
static bool names_stranger(const struct knowledge *knowledge, const struct match_question *question,
			   const struct match_candidate *top)
{
	if (top->named >= .999f || top->probability >= stranger_most)
		return false;
	for (uint32_t i = 0; i < question->entities_count; i++)
		if (!knowledge->base.entities[question->entities[i]].held)
			return true;
	return false;
}

/* "How many tanks": a fact that counts something else does not tell, however near the rest is. Whose or where
 * they are ("Russian") may stand before. */
static bool counts_other(const struct knowledge *knowledge, const struct match_question *question,
			 const struct match_candidate *top)
{
	const struct base *base = &knowledge->base;
	const struct fact *fact = &base->facts[top->fact];
	for (uint32_t i = question->counted; i < question->tokens_count; i++) {
		const struct match_token *token = &question->tokens[i];
		if (token->weight <= 0)
			continue;
		if (token->entity == UINT32_MAX)
			return token->word != UINT32_MAX &&
			       (token->term == UINT32_MAX || !match_holds(knowledge->match, token->term, top->fact));
		const char *kind = base->entities[token->entity].kind;
		if (strcmp(kind, "thing") == 0 || strcmp(kind, "group") == 0)
			return !fact_names(fact, token->entity);
	}
	return false;
}

static bool is_of_other_year(const struct knowledge *knowledge, const struct match_question *question, uint32_t fact)
{
	bool names_year = false;
	for (uint32_t i = 0; i < question->numbers_count; i++)
		names_year = names_year || question->numbers[i].year;
	if (!names_year)
		return false;
	const char *answer = knowledge->base.facts[fact].answer[LANGUAGE_EN];
	return figure_is_of_other_year(question, match_names(knowledge->match, answer), &knowledge->base.facts[fact]);
}

bool decide_is_sure(const struct knowledge *knowledge, const struct match_question *question,
		    const struct match_candidate *top)
{
	if (top->probability < match_thresholds(knowledge->match)->answer)
		return false;
	if (top->fact >= knowledge->base.facts_count || knowledge->base.facts[top->fact].unknown)
		return true;
	/* One of its own questions, word for word. */
	if (top->nearest >= ABSTAIN_VERBATIM && question->content > 0 && question->unknown == 0)
		return true;
	/* A number is asked for, and the fact has none of the kind. */
	if (question->expects & EXPECTS_HOW_MANY && (top->expected <= 0 || counts_other(knowledge, question, top)))
		return false;
	if (is_of_other_year(knowledge, question, top->fact))
		return false;
	/* The fact holds little of what the question says. */
	if (top->covered < covered_least && top->probability < covered_sure)
		return false;
	/* It holds nothing of what the question names. */
	if (question->entities_count && top->named <= 0 && top->probability < stranger_most)
		return false;
	return !names_stranger(knowledge, question, top);
}

/* The likeliest facts, for the person to pick from. What the sources do not say is nothing to pick. */
static void offer(const struct knowledge *knowledge, struct decision *decision)
{
	const struct scratch *scratch = knowledge->scratch;
	const struct match_candidate *candidates = scratch->candidates;
	if (knowledge->base.facts[candidates[0].fact].unknown) {
		say(decision, ANSWER_UNKNOWN, PHRASE_UNKNOWN,
		    "nearest to what the sources do not say, but not near enough");
		return;
	}
	for (size_t i = 0; i < scratch->candidates_count && decision->candidates_count < KNOWLEDGE_CANDIDATES; i++)
		if (!is_talk(knowledge, &candidates[i]) && !knowledge->base.facts[candidates[i].fact].unknown &&
		    (decision->candidates_count < 2 || candidates[0].score - candidates[i].score <= offer_within))
			decision->candidates[decision->candidates_count++] = candidates[i].fact;
	say(decision, ANSWER_UNSURE, PHRASE_UNSURE, "the best fact is likely, but not likely enough to state it");
}

/* What the sources do not say may be told when it is no more than likely what was asked: nothing false is stated. */
static bool is_likely_gap(const struct knowledge *knowledge, const struct match_candidate *top)
{
	return knowledge->base.facts[top->fact].unknown &&
	       (top->nearest >= gap_near ||
		(top->probability >= gap_least && top->nearest >= gap_like && top->covered >= gap_covered));
}

static void decide_by_match(const struct knowledge *knowledge, const char *text, size_t bytes,
			    const struct words *words, struct decision *decision)
{
	const struct scratch *scratch = knowledge->scratch;
	const struct match_thresholds *thresholds = match_thresholds(knowledge->match);
	const struct match_candidate *top = scratch->candidates;
	if (!scratch->candidates_count) {
		say(decision, ANSWER_UNKNOWN, PHRASE_UNKNOWN, "no word that the base knows");
		return;
	}
	if (is_talk(knowledge, top)) {
		uint32_t index = top->fact - knowledge->base.facts_count;
		bool safety = index == phrasebook_safety(knowledge->phrases);
		bool sure = top->probability >= thresholds->answer;
		if (sure || (safety && top->offer >= thresholds->offer && top->covered >= covered_danger))
			talk(decision, safety ? ANSWER_SAFETY : ANSWER_SMALL_TALK, index, "nearest to small talk");
		else
			say(decision, ANSWER_UNKNOWN, PHRASE_UNKNOWN, "nearest to small talk, but not near enough");
		return;
	}
	if (!decision->followed && pair_decide(knowledge, text, bytes, words, decision))
		return;
	bool sure = decide_is_sure(knowledge, &scratch->whole, top);
	if (!decision->followed && broad_decide_name(knowledge, sure, decision)) {
		tell_around(knowledge, decision);
	} else if (sure) {
		state(knowledge, decision, top->fact, (double)top->probability,
		      "the probability reaches the threshold");
		lead_find(knowledge, &scratch->whole, top, &decision->told[0]);
		tell_around(knowledge, decision);
	} else if (!knowledge->base.facts[top->fact].unknown && names_stranger(knowledge, &scratch->whole, top)) {
		say(decision, ANSWER_UNKNOWN, PHRASE_UNKNOWN, "the question names something that no fact holds");
	} else if (broad_decide(knowledge, decision)) {
		return;
	} else if (is_likely_gap(knowledge, top)) {
		state(knowledge, decision, top->fact, 0, "likely something that the sources do not say");
	} else if (!decision->followed && focus_decide(knowledge, text, bytes, words, decision)) {
		tell_around(knowledge, decision);
	} else if (top->offer >= thresholds->offer) {
		offer(knowledge, decision);
	} else {
		say(decision, ANSWER_UNKNOWN, PHRASE_UNKNOWN, "the best fact is not likely enough");
	}
}

static enum language choose_language(const struct knowledge_context *context, const struct wish *wish,
				     enum language asked)
{
	if (wish->language)
		return wish->language;
	if (context->forced)
		return context->forced;
	if (asked)
		return asked;
	return context->language ? context->language : LANGUAGE_EN;
}

void decide(const struct knowledge *knowledge, const struct knowledge_context *context, const char *text,
	    size_t bytes, struct decision *decision)
{
	struct words words;
	struct scratch *scratch = knowledge->scratch;
	*decision = (struct decision){ .talk = UINT32_MAX };
	scratch->candidates_count = 0;
	words_read(&words, text, bytes);
	struct wish wish = context_wish(&words, bytes);
	if (wish.language && wish.bytes) {
		text += wish.at;
		bytes = wish.bytes;
		words_read(&words, text, bytes);
	}
	match_read(knowledge->match, text, bytes, &scratch->whole);
	decision->language = choose_language(context, &wish, scratch->whole.language);
	decision->lasting = wish.lasting;
	if (wish.language && (!wish.bytes || !words.count)) {
		decide_wish(knowledge, context, &words, decision);
		return;
	}
	if (decide_at_once(knowledge, context, &words, decision))
		return;
	if (bare_decide(knowledge, context, text, bytes, decision))
		return;
	decision->followed = follow_rank(knowledge, context, text, bytes);
	decide_by_match(knowledge, text, bytes, &words, decision);
}
