#include "platform/platform.h"

#include <stdlib.h>

void rendered_finish(struct rendered *rendered)
{
	for (size_t i = 0; i < rendered->count; i++)
		free(rendered->parts[i]);
	*rendered = (struct rendered){ 0 };
}
