#include "engine/day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_LEAST = 6 }; /* bytes of a weekday's name */

/* An ending after ~ is left open: январ~ is январь, января, январе. */
static const char *const months[12] = {
	"january jan январ~ қаңтар~ кантар~ yanvar~ ianvar~ qantar~ kantar~",
	"february feb феврал~ ақпан~ акпан~ fevral~",
	"march март март~ наурыз~",
	"april apr апрел~ сәуір~ aprel~",
	"may мая мае май мамыр~",
	"june jun июн~ маусым~",
	"july jul июл~ шілде~",
	"august aug август~ тамыз~",
	"september sep сентябр~ қыркүйек~",
	"october oct октябр~ қазанда қазан",
	"november nov ноябр~ қараша~",
	"december dec декабр~ желтоқсан~ dekabr~",
};
static const char *const weekdays[7] = {
	"monday понедельник~ дүйсенбі~ дуйсенбі~ ponedelnik~ duisenbi~ dusenbi~",
	"tuesday вторник~ сейсенбі~ vtornik~ seisenbi~",
	"wednesday среда среду среды среде средой сәрсенбі~ сарсенбі~ sreda sredu sarsenbi~",
	"thursday четверг~ бейсенбі~ бейсенби~ chetverg~ beisenbi~ beysenbi~",
	"friday пятниц~ жұма~ pyatnits~",
	"saturday суббот~ сенбі~ subbot~",
	"sunday воскресень~ жексенбі~",
};

static bool listed(const char *list, const char *word, size_t bytes)
{
	for (const char *at = list; *at;) {
		const char *end = strchr(at, ' ');
		size_t length = end ? (size_t)(end - at) : strlen(at);
		bool open = at[length - 1] == '~';
		size_t fixed = length - open;
		if (bytes >= fixed && (open || bytes == fixed) && memcmp(at, word, fixed) == 0)
			return true;
		at += length + (end != NULL);
	}
	return false;
}

/* 1 for the first; 0: none. */
static int place_in(const char *const *lists, int count, const char *word, size_t bytes)
{
	for (int i = 0; i < count; i++)
		if (listed(lists[i], word, bytes))
			return i + 1;
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

void day_read(const struct tokens *tokens, const char *as_of, struct match_question *question)
{
	long year = strtol(as_of, NULL, 10), month = 1, day = 1;
	question->days_count = 0;
	if (strlen(as_of) == 10) {
		month = strtol(as_of + 5, NULL, 10);
		day = strtol(as_of + 8, NULL, 10);
	}
	long last = days_of(year, month, day),
	     monday = last - ((last % 7 + 7) % 7 + 3) % 7; /* 1970-01-01 was a Thursday */
	for (uint32_t i = 0; i < tokens->count; i++) {
		const char *word = tokens->text + tokens->items[i].at;
		size_t bytes = tokens->items[i].bytes;
		/* A month counts with a number beside it only, and few words have one. */
		bool numbered = (i > 0 && number_at(tokens, i - 1, 31)) || number_at(tokens, i + 1, 31);
		int of_week = bytes >= DAY_LEAST ? place_in(weekdays, 7, word, bytes) : 0;
		int of_year = numbered ? place_in(months, 12, word, bytes) : 0;
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
