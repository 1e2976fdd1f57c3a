#include "engine/figure.h"

#include <stdlib.h>
#include <string.h>

#include "engine/day.h"

/* What a word beside a figure makes of it. */
enum bound { BOUND_NONE, BOUND_LEAST, BOUND_MOST, BOUND_ABOUT };

static const struct {
	enum bound bound;
	bool behind; /* the figure */
	const char *words;
} bounds[] = {
	{ BOUND_LEAST, false, "over above more exceed exceeding exceeded beyond least older past minimum already reached "
			      "turned больше более свыше старше минимум за уже исполнилось стукнуло bolshe bolee svyshe "
			      "starshe кемінде keminde" },
	{ BOUND_MOST, false, "under below less fewer most younger up maximum меньше менее моложе максимум menshe menee" },
	{ BOUND_ABOUT, false, "about around nearly almost roughly approximately some circa like between before after since "
			      "until till by около примерно почти порядка между до после с со к с okolo primerno pochti do "
			      "posle шамамен shamamen" },
	{ BOUND_LEAST, true, "астам асқан асты аса асып артық көп лишним plus astam asqan asty artyq kop" },
	{ BOUND_MOST, true, "аз кем төмен az kem" },
	{ BOUND_ABOUT, true, "шамалы жуық таяу шақты дейін кейін бері бастап or так odd zhuyq deiin keiin beri" },
};
enum { BOUND_REACH = 2 }; /* words between */
static const double worded_least = 13; /* smaller numbers in words count what no figure does: "the two presidents" */

static bool is_among(const char *words, const char *word, size_t bytes)
{
	for (const char *at = words; *at;) {
		size_t length = strcspn(at, " ");
		if (length == bytes && memcmp(at, word, bytes) == 0)
			return true;
		at += length + (at[length] == ' ');
	}
	return false;
}

static enum bound bound_at(const struct match_question *question, uint32_t token, bool behind)
{
	const struct match_token *word = &question->tokens[token];
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		if (bounds[i].behind == behind && is_among(bounds[i].words, question->text + word->at, word->bytes))
			return bounds[i].bound;
	return BOUND_NONE;
}

static enum bound bound_of(const struct match_question *question, const struct match_number *number)
{
	for (uint32_t away = 1; away <= BOUND_REACH; away++) {
		enum bound bound = BOUND_NONE;
		if (number->token >= away)
			bound = bound_at(question, number->token - away, false);
		if (!bound && number->last + away < question->tokens_count)
			bound = bound_at(question, number->last + away, true);
		if (bound)
			return bound;
	}
	return BOUND_NONE;
}

bool figure_is_in(const struct match_question *question, double value)
{
	for (uint32_t i = 0; i < question->numbers_count; i++) {
		double difference = question->numbers[i].value - value;
		if (difference > -.001 && difference < .001)
			return true;
	}
	return false;
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

static const struct match_number *comparable(const struct match_question *answer, bool year, uint32_t *count)
{
	const struct match_number *found = NULL;
	*count = 0;
	for (uint32_t i = 0; i < answer->numbers_count; i++) {
		const struct match_number *number = &answer->numbers[i];
		if (number->year != year || number->worded || is_of_date(answer, number))
			continue;
		found = number;
		++*count;
	}
	return found;
}

const struct match_number *figure_wrong(const struct match_question *question, const struct match_question *answer,
					const struct fact *fact)
{
	const struct match_number *wrong = NULL;
	for (uint32_t i = 0; i < question->numbers_count; i++) {
		const struct match_number *number = &question->numbers[i];
		uint32_t count;
		if (figure_is_in(answer, number->value))
			return NULL;
		bool of_fact = number->year && (long)number->value == strtol(fact->from, NULL, 10);
		bool counts_little = number->worded && number->value < worded_least;
		if (wrong || of_fact || counts_little || is_of_date(question, number) || bound_of(question, number) ||
		    !(fact->expects & (number->year ? EXPECTS_WHEN : EXPECTS_HOW_MANY)))
			continue;
		if (comparable(answer, number->year, &count))
			wrong = number;
	}
	return wrong;
}

bool figure_exceeds(const struct match_question *question, const struct match_question *answer)
{
	uint32_t count;
	const struct match_number *number = question->numbers;
	if (question->numbers_count != 1 || number->year || bound_of(question, number) != BOUND_LEAST)
		return false;
	const struct match_number *told = comparable(answer, false, &count);
	return count == 1 && told->value > number->value;
}

bool figure_is_bound(const struct match_question *question, const struct match_question *answer)
{
	for (uint32_t i = 0; i < question->numbers_count; i++)
		if (!figure_is_in(answer, question->numbers[i].value) && bound_of(question, &question->numbers[i]))
			return true;
	return false;
}

const char *figure_wrong_day(const struct match_question *question, const struct match_question *answer,
			     const struct fact *fact)
{
	if (question->days_count != 1 || !(fact->expects & EXPECTS_WHEN) || fact->precision != PRECISION_DAY ||
	    strcmp(fact->from, fact->to) != 0 || strlen(fact->from) != 10 ||
	    strcmp(question->days[0], fact->from) == 0)
		return NULL;
	/* Without a figure it was named by its weekday. */
	if (!question->numbers_count && day_of_week(question->days[0]) == day_of_week(fact->from))
		return NULL;
	for (uint32_t i = 0; i < answer->days_count; i++)
		if (strcmp(answer->days[i], question->days[0]) == 0)
			return NULL;
	return question->days[0];
}

static long year_of(const char *day)
{
	return strtol(day, NULL, 10);
}

bool figure_is_of_other_year(const struct match_question *question, const struct match_question *answer,
			     const struct fact *fact)
{
	bool historic = *fact->from && year_of(fact->from) != year_of(fact->as_of);
	bool tells_when = historic || fact->expects & EXPECTS_WHEN;
	uint32_t years = 0;
	for (uint32_t i = 0; i < answer->numbers_count; i++)
		if (tells_when && answer->numbers[i].year && (long)answer->numbers[i].value != year_of(fact->as_of))
			return false;
	for (uint32_t i = 0; i < question->numbers_count; i++) {
		long year = (long)question->numbers[i].value;
		bool within = *fact->from && year >= year_of(fact->from) && year <= year_of(fact->to);
		if (!question->numbers[i].year)
			continue;
		if (within || year == year_of(fact->as_of) || figure_is_in(answer, (double)year))
			return false;
		years++;
	}
	return years;
}
