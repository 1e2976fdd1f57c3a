/* model_train: from a base's texts to a model's bytes. See model.h. */
#include "engine/model.h"

#include "engine/calibrate.h"
#include "engine/examples.h"
#include "engine/fit.h"
#include "engine/lexis.h"
#include "engine/phrasebook.h"

static const double tolerance = 0.1;

bool model_train(const struct base *base, struct buffer *out, struct error *error)
{
	struct layout_draft draft;
	struct examples examples = { 0 };
	struct abstain abstain;
	layout_draft_init(&draft);
	draft.classes = base->facts_count + base->talks_count;
	if (draft.classes == 0)
		return error_set(error, "the base has no facts");
	lexis_build(base, &draft);
	phrasebook_train(base, &draft.sections[SECTION_UNRELATED]);
	bool ok = examples_init(&examples, base, &draft, error);
	if (ok) {
		calibrate(base, &examples, &draft, &abstain);
		fit(&examples, FIT_ALL, tolerance, &draft, &draft);
		buffer_append(&draft.sections[SECTION_PARAMETERS], &abstain, sizeof(abstain));
		ok = layout_write(&draft, base, out, error);
	}
	examples_finish(&examples);
	layout_draft_finish(&draft);
	return ok;
}
