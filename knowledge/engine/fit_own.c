/* The facts' own questions, and for every feature those that have it. */
#include "engine/fit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load.h"

/* A list a kind and language. */
static_assert(LAYOUT_OWN_KINDS == OWN_DENIES + 1 && (int)OWN_DENIES == (int)EXAMPLE_DENIES, "kinds of own questions");
static_assert(LAYOUT_OWN_KINDS * LANGUAGE_COUNT * LOAD_LIST_TEXTS <= UINT16_MAX, "own questions of a class");

struct hit {
	uint32_t feature, class;
	uint16_t own;
	uint8_t weight;
};

static void add_own(const struct examples *examples, const struct example *example, uint32_t letters, uint16_t number,
		    int8_t polarity, struct buffer *hits, struct layout_draft *out)
{
	const struct match_feature *features = fit_vector(examples, example);
	float largest = 0;
	for (uint32_t i = 0; i < example->features_count; i++)
		if (features[i].feature < letters && features[i].value > largest)
			largest = features[i].value;
	double square = 0;
	for (uint32_t i = 0; i < example->features_count; i++) {
		if (features[i].feature >= letters)
			continue;
		uint8_t weight = (uint8_t)(features[i].value / largest * LAYOUT_WEIGHT_MAX + 0.5f);
		struct hit hit = { features[i].feature, example->class, number, weight };
		square += (double)weight * weight;
		buffer_append(hits, &hit, sizeof(hit));
	}
	struct layout_own own = { (uint16_t)example->index, example->language, polarity };
	float norm = square > 0 ? (float)(1 / sqrt(square)) : 0;
	buffer_append(&out->sections[SECTION_OWN], &own, sizeof(own));
	buffer_append(&out->sections[SECTION_OWN_NORMS], &norm, sizeof(norm));
}

/* A counting sort by feature; within a feature classes and questions stay ascending. */
static struct hit *sort_hits(const struct hit *hits, size_t count, uint32_t features)
{
	uint32_t *starts = memory_zeroed(features + 2, sizeof(*starts));
	struct hit *sorted = memory_zeroed(count + 1, sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		starts[hits[i].feature + 1]++;
	for (uint32_t f = 0; f < features; f++)
		starts[f + 1] += starts[f];
	for (size_t i = 0; i < count; i++)
		sorted[starts[hits[i].feature]++] = hits[i];
	free(starts);
	return sorted;
}

static uint32_t hits_written(const struct buffer *postings)
{
	return (uint32_t)(postings->bytes / sizeof(struct layout_posting));
}

static void write_held(struct buffer *out, uint32_t class, uint32_t hits)
{
	const struct layout_held held = layout_held(class, hits);
	buffer_append(out, &held, sizeof(held));
}

static void write_hits(const struct hit *hits, uint32_t count, uint32_t features, struct layout_draft *out)
{
	struct buffer *held = &out->sections[SECTION_HELD], *postings = &out->sections[SECTION_HITS];
	uint32_t at = 0;
	for (uint32_t feature = 0; feature < features; feature++) {
		uint32_t start = (uint32_t)(held->bytes / sizeof(struct layout_held)), class = UINT32_MAX, own = 0;
		buffer_append(&out->sections[SECTION_HELD_STARTS], &start, sizeof(start));
		for (; at < count && hits[at].feature == feature; at++) {
			if (hits[at].class != class) {
				class = hits[at].class;
				own = 0;
				write_held(held, class, hits_written(postings));
			}
			fit_posting(postings, &own, hits[at].own, hits[at].weight);
		}
	}
	uint32_t end = (uint32_t)(held->bytes / sizeof(struct layout_held));
	buffer_append(&out->sections[SECTION_HELD_STARTS], &end, sizeof(end));
	write_held(held, 0, hits_written(postings));
}

static bool is_of(const struct examples *examples, uint32_t i, uint32_t class)
{
	return i < examples_count(examples) && examples_list(examples)[i].class == class;
}

static void write_start(struct layout_draft *out)
{
	uint32_t start = (uint32_t)(out->sections[SECTION_OWN].bytes / sizeof(struct layout_own));
	buffer_append(&out->sections[SECTION_OWN_STARTS], &start, sizeof(start));
}

/* The examples of a class stand together, in it those of a kind. */
void fit_own(const struct examples *examples, int fold, uint32_t features, uint32_t letters, struct layout_draft *out)
{
	struct buffer hits;
	buffer_init(&hits, (size_t)LAYOUT_BYTES_MAX * 4);
	int8_t *polarity = memory_zeroed(examples_count(examples) + 1, sizeof(*polarity));
	float *values = memory_zeroed(features + 1, sizeof(*values));
	uint32_t i = 0;
	for (uint32_t class = 0; class < examples->classes; class++) {
		uint16_t number = 0;
		uint32_t end = i;
		while (is_of(examples, end, class))
			end++;
		if (fold == FIT_ALL) /* a model that some were left out of is asked how sure to be, not for yes and no */
			fit_polarity(examples, letters, i, end, values, polarity + i);
		for (enum example_kind kind = EXAMPLE_QUESTION; kind <= EXAMPLE_DENIES; kind++) {
			write_start(out);
			for (; is_of(examples, i, class) && examples_list(examples)[i].kind == kind; i++)
				if (fit_uses(&examples_list(examples)[i], fold))
					add_own(examples, &examples_list(examples)[i], letters, number++, polarity[i], &hits,
						out);
		}
		i = end;
	}
	free(polarity);
	free(values);
	write_start(out);
	uint32_t count = (uint32_t)(hits.bytes / sizeof(struct hit));
	struct hit *sorted = sort_hits((const struct hit *)(const void *)hits.data, count, letters);
	buffer_finish(&hits);
	write_hits(sorted, count, letters, out);
	free(sorted);
}
