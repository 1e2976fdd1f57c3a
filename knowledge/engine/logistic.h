/* logistic: small logistic regressions, fitted by Newton's method with a ridge. */
#ifndef QANTAR_ENGINE_LOGISTIC_H
#define QANTAR_ENGINE_LOGISTIC_H

#include <stdbool.h>
#include <stddef.h>

enum { LOGISTIC_COLUMNS = 32 };

/* Minimises sum of weight * log loss + ridge / 2 * |w|^2 over `rows` rows of `columns` (<= LOGISTIC_COLUMNS) values
 * each. The result is in `coefficients` [columns]. Add a column of ones for a bias. */
void logistic_fit(const float *values, const bool *labels, const float *weights, size_t rows, size_t columns,
		  double ridge, double coefficients[]);

#endif
