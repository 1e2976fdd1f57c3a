/* fit: the sections of a model that are learned from a part of the examples. */
#ifndef QANTAR_ENGINE_FIT_H
#define QANTAR_ENGINE_FIT_H

#include "engine/examples.h"

enum { FIT_ALL = -1 };

/* Fills the sections of weights, BM25F and own questions of `out` from the examples outside of `fold` (FIT_ALL: from
 * all). `tolerance`: of the solver; .1 for the model that is kept, more for folds. `shared` has the lexis and the
 * features. */
void fit(const struct examples *examples, int fold, double tolerance, const struct layout_draft *shared,
	 struct layout_draft *out);

/* A view with the learned sections of `fitted` and everything else of `shared`. */
void fit_view(const struct layout_draft *shared, const struct layout_draft *fitted, struct layout *view);

/* ---- its parts: fit_terms.c, fit_own.c, fit_polarity.c, fit_weights.c ---- */

bool fit_uses(const struct example *example, int fold);
const struct match_feature *fit_vector(const struct examples *examples, const struct example *example);
/* Appends a posting to a list; `at` is the place of the last one, 0 before the first. */
void fit_posting(struct buffer *list, uint32_t *at, uint32_t where, uint8_t weight);
/* Returns the scale of the impacts. */
float fit_terms(const struct examples *examples, int fold, uint32_t terms, struct layout_draft *out);
void fit_own(const struct examples *examples, int fold, uint32_t features, uint32_t letters, struct layout_draft *out);
/* out[end - first]: what the own questions `first` to `end`, of one class, say about a yes-no question, times
 * LAYOUT_POLARITY_ONE; 0 for those that are no yes-no questions. A question's polarity is the sum of these, each times
 * the cosine (letters left out) plus LAYOUT_POLARITY_CONSTANT: towards 1 it is answered with yes, towards -1 with no.
 * `values`: [features], zeros before and after. */
void fit_polarity(const struct examples *examples, uint32_t letters, uint32_t first, uint32_t end, float values[],
		  int8_t out[]);
/* After fit_terms: rivals are found by BM25F. */
void fit_weights(const struct examples *examples, int fold, double tolerance, const struct layout_draft *shared,
		 float impact, struct layout_draft *out);

#endif
