/* examples: the texts of a base that a model is trained on, as vectors.
 *
 * A fact's own questions of all kinds are one example each; its keywords make one more. Answers count for BM25F only.
 * Small talk is a class each; unrelated questions are the class past the last. */
#ifndef QANTAR_ENGINE_EXAMPLES_H
#define QANTAR_ENGINE_EXAMPLES_H

#include "engine/layout.h"
#include "engine/match.h"

enum { EXAMPLES_FOLDS = 5 };

/* The first are those of enum match_own. */
enum example_kind {
	EXAMPLE_QUESTION,
	EXAMPLE_CORRECTS,
	EXAMPLE_AFFIRMS,
	EXAMPLE_DENIES,
	EXAMPLE_KEYWORDS,
	EXAMPLE_ANSWER,
};

struct example {
	const char *text;
	uint32_t class; /* base->facts, then talks, then one for unrelated */
	uint32_t index; /* in its list */
	uint32_t hash;  /* of the text */
	uint8_t kind, language, fold;
	uint32_t features, features_count; /* in examples->features */
	uint32_t terms, terms_count;       /* in examples->terms: with repetitions */
};

struct examples {
	struct buffer items;    /* struct example, by class; unrelated last */
	struct buffer features; /* struct match_feature */
	struct buffer terms;    /* uint32_t */
	struct buffer texts;    /* of the keywords */
	uint32_t classes;
};

/* Reads everything with the lexis that `draft` has, and adds the sections of features to it. */
bool examples_init(struct examples *examples, const struct base *base, struct layout_draft *draft, struct error *error);
void examples_finish(struct examples *examples);

static inline const struct example *examples_list(const struct examples *examples)
{
	return (const struct example *)(const void *)examples->items.data;
}
static inline uint32_t examples_count(const struct examples *examples)
{
	return (uint32_t)(examples->items.bytes / sizeof(struct example));
}

#endif
