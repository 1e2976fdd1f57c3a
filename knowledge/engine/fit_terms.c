/* BM25F: what each term of each fact is worth. */
#include "engine/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* BM25F (Robertson and Zaragoza 2009, section 3.4): weight and length normalisation of each field. */
static const struct {
	double weight, b;
} fields[] = {
	[EXAMPLE_QUESTION] = { 1, 0.3 }, [EXAMPLE_KEYWORDS] = { 2, 0.3 }, [EXAMPLE_ANSWER] = { 0.15, 0.75 },
};
static const double bm25_k1 = 1.2;

struct term_count {
	uint32_t term, class;
	float count;
};

static int compare_terms(const void *a, const void *b)
{
	const struct term_count *x = a, *y = b;
	return x->term != y->term ? (x->term > y->term) - (x->term < y->term)
				  : (x->class > y->class) - (x->class < y->class);
}

/* Own questions of all kinds are one field. */
static enum example_kind field_of(const struct example *example)
{
	return example->kind <= EXAMPLE_DENIES ? EXAMPLE_QUESTION : (enum example_kind)example->kind;
}

static double *field_lengths(const struct examples *examples, int fold, double means[])
{
	double *lengths = memory_zeroed((size_t)(examples->classes + 1) * (EXAMPLE_ANSWER + 1), sizeof(*lengths));
	double sums[EXAMPLE_ANSWER + 1] = { 0 }, counts[EXAMPLE_ANSWER + 1] = { 0 };
	for (uint32_t i = 0; i < examples_count(examples); i++) {
		const struct example *example = &examples_list(examples)[i];
		if (!fit_uses(example, fold) || example->class == examples->classes)
			continue;
		double *length = &lengths[(size_t)example->class * (EXAMPLE_ANSWER + 1) + field_of(example)];
		counts[field_of(example)] += *length == 0;
		*length += example->terms_count;
		sums[field_of(example)] += example->terms_count;
	}
	for (int f = 0; f <= EXAMPLE_ANSWER; f++)
		means[f] = counts[f] > 0 ? sums[f] / counts[f] : 1;
	return lengths;
}

/* One entry a term and class: the sum over the fields of weight * tf / length normalisation. */
static size_t count_terms(const struct examples *examples, int fold, struct buffer *out)
{
	double means[EXAMPLE_ANSWER + 1];
	double *lengths = field_lengths(examples, fold, means);
	for (uint32_t i = 0; i < examples_count(examples); i++) {
		const struct example *example = &examples_list(examples)[i];
		if (!fit_uses(example, fold) || example->class == examples->classes)
			continue;
		enum example_kind field = field_of(example);
		double length = lengths[(size_t)example->class * (EXAMPLE_ANSWER + 1) + field] / means[field];
		float count = (float)(fields[field].weight / (1 - fields[field].b + fields[field].b * length));
		const uint32_t *terms = (const uint32_t *)(const void *)examples->terms.data + example->terms;
		for (uint32_t t = 0; t < example->terms_count; t++) {
			struct term_count entry = { terms[t], example->class, count };
			buffer_append(out, &entry, sizeof(entry));
		}
	}
	free(lengths);
	struct term_count *entries = (struct term_count *)(void *)out->data;
	size_t count = out->bytes / sizeof(*entries), kept = 0;
	if (count > 0)
		qsort(entries, count, sizeof(*entries), compare_terms);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && entries[kept - 1].term == entries[i].term &&
		    entries[kept - 1].class == entries[i].class)
			entries[kept - 1].count += entries[i].count;
		else
			entries[kept++] = entries[i];
	}
	return kept;
}

static double impact_of(const struct term_count *entry, size_t holders, uint32_t classes)
{
	double idf = log(1 + (classes - (double)holders + 0.5) / ((double)holders + 0.5));
	return idf * entry->count * (bm25_k1 + 1) / (bm25_k1 + entry->count);
}

/* Returns the scale of the impacts. */
float fit_terms(const struct examples *examples, int fold, uint32_t terms, struct layout_draft *out)
{
	struct buffer list;
	buffer_init(&list, (size_t)LAYOUT_BYTES_MAX * 4);
	size_t count = count_terms(examples, fold, &list), at = 0;
	const struct term_count *entries = (const struct term_count *)(const void *)list.data;
	double most = log(1 + examples->classes + 0.5) * (bm25_k1 + 1); /* no impact is larger */
	uint32_t start = 0;
	for (uint32_t term = 0; term < terms; term++) {
		buffer_append(&out->sections[SECTION_TERM_STARTS], &start, sizeof(start));
		size_t end = at;
		while (end < count && entries[end].term == term)
			end++;
		for (size_t i = at; i < end; i++, start++) {
			double impact = impact_of(&entries[i], end - at, examples->classes) / most * LAYOUT_WEIGHT_MAX;
			uint32_t packed =
				entries[i].class << 8 | (uint32_t)(impact < 1                   ? 1
								   : impact > LAYOUT_WEIGHT_MAX ? LAYOUT_WEIGHT_MAX
												: impact);
			buffer_append(&out->sections[SECTION_TERMS], &packed, sizeof(packed));
		}
		at = end;
	}
	buffer_append(&out->sections[SECTION_TERM_STARTS], &start, sizeof(start));
	buffer_finish(&list);
	return (float)(most / LAYOUT_WEIGHT_MAX);
}
