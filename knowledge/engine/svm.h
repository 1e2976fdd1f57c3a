/* svm: liblinear behind our own types.
 *
 * Linear support vector machines, squared hinge loss, dual coordinate descent (Hsieh et al., ICML 2008; liblinear's solver 1).
 * liblinear calls the global rand(), seeded here so that the same rows give the same weights: train in a process of its own or
 * from one thread. In a file apart because linear.h names a struct model too. */
#ifndef QANTAR_ENGINE_SVM_H
#define QANTAR_ENGINE_SVM_H

#include <stddef.h>
#include <stdint.h>

#include "engine/match.h"

struct svm; /* rows being collected */

/* Room for `rows` rows with `values` features in all, numbered below `features`. */
struct svm *svm_create(uint32_t features, size_t rows, size_t values);
void svm_destroy(struct svm *svm);

void svm_add(struct svm *svm, int label, const struct match_feature *features, uint32_t count);

struct svm_weights {
	double *weights;        /* [features + 1][columns], the last row is the bias */
	int *labels;            /* [columns]; of two labels only the first has a column */
	int columns;
	uint32_t features;
};

/* One label against the rest, for each label. A single label gives no column. */
void svm_train(struct svm *svm, double cost, double tolerance, struct svm_weights *out);
void svm_weights_finish(struct svm_weights *weights);

#endif
