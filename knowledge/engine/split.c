#include "engine/split.h"

static const char *const conjunctions[] = {
	"and also", "and",   "as well as", "plus", "also",  "but",   "и ещё",   "и еще",
	"а ещё",    "а еще", "а также",    "и",    "а",     "также", "және де", "және",
	"әрі",      "ал",    "сондай ақ",  "i",    "zhane", "jane",  NULL,
};

enum { SPLIT_OPENING = 8 }; /* words by which a question shows itself: "after that, from which of the other cities" */

static struct split cut(const struct words *words, size_t bytes, size_t first_end, size_t second, bool marked)
{
	size_t start = words->items[second].at, last = second + SPLIT_OPENING - 1;
	const struct word *end = &words->items[last < words->count ? last : words->count - 1];
	return (struct split){ .at = { 0, start },
			       .bytes = { words->items[first_end].at + words->items[first_end].bytes, bytes - start },
			       .opening = end->at + end->bytes - start,
			       .marked = marked };
}

size_t split_find(const struct words *words, size_t bytes, struct split *splits, size_t most)
{
	size_t count = 0, n = words->count;
	if (words->more)
		return 0;
	for (size_t i = 1; i + 2 < n && count < most; i++)
		if (words->items[i].asked)
			splits[count++] = cut(words, bytes, i, i + 1, true);
	for (size_t i = 2; i + 2 < n && count < most; i++)
		for (size_t j = 0; conjunctions[j]; j++) {
			if (!words_may_be_at(words, i, conjunctions[j]))
				continue;
			size_t taken = words_at(words, i, conjunctions[j]);
			if (!taken || i + taken + 2 > n || words->items[i - 1].asked)
				continue;
			splits[count++] = cut(words, bytes, i - 1, i + taken, false);
			break;
		}
	return count;
}
