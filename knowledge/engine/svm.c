#include "engine/svm.h"

#include <linear.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { SVM_SEED = 20220106 };

struct svm {
	uint32_t features;
	size_t rows, values;
	struct feature_node **x; /* [rows] into nodes */
	struct feature_node *nodes;
	double *y;
};

struct svm *svm_create(uint32_t features, size_t rows, size_t values)
{
	struct svm *svm = memory_zeroed(1, sizeof(*svm));
	svm->features = features;
	svm->x = memory_zeroed(rows + 1, sizeof(struct feature_node *));
	svm->y = memory_zeroed(rows + 1, sizeof(*svm->y));
	svm->nodes = memory_zeroed(values + 2 * rows + 1, sizeof(*svm->nodes)); /* a bias and an end for each row */
	return svm;
}

void svm_destroy(struct svm *svm)
{
	if (!svm)
		return;
	free(svm->x);
	free(svm->y);
	free(svm->nodes);
	free(svm);
}

static int compare_index(const void *a, const void *b)
{
	const struct feature_node *x = a, *y = b;
	return (x->index > y->index) - (x->index < y->index);
}

void svm_add(struct svm *svm, int label, const struct match_feature *features, uint32_t count)
{
	struct feature_node *row = svm->nodes + svm->values;
	for (uint32_t i = 0; i < count; i++)
		row[i] = (struct feature_node){ (int)features[i].feature + 1, (double)features[i].value };
	qsort(row, count, sizeof(*row), compare_index);
	row[count] = (struct feature_node){ (int)svm->features + 1, 1 };
	row[count + 1] = (struct feature_node){ -1, 0 };
	svm->x[svm->rows] = row;
	svm->y[svm->rows++] = label;
	svm->values += count + 2;
}

static void be_silent(const char *text)
{
	(void)text;
}

static bool single_label(const struct svm *svm)
{
	for (size_t i = 1; i < svm->rows; i++)
		if (svm->y[i] != svm->y[0])
			return false;
	return true;
}

void svm_train(struct svm *svm, double cost, double tolerance, struct svm_weights *out)
{
	*out = (struct svm_weights){ .features = svm->features };
	if (single_label(svm))
		return;
	struct problem problem = { (int)svm->rows, (int)svm->features + 1, svm->y, svm->x, -1 };
	struct parameter parameter = { .solver_type = L2R_L2LOSS_SVC_DUAL, .eps = tolerance, .C = cost, .p = 0.1 };
	set_print_string_function(be_silent);
	srand(SVM_SEED);
	struct model *model = train(&problem, &parameter);
	out->columns = model->nr_class == 2 ? 1 : model->nr_class;
	out->weights = model->w;
	out->labels = model->label;
	model->w = NULL;
	model->label = NULL;
	free_and_destroy_model(&model);
}

void svm_weights_finish(struct svm_weights *weights)
{
	free(weights->weights);
	free(weights->labels);
}
