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
	struct buffer words; /* struct match_feature: of all questions, letters left out */
	uint32_t starts[POLARITY_MOST + 1]; /* of each question's */
	double wanted[POLARITY_MOST]; /* then: what a question says */
	uint32_t index[POLARITY_MOST]; /* of the example */
	uint32_t count;
	enum example_kind towards; /* what is 1; the other kind is -1 */
};

static void take_words(const struct examples *examples, uint32_t letters, struct system *system)
{
	buffer_clear(&system->words);
	for (uint32_t i = 0; i < system->count; i++) {
		const struct example *one = &examples_list(examples)[system->index[i]];
		const struct match_feature *features = fit_vector(examples, one);
		system->starts[i] = (uint32_t)(system->words.bytes / sizeof *features);
		for (uint32_t f = 0; f < one->features_count; f++)
			if (features[f].feature < letters)
				buffer_append(&system->words, &features[f], sizeof *features);
	}
	system->starts[system->count] = (uint32_t)(system->words.bytes / sizeof(struct match_feature));
}

/* Products of one question with those up to it. Its vector is spread over `values`, zeros between calls. */
static void compare(float values[], struct system *system, uint32_t row)
{
	const struct match_feature *words = (const struct match_feature *)(const void *)system->words.data;
	for (uint32_t f = system->starts[row]; f < system->starts[row + 1]; f++)
		values[words[f].feature] = words[f].value;
	for (uint32_t j = 0; j <= row; j++) {
		double sum = 0;
		for (uint32_t f = system->starts[j]; f < system->starts[j + 1]; f++)
			sum += (double)values[words[f].feature] * (double)words[f].value;
		system->at[row][j] = sum;
	}
	for (uint32_t f = system->starts[row]; f < system->starts[row + 1]; f++)
		values[words[f].feature] = 0;
}

static void set_up(const struct examples *examples, uint32_t letters, float values[], struct system *system)
{
	double scale[POLARITY_MOST];
	take_words(examples, letters, system);
	for (uint32_t i = 0; i < system->count; i++) {
		compare(values, system, i);
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
static void fit_kinds(const struct examples *examples, uint32_t letters, uint32_t first, uint32_t end,
		      enum example_kind towards, enum example_kind against, float values[], struct system *system,
		      int8_t out[])
{
	uint32_t all[EXAMPLE_ANSWER + 1] = { 0 }, seen[EXAMPLE_ANSWER + 1] = { 0 };
	const struct example *list = examples_list(examples);
	system->towards = towards;
	system->count = 0;
	for (uint32_t i = first; i < end; i++)
		all[list[i].kind]++;
	for (uint32_t i = first; i < end; i++)
		if ((list[i].kind == towards || list[i].kind == against) &&
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

void fit_polarity(const struct examples *examples, uint32_t letters, uint32_t first, uint32_t end, float values[],
		  int8_t out[])
{
	struct system *system = memory_zeroed(1, sizeof(*system));
	buffer_init(&system->words, LAYOUT_BYTES_MAX);
	for (uint32_t i = first; i < end; i++)
		out[i - first] = 0;
	fit_kinds(examples, letters, first, end, EXAMPLE_AFFIRMS, EXAMPLE_DENIES, values, system, out);
	fit_kinds(examples, letters, first, end, EXAMPLE_QUESTION, EXAMPLE_CORRECTS, values, system, out);
	buffer_finish(&system->words);
	free(system);
}
