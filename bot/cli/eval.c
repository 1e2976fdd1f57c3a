/* qantar eval: how often the answers to a file of questions are right. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/evaluation.h"

static const char help[] =
	"Usage: qantar eval [--json] [--misses] [--part tune|report] [--knowledge DIR] FILE\n"
	"\n"
	"Asks every question of FILE (JSON Lines: \"q\", \"turns\", \"expect\", \"also_fine\", \"style\", \"part\")\n"
	"and prints how many were answered right, with 95 % intervals, the answers at other thresholds, and the\n"
	"confusions that cost most. --misses adds every miss with its explanation. Never train on this file.\n";

enum { ROWS_MOST = 64, CONFUSIONS_SHOWN = 15 };

struct row { /* questions of one part, style, language or form */
	const char *part, *style, *language;
	struct tally tally;
};

static double percent(size_t hits, size_t count)
{
	return count ? 100 * (double)hits / (double)count : 0;
}

/* ---- the table ---- */

static void count_into(struct row *rows, size_t *count, const char *part, const char *style, const char *language,
		       enum outcome outcome)
{
	size_t i = 0;
	while (i < *count && (strcmp(rows[i].part, part) != 0 || strcmp(rows[i].style, style) != 0 ||
			      strcmp(rows[i].language, language) != 0))
		i++;
	if (i == ROWS_MOST)
		return;
	if (i == *count)
		rows[(*count)++] = (struct row){ .part = part, .style = style, .language = language };
	rows[i].tally.of[outcome]++;
}

static int compare_rows(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	int order = strcmp(a->part, b->part);
	order = order ? order : strcmp(a->language, b->language);
	return order ? order : strcmp(a->style, b->style);
}

/* A row each part, style and language, and one "all" a part. */
static size_t make_rows(const struct evaluation *evaluation, bool by_form, struct row rows[ROWS_MOST])
{
	size_t count = 0;
	for (size_t i = 0; i < evaluation->count; i++) {
		const struct trial *trial = &evaluation->trials[i];
		if (by_form) {
			count_into(rows, &count, trial->part, *trial->form ? trial->form : "-", "", trial->outcome);
			continue;
		}
		count_into(rows, &count, trial->part, trial->style, trial->language, trial->outcome);
		count_into(rows, &count, trial->part, "all", "~", trial->outcome);
	}
	qsort(rows, count, sizeof *rows, compare_rows);
	return count;
}

static void print_rows(const struct evaluation *evaluation, bool by_form)
{
	struct row rows[ROWS_MOST];
	size_t count = make_rows(evaluation, by_form, rows);
	printf("%-7s %-13s |  ask  right    (95 %%)    wrong unsure+ unsure silent |  not  silent    (95 %%)   | wrong/100\n",
	       "part", by_form ? "form" : "style");
	for (size_t i = 0; i < count; i++) {
		const size_t *of = rows[i].tally.of;
		size_t asked = tally_answerable(&rows[i].tally), other = tally_unanswerable(&rows[i].tally);
		struct interval right = interval_wilson(of[OUTCOME_RIGHT], asked),
				kept = interval_wilson(of[OUTCOME_KEPT_SILENT], other);
		printf("%-7s %-13s | %4zu  %5.1f (%5.1f-%5.1f) %5zu %7zu %6zu %6zu | %4zu  %5.1f (%5.1f-%5.1f) | %5.1f\n",
		       rows[i].part, rows[i].style, asked, percent(of[OUTCOME_RIGHT], asked), right.low, right.high,
		       of[OUTCOME_WRONG], of[OUTCOME_UNSURE_RIGHT], of[OUTCOME_UNSURE], of[OUTCOME_SILENT], other,
		       percent(of[OUTCOME_KEPT_SILENT], other), kept.low, kept.high,
		       percent(of[OUTCOME_WRONG] + of[OUTCOME_ANSWERED], asked + other));
	}
	puts("");
}

/* ---- other thresholds ---- */

