/* What each of a fact's own questions says about another one: of those that ask for yes or no, towards yes or towards
 * no; of the others, whether it takes something false for granted.
 *
 * Kernel ridge regression of +1 and -1, a fact by itself; the kernel is the cosine of two questions and a constant
 * (Saunders, Gammerman, Vovk, "Ridge regression learning algorithm in dual variables", ICML 1998). */
#include "engine/fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "engine/cholesky.h"

enum { POLARITY_MOST = 256 }; /* own questions of a fact that are looked at, half of them of either kind */
static const double ridge = 1;

struct system {
	double at[POLARITY_MOST][POLARITY_MOST];
	double wanted[POLARITY_MOST]; /* then: what a question says */
	uint32_t index[POLARITY_MOST]; /* of the example */
	uint32_t count;
	enum example_kind towards; /* what is 1; the other kind is -1 */
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
		system->wanted[i] = examples_list(examples)[system->index[i]].kind == system->towards ? 1 : -1;
	}
}

static int8_t in_steps(double says)
{
	return (int8_t)lround(fmax(fmin(says * LAYOUT_POLARITY_ONE, INT8_MAX), -INT8_MAX));
}

/* Of many, as many as are looked at, evenly: lists go by language. */
static bool is_taken(uint32_t number, uint32_t of)
{
	const uint64_t most = POLARITY_MOST / 2;
	return of <= most || (number + 1) * most / of > number * most / of;
}

/* The votes of two kinds that stand against each other. */
static void fit_kinds(const struct examples *examples, int fold, uint32_t letters, uint32_t first, uint32_t end,
		      enum example_kind towards, enum example_kind against, float values[], struct system *system,
		      int8_t out[])
{
	uint32_t all[EXAMPLE_ANSWER + 1] = { 0 }, seen[EXAMPLE_ANSWER + 1] = { 0 };
	const struct example *list = examples_list(examples);
	*system = (struct system){ .towards = towards };
	for (uint32_t i = first; i < end; i++)
		all[list[i].kind] += fit_uses(&list[i], fold);
	for (uint32_t i = first; i < end; i++)
		if ((list[i].kind == towards || list[i].kind == against) && fit_uses(&list[i], fold) &&
		    is_taken(seen[list[i].kind]++, all[list[i].kind]))
			system->index[system->count++] = i;
	if (!all[against] && towards == EXAMPLE_QUESTION)
		return;
	set_up(examples, letters, values, system);
	cholesky_factorise(system->at[0], system->count, POLARITY_MOST);
	cholesky_solve(system->at[0], system->count, POLARITY_MOST, system->wanted);
	for (uint32_t i = 0; i < system->count; i++)
		out[system->index[i] - first] = in_steps(system->wanted[i]);
}

void fit_polarity(const struct examples *examples, int fold, uint32_t letters, uint32_t first, uint32_t end,
		  float values[], int8_t out[])
{
	struct system *system = memory_zeroed(1, sizeof(*system));
	for (uint32_t i = first; i < end; i++)
		out[i - first] = 0;
	fit_kinds(examples, fold, letters, first, end, EXAMPLE_AFFIRMS, EXAMPLE_DENIES, values, system, out);
	fit_kinds(examples, fold, letters, first, end, EXAMPLE_QUESTION, EXAMPLE_CORRECTS, values, system, out);
	free(system);
}
