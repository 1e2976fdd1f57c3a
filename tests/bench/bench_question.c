/* link: knowledge */
/* question: how long an answer takes, beside SQLite's FTS5 over the same texts in the same run; whether memory grows;
 * and whether the worst questions take linear time. Prints one JSON object.
 *
 *   bench_question BASE CACHE [ROUNDS] [GROWTH_QUESTIONS] */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "fts.h"
#include "knowledge.h"
#include "material.h"

struct samples {
	double *microseconds; /* [count] */
	size_t count;
};

/* Of this thread: what else the machine does must not count. Nothing here waits for anything. */
static double now_us(void)
{
	struct timespec time;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;
	return difference < 0 ? -1 : difference > 0;
}

static double quantile(const struct samples *samples, double share)
{
	return samples->microseconds[(size_t)((double)(samples->count - 1) * share)];
}

static double ask(struct knowledge *knowledge, const char *text, size_t bytes)
{
	struct knowledge_context context = { 0 };
	struct answer answer;
	double begin = now_us();
	if (knowledge_answer(knowledge, &context, text, bytes, &answer) == KNOWLEDGE_ANSWERED)
		answer_finish(&answer);
	return now_us() - begin;
}

/* The median of each question's rounds, in the place of the samples, which lie round after round: what else the
 * machine did in one of them is none of the question's. */
static void take_medians(struct samples *samples, size_t questions)
{
	size_t rounds = samples->count / questions;
	double *medians = memory_zeroed(questions, sizeof(double)), *of_one = memory_zeroed(rounds, sizeof(double));
	for (size_t i = 0; i < questions; i++) {
		for (size_t round = 0; round < rounds; round++)
			of_one[round] = samples->microseconds[round * questions + i];
		qsort(of_one, rounds, sizeof(double), compare);
		medians[i] = of_one[rounds / 2];
	}
	free(of_one);
	free(samples->microseconds);
	*samples = (struct samples){ medians, questions };
	qsort(medians, questions, sizeof(double), compare);
}

/* Rounds of all questions, the peer's between ours, so that the machine's moods meet both; not question by question,
 * for the peer walks through megabytes and would leave each of ours a cold cache. */
static void measure(struct knowledge *knowledge, struct fts *fts, const struct material *material, unsigned rounds)
{
	size_t most = material->questions_count * rounds;
	struct samples ours = { memory_zeroed(most, sizeof(double)), 0 };
	struct samples theirs = { memory_zeroed(most, sizeof(double)), 0 };
	for (unsigned round = 0; round < rounds; round++) {
		for (size_t i = 0; i < material->questions_count; i++) {
			const char *text = material->questions[i];
			ours.microseconds[ours.count++] = ask(knowledge, text, strlen(text));
		}
		/* The peer is slow: every tenth round is enough for its quantiles. */
		for (size_t i = 0; round % 10 == 0 && i < material->questions_count; i++) {
			double begin = now_us();
			fts_ask(fts, material->questions[i]);
			theirs.microseconds[theirs.count++] = now_us() - begin;
		}
	}
	printf("\"questions\":%zu,\"rows\":%zu,\"samples\":%zu,", material->questions_count, material->rows_count,
	       ours.count);
	take_medians(&ours, material->questions_count);
	take_medians(&theirs, material->questions_count);
	printf("\"median_us\":%.2f,\"p99_us\":%.2f,", quantile(&ours, .5), quantile(&ours, .99));
	printf("\"fts_median_us\":%.2f,\"fts_p99_us\":%.2f,", quantile(&theirs, .5), quantile(&theirs, .99));
	printf("\"ratio\":%.1f,", quantile(&theirs, .5) / quantile(&ours, .5));
	free(ours.microseconds);
	free(theirs.microseconds);
}

static void measure_growth(struct knowledge *knowledge, const struct material *material, size_t count)
{
	for (size_t i = 0; i < material->questions_count; i++) /* warm: what is made once is no growth */
		ask(knowledge, material->questions[i], strlen(material->questions[i]));
	size_t before = mallinfo2().uordblks;
	for (size_t i = 0; i < count; i++) {
		const char *text = material->questions[i % material->questions_count];
		ask(knowledge, text, strlen(text));
	}
	long long grown = (long long)mallinfo2().uordblks - (long long)before;
	printf("\"growth_questions\":%zu,\"growth_bytes\":%lld,", count, grown);
}

