/* report: the problems found in a base, collected with their places.
 *
 * The report is the caller's (knowledge.h); here it is filled and put into order. */
#ifndef QANTAR_ENGINE_REPORT_H
#define QANTAR_ENGINE_REPORT_H

#include "engine/base.h"
#include "knowledge.h"

enum { REPORT_PROBLEMS = 200 }; /* kept; the rest is counted */

struct report_place {
	const char *file;      /* relative to the base */
	unsigned line, column; /* 0: the whole file */
};

struct report_place report_place(const struct base *base, struct place place);

/* `kind` is static text. A NULL report swallows everything. */
void report_error(struct knowledge_report *report, const char *kind, struct report_place place, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));
void report_warning(struct knowledge_report *report, const char *kind, struct report_place place, const char *format,
		    ...) __attribute__((format(printf, 4, 5)));

bool report_has_error(const struct knowledge_report *report);
/* In order of file, line, column; errors and warnings mixed. */
void report_sort(struct knowledge_report *report);

#endif
