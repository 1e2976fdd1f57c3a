#include "engine/lead.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/figure.h"

/* How decided a fact's own yes-no questions must be (match_candidate.polarity), the nearest among them: a wrong yes
 * is worse than none. */
static const float decided_least = .25f, near_least = .50f; /* cosine: so near that it need not hold all words */
static const float likely_least = .80f;                     /* probability: of a fact less likely nothing is affirmed */
static const float near_beside = .45f; /* cosine: of its yes-no questions, where another own question is nearer */
static const float covered_least = .5f;                     /* of what the question says */
static const float same_least = .95f;                       /* cosine: all but the same question */
static const uint32_t doubted_words = 3; /* that say something: of fewer a question mark makes no sentence */
static const float premise_decided = 0;  /* match_candidate.premise: up to it something false is taken for granted */
static const float premise_least = .70f, /* cosine: to say that a question takes something false for granted */
	premise_ahead = .12f;

enum { NUMERAL_LETTERS = 4 }; /* that a numeral's forms have in common */

static bool is_yes_no(enum match_own own)
{
	return own == OWN_AFFIRMS || own == OWN_DENIES;
}

static bool has_entity(const struct match_question *question, uint32_t entity)
{
	for (uint32_t i = 0; i < question->entities_count; i++)
		if (question->entities[i] == entity)
			return true;
	return false;
}

static bool has_word(const struct match_question *question, const char *const words[])
{
	for (uint32_t i = 0; i < question->tokens_count; i++)
		for (size_t j = 0; words[j]; j++)
			if (strlen(words[j]) == question->tokens[i].bytes &&
			    memcmp(words[j], question->text + question->tokens[i].at, strlen(words[j])) == 0)
				return true;
	return false;
}

/* Marks the question's figures and names that `text` has. */
static void mark(const struct knowledge *knowledge, const char *text, const struct match_question *question,
		 bool numbers[MATCH_NUMBERS], bool entities[MATCH_ENTITIES])
{
	const struct match_question *other = match_names(knowledge->match, text);
	for (uint32_t i = 0; i < question->numbers_count; i++)
		numbers[i] = numbers[i] || figure_is_in(other, question->numbers[i].value);
	for (uint32_t i = 0; i < question->entities_count; i++)
		entities[i] = entities[i] || has_entity(other, question->entities[i]);
}

/* Whether the question's days are the fact's one day, or in its answer. */
static bool has_days(const struct knowledge *knowledge, const struct fact *fact,
		     const struct match_question *question)
{
	if (!question->days_count)
		return true;
	const struct match_question *other = match_names(knowledge->match, fact->answer[LANGUAGE_EN]);
	for (uint32_t i = 0; i < question->days_count; i++) {
		bool told = fact->precision == PRECISION_DAY && strcmp(fact->from, question->days[i]) == 0 &&
			    strcmp(fact->to, fact->from) == 0;
		for (uint32_t j = 0; j < other->days_count; j++)
			told = told || strcmp(other->days[j], question->days[i]) == 0;
		if (!told)
			return false;
	}
	return true;
}

/* Whether all that the question names stands in the fact or in the own question nearest to it: yes would confirm it.
 */
static bool may_confirm(const struct knowledge *knowledge, const struct fact *fact, const char *nearest,
			const struct match_question *question)
{
	if (!has_days(knowledge, fact, question))
		return false;
	bool numbers[MATCH_NUMBERS] = { false }, entities[MATCH_ENTITIES] = { false };
	bool all_held = question->numbers_count == 0;
	for (uint32_t i = 0; i < question->entities_count; i++) {
		entities[i] = fact_names(fact, question->entities[i]);
		all_held = all_held && entities[i];
	}
	if (all_held)
		return true;
	mark(knowledge, fact->answer[LANGUAGE_EN], question, numbers, entities);
	mark(knowledge, nearest, question, numbers, entities);
	for (uint32_t i = 0; i < question->numbers_count; i++)
		if (!numbers[i])
			return false;
	for (uint32_t i = 0; i < question->entities_count; i++)
		if (!entities[i])
			return false;
	return true;
}

/* Whether `other` has a word that begins as the question's token does: thousand, thousands; тысяча, тысяч. */
static bool has_numeral(const struct match_question *question, const struct match_token *token,
			const struct match_question *other)
{
	const char *text = question->text + token->at;
	size_t same =
		utf8_floor(text, token->bytes, (unsigned char)*text < 0x80 ? NUMERAL_LETTERS : 2 * NUMERAL_LETTERS);
	for (uint32_t i = 0; i < other->tokens_count; i++)
		if (other->tokens[i].numeral && other->tokens[i].bytes >= same &&
		    memcmp(text, other->text + other->tokens[i].at, same) == 0)
			return true;
	return false;
}

