/* intents: the matcher on `label<TAB>text` files, as public intent data comes.
 *
 *   intents TRAIN [--unrelated FILE] [--test FILE]... [--folds N] [--examples K] [--draw N]
 *
 * TRAIN becomes a base with one fact a label, the words of its name the fact's keywords. --test asks the questions of
 * FILE: labels that TRAIN lacks are out of scope. --folds cross-validates instead. --examples trains on K of each label
 * only, of the Nth draw (1; one draw may differ from the next by a point). Prints accuracy with and without abstention,
 * recall of what is out of scope, the area under the ROC curve of telling the two apart, and the time a question takes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/utf8.h"
#include "engine/match.h"

enum { FILE_BYTES = 64 << 20, TEST_FILES = 8, NO_FOLD = -1 };

struct line {
	const char *label, *text;
};

struct lines {
	struct buffer bytes;
	struct line *items;
	size_t count;
};

static bool lines_read(struct lines *lines, const char *path)
{
	struct error error;
	*lines = (struct lines){ 0 };
	if (!file_read(path, FILE_BYTES, &lines->bytes, &error)) {
		fprintf(stderr, "intents: %s\n", error.text);
		return false;
	}
	size_t room = 1;
	for (size_t i = 0; i < lines->bytes.bytes; i++)
		room += lines->bytes.data[i] == '\n';
	lines->items = memory_zeroed(room, sizeof(*lines->items));
	char *rest = lines->bytes.data;
	for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
		char *tab = strchr(line, '\t');
		if (!tab)
			continue;
		*tab = '\0';
		lines->items[lines->count++] = (struct line){ line, tab + 1 };
	}
	return true;
}

/* The same order on every machine (Fisher and Yates; the generator is Knuth's MMIX one). */
static void lines_shuffle(struct lines *lines, uint64_t state)
{
	for (size_t i = lines->count; i > 1; i--) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		size_t other = (size_t)(state >> 33) % i;
		struct line line = lines->items[i - 1];
		lines->items[i - 1] = lines->items[other];
		lines->items[other] = line;
	}
}

static void lines_finish(struct lines *lines)
{
	buffer_finish(&lines->bytes);
	free(lines->items);
}

/* ---- a base of lines ---- */

struct labels {
	const char **names;
	size_t count;
};

static size_t label_of(const struct labels *labels, const char *name)
{
	size_t i = 0;
	while (i < labels->count && strcmp(labels->names[i], name) != 0)
		i++;
	return i;
}

struct fold {
	int count, left_out;
};

static bool in_fold(struct fold fold, size_t line)
{
	return fold.count > 0 && (int)(line % (size_t)fold.count) == fold.left_out;
}

/* card_declined: the words that an editor would give as keywords. */
static char *words_of(const char *label)
{
	char *words = strdup(label);
	for (char *at = words; at && *at; at++)
		*at = *at == '_' ? ' ' : *at;
	return words;
}

static void base_fill(struct base *base, const struct labels *labels, const struct lines *train,
		      const struct lines *unrelated, struct fold fold, uint32_t examples)
{
	*base = (struct base){ .facts_count = (uint32_t)labels->count, .hash = 1 };
	base->facts = memory_zeroed(labels->count + 1, sizeof(*base->facts));
	for (size_t i = 0; i < labels->count; i++) {
		base->facts[i].id = labels->names[i];
		base->facts[i].questions[LANGUAGE_EN].items = memory_zeroed(train->count, sizeof(char *));
		base->facts[i].keywords.items = memory_zeroed(1, sizeof(char *));
		base->facts[i].keywords.items[0] = words_of(labels->names[i]);
		base->facts[i].keywords.count = base->facts[i].keywords.items[0] != NULL;
	}
	for (size_t i = 0; i < train->count; i++) {
		struct texts *texts = &base->facts[label_of(labels, train->items[i].label)].questions[LANGUAGE_EN];
		if (!in_fold(fold, i) && texts->count < examples)
			texts->items[texts->count++] = train->items[i].text;
	}
	base->unrelated.items = memory_zeroed(unrelated->count + 1, sizeof(char *));
	for (size_t i = 0; i < unrelated->count; i++)
		base->unrelated.items[base->unrelated.count++] = unrelated->items[i].text;
}

