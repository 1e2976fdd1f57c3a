/* json_scan: the scanner in front of cJSON. For json.c. */
#ifndef QANTAR_BASE_JSON_SCAN_H
#define QANTAR_BASE_JSON_SCAN_H

#include "base/json.h"

struct json_scan {
	struct json_place *places; /* [count] where each value begins, in document order */
	size_t count;
	char *mended; /* NULL, or the text, as long as it was, without what cJSON cannot hold (tolerant limits) */
};

/* False, with `fault` (may be NULL) filled, when the text is not JSON within the limits. Finish it in any case. */
bool json_scan(struct json_scan *scan, const char *text, size_t bytes, const struct json_limits *limits,
	       struct json_fault *fault);
void json_scan_finish(struct json_scan *scan);

#endif
