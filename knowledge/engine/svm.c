#include "engine/svm.h"

#include <linear.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { SVM_SEED = 20220106 };
enum { SVM_BYTES = 1 << 30 };

/* Features are renumbered from 1 in the order in which a problem meets them, so that its weights lie close together. */
struct svm {
	uint32_t *local;       /* [features]: 0, or the number in this problem */
	uint32_t *numbers;     /* [features]: the feature of each local number - 1 */
	uint32_t numbers_count;
	struct buffer nodes;   /* struct feature_node: rows, each ending in -1 */
	struct buffer starts;  /* size_t: of rows in nodes */
	struct buffer labels;  /* double */
	struct buffer rows;    /* struct feature_node *: made when training */
	struct buffer weights; /* struct match_feature */
	size_t positives;
};

struct svm *svm_create(uint32_t features)
{
	struct svm *svm = memory_zeroed(1, sizeof(*svm));
	svm->local = memory_zeroed(features + 1, sizeof(*svm->local));
	svm->numbers = memory_zeroed(features + 1, sizeof(*svm->numbers));
	struct buffer *buffers[] = { &svm->nodes, &svm->starts, &svm->labels, &svm->rows, &svm->weights };
	for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
		buffer_init(buffers[i], SVM_BYTES);
	return svm;
}

void svm_destroy(struct svm *svm)
{
	if (!svm)
		return;
	struct buffer *buffers[] = { &svm->nodes, &svm->starts, &svm->labels, &svm->rows, &svm->weights };
	for (size_t i = 0; i < sizeof(buffers) / sizeof(buffers[0]); i++)
		buffer_finish(buffers[i]);
	free(svm->local);
	free(svm->numbers);
	free(svm);
}

void svm_clear(struct svm *svm)
{
	for (uint32_t i = 0; i < svm->numbers_count; i++)
		svm->local[svm->numbers[i]] = 0;
	svm->numbers_count = 0;
	buffer_clear(&svm->nodes);
	buffer_clear(&svm->starts);
	buffer_clear(&svm->labels);
	svm->positives = 0;
}

static uint32_t number_of(struct svm *svm, uint32_t feature)
{
	if (svm->local[feature] == 0) {
		svm->numbers[svm->numbers_count++] = feature;
		svm->local[feature] = svm->numbers_count;
	}
	return svm->local[feature];
}

void svm_add(struct svm *svm, bool positive, const struct match_feature *features, uint32_t count)
{
	struct feature_node row[MATCH_FEATURES + 2];
	size_t start = svm->nodes.bytes / sizeof(row[0]);
	double label = positive ? 1 : -1;
	buffer_append(&svm->starts, &start, sizeof(start));
	buffer_append(&svm->labels, &label, sizeof(label));
	svm->positives += positive;
	for (uint32_t i = 0; i < count; i++)
		row[i] = (struct feature_node){ (int)number_of(svm, features[i].feature), (double)features[i].value };
	row[count] = (struct feature_node){ 0, 1 }; /* the bias gets its number when all are known */
	row[count + 1] = (struct feature_node){ -1, 0 };
	buffer_append(&svm->nodes, row, (count + 2) * sizeof(row[0]));
}

static void be_silent(const char *text)
{
	(void)text;
}

static void make_rows(struct svm *svm, size_t count, int bias)
{
	struct feature_node *nodes = (struct feature_node *)(void *)svm->nodes.data;
	const size_t *starts = (const size_t *)(const void *)svm->starts.data;
	size_t end = svm->nodes.bytes / sizeof(*nodes);
	buffer_clear(&svm->rows);
	for (size_t i = 0; i < count; i++) {
		struct feature_node *row = nodes + starts[i];
		nodes[(i + 1 < count ? starts[i + 1] : end) - 2].index = bias;
		buffer_append(&svm->rows, &row, sizeof(row));
	}
}

struct svm_result svm_train(struct svm *svm, double cost, double tolerance)
{
	size_t count = svm->starts.bytes / sizeof(size_t);
	uint32_t features = svm->numbers_count;
	buffer_clear(&svm->weights);
	if (svm->positives == 0 || svm->positives == count || svm->nodes.failed)
		return (struct svm_result){ .bias = -1 };
	make_rows(svm, count, (int)features + 1);
	double *labels = (double *)(void *)svm->labels.data;
	struct problem problem = { (int)count, (int)features + 1, labels,
				   (struct feature_node **)(void *)svm->rows.data, -1 };
	struct parameter parameter = { .solver_type = L2R_L2LOSS_SVC_DUAL, .eps = tolerance, .C = cost, .p = 0.1 };
	set_print_string_function(be_silent);
	srand(SVM_SEED);
	struct model *model = train(&problem, &parameter);
	double sign = model->label[0] > 0 ? 1 : -1; /* liblinear's positive class is that of the first row */
	for (uint32_t i = 0; i < features; i++) {
		struct match_feature weight = { svm->numbers[i], (float)(sign * model->w[i]) };
		if (weight.value != 0)
			buffer_append(&svm->weights, &weight, sizeof(weight));
	}
	float bias = (float)(sign * model->w[features]);
	free_and_destroy_model(&model);
	return (struct svm_result){ (const struct match_feature *)(const void *)svm->weights.data,
				    (uint32_t)(svm->weights.bytes / sizeof(struct match_feature)), bias };
}