/* ---- worst cases: filled up to a length ---- */

static void one_word(struct buffer *out, size_t bytes, const struct material *material)
{
	(void)material;
	while (out->bytes + 9 <= bytes)
		buffer_append_text(out, "soldiers ");
}

static void unknown_words(struct buffer *out, size_t bytes, const struct material *material)
{
	(void)material;
	for (unsigned i = 0; out->bytes + 10 <= bytes; i++)
		buffer_format(out, "xq%06xz ", i * 2654435761u & 0xffffff);
}

/* Real words with one letter changed: the speller's worst. */
static void misspelt(struct buffer *out, size_t bytes, const struct material *material)
{
	for (size_t i = 0; out->bytes < bytes; i++) {
		size_t from = out->bytes;
		buffer_append_text(out, material->rows[i % material->rows_count]);
		for (size_t k = from + 3; k < out->bytes; k += 7)
			if (out->data[k] >= 'a' && out->data[k] < 'z')
				out->data[k]++;
		buffer_append_char(out, ' ');
	}
	out->bytes = utf8_floor(out->data, out->bytes, bytes);
}

static void one_letter(struct buffer *out, size_t bytes, const struct material *material)
{
	(void)material;
	while (out->bytes < bytes)
		buffer_append_char(out, 'a');
}

static void marks(struct buffer *out, size_t bytes, const struct material *material)
{
	(void)material;
	while (out->bytes + 3 <= bytes)
		buffer_append_text(out, "a\xcc\x81");
}

static void conjunctions(struct buffer *out, size_t bytes, const struct material *material)
{
	(void)material;
	while (out->bytes + 14 <= bytes)
		buffer_append_text(out, "and who? when ");
}

static double best_of(struct knowledge *knowledge, const struct buffer *text)
{
	double best = ask(knowledge, text->data, text->bytes);
	for (int i = 0; i < 30; i++) {
		double took = ask(knowledge, text->data, text->bytes);
		best = took < best ? took : best;
	}
	return best;
}

static void measure_worst(struct knowledge *knowledge, const struct material *material)
{
	static const struct {
		const char *name;
		void (*fill)(struct buffer *, size_t, const struct material *);
	} shapes[] = {
		{ "one word repeated", one_word },   { "every word unknown", unknown_words },
		{ "every word misspelt", misspelt }, { "one letter, no space", one_letter },
		{ "combining marks", marks },        { "conjunctions", conjunctions },
	};
	printf("\"worst\":[");
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		double took[3];
		static const size_t sizes[] = { KNOWLEDGE_QUESTION_BYTES / 2, KNOWLEDGE_QUESTION_BYTES, 65536 };
		for (int k = 0; k < 3; k++) {
			struct buffer text;
			buffer_init(&text, 1 << 20);
			shapes[i].fill(&text, sizes[k], material);
			took[k] = best_of(knowledge, &text);
			buffer_finish(&text);
		}
		printf("%s{\"shape\":\"%s\",\"half_us\":%.1f,\"cap_us\":%.1f,\"over_us\":%.1f}", i > 0 ? "," : "",
		       shapes[i].name, took[0], took[1], took[2]);
	}
	printf("]");
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "use: %s BASE CACHE [ROUNDS] [GROWTH_QUESTIONS]\n", argv[0]);
		return 2;
	}
	struct knowledge_options options = { .directory = argv[1], .cache = argv[2] };
	struct knowledge_report report = { 0 };
	struct error error = { 0 };
	struct material material;
	struct fts *fts = NULL;
	struct knowledge *knowledge = knowledge_load(&options, &report, &error);
	bool ready = knowledge && material_read(argv[1], &material, &error);
	if (ready)
		fts = fts_create(material.rows, material.rows_count, &error);
	if (fts) {
		printf("{");
		measure(knowledge, fts, &material, argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 20);
		measure_growth(knowledge, &material, argc > 4 ? strtoul(argv[4], NULL, 10) : 1000000);
		measure_worst(knowledge, &material);
		printf("}\n");
	} else {
		fprintf(stderr, "%s\n", report.count > 0 ? report.problems[0].message : error.text);
	}
	fts_destroy(fts);
	if (knowledge)
		material_finish(&material);
	knowledge_report_finish(&report);
	knowledge_destroy(knowledge);
	return fts ? 0 : 1;
}
