/* setting: the one table of everything an operator can set.
 *
 * Loading, `qantar run --help-settings` and deploy/qantar.conf.example all read it, so they cannot disagree. A name
 * is the environment variable and the key in the file; "QANTAR_" is part of it. */
#ifndef QANTAR_SETTING_H
#define QANTAR_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct config;

enum {
	SETTING_VALUE_BYTES = 4096, /* of one value */
	SETTING_LIST_ITEMS = 256,
	SETTING_URL_BYTES = 512,
};

enum setting_type {
	SETTING_TEXT,   /* char *: any text without control characters */
	SETTING_SECRET, /* char *: also NAME_FILE, or a file NAME in $CREDENTIALS_DIRECTORY; never printed */
	SETTING_URL,    /* char *: http:// or https://, without the trailing slash */
	SETTING_NUMBER, /* int64_t from least to most */
	SETTING_SWITCH, /* bool: on or off */
	SETTING_CHOICE, /* int: the place in `choices` */
	SETTING_LIST,   /* struct setting_list: comma-separated */
};

struct setting_list {
	char **items; /* [count]; owned */
	size_t count;
};

struct setting {
	const char *section;  /* a heading, where one begins; else NULL */
	const char *name;
	const char *help;     /* one sentence or two */
	enum setting_type type;
	size_t offset;        /* in struct config */
	const char *fallback; /* in the same notation as a value; NULL: empty */
	const char *choices;  /* "a|b|c" for SETTING_CHOICE */
	int64_t least, most;  /* for SETTING_NUMBER */
	/* Looks at a text, or at each item of a list; says what would be right, or NULL when it is right. May be NULL. */
	const char *(*fault)(const char *value);
};

/* Sorted as people read them. */
extern const struct setting setting_table[];
extern const size_t setting_count;

/* By full name, or NULL. `is_file` tells that NAME_FILE was asked for (secrets only). */
const struct setting *setting_find(const char *name, bool *is_file);

/* Reads `value` into its place in `config`, whose old value is freed. False with a sentence for the operator in
 * `fault`: what is wrong and what would be right, never the value of a secret. */
bool setting_set(const struct setting *setting, const char *value, struct config *config, struct buffer *fault);
/* Frees the setting's value in `config`. */
void setting_clear(const struct setting *setting, struct config *config);

/* The text of qantar.conf.example: each setting with its help, commented out at its default. */
void setting_print_example(struct buffer *out);

#endif
