/* The linear weights: each fact against its nearest rivals. */
#include "engine/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/ring.h"
#include "engine/svm.h"

enum {
	WEIGHTS_RIVALS = 14,       /* facts that a fact is told from, by all their examples */
	WEIGHTS_RIVALS_FOLD = 8,   /* when some are left out: such a model is asked how sure to be, and thrown away */
	WEIGHTS_OTHERS = 1400,     /* examples of the others that it is told from at most, a different choice each */
	WEIGHTS_COMMON = 500,      /* a term of more facts than this finds no rivals */
	WEIGHTS_BY_FEATURE = 1000, /* facts up to which every feature lists its facts */
	WEIGHTS_UNRELATED = 300,   /* unrelated questions that each is told from, a different choice each */
	WEIGHTS_OF_UNRELATED = 5000, /* examples of facts that what is unrelated is told from */
};
/* What training may take. A small base can afford more: its facts are told from all others, or from many, and every
 * weight is kept. */
struct effort {
	uint32_t examples; /* of a base, from which on this holds */
	uint32_t others;   /* examples of the others that facts are told from at least, over all facts */
	double cost;       /* of an example on the wrong side: the solver's C */
	float least;       /* a weight times its feature's weight below this adds next to nothing to a margin */
};
static const struct effort efforts[] = { { 0, 210000, 2, .05f }, { 5000, 0, 1, .26f } };

struct trainer {
	const struct examples *examples;
	const struct effort *effort;
	const struct layout *terms; /* a view with BM25F's sections */
	int fold;
	double tolerance;
	struct svm *svm;
	uint32_t *starts;             /* [classes + 2] into the examples */
	float *near;                  /* [classes], zeros between calls */
	struct layout_class *classes; /* [classes + 1] */
	struct buffer entries;        /* struct entry */
	const struct layout_feature *features;
	struct ring facts, unrelated;
};

struct entry {
	uint32_t feature, class;
	float weight;
};

/* ---- rivals ---- */

struct rival {
	float near;
	uint32_t class;
};

static int compare_rivals(const void *a, const void *b)
{
	const struct rival *x = a, *y = b;
	return x->near != y->near ? (x->near < y->near) - (x->near > y->near)
				  : (x->class > y->class) - (x->class < y->class);
}

static void add_near(struct trainer *trainer, uint32_t class, struct buffer *touched)
{
	const uint32_t *starts = trainer->terms->data[SECTION_TERM_STARTS],
		       *terms = trainer->terms->data[SECTION_TERMS];
	for (uint32_t e = trainer->starts[class]; e < trainer->starts[class + 1]; e++) {
		const struct example *example = &examples_list(trainer->examples)[e];
		const uint32_t *own = (const uint32_t *)(const void *)trainer->examples->terms.data + example->terms;
		for (uint32_t t = 0; example->kind != EXAMPLE_ANSWER && t < example->terms_count; t++) {
			if (starts[own[t] + 1] - starts[own[t]] > WEIGHTS_COMMON)
				continue;
			for (uint32_t p = starts[own[t]]; p < starts[own[t] + 1]; p++) {
				uint32_t other = terms[p] >> 8;
				if (trainer->near[other] == 0)
					buffer_append(touched, &other, sizeof(other));
				trainer->near[other] += (float)(terms[p] & 0xFF);
			}
		}
	}
}

/* The nearest other classes by BM25F of the class's own questions, in `rivals`; how many. */
static uint32_t find_rivals(struct trainer *trainer, uint32_t class, struct buffer *touched, struct rival *rivals)
{
	struct buffer list;
	buffer_init(&list, LAYOUT_BYTES_MAX);
	buffer_clear(touched);
	add_near(trainer, class, touched);
	const uint32_t *others = (const uint32_t *)(const void *)touched->data;
	for (size_t i = 0; i < touched->bytes / sizeof(*others); i++) {
		struct rival rival = { trainer->near[others[i]], others[i] };
		trainer->near[others[i]] = 0;
		if (others[i] != class)
			buffer_append(&list, &rival, sizeof(rival));
	}
	size_t count = list.bytes / sizeof(struct rival);
	if (count > 1)
		qsort(list.data, count, sizeof(struct rival), compare_rivals);
	size_t most = trainer->fold == FIT_ALL ? WEIGHTS_RIVALS : WEIGHTS_RIVALS_FOLD;
	count = count < most ? count : most;
	if (count > 0)
		memcpy(rivals, list.data, count * sizeof(struct rival));
	buffer_finish(&list);
	return (uint32_t)count;
}

/* ---- training ---- */

static void add_example(struct trainer *trainer, bool positive, const struct example *example)
{
	if (fit_uses(example, trainer->fold) && example->kind != EXAMPLE_ANSWER)
		svm_add(trainer->svm, positive, fit_vector(trainer->examples, example), example->features_count);
}

