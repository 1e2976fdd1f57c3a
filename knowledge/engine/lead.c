#include "engine/lead.h"

#include <string.h>

static const float near_least = .50f;    /* an own yes-no question must be this near */
static const float near_ahead = .06f;    /* and this much nearer than one of the other kind */
static const float premise_least = .60f; /* to say that a question takes something false for granted */

static bool has_entity(const struct match_question *question, uint32_t entity)
{
	for (uint32_t i = 0; i < question->entities_count; i++)
		if (question->entities[i] == entity)
			return true;
	return false;
}

static bool fact_holds(const struct fact *fact, uint32_t entity)
{
	for (uint32_t i = 0; i < fact->entities_count; i++)
		if (fact->entities[i] == entity)
			return true;
	return false;
}

static bool has_number(const struct match_question *question, double number)
{
	for (uint32_t i = 0; i < question->numbers_count; i++) {
		double difference = question->numbers[i].value - number;
		if (difference > -.001 && difference < .001)
			return true;
	}
	return false;
}

/* Whether both name the same: whom the own question names and the fact does not hold, the asked one must name as
 * well. */
static bool same_names(const struct fact *fact, const struct match_question *asked, const struct match_question *own)
{
	for (uint32_t i = 0; i < own->entities_count; i++)
		if (!has_entity(asked, own->entities[i]) && !fact_holds(fact, own->entities[i]))
			return false;
	for (uint32_t i = 0; i < asked->entities_count; i++)
		if (!has_entity(own, asked->entities[i]) && !fact_holds(fact, asked->entities[i]))
			return false;
	for (uint32_t i = 0; i < asked->numbers_count; i++)
		if (!has_number(own, asked->numbers[i].value))
			return false;
	for (uint32_t i = 0; i < own->numbers_count; i++)
		if (!has_number(asked, own->numbers[i].value))
			return false;
	return own->negated == asked->negated;
}

/* Yes or no by the nearest own question, when that is a yes-no question and of one mind with this one. */
static enum lead yes_or_no(const struct knowledge *knowledge, const struct match_question *question,
			   const struct match_candidate *candidate, struct match_question *own)
{
	const struct fact *fact = &knowledge->base.facts[candidate->fact];
	float yes = candidate->near[OWN_AFFIRMS], no = candidate->near[OWN_DENIES];
	enum match_own kind = no > yes ? OWN_DENIES : OWN_AFFIRMS;
	float nearer = no > yes ? no : yes, further = no > yes ? yes : no;
	if (nearer < near_least || nearer - further < near_ahead)
		return LEAD_NONE;
	if (candidate->own == kind) {
		const struct texts *texts = kind == OWN_DENIES ? fact->denies : fact->affirms;
		const char *text = texts[candidate->own_language].items[candidate->own_index];
		match_read(knowledge->match, text, strlen(text), own);
		if (!same_names(fact, question, own))
			return LEAD_NONE;
	} else if (nearer < premise_least || question->negated) {
		return LEAD_NONE;
	}
	return kind == OWN_DENIES ? LEAD_NO : LEAD_YES;
}

/* A figure of the question that the fact's answer, which has figures, does not have. */
static bool wrong_number(const struct match_question *question, const struct match_question *answer,
			 const struct fact *fact, struct statement *statement)
{
	for (uint32_t i = 0; i < question->numbers_count; i++) {
		const struct match_number *number = &question->numbers[i];
		bool comparable = false;
		if (!(fact->expects & (number->year ? EXPECTS_WHEN : EXPECTS_HOW_MANY)))
			continue;
		for (uint32_t j = 0; j < answer->numbers_count && !comparable; j++)
			comparable = answer->numbers[j].year == number->year;
		if (!comparable || has_number(answer, number->value))
			continue;
		statement->lead = LEAD_NOT_NUMBER;
		statement->number = number->value;
		return true;
	}
	return false;
}

static bool wrong_day(const struct match_question *question, const struct match_question *answer,
		      const struct fact *fact, struct statement *statement)
{
	if (question->days_count != 1 || !(fact->expects & EXPECTS_WHEN) || fact->precision != PRECISION_DAY ||
	    strcmp(fact->from, fact->to) != 0 || strlen(fact->from) != 10 ||
	    strcmp(question->days[0], fact->from) == 0)
		return false;
	for (uint32_t i = 0; i < answer->days_count; i++)
		if (strcmp(answer->days[i], question->days[0]) == 0)
			return false;
	statement->lead = LEAD_NOT_DAY;
	memcpy(statement->day, question->days[0], sizeof statement->day);
	return true;
}

void lead_find(const struct knowledge *knowledge, const struct match_question *question,
	       const struct match_candidate *candidate, struct statement *statement)
{
	const struct fact *fact = &knowledge->base.facts[candidate->fact];
	statement->yes_no = question->yes_no;
	if (fact->unknown)
		return;
	struct match_question *other = &knowledge->scratch->aside;
	bool asks_how_many = question->expects & EXPECTS_HOW_MANY || question->yes_no || !question->expects;
	if (question->numbers_count || question->days_count) {
		const char *answer = fact->answer[LANGUAGE_EN];
		match_read(knowledge->match, answer, strlen(answer), other);
		if ((asks_how_many || question->expects & EXPECTS_WHY) &&
		    wrong_number(question, other, fact, statement))
			return;
		if (wrong_day(question, other, fact, statement))
			return;
	}
	if (question->yes_no)
		statement->lead = yes_or_no(knowledge, question, candidate, other);
	else if (candidate->own == OWN_DENIES && candidate->near[OWN_DENIES] >= premise_least &&
		 candidate->near[OWN_DENIES] - candidate->near[OWN_QUESTION] >= near_ahead)
		statement->lead = LEAD_OTHERWISE;
}
