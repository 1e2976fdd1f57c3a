/* snowflake: Discord's ids (Discord documentation, Reference > Snowflakes): 64-bit numbers written as decimal text. */
#ifndef QANTAR_DISCORD_SNOWFLAKE_H
#define QANTAR_DISCORD_SNOWFLAKE_H

#include <stdbool.h>
#include <stdint.h>

enum { SNOWFLAKE_BYTES = 21 }; /* 20 digits and the NUL */

/* Whether `id` (may be NULL) is 1 to 20 digits: only such an id is put into a path or a mention. */
bool snowflake_valid(const char *id);

/* When the thing was created, milliseconds since 1970; 0 for what is no snowflake. */
int64_t snowflake_time_ms(const char *id);

#endif
