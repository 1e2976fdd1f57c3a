#include "engine/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fit.h"
#include "engine/logistic.h"
#include "engine/match_parts.h"
#include "engine/text.h"

enum { CALIBRATE_MOST = 10000 }; /* questions asked, about: more take time and memory, and teach no more */
enum { CALIBRATE_FOLDS = 2 };    /* of the folds; each costs a training, and their questions are enough, */
enum { CALIBRATE_SMALL = 5000 }; /* but for a base of fewer examples */
static const double fold_tolerance = 0.3;
/* What a small base has too few questions to teach: about what each sign, in deviations, weighs in others (CLINC150
 * and HINT3, whole and in small parts). Products of signs are believed where enough questions show them. */
static const double sign_usual[ABSTAIN_SIGNS] = {
	.8, .4, 0, .2, .2, .2, .5, 0, .2, .1, 0, 0, .5, 0, 0, -.8, .5, 0, .4
};
static const double sign_ridge = 30, bias_ridge = 3, product_questions = 1000;
/* What people ask, for every question that the base can answer. */
static const double share_held_out = 0.40, share_unrelated = 0.15;
/* An own question left out is harder than what people ask where a fact has many: their writers made them as unlike each
 * other as they could, and what the others taught already was taken out. So much more (in log odds) is a stranger's
 * question likely to be answered right, as measured on the tuning part of questions/people.jsonl; in a base with fewer
 * questions a fact so much less. */
static const float strangers = 1.2f, strangers_questions = 100;
/* An unknown word in a question left out was written for its very fact; a stranger's is more often about something
 * else, and their share speaks so much more (in log odds) against the best fact: the less, the more unknown words the
 * questions left out have, down to nothing in a base as small as that. */
static const float strangers_unknown = 4, unknown_in_small = .30f;
/* A fact is stated when it is likelier right than not, three are offered while one of them is about as likely. */
static const float likely_answer = .52f, likely_offer = .44f;

enum record_kind { RECORD_ANSWERABLE, RECORD_HELD_OUT, RECORD_UNRELATED };

struct record {
	enum record_kind kind;
	uint32_t class;
	struct abstain_context context;
	uint32_t content, unknown;
	float seen;
	uint32_t count;
	struct match_candidate candidates[MATCH_CANDIDATES];
};

static struct record *records(const struct buffer *buffer)
{
	return (struct record *)(void *)buffer->data;
}

static size_t records_count(const struct buffer *buffer)
{
	return buffer->bytes / sizeof(struct record);
}

static void ask(struct match *match, const struct match_question *question, enum record_kind kind, uint32_t class,
		struct buffer *out)
{
	struct record record = { .kind = kind,
				 .class = class,
				 .content = question->content,
				 .unknown = question->unknown,
				 .seen = question->seen };
	uint32_t ignore = kind == RECORD_HELD_OUT ? class : UINT32_MAX;
	record.count = (uint32_t)match_rank_parts(match, question, ignore, record.candidates, MATCH_CANDIDATES,
						  &record.context);
	if (record.count > 0)
		buffer_append(out, &record, sizeof(record));
}

/* One in so many of the questions of a fold is asked; which ones, the text says, as it does the fold. */
static uint32_t step_of(const struct examples *examples)
{
	return examples_count(examples) / EXAMPLES_FOLDS * CALIBRATE_FOLDS / CALIBRATE_MOST + 1;
}

