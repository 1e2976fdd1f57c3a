#include "engine/model.h"

#include <stdlib.h>
#include <string.h>

#include "engine/match_parts.h"

struct model {
	struct layout layout;
	struct abstain abstain;
};

static bool parameters_fit(const struct abstain *abstain)
{
	for (int i = 0; i < ABSTAIN_SIGNS; i++)
		if (!(abstain->deviation[i] > 0))
			return false;
	return true;
}

struct model *model_open(const struct base *base, const void *bytes, size_t count,
			 void (*looked_at)(const void *at, size_t bytes), struct error *error)
{
	struct model *model = memory_zeroed(1, sizeof(*model));
	if (!layout_open(base, bytes, count, looked_at, &model->layout, error))
		goto error_layout;
	if (model->layout.count[SECTION_PARAMETERS] != ABSTAIN_FLOATS) {
		error_set(error, "a damaged model: its parameters do not fit");
		goto error_layout;
	}
	memcpy(&model->abstain, model->layout.data[SECTION_PARAMETERS], sizeof(model->abstain));
	if (!parameters_fit(&model->abstain)) {
		error_set(error, "a damaged model: its parameters do not fit");
		goto error_layout;
	}
	return model;
error_layout:
	free(model);
	return NULL;
}

void model_close(struct model *model)
{
	free(model);
}

const struct layout *model_layout(const struct model *model)
{
	return &model->layout;
}

struct match *match_create(const struct base *base, const struct model *model)
{
	return match_create_view(base, &model->layout, &model->abstain);
}