static void base_empty(struct base *base)
{
	for (uint32_t i = 0; i < base->facts_count; i++) {
		free(base->facts[i].questions[LANGUAGE_EN].items);
		free((char *)(uintptr_t)base->facts[i].keywords.items[0]);
		free(base->facts[i].keywords.items);
	}
	free(base->facts);
	free(base->unrelated.items);
}

/* ---- asking ---- */

struct outcome {
	float probability;
	bool in_scope, right;
	double us;
};

struct tally {
	struct outcome *items;
	size_t count;
	float threshold;
	size_t model_bytes;
	double train_s;
};

static double now_us(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void ask(struct match *match, struct match_question *question, const struct labels *labels,
		const struct line *line, struct tally *tally)
{
	struct match_candidate candidates[MATCH_CANDIDATES];
	size_t label = label_of(labels, line->label);
	double start = now_us();
	match_read(match, line->text, strlen(line->text), question);
	size_t count = match_rank(match, question, candidates, MATCH_CANDIDATES);
	struct outcome *outcome = &tally->items[tally->count++];
	*outcome = (struct outcome){ .probability = count ? candidates[0].probability : 0,
				     .in_scope = label < labels->count,
				     .right = count && candidates[0].fact == label,
				     .us = now_us() - start };
	if (getenv("INTENTS_MISSES") && outcome->in_scope && !outcome->right && count)
		printf("miss\t%s\t%s\t%s\t%.2f\n", line->label, labels->names[candidates[0].fact], line->text,
		       (double)outcome->probability);
}

static bool run(const struct labels *labels, const struct lines *train, const struct lines *unrelated,
		const struct lines *tests, size_t tests_count, struct fold fold, uint32_t examples, struct tally *tally)
{
	struct base base;
	struct buffer bytes;
	struct error error;
	base_fill(&base, labels, train, unrelated, fold, examples);
	buffer_init(&bytes, 1u << 30);
	double start = now_us();
	bool ok = model_train(&base, &bytes, &error);
	tally->train_s += (now_us() - start) / 1e6;
	struct model *model = ok ? model_open(&base, bytes.data, bytes.bytes, NULL, &error) : NULL;
	if (!model) {
		fprintf(stderr, "intents: %s\n", error.text);
		buffer_finish(&bytes);
		base_empty(&base);
		return false;
	}
	tally->model_bytes = bytes.bytes;
	struct match *match = match_create(&base, model);
	struct match_question *question = memory_zeroed(1, sizeof(*question));
	tally->threshold = match_thresholds(match)->answer;
	for (size_t i = 0; fold.count > 0 && i < train->count; i++)
		if (in_fold(fold, i))
			ask(match, question, labels, &train->items[i], tally);
	for (size_t t = 0; t < tests_count; t++)
		for (size_t i = 0; i < tests[t].count; i++)
			ask(match, question, labels, &tests[t].items[i], tally);
	free(question);
	match_destroy(match);
	model_close(model);
	buffer_finish(&bytes);
	base_empty(&base);
	return true;
}

/* ---- the table ---- */

static int compare_probability(const void *a, const void *b)
{
	float x = ((const struct outcome *)a)->probability, y = ((const struct outcome *)b)->probability;
	return (x < y) - (x > y);
}

static int compare_us(const void *a, const void *b)
{
	double x = ((const struct outcome *)a)->us, y = ((const struct outcome *)b)->us;
	return (x > y) - (x < y);
}

static void print_at(const struct tally *tally, const char *name, float threshold, size_t inside, size_t outside)
{
	size_t right = 0, abstained = 0;
	for (size_t i = 0; i < tally->count; i++) {
		bool stated = tally->items[i].probability >= threshold;
		right += stated && tally->items[i].right;
		abstained += !stated && !tally->items[i].in_scope;
	}
	printf("%-28s in scope %5.1f %%   out-of-scope recall %5.1f %%   (probability %.3f)\n", name,
	       100.0 * (double)right / (double)inside, outside ? 100.0 * (double)abstained / (double)outside : 0.0,
	       (double)threshold);
}

static void print_tally(struct tally *tally)
{
	size_t inside = 0, outside = 0, seen_outside = 0;
	for (size_t i = 0; i < tally->count; i++)
		*(tally->items[i].in_scope ? &inside : &outside) += 1;
	qsort(tally->items, tally->count, sizeof(*tally->items), compare_us);
	double median = tally->items[tally->count / 2].us, slow = tally->items[tally->count * 99 / 100].us;
	qsort(tally->items, tally->count, sizeof(*tally->items), compare_probability);
	printf("questions %zu in scope, %zu out of scope; model %.2f MB; training %.1f s; a question %.1f us, p99 %.1f "
	       "us\n",
	       inside, outside, (double)tally->model_bytes / 1e6, tally->train_s, median, slow);
	print_at(tally, "never abstaining", 0, inside, outside);
	print_at(tally, "at the model's threshold", tally->threshold, inside, outside);
	static const double recalls[] = { 0.50, 0.65, 0.80, 0.90 };
	double area = 0;
	for (size_t r = 0, i = tally->count; outside > 0 && i-- > 0;) {
		if (tally->items[i].in_scope) {
			area += (double)seen_outside;
			continue;
		}
		seen_outside++;
		for (; r < 4 && (double)seen_outside >= recalls[r] * (double)outside; r++) {
			char name[40];
			snprintf(name, sizeof(name), "at %.0f %% recall", 100 * recalls[r]);
			print_at(tally, name, tally->items[i].probability * 1.000001f, inside, outside);
		}
	}
	if (outside > 0)
		printf("area under the ROC curve %.1f %%\n", 100 * area / ((double)inside * (double)outside));
}

static int usage(void)
{
	fputs("usage: intents TRAIN [--unrelated FILE] [--test FILE]... [--folds N] [--examples K] [--draw N]\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct lines train = { 0 }, unrelated = { 0 }, tests[TEST_FILES] = { 0 };
	size_t tests_count = 0;
	int folds = 0, examples = 1 << 30, draw = 1;
	if (argc < 2 || !lines_read(&train, argv[1]))
		return usage();
	for (int i = 2; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--unrelated") == 0 && lines_read(&unrelated, argv[i + 1]))
			continue;
		if (strcmp(argv[i], "--test") == 0 && tests_count < TEST_FILES &&
		    lines_read(&tests[tests_count], argv[i + 1])) {
			tests_count++;
			continue;
		}
		int *number = strcmp(argv[i], "--folds") == 0      ? &folds
			      : strcmp(argv[i], "--examples") == 0 ? &examples
			      : strcmp(argv[i], "--draw") == 0     ? &draw
								   : NULL;
		if (!number || (*number = (int)strtol(argv[i + 1], NULL, 10)) <= 0)
			return usage();
	}
	lines_shuffle(&train, (uint64_t)draw);
	size_t room = train.count * 2;
	for (size_t t = 0; t < tests_count; t++)
		room += tests[t].count;
	struct labels labels = { memory_zeroed(train.count + 1, sizeof(char *)), 0 };
	for (size_t i = 0; i < train.count; i++)
		if (label_of(&labels, train.items[i].label) == labels.count)
			labels.names[labels.count++] = train.items[i].label;
	struct tally tally = { .items = memory_zeroed(room + 1, sizeof(struct outcome)) };
	bool ok = true;
	if (folds == 0)
		ok = run(&labels, &train, &unrelated, tests, tests_count, (struct fold){ 0, NO_FOLD },
			 (uint32_t)examples, &tally);
	for (int f = 0; f < folds && ok; f++)
		ok = run(&labels, &train, &unrelated, NULL, 0, (struct fold){ folds, f }, (uint32_t)examples, &tally);
	if (ok && tally.count > 0)
		print_tally(&tally);
	for (size_t t = 0; t < tests_count; t++)
		lines_finish(&tests[t]);
	lines_finish(&train);
	lines_finish(&unrelated);
	free(labels.names);
	free(tally.items);
	return ok ? 0 : 1;
}
