#include "engine/logistic.h"

#include <math.h>
#include <string.h>

enum { LOGISTIC_STEPS = 30 };

/* Solves a x = b for a symmetric positive definite `a` (Cholesky, in place); b becomes x. */
static void solve(double a[LOGISTIC_COLUMNS][LOGISTIC_COLUMNS], double b[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++) {
			double sum = a[i][j];
			for (size_t k = 0; k < j; k++)
				sum -= a[i][k] * a[j][k];
			a[i][j] = i == j ? sqrt(sum > 1e-12 ? sum : 1e-12) : sum / a[j][j];
		}
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			b[i] -= a[i][k] * b[k];
		b[i] /= a[i][i];
	}
	for (size_t i = n; i-- > 0;) {
		for (size_t k = i + 1; k < n; k++)
			b[i] -= a[k][i] * b[k];
		b[i] /= a[i][i];
	}
}

void logistic_fit(const float *values, const bool *labels, const float *weights, size_t rows, size_t columns,
		  double ridge, double coefficients[])
{
	double hessian[LOGISTIC_COLUMNS][LOGISTIC_COLUMNS], gradient[LOGISTIC_COLUMNS];
	for (size_t c = 0; c < columns; c++)
		coefficients[c] = 0;
	for (int step = 0; step < LOGISTIC_STEPS; step++) {
		memset(hessian, 0, sizeof(hessian));
		for (size_t c = 0; c < columns; c++) {
			hessian[c][c] = ridge;
			gradient[c] = -ridge * coefficients[c];
		}
		for (size_t r = 0; r < rows; r++) {
			const float *row = values + r * columns;
			double sum = 0;
			for (size_t c = 0; c < columns; c++)
				sum += coefficients[c] * (double)row[c];
			double chance = 1 / (1 + exp(-sum)), weight = (double)weights[r];
			double curve = weight * fmax(chance * (1 - chance), 1e-6),
			       error = weight * ((labels[r] ? 1 : 0) - chance);
			for (size_t c = 0; c < columns; c++) {
				gradient[c] += error * (double)row[c];
				for (size_t d = 0; d <= c; d++)
					hessian[c][d] += curve * (double)row[c] * (double)row[d];
			}
		}
		solve(hessian, gradient, columns);
		double largest = 0;
		for (size_t c = 0; c < columns; c++) {
			coefficients[c] += gradient[c];
			largest = fmax(largest, fabs(gradient[c]));
		}
		if (largest < 1e-6)
			break;
	}
}
