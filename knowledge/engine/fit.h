/* fit: the sections of a model that are learned from a part of the examples. */
#ifndef QANTAR_ENGINE_FIT_H
#define QANTAR_ENGINE_FIT_H

#include "engine/examples.h"

enum { FIT_ALL = -1 };

/* Fills the sections of weights, BM25F and own questions of `out` from the examples outside of `fold` (FIT_ALL: from all).
 * `tolerance`: of the solver; .1 for the model that is kept, more for folds. `shared` has the lexis and the features. */
void fit(const struct base *base, const struct examples *examples, int fold, double tolerance, const struct layout_draft *shared,
	 struct layout_draft *out);

/* A view with the learned sections of `fitted` and everything else of `shared`. */
void fit_view(const struct layout_draft *shared, const struct layout_draft *fitted, struct layout *view);

#endif
