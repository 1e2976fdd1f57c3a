/* What each of a fact's own yes-no questions says about another one: towards yes or towards no.
 *
 * Kernel ridge regression of +1 and -1, a fact by itself; the kernel is the cosine of two questions and a constant
 * (Saunders, Gammerman, Vovk, "Ridge regression learning algorithm in dual variables", ICML 1998). */
#include "engine/fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "engine/cholesky.h"

enum { POLARITY_MOST = 256 }; /* own yes-no questions of a fact that are looked at, half of them of either kind */
static const double ridge = 1;

struct system {
	double at[POLARITY_MOST][POLARITY_MOST];
	double wanted[POLARITY_MOST]; /* then: what a question says */
	uint32_t index[POLARITY_MOST]; /* of the example */
	uint32_t count;
};

/* Cosines of one question with others, letters left out. Its vector is spread over `values`, zeros between calls. */
static void compare(const struct examples *examples, uint32_t letters, float values[], struct system *system,
		    uint32_t row)
{
	const struct example *list = examples_list(examples), *one = &list[system->index[row]];
	const struct match_feature *features = fit_vector(examples, one);
	for (uint32_t f = 0; f < one->features_count; f++)
		values[features[f].feature] = features[f].feature < letters ? features[f].value : 0;
	for (uint32_t j = 0; j <= row; j++) {
		const struct example *other = &list[system->index[j]];
		const struct match_feature *others = fit_vector(examples, other);
		double sum = 0;
		for (uint32_t f = 0; f < other->features_count; f++)
			sum += (double)values[others[f].feature] * (double)others[f].value;
		system->at[row][j] = sum;
	}
	for (uint32_t f = 0; f < one->features_count; f++)
		values[features[f].feature] = 0;
}

static void set_up(const struct examples *examples, uint32_t letters, float values[], struct system *system)
{
	double scale[POLARITY_MOST];
	for (uint32_t i = 0; i < system->count; i++) {
		compare(examples, letters, values, system, i);
		scale[i] = system->at[i][i] > 0 ? 1 / sqrt(system->at[i][i]) : 0;
		for (uint32_t j = 0; j <= i; j++)
			system->at[i][j] = system->at[i][j] * scale[i] * scale[j] + (double)LAYOUT_POLARITY_CONSTANT;
		system->at[i][i] += ridge;
		system->wanted[i] = examples_list(examples)[system->index[i]].kind == EXAMPLE_AFFIRMS ? 1 : -1;
	}
}

static int8_t in_steps(double says)
{
	return (int8_t)lround(fmax(fmin(says * LAYOUT_POLARITY_ONE, INT8_MAX), -INT8_MAX));
}

void fit_polarity(const struct examples *examples, int fold, uint32_t letters, uint32_t first, uint32_t end,
		  float values[], int8_t out[])
{
	struct system *system = memory_zeroed(1, sizeof(*system));
	uint32_t taken[EXAMPLE_DENIES + 1] = { 0 };
	for (uint32_t i = first; i < end; i++) {
		const struct example *example = &examples_list(examples)[i];
		bool yes_no = example->kind == EXAMPLE_AFFIRMS || example->kind == EXAMPLE_DENIES;
		out[i - first] = 0;
		if (!yes_no || !fit_uses(example, fold) || taken[example->kind] == POLARITY_MOST / 2)
			continue;
		taken[example->kind]++;
		system->index[system->count++] = i;
	}
	set_up(examples, letters, values, system);
	cholesky_factorise(system->at[0], system->count, POLARITY_MOST);
	cholesky_solve(system->at[0], system->count, POLARITY_MOST, system->wanted);
	for (uint32_t i = 0; i < system->count; i++)
		out[system->index[i] - first] = in_steps(system->wanted[i]);
	free(system);
}
