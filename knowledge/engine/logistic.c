#include "engine/logistic.h"

#include <math.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "engine/cholesky.h"

enum { LOGISTIC_STEPS = 150 };
static const double step_least = 1e-4;

struct curvature {
	double at[LOGISTIC_COLUMNS][LOGISTIC_COLUMNS]; /* the lower triangle counts */
};

/* p (1 - p) is at most 1/4, whatever the coefficients. */
static void bound(const struct logistic_data *data, double ridge, struct curvature *out)
{
	for (size_t r = 0; r < data->rows; r++) {
		const float *row = data->values + r * data->columns;
		for (size_t c = 0; c < data->columns; c++) {
			double share = 0.25 * (double)data->weights[r] * (double)row[c];
			for (size_t d = 0; d <= c; d++)
				out->at[c][d] += share * (double)row[d];
		}
	}
	for (size_t c = 0; c < data->columns; c++)
		out->at[c][c] += ridge;
}

static void slope(const struct logistic_data *data, double ridge, const double coefficients[], double out[])
{
	for (size_t c = 0; c < data->columns; c++)
		out[c] = -ridge * coefficients[c];
	for (size_t r = 0; r < data->rows; r++) {
		const float *row = data->values + r * data->columns;
		double sum = 0;
		for (size_t c = 0; c < data->columns; c++)
			sum += coefficients[c] * (double)row[c];
		double error = (double)data->weights[r] * ((data->labels[r] ? 1 : 0) - 1 / (1 + exp(-sum)));
		for (size_t c = 0; c < data->columns; c++)
			out[c] += error * (double)row[c];
	}
}

void logistic_fit(const struct logistic_data *data, double ridge, double coefficients[])
{
	struct curvature *curvature = memory_zeroed(1, sizeof(*curvature));
	double step[LOGISTIC_COLUMNS];
	bound(data, ridge, curvature);
	cholesky_factorise(curvature->at[0], data->columns, LOGISTIC_COLUMNS);
	for (size_t c = 0; c < data->columns; c++)
		coefficients[c] = 0;
	for (int i = 0; i < LOGISTIC_STEPS; i++) {
		slope(data, ridge, coefficients, step);
		cholesky_solve(curvature->at[0], data->columns, LOGISTIC_COLUMNS, step);
		double largest = 0;
		for (size_t c = 0; c < data->columns; c++) {
			coefficients[c] += step[c];
			largest = fmax(largest, fabs(step[c]));
		}
		if (largest < step_least)
			break;
	}
	free(curvature);
}
