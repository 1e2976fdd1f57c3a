/* figure: the figures and days of a question against those of a fact's answer.
 *
 * "Did 5,000 die?" against "18 died" is contradicted; "more than 10" is borne out, and "about 20" is neither. */
#ifndef QANTAR_ENGINE_FIGURE_H
#define QANTAR_ENGINE_FIGURE_H

#include "engine/match.h"

/* Whether the question has the value, to a thousandth. */
bool figure_is_in(const struct match_question *question, double value);

/* The figure of the question that the fact's answer, which has such figures, does not have; NULL when none is wrong, or
 * when a word beside it ("over", "about", "before") leaves room. `answer` is the answer as it was read. */
const struct match_number *figure_wrong(const struct match_question *question, const struct match_question *answer,
					const struct fact *fact);

/* Whether the question's one figure is a least that the answer's one figure exceeds: "over 80" of 81. */
bool figure_exceeds(const struct match_question *question, const struct match_question *answer);

/* Whether a word beside one of the question's figures that the answer does not have leaves room for others. */
bool figure_is_bound(const struct match_question *question, const struct match_question *answer);

/* The day of the question that is not the fact's one day, nor in its answer; NULL: none. A weekday is no other day than
 * the same weekday of another week. */
const char *figure_wrong_day(const struct match_question *question, const struct match_question *answer,
			     const struct fact *fact);

/* Whether all years that the question names are others than the fact's, and the fact is none that could put them right,
 * being of the days of its report: "what happened there in 2011?" `answer` is the answer as it was read. */
bool figure_is_of_other_year(const struct match_question *question, const struct match_question *answer,
			     const struct fact *fact);

#endif
