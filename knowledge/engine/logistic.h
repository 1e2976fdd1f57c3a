/* logistic: small logistic regressions with a prior.
 *
 * Fitted by Newton-like steps under the fixed bound on the curvature of Boehning & Lindsay (1988), "Monotonicity of
 * quadratic-approximation algorithms": one factorisation serves all steps, which are lengthened as Nesterov's are. */
#ifndef QANTAR_ENGINE_LOGISTIC_H
#define QANTAR_ENGINE_LOGISTIC_H

#include <stdbool.h>
#include <stddef.h>

enum { LOGISTIC_COLUMNS = 256 };

struct logistic_data {
	const float *values;  /* [rows][columns]; a column of ones makes a bias */
	const bool *labels;   /* [rows] */
	const float *weights; /* [rows], not negative */
	size_t rows, columns; /* columns <= LOGISTIC_COLUMNS */
};

/* What a coefficient is without data, and how much data it takes to move it. */
struct logistic_prior {
	double mean, ridge;
};

/* Minimises sum of weight * log loss + sum of ridge / 2 * (w - mean)^2; the result is in `coefficients` [columns].
 * `priors`: [columns]. */
void logistic_fit(const struct logistic_data *data, const struct logistic_prior priors[], double coefficients[]);

#endif