/* "Did thousands die?" of a fact that tells of dozens: yes would confirm the thousands. */
static bool may_confirm_numerals(const struct knowledge *knowledge, const struct fact *fact,
				 const struct match_question *question)
{
	if (!question->numerals || question->numbers_count)
		return true;
	const char *answer =
		fact->answer[question->language] ? fact->answer[question->language] : fact->answer[LANGUAGE_EN];
	const struct match_question *other = match_names(knowledge->match, answer);
	for (uint32_t i = 0; i < question->tokens_count; i++)
		if (question->tokens[i].numeral && !has_numeral(question, &question->tokens[i], other))
			return false;
	return true;
}

/* "Do they still hold it?": yes to "do they hold it" is none to this. */
static bool asks_of_now(const struct match_question *question)
{
	static const char *const words[] = { "still", "anymore", "ещё", "еще", "әлі", "eshche", "ali", NULL };
	return has_word(question, words);
}

/* "... or not?" */
static bool ends_or_not(const struct match_question *question, uint32_t next)
{
	static const char *const words[] = { "not", "no", "nah", "нет", "жоқ", "net", "zhoq", NULL };
	if (next >= question->tokens_count)
		return false;
	const struct match_token *token = &question->tokens[next];
	for (size_t i = 0; words[i]; i++)
		if (strlen(words[i]) == token->bytes &&
		    memcmp(words[i], question->text + token->at, token->bytes) == 0)
			return true;
	return false;
}

/* "Was it Tokayev or Nazarbayev?": yes and no are no answers. */
static bool offers_choice(const struct match_question *question)
{
	static const char *const words[] = { "or", "или", "әлде", "ili", "alde", NULL };
	static const char *const particles[] = { "ма", "ме", "ба", "бе", "па", "пе", NULL };
	unsigned asked = 0;
	for (uint32_t i = 0; i < question->tokens_count; i++) {
		const struct match_token *token = &question->tokens[i];
		const char *text = question->text + token->at;
		for (size_t j = 0; words[j]; j++)
			if (strlen(words[j]) == token->bytes && memcmp(words[j], text, token->bytes) == 0)
				return !ends_or_not(question, i + 1);
		for (size_t j = 0; particles[j]; j++)
			asked +=
				strlen(particles[j]) == token->bytes && memcmp(particles[j], text, token->bytes) == 0;
	}
	return asked > 1;
}

static bool has_any(const struct texts lists[LANGUAGE_COUNT])
{
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
		if (lists[l].count)
			return true;
	return false;
}

/* A fact whose own yes-no questions all want a yes says it to the opposite too ("did the dam hold" is near "did the
 * dam break"): it may say yes only to all but the same question. */
static bool tells_both(const struct fact *fact, const struct match_question *question, float near)
{
	return (has_any(fact->affirms) && has_any(fact->denies)) || (near >= same_least && !question->unknown);
}

static bool has_amount(const struct match_question *question)
{
	for (uint32_t i = 0; i < question->numbers_count; i++)
		if (!question->numbers[i].year)
			return true;
	return false;
}

/* "Did ten thousand come?" is denied for the number: that says nothing to "did they come?"; nor the reverse. "Did
 * Turkey take Crimea?" is denied for a name that the fact is not about: nothing to "did they take it?". */
static bool is_denied_for_else(const struct knowledge *knowledge, const struct fact *fact, const char *denied,
			       const struct match_question *question)
{
	const struct match_question *other = match_names(knowledge->match, denied);
	for (uint32_t i = 0; i < other->entities_count; i++)
		if (!fact_names(fact, other->entities[i]) && !has_entity(question, other->entities[i]))
			return true;
	bool counts = other->numbers_count || other->numerals;
	return counts ? !question->numbers_count && !question->numerals : has_amount(question);
}

