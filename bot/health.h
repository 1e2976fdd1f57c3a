/* health: whether a bot on this state directory runs and does its work, told by a small file that it keeps fresh. */
#ifndef QANTAR_HEALTH_H
#define QANTAR_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum { HEALTH_EVERY_MS = 5000, HEALTH_STALE_MS = 20000 };

/* Writes down that the loop turns, and (NULL: nothing) what is wrong all the same. A failure is silent: the file goes
 * stale. */
void health_beat(const char *directory, const char *trouble);
/* The bot stops of its own will. */
void health_end(const char *directory);
/* True while a running bot is healthy; else `why` says what is wrong. `now_ms` is the wall clock. */
bool health_read(const char *directory, int64_t now_ms, struct error *why);

#endif
