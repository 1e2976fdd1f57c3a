#include "engine/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/svm.h"

enum {
	FIT_TOGETHER = 1000,    /* classes up to which each is trained against all others */
	FIT_RIVALS = 50,        /* else against this many, the nearest */
};
static const double fit_cost = 1.0;
static const float least_margin_part = 0.02f; /* a weight below adds next to nothing */

/* BM25F (Robertson and Zaragoza 2009, section 3.4): weight and length normalisation of each field. */
static const struct { double weight, b; } fields[] = {
	[EXAMPLE_QUESTION] = { 1, 0.3 }, [EXAMPLE_AFFIRMS] = { 1, 0.3 }, [EXAMPLE_DENIES] = { 1, 0.3 },
	[EXAMPLE_KEYWORDS] = { 2, 0.3 }, [EXAMPLE_ANSWER] = { 0.15, 0.75 },
};
static const double bm25_k1 = 1.2;

static bool used(const struct example *example, int fold)
{
	/* Keywords and answers are known whatever question is left out. */
	return example->fold != fold || example->kind == EXAMPLE_KEYWORDS || example->kind == EXAMPLE_ANSWER;
}

static const struct match_feature *vector(const struct examples *examples, const struct example *example)
{
	return (const struct match_feature *)(const void *)examples->features.data + example->features;
}

/* ---- BM25F ---- */

struct term_count { uint32_t term, class; float count; };

static int compare_terms(const void *a, const void *b)
{
	const struct term_count *x = a, *y = b;
	return x->term != y->term ? (x->term > y->term) - (x->term < y->term) : (x->class > y->class) - (x->class < y->class);
}

/* Question, affirmed and denied ones are one field. */
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
		if (!used(example, fold) || example->class == examples->classes)
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
		if (!used(example, fold) || example->class == examples->classes)
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
		if (kept > 0 && entries[kept - 1].term == entries[i].term && entries[kept - 1].class == entries[i].class)
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
static float fit_terms(const struct examples *examples, int fold, uint32_t terms, struct layout_draft *out)
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
			uint32_t packed = entries[i].class << 8 | (uint32_t)(impact < 1 ? 1 : impact > LAYOUT_WEIGHT_MAX ? LAYOUT_WEIGHT_MAX : impact);
			buffer_append(&out->sections[SECTION_TERMS], &packed, sizeof(packed));
		}
		at = end;
	}
	buffer_append(&out->sections[SECTION_TERM_STARTS], &start, sizeof(start));
	buffer_finish(&list);
	return (float)(most / LAYOUT_WEIGHT_MAX);
}

/* ---- own questions ---- */

static int compare_packed(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void add_own(const struct examples *examples, const struct example *example, uint32_t letters, struct layout_draft *out)
{
	const struct match_feature *features = vector(examples, example);
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
		.features = (uint32_t)(before / sizeof(uint32_t)), .index = example->index, .kind = example->kind, .language = example->language,
		.norm = square > 0 ? (float)(1 / sqrt(square)) : 0,
	};
	buffer_append(&out->sections[SECTION_OWN], &own, sizeof(own));
}

static void fit_own(const struct examples *examples, int fold, uint32_t letters, struct layout_draft *out)
{
	uint32_t i = 0;
	for (uint32_t class = 0; class <= examples->classes; class++) {
		uint32_t start = (uint32_t)(out->sections[SECTION_OWN].bytes / sizeof(struct layout_own));
		buffer_append(&out->sections[SECTION_OWN_STARTS], &start, sizeof(start));
		for (; i < examples_count(examples) && examples_list(examples)[i].class == class && class < examples->classes; i++) {
			const struct example *example = &examples_list(examples)[i];
			if (used(example, fold) && example->kind <= EXAMPLE_DENIES)
				add_own(examples, example, letters, out);
		}
	}
}

/* ---- weights ---- */

static struct svm_weights train_together(const struct examples *examples, int fold, double tolerance, uint32_t features)
{
	struct svm *svm = svm_create(features, examples_count(examples), examples->features.bytes / sizeof(struct match_feature));
	for (uint32_t i = 0; i < examples_count(examples); i++) {
		const struct example *example = &examples_list(examples)[i];
		if (used(example, fold) && example->kind != EXAMPLE_ANSWER)
			svm_add(svm, (int)example->class, vector(examples, example), example->features_count);
	}
	struct svm_weights weights;
	svm_train(svm, fit_cost, tolerance, &weights);
	svm_destroy(svm);
	return weights;
}

static void put_weight(struct layout_draft *out, uint32_t class, double weight, float scale)
{
	int8_t small = (int8_t)lrint(weight / (double)scale);
	uint16_t where = (uint16_t)class;
	if (small == 0 || fabs(weight) < (double)least_margin_part)
		return;
	buffer_append(&out->sections[SECTION_WEIGHT_WHERE], &where, sizeof(where));
	buffer_append(&out->sections[SECTION_WEIGHTS], &small, sizeof(small));
}

static void fit_together(const struct examples *examples, int fold, double tolerance, uint32_t features, float impact, struct layout_draft *out)
{
	struct svm_weights trained = train_together(examples, fold, tolerance, features);
	struct layout_class *classes = memory_zeroed(examples->classes + 1, sizeof(*classes));
	for (uint32_t c = 0; c <= examples->classes; c++)
		classes[c] = (struct layout_class){ 1, -1, impact };
	for (int c = 0; c < trained.columns; c++) {
		double largest = 1e-9;
		for (uint32_t f = 0; f < features; f++)
			largest = fmax(largest, fabs(trained.weights[(size_t)f * (size_t)trained.columns + (size_t)c]));
		struct layout_class *class = &classes[trained.labels[c]];
		class->scale = (float)(largest / INT8_MAX);
		class->bias = (float)trained.weights[(size_t)features * (size_t)trained.columns + (size_t)c];
	}
	uint32_t start = 0;
	for (uint32_t f = 0; f < features; f++) {
		buffer_append(&out->sections[SECTION_WEIGHT_STARTS], &start, sizeof(start));
		for (int c = 0; c < trained.columns; c++)
			put_weight(out, (uint32_t)trained.labels[c], trained.weights[(size_t)f * (size_t)trained.columns + (size_t)c],
				   classes[trained.labels[c]].scale);
		start = (uint32_t)out->sections[SECTION_WEIGHTS].bytes;
	}
	buffer_append(&out->sections[SECTION_WEIGHT_STARTS], &start, sizeof(start));
	buffer_append(&out->sections[SECTION_CLASSES], classes, (examples->classes + 1) * sizeof(*classes));
	free(classes);
	svm_weights_finish(&trained);
}

void fit(const struct base *base, const struct examples *examples, int fold, double tolerance, const struct layout_draft *shared,
	 struct layout_draft *out)
{
	(void)base;
	out->classes = shared->classes;
	out->terms = shared->terms;
	out->letters = shared->letters;
	uint32_t features = (uint32_t)(shared->sections[SECTION_FEATURES].bytes / sizeof(float));
	float impact = fit_terms(examples, fold, shared->terms, out);
	fit_own(examples, fold, shared->letters, out);
	fit_together(examples, fold, tolerance, features, impact, out);
}

void fit_view(const struct layout_draft *shared, const struct layout_draft *fitted, struct layout *view)
{
	struct layout_draft mixed = *shared;
	for (int i = SECTION_WEIGHT_STARTS; i <= SECTION_OWN_FEATURES; i++)
		mixed.sections[i] = fitted->sections[i];
	layout_draft_view(&mixed, view);
}
