/* recent: a bounded memory of values by text; the one not asked for longest makes room for a new one. */
#ifndef QANTAR_RECENT_H
#define QANTAR_RECENT_H

#include <stddef.h>

struct recent;

struct recent *recent_create(size_t most, size_t value_bytes);
/* NULL is fine. */
void recent_destroy(struct recent *recent);

/* The value of `key`, zeroed when it is new; borrowed until the next call. */
void *recent_get(struct recent *recent, const char *key);
size_t recent_count(const struct recent *recent);

/* "a\nb\nc" as a malloc'd string: a key made of several ids, none of which holds a line end. */
char *recent_key(const char *a, const char *b, const char *c);

#endif
