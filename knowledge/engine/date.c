#include "knowledge.h"

#include "engine/language.h"

void knowledge_append_date(struct buffer *out, enum language language, const char *date)
{
	language_append_date(out, language, date);
}
