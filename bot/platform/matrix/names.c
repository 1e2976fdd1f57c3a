#include "platform/matrix/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

void names_finish(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){ 0 };
}

bool names_has(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

bool names_add(struct names *names, const char *name)
{
	if (names_has(names, name))
		return true;
	if (names->count == NAMES_MOST)
		return false;
	char **items = realloc(names->items, (names->count + 1) * sizeof *items);
	if (!items)
		return false;
	names->items = items;
	names->items[names->count++] = memory_text(name);
	return true;
}

bool names_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL; /* after the last star, and where its run ends */
	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = text;
		} else if (*pattern == *text || *pattern == '?') {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

const char *names_server(const char *user)
{
	const char *colon = strchr(user, ':');
	return colon ? colon + 1 : "";
}

uint64_t names_hash(const char *name)
{
	uint64_t hash = 14695981039346656037u;
	for (const char *at = name; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 1099511628211u;
	return hash;
}
