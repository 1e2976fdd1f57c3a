/* read: what a message's content says, and whether it is meant for us. Pure: no state, no network. */
#ifndef QANTAR_PLATFORM_MATRIX_READ_H
#define QANTAR_PLATFORM_MATRIX_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

/* Who we are, for recognising our name. Borrowed. */
struct reader {
	const char *user_id;
	const char *display_name; /* NULL: none */
	char *const *prefixes;
	size_t prefixes_count;
};

/* How the event stands to others (m.relates_to). Borrowed from the content. */
struct relation {
	const char *thread;    /* root of its thread, or NULL */
	const char *reply_to;  /* what it truly answers: not the fallback that a thread's messages carry; or NULL */
	const char *replaces;  /* the event that it edits, or NULL */
	bool has_fallback;     /* the body may begin with the quoted message */
};
struct relation read_relation(const cJSON *content);

struct reading {
	char *text;          /* without quote, mention and prefix; malloc'd, the caller frees */
	bool is_called;      /* mentioned, or called by a prefix or as !admin */
	bool quotes_us;      /* the fallback quotes a message of ours: a reply to it, from a client of before v1.13 */
};

/* Reads the content of an m.room.message. False when there is nothing in it for a bot: a notice, an emote, a file, no
 * body. `is_ours_to_read`: direct, or a reply to us, so that our name at the start is no part of the question. */
bool read_content(const struct reader *reader, const cJSON *content, bool is_ours_to_read, struct reading *out);

/* m.mentions holds us. False when there is none. */
bool read_mentions(const struct reader *reader, const cJSON *content);

#endif