static void ask_fold(const struct base *base, const struct examples *examples, int fold,
		     const struct layout_draft *shared, struct buffer *out)
{
	struct layout_draft fitted;
	struct layout view;
	layout_draft_init(&fitted);
	fit(examples, fold, fold_tolerance, shared, &fitted);
	fit_view(shared, &fitted, &view);
	struct match *match = match_create_view(base, &view, NULL);
	struct match_question *question = memory_zeroed(1, sizeof(*question));
	uint32_t step = step_of(examples);
	for (uint32_t i = 0; i < examples_count(examples); i++) {
		const struct example *example = &examples_list(examples)[i];
		if (example->fold != fold || example->kind > EXAMPLE_DENIES ||
		    example->hash % step > 0)
			continue;
		match_read(match, example->text, strlen(example->text), question);
		if (example->class == examples->classes) {
			ask(match, question, RECORD_UNRELATED, example->class, out);
			continue;
		}
		ask(match, question, RECORD_ANSWERABLE, example->class, out);
		ask(match, question, RECORD_HELD_OUT, example->class, out);
	}
	free(question);
	match_destroy(match);
	layout_draft_finish(&fitted);
}

/* ---- the signs ---- */

enum { COLUMNS = ABSTAIN_TERMS + 1 }; /* the last a one */

struct sample {
	float *signs;  /* [rows][ABSTAIN_SIGNS] */
	float *values; /* [rows][COLUMNS] */
	float *weights;
	bool *labels;  /* the first is right */
	bool *offered; /* one of the first three is */
	size_t rows;
};

static void sample_finish(struct sample *sample)
{
	free(sample->signs);
	free(sample->values);
	free(sample->weights);
	free(sample->labels);
	free(sample->offered);
}

static void take_signs(const struct base *base, const struct buffer *asked, struct sample *sample)
{
	double totals[3] = { 0 };
	size_t rows = records_count(asked);
	*sample = (struct sample){ .signs = memory_zeroed(rows * ABSTAIN_SIGNS, sizeof(float)),
				   .values = memory_zeroed(rows * COLUMNS, sizeof(float)),
				   .weights = memory_zeroed(rows, sizeof(float)),
				   .labels = memory_zeroed(rows, sizeof(bool)),
				   .offered = memory_zeroed(rows, sizeof(bool)),
				   .rows = rows };
	struct match_question *question = memory_zeroed(1, sizeof(*question));
	for (size_t i = 0; i < rows; i++)
		totals[records(asked)[i].kind]++;
	const double shares[3] = { 1, totals[1] > 0 ? share_held_out * totals[0] / totals[1] : 0,
				   totals[2] > 0 ? share_unrelated * totals[0] / totals[2] : 0 };
	for (size_t i = 0; i < rows; i++) {
		const struct record *record = &records(asked)[i];
		question->content = record->content;
		question->unknown = record->unknown;
		question->seen = record->seen;
		abstain_signs(base, question, record->candidates, record->count, &record->context,
			      sample->signs + i * ABSTAIN_SIGNS);
		bool answerable = record->kind != RECORD_UNRELATED;
		sample->labels[i] = answerable && abstain_serves(base, &record->candidates[0], record->class);
		for (uint32_t c = 0; c < record->count && c < KNOWLEDGE_CANDIDATES; c++)
			sample->offered[i] |= answerable && abstain_serves(base, &record->candidates[c], record->class);
		sample->weights[i] = (float)shares[record->kind];
	}
	free(question);
}

static void measure_signs(const struct sample *sample, struct abstain *abstain)
{
	for (size_t s = 0; s < ABSTAIN_SIGNS; s++) {
		double sum = 0, squares = 0, all = 1e-9;
		for (size_t r = 0; r < sample->rows; r++) {
			double value = (double)sample->signs[r * ABSTAIN_SIGNS + s],
			       weight = (double)sample->weights[r];
			sum += weight * value;
			squares += weight * value * value;
			all += weight;
		}
		double mean = sum / all, variance = squares / all - mean * mean;
		abstain->mean[s] = (float)mean;
		abstain->deviation[s] = variance > 1e-9 ? (float)sqrt(variance) : 1;
	}
}

static void expand(const struct abstain *abstain, struct sample *sample)
{
	for (size_t r = 0; r < sample->rows; r++) {
		abstain_terms(abstain, sample->signs + r * ABSTAIN_SIGNS, sample->values + r * COLUMNS);
		sample->values[r * COLUMNS + ABSTAIN_TERMS] = 1;
	}
}

