#include "platform/discord/snowflake.h"

#include <stdlib.h>
#include <string.h>

static const int64_t epoch_ms = 1420070400000; /* the first second of 2015 */

bool snowflake_valid(const char *id)
{
	if (!id)
		return false;
	size_t digits = strspn(id, "0123456789");
	return digits > 0 && digits < SNOWFLAKE_BYTES && id[digits] == '\0';
}

int64_t snowflake_time_ms(const char *id)
{
	if (!snowflake_valid(id))
		return 0;
	return (int64_t)(strtoull(id, NULL, 10) >> 22) + epoch_ms;
}
