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
static void bound(const struct logistic_data *data, const struct logistic_prior priors[], struct curvature *out)
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
		out->at[c][c] += priors[c].ridge;
}

/* Four sums side by side: one would have every addition wait for the one before. */
static double product(const double coefficients[], const float row[], size_t columns)
{
	double sums[4] = { 0 };
	size_t c = 0;
	for (; c + 4 <= columns; c += 4)
		for (size_t i = 0; i < 4; i++)
			sums[i] += coefficients[c + i] * (double)row[c + i];
	for (; c < columns; c++)
		sums[0] += coefficients[c] * (double)row[c];
	return sums[0] + sums[1] + sums[2] + sums[3];
}

static void slope(const struct logistic_data *data, const struct logistic_prior priors[], const double coefficients[],
		  double out[])
{
	for (size_t c = 0; c < data->columns; c++)
		out[c] = priors[c].ridge * (priors[c].mean - coefficients[c]);
	for (size_t r = 0; r < data->rows; r++) {
		const float *row = data->values + r * data->columns;
		double sum = product(coefficients, row, data->columns);
		double error = (double)data->weights[r] * ((data->labels[r] ? 1 : 0) - 1 / (1 + exp(-sum)));
		for (size_t c = 0; c < data->columns; c++)
			out[c] += error * (double)row[c];
	}
}

/* Steps under a bound of the curvature never overshoot, but are small: each is lengthened by a share of the one before
 * until that leads back (O'Donoghue & Candes, "Adaptive restart for accelerated gradient schemes"). */
void logistic_fit(const struct logistic_data *data, const struct logistic_prior priors[], double coefficients[])
{
	struct curvature *curvature = memory_zeroed(1, sizeof(*curvature));
	double step[LOGISTIC_COLUMNS], ahead[LOGISTIC_COLUMNS];
	unsigned run = 0; /* steps since the last restart */
	bound(data, priors, curvature);
	cholesky_factorise(curvature->at[0], data->columns, LOGISTIC_COLUMNS);
	for (size_t c = 0; c < data->columns; c++)
		coefficients[c] = ahead[c] = priors[c].mean;
	for (int i = 0; i < LOGISTIC_STEPS; i++) {
		slope(data, priors, ahead, step);
		cholesky_solve(curvature->at[0], data->columns, LOGISTIC_COLUMNS, step);
		double largest = 0, along = 0;
		for (size_t c = 0; c < data->columns; c++) {
			double moved = ahead[c] + step[c] - coefficients[c];
			along += step[c] * moved;
			largest = fmax(largest, fabs(moved));
		}
		run = along < 0 ? 0 : run + 1;
		double share = (double)run / (run + 3);
		for (size_t c = 0; c < data->columns; c++) {
			double next = ahead[c] + step[c];
			ahead[c] = next + share * (next - coefficients[c]);
			coefficients[c] = next;
		}
		if (largest < step_least)
			break;
	}
	free(curvature);
}
