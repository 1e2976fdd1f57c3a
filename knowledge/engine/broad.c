#include "engine/broad.h"

#include <stdlib.h>
#include <string.h>

/* Words that say something and are no part of a name; "what is known of" says nothing. */
static uint32_t count_other_words(const struct match_question *question)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < question->tokens_count; i++) {
		const struct match_token *token = &question->tokens[i];
		count += token->weight > 0 && token->entity == UINT32_MAX && !token->reports;
	}
	return count;
}

static bool is_of(const struct fact *fact, const struct match_question *question, bool by_day)
{
	if (fact->unknown || fact->superseded_by != UINT32_MAX)
		return false;
	if (by_day)
		return fact->precision == PRECISION_DAY && strcmp(fact->from, question->days[0]) <= 0 &&
		       strcmp(fact->to, question->days[0]) >= 0;
	return fact_names(fact, question->entities[0]);
}

static void sort_by_time(const struct fact *facts, struct decision *decision)
{
	for (uint32_t i = 1; i < decision->told_count; i++)
		for (uint32_t j = i; j > 0; j--) {
			struct statement *a = &decision->told[j - 1], *b = &decision->told[j];
			if (strcmp(facts[a->fact].from, facts[b->fact].from) <= 0)
				break;
			struct statement swap = *a;
			*a = *b;
			*b = swap;
		}
}

/* Whether one of the questions that the fact shows to people asks for the name alone: "Who is Anna Berg?" */
static bool sums_up(const struct knowledge *knowledge, const struct fact *fact, uint32_t entity)
{
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++) {
		if (!fact->questions[i].count)
			continue;
		const struct match_question *own = match_names(knowledge->match, fact->questions[i].items[0]);
		if (own->entities_count == 1 && own->entities[0] == entity && !count_other_words(own))
			return true;
	}
	return false;
}

/* The fact that says who or what the name is, UINT32_MAX: none. Candidates first; then those that name it first. */
static uint32_t find_summary(const struct knowledge *knowledge, uint32_t entity)
{
	const struct scratch *scratch = knowledge->scratch;
	const struct base *base = &knowledge->base;
	for (size_t i = 0; i < scratch->candidates_count; i++) {
		uint32_t fact = scratch->candidates[i].fact;
		if (fact < base->facts_count && is_of(&base->facts[fact], &scratch->whole, false) &&
		    sums_up(knowledge, &base->facts[fact], entity))
			return fact;
	}
	for (uint32_t fact = 0; fact < base->facts_count; fact++)
		if (base->facts[fact].entities_count && base->facts[fact].entities[0] == entity &&
		    is_of(&base->facts[fact], &scratch->whole, false) &&
		    sums_up(knowledge, &base->facts[fact], entity))
			return fact;
	return UINT32_MAX;
}

/* One name, and nothing else that says something: "tell me about Anna Berg". */
static bool is_bare_name(const struct match_question *question)
{
	return question->entities_count == 1 && !question->days_count && !question->numbers_count &&
	       !question->yes_no && !count_other_words(question) &&
	       !(question->expects & ~(unsigned)(EXPECTS_WHAT | EXPECTS_WHO));
}

/* "What can you tell of Anna Berg?" Not: "What did Anna Berg tell?" */
static bool asks_for_report(const struct match_question *question)
{
	bool named = false;
	for (uint32_t i = 0; i < question->tokens_count; i++) {
		named = named || question->tokens[i].entity != UINT32_MAX;
		if (question->tokens[i].reports && !(named && question->language == LANGUAGE_EN))
			return true;
	}
	return false;
}

bool broad_decide_name(const struct knowledge *knowledge, bool sure, struct decision *decision)
{
	const struct scratch *scratch = knowledge->scratch;
	const struct base *base = &knowledge->base;
	if (!is_bare_name(&scratch->whole))
		return false;
	uint32_t name = scratch->whole.entities[0], first = scratch->candidates[0].fact;
	const struct fact *best = first < base->facts_count ? &base->facts[first] : NULL;
	bool of_name = best && best->entities_count && best->entities[0] == name;
	bool of_telling = asks_for_report(&scratch->whole);
	if (sure && (of_name || (scratch->whole.expects & EXPECTS_WHAT && !of_telling)))
		return false; /* "what does Anna Berg want" */
	uint32_t fact = find_summary(knowledge, name);
	if (fact == UINT32_MAX)
		return false;
	decide_tell(decision, fact);
	decision->kind = ANSWER_FACT;
	decision->confidence = (double)scratch->candidates[0].offer;
	decision->why = "a bare name: the fact that says who or what it is";
	return true;
}

bool broad_decide(const struct knowledge *knowledge, struct decision *decision)
{
	const struct scratch *scratch = knowledge->scratch;
	const struct match_question *question = &scratch->whole;
	const struct fact *facts = knowledge->base.facts;
	uint32_t others = count_other_words(question);
	bool by_day = question->days_count == 1 && !question->entities_count && others <= 1;
	if (question->leans || (!by_day && !is_bare_name(question)) ||
	    question->expects & ~(unsigned)(EXPECTS_WHAT | EXPECTS_WHO))
		return false;
	for (size_t i = 0; i < scratch->candidates_count && decision->told_count < BROAD_FACTS; i++) {
		uint32_t fact = scratch->candidates[i].fact;
		if (fact < knowledge->base.facts_count && is_of(&facts[fact], question, by_day))
			decide_tell(decision, fact);
	}
	if (decision->told_count < 2) {
		decision->told_count = 0;
		return false;
	}
	sort_by_time(facts, decision);
	decision->kind = ANSWER_FACTS;
	decision->listed = true;
	decision->confidence = (double)scratch->candidates[0].probability;
	decision->why = by_day ? "a bare day: its facts in order of time" : "a bare name: its facts in order of time";
	return true;
}
