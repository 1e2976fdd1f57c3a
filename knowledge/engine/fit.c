#include "engine/fit.h"

bool fit_uses(const struct example *example, int fold)
{
	/* Keywords and answers are known whatever question is left out. */
	return example->fold != fold || example->kind == EXAMPLE_KEYWORDS || example->kind == EXAMPLE_ANSWER;
}

const struct match_feature *fit_vector(const struct examples *examples, const struct example *example)
{
	return (const struct match_feature *)(const void *)examples->features.data + example->features;
}

void fit_posting(struct buffer *list, uint32_t *at, uint32_t where, uint8_t weight)
{
	const struct layout_posting step = { UINT8_MAX, 0 };
	for (; where - *at > UINT8_MAX; *at += UINT8_MAX)
		buffer_append(list, &step, sizeof(step));
	struct layout_posting posting = { (uint8_t)(where - *at), weight };
	buffer_append(list, &posting, sizeof(posting));
	*at = where;
}

void fit(const struct examples *examples, int fold, double tolerance, const struct layout_draft *shared,
	 struct layout_draft *out)
{
	out->classes = shared->classes;
	out->terms = shared->terms;
	out->letters = shared->letters;
	float impact = fit_terms(examples, fold, shared->terms, out);
	fit_own(examples, fold, (uint32_t)(shared->sections[SECTION_FEATURES].bytes / sizeof(struct layout_feature)),
		shared->letters, out);
	fit_weights(examples, fold, tolerance, shared, impact, out);
}

void fit_view(const struct layout_draft *shared, const struct layout_draft *fitted, struct layout *view)
{
	struct layout_draft mixed = *shared;
	for (int i = SECTION_WEIGHT_STARTS; i < SECTION_PARAMETERS; i++)
		mixed.sections[i] = fitted->sections[i];
	layout_draft_view(&mixed, view);
}