/* The signs come first and the bias last, products between them. */
static void fit_logistic(const struct logistic_data *data, double coefficients[])
{
	const double product_ridge = sign_ridge * (1 + product_questions / (double)data->rows);
	struct logistic_prior priors[LOGISTIC_COLUMNS];
	for (size_t i = 0; i < data->columns; i++)
		priors[i] = i < ABSTAIN_SIGNS ? (struct logistic_prior){ sign_usual[i], sign_ridge }
					      : (struct logistic_prior){ 0, product_ridge };
	priors[data->columns - 1].ridge = bias_ridge;
	logistic_fit(data, priors, coefficients);
}

/* By the signs alone: what is offered is picked by the person, so that it need not be so sure. */
static void fit_offer(const struct sample *sample, float easier, struct abstain *abstain)
{
	enum { SIGNS_AND_ONE = ABSTAIN_SIGNS + 1 };
	double coefficients[LOGISTIC_COLUMNS];
	float *values = memory_zeroed(sample->rows * SIGNS_AND_ONE, sizeof(float));
	for (size_t r = 0; r < sample->rows; r++) {
		memcpy(values + r * SIGNS_AND_ONE, sample->values + r * COLUMNS, ABSTAIN_SIGNS * sizeof(float));
		values[r * SIGNS_AND_ONE + ABSTAIN_SIGNS] = 1;
	}
	const struct logistic_data data = { values, sample->offered, sample->weights, sample->rows, SIGNS_AND_ONE };
	fit_logistic(&data, coefficients);
	for (int i = 0; i < ABSTAIN_SIGNS; i++)
		abstain->offer_weight[i] = (float)coefficients[i];
	abstain->offer_bias = (float)coefficients[ABSTAIN_SIGNS] + easier;
	free(values);
}

/* `easier`: a stranger's question than one left out, in log odds. */
static void fit_signs(const struct base *base, const struct buffer *asked, float easier, struct abstain *abstain)
{
	struct sample sample;
	double coefficients[LOGISTIC_COLUMNS];
	take_signs(base, asked, &sample);
	measure_signs(&sample, abstain);
	expand(abstain, &sample);
	const struct logistic_data data = { sample.values, sample.labels, sample.weights, sample.rows, COLUMNS };
	fit_logistic(&data, coefficients);
	for (int i = 0; i < ABSTAIN_TERMS; i++)
		abstain->weight[i] = (float)coefficients[i];
	float usual = abstain->mean[ABSTAIN_UNKNOWN];
	float against = strangers_unknown * fmaxf(0, 1 - usual / unknown_in_small);
	abstain->weight[ABSTAIN_UNKNOWN] -= against * abstain->deviation[ABSTAIN_UNKNOWN];
	abstain->bias = (float)coefficients[ABSTAIN_TERMS] + easier - against * usual;
	fit_offer(&sample, easier, abstain);
	sample_finish(&sample);
}

static float easier_for_strangers(const struct examples *examples)
{
	uint32_t own = 0;
	while (own < examples_count(examples) && examples_list(examples)[own].class < examples->classes)
		own++;
	float questions = examples->classes > 0 ? (float)own / (float)examples->classes : 0;
	return strangers * fminf(1, questions / strangers_questions);
}

void calibrate(const struct base *base, const struct examples *examples, const struct layout_draft *shared,
	       struct abstain *abstain)
{
	struct buffer asked;
	buffer_init(&asked, (size_t)LAYOUT_BYTES_MAX * 4);
	*abstain = (struct abstain){ .thresholds = { .answer = likely_answer, .offer = likely_offer } };
	int folds = examples_count(examples) < CALIBRATE_SMALL ? EXAMPLES_FOLDS : CALIBRATE_FOLDS;
	for (int fold = 0; fold < folds; fold++)
		ask_fold(base, examples, fold, shared, &asked);
	fit_signs(base, &asked, easier_for_strangers(examples), abstain);
	buffer_finish(&asked);
}
