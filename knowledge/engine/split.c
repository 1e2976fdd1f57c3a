#include "engine/split.h"

static const char *const conjunctions[] = {
	"and also", "and",   "n",          "as well as", "plus",  "also", "but",     "и ещё", "и еще",
	"а ещё",    "а еще", "а также",    "и",          "а",     "также", "және де", "және",  "жане",
	"ж е",      "әрі",   "ал",         "сондай ақ",  "i",     "zhane", "jane",    "vs",    NULL,
};

enum {
	SPLIT_OPENING = 8, /* words by which a question shows itself: "after that, from which of the other cities" */
	SPLIT_BRIEF = 20,  /* words from which on commas part clauses */
};

static struct split cut(const struct words *words, size_t bytes, size_t first_end, size_t second, enum split_cut cut)
{
	size_t start = words->items[second].at, last = second + SPLIT_OPENING - 1;
	const struct word *end = &words->items[last < words->count ? last : words->count - 1];
	return (struct split){ .at = { 0, start },
			       .bytes = { words->items[first_end].at + words->items[first_end].bytes, bytes - start },
			       .opening = end->at + end->bytes - start,
			       .cut = cut };
}

/* How many words of a conjunction stand at word `i`; 0: none. */
static size_t conjunction_at(const struct words *words, size_t i)
{
	for (size_t j = 0; conjunctions[j]; j++) {
		size_t taken = words_may_be_at(words, i, conjunctions[j]) ? words_at(words, i, conjunctions[j]) : 0;
		if (taken && i + taken + 2 <= words->count)
			return taken;
	}
	return 0;
}

size_t split_find(const struct words *words, size_t bytes, struct split *splits, size_t most)
{
	size_t count = 0, n = words->count;
	if (words->more)
		return 0;
	for (size_t i = 1; i + 2 < n && count < most; i++)
		if (words->items[i].asked)
			splits[count++] = cut(words, bytes, i, i + 1, SPLIT_MARK);
	for (size_t i = 2; i + 2 < n && count < most; i++) {
		size_t taken = words->items[i - 1].asked ? 0 : conjunction_at(words, i);
		if (taken)
			splits[count++] = cut(words, bytes, i - 1, i + taken, SPLIT_WORD);
		else if (words->items[i - 1].joined)
			splits[count++] = cut(words, bytes, i - 1, i, SPLIT_WORD);
	}
	for (size_t i = 1, all = count; !all && n < SPLIT_BRIEF && i + 2 < n && count < most; i++)
		if (words->items[i].paused)
			splits[count++] = cut(words, bytes, i, i + 1, SPLIT_COMMA);
	return count;
}
