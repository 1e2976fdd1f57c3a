/* The vectors of the facts' own questions. */
#include "engine/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_packed(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void add_own(const struct examples *examples, const struct example *example, uint32_t letters,
		    struct layout_draft *out)
{
	const struct match_feature *features = fit_vector(examples, example);
	float largest = 0;
	for (uint32_t i = 0; i < example->features_count; i++)
		if (features[i].feature < letters && features[i].value > largest)
			largest = features[i].value;
	struct buffer *section = &out->sections[SECTION_OWN_FEATURES];
	size_t before = section->bytes;
	double square = 0;
	for (uint32_t i = 0; i < example->features_count; i++) {
		if (features[i].feature >= letters)
			continue;
		uint32_t weight = (uint32_t)(features[i].value / largest * LAYOUT_WEIGHT_MAX + 0.5f);
		uint32_t packed = features[i].feature << 8 | weight;
		square += (double)weight * weight;
		buffer_append(section, &packed, sizeof(packed));
	}
	size_t count = (section->bytes - before) / sizeof(uint32_t);
	if (count > 1)
		qsort(section->data + before, count, sizeof(uint32_t), compare_packed);
	struct layout_own own = {
		.features = (uint32_t)(before / sizeof(uint32_t)),
		.index = example->index,
		.kind = example->kind,
		.language = example->language,
		.norm = square > 0 ? (float)(1 / sqrt(square)) : 0,
	};
	buffer_append(&out->sections[SECTION_OWN], &own, sizeof(own));
}

void fit_own(const struct examples *examples, int fold, uint32_t letters, struct layout_draft *out)
{
	uint32_t i = 0;
	for (uint32_t class = 0; class <= examples->classes; class++) {
		uint32_t start = (uint32_t)(out->sections[SECTION_OWN].bytes / sizeof(struct layout_own));
		buffer_append(&out->sections[SECTION_OWN_STARTS], &start, sizeof(start));
		for (; i < examples_count(examples) && examples_list(examples)[i].class == class &&
		       class < examples->classes;
		     i++) {
			const struct example *example = &examples_list(examples)[i];
			if (fit_uses(example, fold) && example->kind <= EXAMPLE_DENIES)
				add_own(examples, example, letters, out);
		}
	}
}
