#include "engine/cholesky.h"

#include <math.h>

void cholesky_factorise(double *matrix, size_t n, size_t stride)
{
	for (size_t i = 0; i < n; i++) {
		double *row = matrix + i * stride;
		for (size_t j = 0; j <= i; j++) {
			const double *other = matrix + j * stride;
			double sum = row[j];
			for (size_t k = 0; k < j; k++)
				sum -= row[k] * other[k];
			row[j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / other[j];
		}
	}
}

void cholesky_solve(const double *factors, size_t n, size_t stride, double b[])
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			b[i] -= factors[i * stride + k] * b[k];
		b[i] /= factors[i * stride + i];
	}
	for (size_t i = n; i-- > 0;) {
		for (size_t k = i + 1; k < n; k++)
			b[i] -= factors[k * stride + i] * b[k];
		b[i] /= factors[i * stride + i];
	}
}
