#include "engine/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_LEAST = 6 }; /* bytes of a weekday's name */

/* An ending after ~ is left open: январ~ is январь, января, январе. */
static const struct name {
	int place; /* 1: the first */
	char text[28];
} months[] = {
	{ 1, "january" }, { 1, "jan" }, { 1, "январ~" }, { 1, "қаңтар~" }, { 1, "кантар~" }, { 1, "yanvar~" },
	{ 1, "ianvar~" }, { 1, "qantar~" }, { 1, "kantar~" },
	{ 2, "february" }, { 2, "feb" }, { 2, "феврал~" }, { 2, "ақпан~" }, { 2, "акпан~" }, { 2, "fevral~" },
	{ 3, "march" }, { 3, "март" }, { 3, "март~" }, { 3, "наурыз~" },
	{ 4, "april" }, { 4, "apr" }, { 4, "апрел~" }, { 4, "сәуір~" }, { 4, "aprel~" },
	{ 5, "may" }, { 5, "мая" }, { 5, "мае" }, { 5, "май" }, { 5, "мамыр~" },
	{ 6, "june" }, { 6, "jun" }, { 6, "июн~" }, { 6, "маусым~" },
	{ 7, "july" }, { 7, "jul" }, { 7, "июл~" }, { 7, "шілде~" },
	{ 8, "august" }, { 8, "aug" }, { 8, "август~" }, { 8, "тамыз~" },
	{ 9, "september" }, { 9, "sep" }, { 9, "сентябр~" }, { 9, "қыркүйек~" },
	{ 10, "october" }, { 10, "oct" }, { 10, "октябр~" }, { 10, "қазанда" }, { 10, "қазан" },
	{ 11, "november" }, { 11, "nov" }, { 11, "ноябр~" }, { 11, "қараша~" },
	{ 12, "december" }, { 12, "dec" }, { 12, "декабр~" }, { 12, "желтоқсан~" }, { 12, "dekabr~" },
};
static const struct name weekdays[] = {
	{ 1, "monday" }, { 1, "понедельник~" }, { 1, "дүйсенбі~" }, { 1, "дуйсенбі~" }, { 1, "ponedelnik~" },
	{ 1, "duisenbi~" }, { 1, "dusenbi~" },
	{ 2, "tuesday" }, { 2, "вторник~" }, { 2, "сейсенбі~" }, { 2, "vtornik~" }, { 2, "seisenbi~" },
	{ 3, "wednesday" }, { 3, "среда" }, { 3, "среду" }, { 3, "среды" }, { 3, "среде" }, { 3, "средой" },
	{ 3, "сәрсенбі~" }, { 3, "сарсенбі~" }, { 3, "sreda" }, { 3, "sredu" }, { 3, "sarsenbi~" },
	{ 4, "thursday" }, { 4, "четверг~" }, { 4, "бейсенбі~" }, { 4, "бейсенби~" }, { 4, "chetverg~" },
	{ 4, "beisenbi~" }, { 4, "beysenbi~" },
	{ 5, "friday" }, { 5, "пятниц~" }, { 5, "жұма~" }, { 5, "pyatnits~" },
	{ 6, "saturday" }, { 6, "суббот~" }, { 6, "сенбі~" }, { 6, "subbot~" },
	{ 7, "sunday" }, { 7, "воскресень~" }, { 7, "жексенбі~" },
};
enum { MONTHS = sizeof(months) / sizeof(months[0]), WEEKDAYS = sizeof(weekdays) / sizeof(weekdays[0]) };

static bool is_named(const struct name *name, const char *word, size_t bytes)
{
	size_t length = strlen(name->text);
	bool open = name->text[length - 1] == '~';
	size_t fixed = length - open;
	return bytes >= fixed && (open || bytes == fixed) && memcmp(name->text, word, fixed) == 0;
}

/* 1 for the first; 0: none. Nearly all names begin otherwise; of Cyrillic letters the second byte tells. */
static int place_in(const struct name *names, size_t count, const char *word, size_t bytes)
{
	for (size_t i = 0; i < count; i++)
		if (names[i].text[0] == word[0] && names[i].text[1] == word[1] && is_named(&names[i], word, bytes))
			return names[i].place;
	return 0;
}

/* Days since 1970-01-01 and back (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
static long days_of(long year, long month, long day)
{
	year -= month <= 2;
	long era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
	long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(long days, long *year, long *month, long *day)
{
	days += 719468;
	long era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
	long years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	long of_year = of_era - (365 * years + years / 4 - years / 100), shifted = (5 * of_year + 2) / 153;
	*day = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted + (shifted < 10 ? 3 : -9);
	*year = years + era * 400 + (*month <= 2);
}

static void note(struct match_question *question, long year, long month, long day)
{
	if (question->days_count == MATCH_NUMBERS || year < 0 || year > 9999)
		return;
	char text[sizeof(question->days[0]) + 24];
	snprintf(text, sizeof(text), "%04ld-%02ld-%02ld", year, month, day);
	for (uint32_t i = 0; i < question->days_count; i++)
		if (strcmp(question->days[i], text) == 0)
			return;
	memcpy(question->days[question->days_count], text, sizeof(question->days[0]) - 1);
	question->days[question->days_count++][sizeof(question->days[0]) - 1] = '\0';
}

/* Digits at the word's start, up to `most`; 0 when there are none or more. */
static long number_at(const struct tokens *tokens, uint32_t i, long most)
{
	if (i >= tokens->count)
		return 0;
	const char *text = tokens->text + tokens->items[i].at;
	long value = 0;
	for (size_t d = 0; d < tokens->items[i].bytes && text[d] >= '0' && text[d] <= '9' && value <= most; d++)
		value = value * 10 + (text[d] - '0');
	return value <= most ? value : 0;
}

static int week_place(long days)
{
	return (int)(((days % 7 + 7) % 7 + 3) % 7); /* 1970-01-01 was a Thursday */
}

int day_of_week(const char *date)
{
	return week_place(days_of(strtol(date, NULL, 10), strtol(date + 5, NULL, 10), strtol(date + 8, NULL, 10)));
}

void day_read(const struct tokens *tokens, const char *as_of, struct match_question *question)
{
	long year = strtol(as_of, NULL, 10), month = 1, day = 1;
	question->days_count = 0;
	if (strlen(as_of) == 10) {
		month = strtol(as_of + 5, NULL, 10);
		day = strtol(as_of + 8, NULL, 10);
	}
	long last = days_of(year, month, day), monday = last - week_place(last);
	for (uint32_t i = 0; i < tokens->count; i++) {
		const char *word = tokens->text + tokens->items[i].at;
		size_t bytes = tokens->items[i].bytes;
		/* A month counts with a number beside it only, and few words have one. */
		bool numbered = (i > 0 && number_at(tokens, i - 1, 31)) || number_at(tokens, i + 1, 31);
		int of_week = bytes >= DAY_LEAST ? place_in(weekdays, WEEKDAYS, word, bytes) : 0;
		int of_year = numbered ? place_in(months, MONTHS, word, bytes) : 0;
		if (of_week && *as_of) {
			long y, m, d;
			date_of(monday + of_week - 1, &y, &m, &d);
			note(question, y, m, d);
		}
		if (!of_year)
			continue;
		/* "January 6" or "6 января", with or without a year behind. */
		long before = i > 0 ? number_at(tokens, i - 1, 31) : 0, after = number_at(tokens, i + 1, 31);
		long named = before ? before : after, behind = number_at(tokens, i + (before ? 1 : 2), 9999);
		if (named)
			note(question, behind > 999 ? behind : year, of_year, named);
	}
}
