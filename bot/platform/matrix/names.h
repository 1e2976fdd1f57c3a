/* names: short lists of ids (ignored users, admins, creators) and the globs of the settings. */
#ifndef QANTAR_PLATFORM_MATRIX_NAMES_H
#define QANTAR_PLATFORM_MATRIX_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAMES_MOST = 4096 }; /* further ones are not taken in */

struct names {
	char **items; /* owned, [count], in no order */
	size_t count;
};

void names_finish(struct names *names);
/* Copies; false at the cap. One that is there already is not added again. */
bool names_add(struct names *names, const char *name);
bool names_has(const struct names *names, const char *name);

/* `*` is any run of bytes, `?` any one; linear in practice, quadratic at worst, never recursive. */
bool names_glob(const char *pattern, const char *text);

/* The server of a user id, after the first colon; "" when it has none. */
const char *names_server(const char *user);

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
uint64_t names_hash(const char *name);

#endif
