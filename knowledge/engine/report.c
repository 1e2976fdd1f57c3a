#include "engine/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum { MESSAGE_BYTES = 600 };

struct report_place report_place(const struct base *base, struct place place)
{
	return (struct report_place){ base->files[place.file], place.line, place.column };
}

static void add(struct knowledge_report *report, bool warning, const char *kind, struct report_place place,
		const char *format, va_list arguments) __attribute__((format(printf, 5, 0)));

static void add(struct knowledge_report *report, bool warning, const char *kind, struct report_place place,
		const char *format, va_list arguments)
{
	if (!report)
		return;
	/* An error must never be lost behind warnings: the callers add all errors before the first warning. */
	if (report->count == REPORT_PROBLEMS) {
		report->left_out++;
		return;
	}
	if (!report->problems)
		report->problems = memory_zeroed(REPORT_PROBLEMS, sizeof *report->problems);
	char message[MESSAGE_BYTES];
	vsnprintf(message, sizeof message, format, arguments);
	utf8_repair(message); /* quoted texts are cut by bytes */
	report->problems[report->count++] = (struct knowledge_problem){
		.warning = warning,
		.kind = kind,
		.file = memory_text(place.file),
		.line = place.line,
		.column = place.column,
		.message = memory_text(message),
	};
}

void report_error(struct knowledge_report *report, const char *kind, struct report_place place, const char *format,
		  ...)
{
	va_list arguments;
	va_start(arguments, format);
	add(report, false, kind, place, format, arguments);
	va_end(arguments);
}

void report_warning(struct knowledge_report *report, const char *kind, struct report_place place, const char *format,
		    ...)
{
	va_list arguments;
	va_start(arguments, format);
	add(report, true, kind, place, format, arguments);
	va_end(arguments);
}

bool report_has_error(const struct knowledge_report *report)
{
	for (size_t i = 0; i < report->count; i++)
		if (!report->problems[i].warning)
			return true;
	return false;
}

static int compare(const void *left, const void *right)
{
	const struct knowledge_problem *a = left, *b = right;
	int order = strcmp(a->file, b->file);
	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->column > b->column) - (a->column < b->column);
}

void report_sort(struct knowledge_report *report)
{
	if (report->count)
		qsort(report->problems, report->count, sizeof *report->problems, compare);
}

void knowledge_report_finish(struct knowledge_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		free(report->problems[i].file);
		free(report->problems[i].message);
	}
	free(report->problems);
	*report = (struct knowledge_report){ 0 };
}
