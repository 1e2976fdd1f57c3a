#include "engine/lead.h"

#include <stdlib.h>
#include <string.h>

/* Cosines. An own yes-no question must be this near, and this much nearer than one of the other kind; and the fact
 * must hold what the question says, or the own question be all but the same. Bags of words cannot tell who did what to
 * whom, and a wrong yes is worse than none: so these are high. */
static const float near_least = .65f, near_ahead = .12f, near_covered = .75f, near_same = .80f;
/* A little further off will do for a question that the fact holds wholly. */
static const float held_least = .60f, held_ahead = .20f, held_covered = .90f;
static const float premise_least = .70f; /* to say that a question takes something false for granted */

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

static bool is_near(float nearest, float ahead, float covered)
{
	if (nearest >= near_least && ahead >= near_ahead && (covered >= near_covered || nearest >= near_same))
		return true;
	return nearest >= held_least && ahead >= held_ahead && covered >= held_covered;
}

/* "Was it Tokayev or Nazarbayev?": yes and no are no answers. */
static bool offers_choice(const struct match_question *question)
{
	static const char *const words[] = { "or", "или", "либо", "әлде", "ili", "alde", NULL };
	static const char *const particles[] = { "ма", "ме", "ба", "бе", "па", "пе", NULL };
	unsigned asked = 0;
	for (uint32_t i = 0; i < question->tokens_count; i++) {
		const struct match_token *token = &question->tokens[i];
		const char *text = question->text + token->at;
		for (size_t j = 0; words[j]; j++)
			if (strlen(words[j]) == token->bytes && memcmp(words[j], text, token->bytes) == 0)
				return true;
		for (size_t j = 0; particles[j]; j++)
			asked +=
				strlen(particles[j]) == token->bytes && memcmp(particles[j], text, token->bytes) == 0;
	}
	return asked > 1;
}

/* Yes or no by the nearest own question, when that is a yes-no question and of one mind with this one. */
static enum lead yes_or_no(const struct knowledge *knowledge, const struct match_question *question,
			   const struct match_candidate *candidate, struct match_question *own)
{
	const struct fact *fact = &knowledge->base.facts[candidate->fact];
	float yes = candidate->near[OWN_AFFIRMS], no = candidate->near[OWN_DENIES];
	enum match_own kind = no > yes ? OWN_DENIES : OWN_AFFIRMS;
	float nearer = no > yes ? no : yes, further = no > yes ? yes : no;
	if (!is_near(nearer, nearer - further, candidate->covered))
		return LEAD_NONE;
	if (candidate->own == kind) {
		const struct texts *texts = kind == OWN_DENIES ? fact->denies : fact->affirms;
		const char *text = texts[candidate->own_language].items[candidate->own_index];
		match_read_names(knowledge->match, text, strlen(text), own);
		if (!same_names(fact, question, own))
			return LEAD_NONE;
	} else if (nearer < premise_least || question->negated) {
		return LEAD_NONE;
	}
	return kind == OWN_DENIES ? LEAD_NO : LEAD_YES;
}

/* Part of a date, such as the 6 and the 2022 of January 6, 2022. */
static bool is_of_date(const struct match_question *text, const struct match_number *number)
{
	for (uint32_t i = 0; i < text->days_count; i++)
		if ((long)number->value == strtol(text->days[i], NULL, 10) ||
		    (text->days[i][4] == '-' && (long)number->value == strtol(text->days[i] + 8, NULL, 10)))
			return true;
	return false;
}

/* A figure of the question that the fact's answer, which has such figures, does not have. */
static bool wrong_number(const struct match_question *question, const struct match_question *answer,
			 const struct fact *fact, struct statement *statement)
{
	const struct match_number *wrong = NULL;
	for (uint32_t i = 0; i < question->numbers_count; i++) {
		const struct match_number *number = &question->numbers[i];
		bool comparable = false;
		if (has_number(answer, number->value))
			return false;
		if (is_of_date(question, number) ||
		    !(fact->expects & (number->year ? EXPECTS_WHEN : EXPECTS_HOW_MANY)))
			continue;
		for (uint32_t j = 0; j < answer->numbers_count && !comparable; j++)
			comparable =
				answer->numbers[j].year == number->year && !is_of_date(answer, &answer->numbers[j]);
		wrong = comparable && !wrong ? number : wrong;
	}
	if (!wrong)
		return false;
	statement->lead = LEAD_NOT_NUMBER;
	statement->number = wrong->value;
	statement->year = wrong->year;
	return true;
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

/* "They sent troops?" has the form of a statement; a bare name with a question mark has not. */
static bool is_doubted(const struct match_question *question)
{
	uint32_t others = 0;
	for (uint32_t i = 0; i < question->tokens_count; i++)
		others += question->tokens[i].weight > 0 && question->tokens[i].entity == UINT32_MAX;
	return !question->expects && others && question->tokens[question->tokens_count - 1].ends_sentence;
}

void lead_find(const struct knowledge *knowledge, const struct match_question *question,
	       const struct match_candidate *candidate, struct statement *statement)
{
	const struct fact *fact = &knowledge->base.facts[candidate->fact];
	statement->yes_no = question->yes_no;
	if (fact->unknown)
		return;
	bool asks = question->yes_no || (candidate->own != OWN_QUESTION && is_doubted(question));
	struct match_question *other = &knowledge->scratch->aside;
	bool asks_how_many = question->expects & EXPECTS_HOW_MANY || question->yes_no || !question->expects;
	if (question->numbers_count || question->days_count) {
		const char *answer = fact->answer[LANGUAGE_EN];
		match_read_names(knowledge->match, answer, strlen(answer), other);
		if ((asks_how_many || question->expects & EXPECTS_WHY) &&
		    wrong_number(question, other, fact, statement))
			return;
		if (wrong_day(question, other, fact, statement))
			return;
	}
	if (asks && fact->status != STATUS_UNCLEAR && !offers_choice(question))
		statement->lead = yes_or_no(knowledge, question, candidate, other);
	else if (!asks && candidate->own == OWN_DENIES && candidate->near[OWN_DENIES] >= premise_least &&
		 candidate->near[OWN_DENIES] - candidate->near[OWN_QUESTION] >= near_ahead)
		statement->lead = LEAD_OTHERWISE;
}