static void add_class(struct trainer *trainer, bool positive, uint32_t class)
{
	for (uint32_t e = trainer->starts[class]; e < trainer->starts[class + 1]; e++)
		add_example(trainer, positive, &examples_list(trainer->examples)[e]);
}

/* Adds as many of the ring's examples as there may be from the class's own point on, but for those that are near. */
static void add_choice(struct trainer *trainer, const struct ring *ring, uint32_t class, uint32_t most)
{
	const struct example *examples = examples_list(trainer->examples);
	uint32_t point = examples[trainer->starts[class]].hash, place = ring_place(ring, trainer->examples, point);
	for (uint32_t i = 0; i < most && i < ring->count; i++) {
		const struct example *example = &examples[ring_at(ring, place, i)];
		if (trainer->near[example->class] == 0)
			add_example(trainer, false, example);
	}
}

static void keep(struct trainer *trainer, uint32_t class)
{
	struct svm_result result = svm_train(trainer->svm, trainer->effort->cost, trainer->tolerance);
	float largest = 1e-6f;
	for (uint32_t i = 0; i < result.count; i++)
		largest = fmaxf(largest, fabsf(result.weights[i].value));
	trainer->classes[class].scale = largest / INT8_MAX;
	trainer->classes[class].bias = result.bias;
	for (uint32_t i = 0; i < result.count; i++) {
		struct entry entry = { result.weights[i].feature, class, result.weights[i].value };
		if (fabsf(entry.weight) * trainer->features[entry.feature].weight >= trainer->effort->least)
			buffer_append(&trainer->entries, &entry, sizeof(entry));
	}
}

/* Of all facts but the class and its rivals, about as many as of these, or more where that is affordable. */
static void add_others(struct trainer *trainer, uint32_t class, const struct rival *rivals, uint32_t count)
{
	uint32_t near = 0;
	trainer->near[class] = 1;
	for (uint32_t i = 0; i < count; i++) {
		trainer->near[rivals[i].class] = 1;
		near += trainer->starts[rivals[i].class + 1] - trainer->starts[rivals[i].class];
	}
	uint32_t affordable = trainer->effort->others / trainer->examples->classes,
		 others = near < affordable ? affordable : near + 1;
	add_choice(trainer, &trainer->facts, class, others < WEIGHTS_OTHERS ? others : WEIGHTS_OTHERS);
	trainer->near[class] = 0;
	for (uint32_t i = 0; i < count; i++)
		trainer->near[rivals[i].class] = 0;
}

static void train_class(struct trainer *trainer, uint32_t class, struct buffer *touched)
{
	struct rival rivals[WEIGHTS_RIVALS];
	uint32_t count = find_rivals(trainer, class, touched, rivals);
	svm_clear(trainer->svm);
	add_class(trainer, true, class);
	for (uint32_t i = 0; i < count; i++)
		add_class(trainer, false, rivals[i].class);
	add_others(trainer, class, rivals, count);
	add_choice(trainer, &trainer->unrelated, class, WEIGHTS_UNRELATED);
	keep(trainer, class);
}

/* What is unrelated is told from questions of all facts. */
static void train_unrelated(struct trainer *trainer)
{
	uint32_t classes = trainer->examples->classes;
	svm_clear(trainer->svm);
	add_class(trainer, true, classes);
	if (trainer->starts[classes] < examples_count(trainer->examples))
		add_choice(trainer, &trainer->facts, classes, WEIGHTS_OF_UNRELATED);
	keep(trainer, classes);
}

/* ---- writing ---- */

static int8_t small(const struct trainer *trainer, const struct entry *entry)
{
	return (int8_t)lrintf(entry->weight / trainer->classes[entry->class].scale);
}

/* A counting sort by feature; within a feature classes stay ascending. */
static void write_by_feature(const struct trainer *trainer, uint32_t features, struct layout_draft *out)
{
	const struct entry *entries = (const struct entry *)(const void *)trainer->entries.data;
	size_t count = trainer->entries.bytes / sizeof(*entries);
	uint32_t *starts = memory_zeroed(features + 2, sizeof(*starts));
	uint16_t *where = memory_zeroed(count + 1, sizeof(*where));
	int8_t *weights = memory_zeroed(count + 1, sizeof(*weights));
	for (size_t i = 0; i < count; i++)
		starts[entries[i].feature + 2]++;
	for (uint32_t f = 0; f < features; f++)
		starts[f + 2] += starts[f + 1];
	for (size_t i = 0; i < count; i++) {
		uint32_t at = starts[entries[i].feature + 1]++;
		where[at] = (uint16_t)entries[i].class;
		weights[at] = small(trainer, &entries[i]);
	}
	struct buffer *postings = &out->sections[SECTION_WEIGHT_POSTINGS];
	for (uint32_t f = 0; f <= features; f++) {
		uint32_t start = (uint32_t)(postings->bytes / sizeof(struct layout_posting)), class = 0;
		buffer_append(&out->sections[SECTION_WEIGHT_STARTS], &start, sizeof(start));
		for (uint32_t i = starts[f]; f < features && i < starts[f + 1]; i++)
			fit_posting(postings, &class, where[i], (uint8_t)weights[i]);
	}
	free(starts);
	free(where);
	free(weights);
}