static void print_thresholds(const struct evaluation *evaluation)
{
	static const double thresholds[] = { 0, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95 };
	puts("threshold: answers by the best fact alone | right of answerable | silent of unanswerable | wrong/100");
	for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
		size_t asked = 0, right = 0, other = 0, kept = 0, wrong = 0;
		for (size_t j = 0; j < evaluation->count; j++) {
			const struct trial *trial = &evaluation->trials[j];
			bool answers = trial->probability >= thresholds[i] && !trial->best_unknown;
			bool fits = answers && trial->best_fits;
			asked += trial->expected != NULL;
			other += !trial->expected;
			right += trial->expected && fits;
			kept += !trial->expected && !answers;
			wrong += answers && !(trial->expected && fits);
		}
		printf("  %4.2f  %35s  %5.1f  %20s  %5.1f  %15s %5.1f\n", thresholds[i], "", percent(right, asked),
		       "", percent(kept, other), "", percent(wrong, asked + other));
	}
	puts("");
}

/* ---- confusions ---- */

struct confusion {
	const char *expected, *told;
	size_t count;
};

static int compare_confusions(const void *left, const void *right)
{
	const struct confusion *a = left, *b = right;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	int order = strcmp(a->expected, b->expected);
	return order ? order : strcmp(a->told, b->told);
}

static void print_confusions(const struct evaluation *evaluation)
{
	struct confusion *confusions = memory_zeroed(evaluation->count + 1, sizeof *confusions);
	size_t count = 0;
	for (size_t i = 0; i < evaluation->count; i++) {
		const struct trial *trial = &evaluation->trials[i];
		if (trial->outcome != OUTCOME_WRONG && trial->outcome != OUTCOME_ANSWERED)
			continue;
		const char *expected = trial->expected ? trial->expected : "(nothing)",
			   *told = trial->told ? trial->told : "(nothing)";
		size_t j = 0;
		while (j < count &&
		       (strcmp(confusions[j].expected, expected) != 0 || strcmp(confusions[j].told, told) != 0))
			j++;
		if (j == count)
			confusions[count++] = (struct confusion){ .expected = expected, .told = told };
		confusions[j].count++;
	}
	qsort(confusions, count, sizeof *confusions, compare_confusions);
	puts("Costliest confusions (times, should tell, told):");
	for (size_t i = 0; i < count && i < CONFUSIONS_SHOWN; i++)
		printf("  %3zu  %-32s %s\n", confusions[i].count, confusions[i].expected, confusions[i].told);
	puts("");
	free(confusions);
}

/* ---- misses ---- */

static const char *const outcome_names[OUTCOMES] = {
	[OUTCOME_RIGHT] = "right",
	[OUTCOME_WRONG] = "wrong",
	[OUTCOME_UNSURE_RIGHT] = "unsure, right candidate",
	[OUTCOME_UNSURE] = "unsure",
	[OUTCOME_SILENT] = "silent",
	[OUTCOME_KEPT_SILENT] = "not answered",
	[OUTCOME_ANSWERED] = "answered",
};

static double number(const cJSON *object, const char *key)
{
	const cJSON *value = json_get(object, key);
	return cJSON_IsNumber(value) ? value->valuedouble : 0;
}

static void print_miss(const struct trial *trial)
{
	printf("%s [%s/%s] %s\n  %s\n  gold: %s\n  should tell: %s; %s: %s\n", trial->id, trial->style, trial->form,
	       outcome_names[trial->outcome], trial->question, trial->gold,
	       trial->expected ? trial->expected : "(nothing)", trial->kind, trial->told ? trial->told : "-");
	struct json *json = trial->explanation ? json_parse(trial->explanation, strlen(trial->explanation),
							    &json_limits_message, NULL)
					       : NULL;
	if (!json)
		return;
	const cJSON *candidate = json_array(json_root(json), "candidates");
	const char *why = json_string(json_root(json), "why");
	printf("  because: %s\n", why ? why : "");
	int shown = 0;
	for (candidate = candidate ? candidate->child : NULL; candidate && shown < 3;
	     candidate = candidate->next, shown++)
		printf("    %-30s p %.3f  words %.2f texts %.2f nearest %.2f covered %.2f named %.2f expected %.1f  <- %s\n",
		       json_string(candidate, "id"), number(candidate, "probability"), number(candidate, "linear"),
		       number(candidate, "bm25"), number(candidate, "nearest"), number(candidate, "covered"),
		       number(candidate, "named"), number(candidate, "expected"),
		       json_string(candidate, "own_question") ? json_string(candidate, "own_question") : "");
	json_destroy(json);
}