/* Yes or no as the fact's own yes-no questions have it. */
static enum lead yes_or_no(const struct knowledge *knowledge, const struct match_question *question,
			   const struct match_candidate *candidate)
{
	const struct fact *fact = &knowledge->base.facts[candidate->fact];
	bool yes = candidate->polarity > 0;
	float near = candidate->near[yes ? OWN_AFFIRMS : OWN_DENIES];
	if (candidate->probability < likely_least || (!is_yes_no(candidate->own) && near < near_beside))
		return LEAD_NONE;
	/* The editor has this very question, and wants neither yes nor no. */
	if (candidate->own == OWN_QUESTION && candidate->nearest >= same_least)
		return LEAD_NONE;
	if (candidate->covered < covered_least && near < near_least)
		return LEAD_NONE; /* "his daughters fled too?" */
	if (fabsf(candidate->polarity) < decided_least || near < candidate->near[yes ? OWN_DENIES : OWN_AFFIRMS] ||
	    !tells_both(fact, question, near))
		return LEAD_NONE;
	/* A running bot has forgotten own questions that are none (base_forget_asked). */
	const struct texts *texts = match_own_texts(fact, candidate->own);
	const char *text =
		is_yes_no(candidate->own) ? texts[candidate->own_language].items[candidate->own_index] : "";
	if (yes && question->numbers_count > 1)
		return LEAD_NONE; /* the right ones, perhaps of the wrong things */
	if (yes &&
	    (!may_confirm(knowledge, fact, text, question) || !may_confirm_numerals(knowledge, fact, question)))
		return LEAD_NONE;
	if (yes && asks_of_now(question) && near < same_least)
		return LEAD_NONE;
	if (!yes && *text && is_denied_for_else(knowledge, fact, text, question))
		return LEAD_NONE;
	/* "Were none killed?": what a yes to this means only an own question of the kind can tell. */
	if (question->negated) {
		if (!match_names(knowledge->match, text)->negated ||
		    candidate->own != (yes ? OWN_AFFIRMS : OWN_DENIES))
			return LEAD_NONE;
	}
	return yes ? LEAD_YES : LEAD_NO;
}

/* What of the question's figures and days the fact puts right or bears out. */
static bool lead_by_figure(const struct knowledge *knowledge, const struct match_question *question,
			   const struct fact *fact, struct statement *statement)
{
	const char *answer = fact->answer[LANGUAGE_EN];
	bool asks_how_many = question->expects & EXPECTS_HOW_MANY || question->yes_no || !question->expects;
	const struct match_question *other = match_names(knowledge->match, answer);
	const struct match_number *wrong = NULL;
	if (asks_how_many || question->expects & EXPECTS_WHY)
		wrong = figure_wrong(question, other, fact);
	if (wrong) {
		statement->lead = LEAD_NOT_NUMBER;
		statement->number = wrong->value;
		statement->year = wrong->year;
		return true;
	}
	const char *day = figure_wrong_day(question, other, fact);
	if (day) {
		statement->lead = LEAD_NOT_DAY;
		memcpy(statement->day, day, sizeof statement->day);
		statement->weekday = !question->numbers_count;
		return true;
	}
	if (!figure_is_bound(question, other))
		return false;
	bool named = true;
	for (uint32_t i = 0; i < question->entities_count; i++)
		named = named && fact_names(fact, question->entities[i]);
	if (question->yes_no && named && !question->negated && figure_exceeds(question, other))
		statement->lead = LEAD_YES;
	return true;
}

/* "They sent troops?" has the form of a statement; a bare name with a question mark has not. */
static bool is_doubted(const struct match_question *question)
{
	uint32_t others = 0;
	for (uint32_t i = 0; i < question->tokens_count; i++)
		others += question->tokens[i].weight > 0 && question->tokens[i].entity == UINT32_MAX;
	return !question->expects && !question->requests && others && question->tokens[question->tokens_count - 1].asks;
}

/* Whether the question takes something for granted that the fact shows to be otherwise. */
static bool takes_for_granted(const struct match_candidate *candidate)
{
	/* Nearest to a plain question it takes nothing for granted, whatever the others are near. */
	if (candidate->near[OWN_CORRECTS] > 0 && candidate->premise <= premise_decided && candidate->own != OWN_QUESTION)
		return true;
	return candidate->own == OWN_DENIES && candidate->near[OWN_DENIES] >= premise_least &&
	       candidate->near[OWN_DENIES] - candidate->near[OWN_QUESTION] >= premise_ahead;
}

void lead_find(const struct knowledge *knowledge, const struct match_question *question,
	       const struct match_candidate *candidate, struct statement *statement)
{
	const struct fact *fact = &knowledge->base.facts[candidate->fact];
	statement->yes_no = question->yes_no;
	if (fact->unknown)
		return;
	/* "And on the other side?" is near a yes-no question, and is none. */
	bool resembles = is_yes_no(candidate->own) && !question->leans;
	bool asks = question->yes_no || ((resembles || question->content >= doubted_words) && is_doubted(question));
	if ((question->numbers_count || question->days_count) && lead_by_figure(knowledge, question, fact, statement))
		return;
	const unsigned others = EXPECTS_WHICH | EXPECTS_WHERE | EXPECTS_HOW_MANY | EXPECTS_HOW | EXPECTS_WHY;
	if (asks && (question->asks_twice || question->expects & others))
		return; /* of which would it be? */
	if (asks && fact->status != STATUS_UNCLEAR && !offers_choice(question))
		statement->lead = yes_or_no(knowledge, question, candidate);
	else if (!asks && takes_for_granted(candidate))
		statement->lead = LEAD_OTHERWISE;
}