/* Only features of the class's own examples are kept: what its rivals have counts for them, not against it. */
static void write_by_class(const struct trainer *trainer, uint32_t features, struct layout_draft *out)
{
	const struct entry *entries = (const struct entry *)(const void *)trainer->entries.data;
	size_t count = trainer->entries.bytes / sizeof(*entries), at = 0;
	uint32_t *owner = memory_zeroed(features + 1, sizeof(*owner)), start = 0;
	for (uint32_t class = 0; class <= trainer->examples->classes; class++) {
		buffer_append(&out->sections[SECTION_WEIGHT_STARTS], &start, sizeof(start));
		for (uint32_t e = trainer->starts[class]; e < trainer->starts[class + 1]; e++) {
			const struct example *example = &examples_list(trainer->examples)[e];
			for (uint32_t f = 0; fit_uses(example, trainer->fold) && f < example->features_count; f++)
				owner[fit_vector(trainer->examples, example)[f].feature] = class + 1;
		}
		for (; at < count && entries[at].class == class; at++) {
			int8_t weight = small(trainer, &entries[at]);
			if (owner[entries[at].feature] != class + 1 || class == trainer->examples->classes)
				continue;
			buffer_append(&out->sections[SECTION_WEIGHT_FEATURE], &entries[at].feature, sizeof(uint32_t));
			buffer_append(&out->sections[SECTION_WEIGHTS], &weight, sizeof(weight));
			start++;
		}
	}
	buffer_append(&out->sections[SECTION_WEIGHT_STARTS], &start, sizeof(start));
	free(owner);
}

static uint32_t *class_starts(const struct examples *examples)
{
	uint32_t *starts = memory_zeroed(examples->classes + 2, sizeof(*starts));
	for (uint32_t i = 0; i < examples_count(examples); i++)
		starts[examples_list(examples)[i].class + 1]++;
	for (uint32_t c = 0; c <= examples->classes; c++)
		starts[c + 1] += starts[c];
	return starts;
}

void fit_weights(const struct examples *examples, int fold, double tolerance, const struct layout_draft *shared,
		 float impact, struct layout_draft *out)
{
	uint32_t classes = examples->classes,
		 features = (uint32_t)(shared->sections[SECTION_FEATURES].bytes / sizeof(struct layout_feature));
	struct layout view;
	layout_draft_view(out, &view);
	struct trainer trainer = {
		.examples = examples,
		.effort = &efforts[examples_count(examples) >= efforts[1].examples],
		.terms = &view,
		.fold = fold,
		.tolerance = tolerance,
		.svm = svm_create(features),
		.starts = class_starts(examples),
		.near = memory_zeroed(classes + 1, sizeof(float)),
		.classes = memory_zeroed(classes + 1, sizeof(struct layout_class)),
		.features = (const struct layout_feature *)(const void *)shared->sections[SECTION_FEATURES].data,
	};
	ring_init(&trainer.facts, examples, 0, trainer.starts[classes]);
	ring_init(&trainer.unrelated, examples, trainer.starts[classes], examples_count(examples));
	struct buffer touched;
	buffer_init(&touched, LAYOUT_BYTES_MAX);
	buffer_init(&trainer.entries, (size_t)LAYOUT_BYTES_MAX * 8);
	for (uint32_t class = 0; class < classes; class++)
		train_class(&trainer, class, &touched);
	train_unrelated(&trainer);
	for (uint32_t class = 0; class <= classes; class++)
		trainer.classes[class].impact = impact;
	if (classes <= WEIGHTS_BY_FEATURE)
		write_by_feature(&trainer, features, out);
	else
		write_by_class(&trainer, features, out);
	buffer_append(&out->sections[SECTION_CLASSES], trainer.classes, (classes + 1) * sizeof(struct layout_class));
	svm_destroy(trainer.svm);
	buffer_finish(&touched);
	buffer_finish(&trainer.entries);
	ring_finish(&trainer.facts);
	ring_finish(&trainer.unrelated);
	free(trainer.starts);
	free(trainer.near);
	free(trainer.classes);
}
