/* day: the days that a text names: a date with its month, a weekday of the week in which the base ends. */
#ifndef QANTAR_ENGINE_DAY_H
#define QANTAR_ENGINE_DAY_H

#include "engine/match.h"
#include "engine/token.h"

/* Fills question->days. `as_of`: the base's latest day, "2022-01-06"; its year counts where the text names none. */
void day_read(const struct tokens *tokens, const char *as_of, struct match_question *question);

/* 0 to 6, Monday first, of "2022-01-06". */
int day_of_week(const char *date);

#endif