static void print_misses(const struct evaluation *evaluation)
{
	puts("Misses:");
	for (size_t i = 0; i < evaluation->count; i++)
		if (trial_is_miss(&evaluation->trials[i]))
			print_miss(&evaluation->trials[i]);
}

/* ---- JSON ---- */

static void print_json(const struct evaluation *evaluation)
{
	struct row rows[ROWS_MOST];
	struct buffer out;
	size_t count = make_rows(evaluation, false, rows);
	buffer_init(&out, 64u << 20);
	buffer_append_text(&out, "{\"rows\":[");
	for (size_t i = 0; i < count; i++) {
		buffer_append_text(&out, i ? ",{\"part\":" : "{\"part\":");
		json_append_string(&out, rows[i].part);
		buffer_append_text(&out, ",\"style\":");
		json_append_string(&out, rows[i].style);
		for (int j = 0; j < OUTCOMES; j++)
			buffer_format(&out, ",\"%s\":%zu", outcome_names[j], rows[i].tally.of[j]);
		buffer_append_char(&out, '}');
	}
	buffer_append_text(&out, "],\"misses\":[");
	bool first = true;
	for (size_t i = 0; i < evaluation->count; i++) {
		const struct trial *trial = &evaluation->trials[i];
		if (!trial_is_miss(trial))
			continue;
		buffer_append_text(&out, first ? "{\"id\":" : ",{\"id\":");
		first = false;
		json_append_string(&out, trial->id);
		buffer_format(&out, ",\"outcome\":\"%s\",\"explanation\":%s}", outcome_names[trial->outcome],
			      trial->explanation ? trial->explanation : "null");
	}
	buffer_append_text(&out, "]}");
	puts(buffer_text(&out));
	buffer_finish(&out);
}

/* ---- the command ---- */

struct options {
	bool json, misses, help;
	const char *part, *knowledge;
};

static bool read_options(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },       { "misses", no_argument, NULL, 'm' },
		{ "part", required_argument, NULL, 'p' }, { "knowledge", required_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },       { 0 },
	};
	*options = (struct options){ 0 };
	optind = 0;
	for (int option; (option = getopt_long(argc, argv, "h", longs, NULL)) != -1;)
		switch (option) {
		case 'j': options->json = true; break;
		case 'm': options->misses = true; break;
		case 'p': options->part = optarg; break;
		case 'k': options->knowledge = optarg; break;
		case 'h': options->help = true; break;
		default: return false;
		}
	return true;
}

static void print_all(const struct evaluation *evaluation, const struct options *options)
{
	if (options->json) {
		print_json(evaluation);
		return;
	}
	puts("ask: answerable questions; unsure+: the right fact is among the candidates offered; "
	     "not: unanswerable questions.\n");
	print_rows(evaluation, false);
	print_rows(evaluation, true);
	print_thresholds(evaluation);
	print_confusions(evaluation);
	if (options->misses)
		print_misses(evaluation);
}

int cli_eval(int argc, char **argv)
{
	struct options options;
	struct evaluation evaluation;
	struct error error;
	if (!read_options(argc, argv, &options))
		return cli_misuse("eval", "the options are wrong");
	if (options.help) {
		fputs(help, stdout);
		return CLI_DONE;
	}
	if (argc - optind != 1)
		return cli_misuse("eval", "one file of questions is needed");
	struct knowledge *knowledge = cli_load(options.knowledge, true);
	if (!knowledge)
		return CLI_CANNOT_START;
	bool done = evaluation_run(&evaluation, knowledge, argv[optind], options.part, &error);
	if (done)
		print_all(&evaluation, &options);
	else
		fprintf(stderr, "qantar eval: %s\n", error.text);
	evaluation_finish(&evaluation);
	knowledge_destroy(knowledge);
	return done ? CLI_DONE : CLI_CANNOT_START;
}
