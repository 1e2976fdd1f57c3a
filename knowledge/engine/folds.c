#include "engine/folds.h"

#include <stdlib.h>
#include <string.h>

#include "engine/fit.h"
#include "engine/lexis.h"
#include "engine/match_parts.h"

static const double tolerance = 0.3; /* of the solver: as when the abstention is calibrated */

static void ask_fold(const struct knowledge *knowledge, const struct examples *examples, int fold,
		     const struct layout_draft *draft, const struct folds_visitor *visitor)
{
	struct layout_draft fitted;
	struct layout view;
	struct match_question *question = &knowledge->scratch->whole;
	struct match_candidate candidates[MATCH_CANDIDATES];
	layout_draft_init(&fitted);
	fit(examples, fold, tolerance, draft, &fitted);
	fit_view(draft, &fitted, &view);
	struct match *match = match_create_view(&knowledge->base, &view, knowledge->match->abstain);
	for (uint32_t i = 0; i < examples_count(examples); i++) {
		const struct example *example = &examples_list(examples)[i];
		if (example->fold != fold || example->kind > EXAMPLE_DENIES ||
		    example->class >= knowledge->base.facts_count)
			continue;
		match_read(match, example->text, strlen(example->text), question);
		size_t count = match_rank(match, question, candidates, MATCH_CANDIDATES);
		visitor->visit(visitor->context, example, candidates, count);
	}
	match_destroy(match);
	layout_draft_finish(&fitted);
}

bool folds_ask(const struct knowledge *knowledge, const struct folds_visitor *visitor, struct error *error)
{
	struct layout_draft draft;
	struct examples examples = { 0 };
	layout_draft_init(&draft);
	draft.classes = knowledge->base.facts_count + knowledge->base.talks_count;
	lexis_build(&knowledge->base, &draft);
	bool ok = examples_init(&examples, &knowledge->base, &draft, error);
	for (int fold = 0; ok && fold < EXAMPLES_FOLDS; fold++)
		ask_fold(knowledge, &examples, fold, &draft, visitor);
	examples_finish(&examples);
	layout_draft_finish(&draft);
	return ok;
}
