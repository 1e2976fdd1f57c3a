/* json: strict RFC 8259 in front of cJSON.
 *
 * cJSON 1.7.15 accepts invalid UTF-8, raw control bytes, trailing garbage and duplicate keys, and cuts
 * strings at \u0000. Every text from outside therefore passes a scanner first, which refuses all that,
 * counts depth and values, and notes line and column of every value; only then does cJSON build the
 * tree. A leading byte order mark and CRLF line ends are accepted. */
#ifndef QANTAR_BASE_JSON_H
#define QANTAR_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

struct json_limits {
	size_t max_bytes;
	unsigned max_depth; /* at most 990: cJSON's own limit is 1,000 */
	size_t max_values;
	size_t max_string_bytes;
	/* A server's answer carries what strangers wrote, and one of them must not make it unreadable as a whole. So
	 * what RFC 8259 allows but cJSON cannot hold is mended: \u0000 and lone surrogates become U+FFFD, a number
	 * longer than 60 characters 0; a key may be escaped; of two members with one key the first counts. Off:
	 * refused. */
	bool tolerant;
};

/* For frames and bodies of chat platforms, and for one line of a batch: tolerant. */
extern const struct json_limits json_limits_message;
/* For files that editors write. */
extern const struct json_limits json_limits_file;

struct json_place {
	unsigned line, column; /* from 1; the column counts code points */
};

struct json_fault {
	struct json_place place;
	char text[200]; /* what was found and what was expected */
};

struct json; /* a document: the tree and the places of its values; owns both */

/* NULL on failure, with `fault` (may be NULL) filled. `text` is not kept. */
struct json *json_parse(const char *text, size_t bytes, const struct json_limits *limits, struct json_fault *fault);
void json_destroy(struct json *json);

const cJSON *json_root(const struct json *json);
/* Where a value of this document begins. */
struct json_place json_locate(const struct json *json, const cJSON *value);

/* Getters: exact key, NULL / false when absent or of another type. A string is borrowed from the tree. */
const cJSON *json_get(const cJSON *object, const char *key);
const char *json_string(const cJSON *object, const char *key);
const cJSON *json_object(const cJSON *object, const char *key);
const cJSON *json_array(const cJSON *object, const char *key);
bool json_integer(const cJSON *object, const char *key, int64_t *out); /* whole, |n| <= 2^53 */
bool json_bool(const cJSON *object, const char *key, bool fallback);

struct buffer;
/* Appends `text` as a quoted JSON string; invalid UTF-8 becomes U+FFFD. */
bool json_append_string(struct buffer *out, const char *text);

#endif
