/* svm: liblinear behind our own types.
 *
 * Linear support vector machines of two classes, squared hinge loss, dual coordinate descent (Hsieh et al., ICML 2008;
 * liblinear's solver 1). liblinear calls the global rand(), seeded here so that the same rows give the same weights:
 * train in a process of its own or from one thread. In a file apart because linear.h names a struct model too. */
#ifndef QANTAR_ENGINE_SVM_H
#define QANTAR_ENGINE_SVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/match.h"

struct svm; /* rows being collected; its memory is used again from problem to problem */

/* Features are numbered below `features`. */
struct svm *svm_create(uint32_t features);
void svm_destroy(struct svm *svm);

void svm_clear(struct svm *svm);
void svm_add(struct svm *svm, bool positive, const struct match_feature *features, uint32_t count);

/* Fills `weights`, which are the svm's, until the next call: those that are not 0, in no order. Rows of one kind only
 * give none and a bias of -1. */
struct svm_result {
	const struct match_feature *weights;
	uint32_t count;
	float bias;
};
struct svm_result svm_train(struct svm *svm, double cost, double tolerance);

#endif
