#include "cli/evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"

enum { FILE_BYTES = 64 << 20, QUESTIONS_MOST = 1000000 };

/* ---- numbers ---- */

struct interval interval_wilson(size_t hits, size_t count)
{
	static const double z = 1.959963985; /* 97.5 % of the normal distribution */
	if (!count)
		return (struct interval){ 0, 100 };
	double n = (double)count, p = (double)hits / n;
	double middle = p + z * z / (2 * n), half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	return (struct interval){ 100 * (middle - half) / (1 + z * z / n), 100 * (middle + half) / (1 + z * z / n) };
}

size_t tally_answerable(const struct tally *tally)
{
	size_t count = 0;
	for (int i = OUTCOME_RIGHT; i <= OUTCOME_SILENT; i++)
		count += tally->of[i];
	return count;
}

size_t tally_unanswerable(const struct tally *tally)
{
	return tally->of[OUTCOME_KEPT_SILENT] + tally->of[OUTCOME_ANSWERED];
}

bool trial_is_miss(const struct trial *trial)
{
	return trial->outcome != OUTCOME_RIGHT && trial->outcome != OUTCOME_KEPT_SILENT;
}

/* ---- one question ---- */

static bool lists(const cJSON *ids, const char *id)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, ids) if (cJSON_IsString(item) && strcmp(item->valuestring, id) == 0) return true;
	return false;
}

static enum outcome judge(const struct answer *answer, const cJSON *expect, const cJSON *also_fine)
{
	bool answered = answer->kind == ANSWER_FACT || answer->kind == ANSWER_FACTS;
	bool hit = false, stray = false;
	if (!expect->child)
		return answered ? OUTCOME_ANSWERED : OUTCOME_KEPT_SILENT;
	for (size_t i = 0; answered && i < answer->facts_count; i++) {
		bool expected = lists(expect, answer->facts[i]);
		hit |= expected;
		stray |= !expected && !lists(also_fine, answer->facts[i]);
	}
	if (answered)
		return hit && !stray ? OUTCOME_RIGHT : OUTCOME_WRONG;
	if (answer->kind != ANSWER_UNSURE)
		return OUTCOME_SILENT;
	for (size_t i = 0; i < answer->candidates_count; i++)
		if (lists(expect, answer->candidates[i].id))
			return OUTCOME_UNSURE_RIGHT;
	return OUTCOME_UNSURE;
}

/* What the matcher put first, whatever came of it; takes `text` over. */
static void look_behind(struct trial *trial, char *text, const cJSON *expect)
{
	struct json *json = text ? json_parse(text, strlen(text), &json_limits_message, NULL) : NULL;
	const cJSON *best = json ? json_array(json_root(json), "candidates") : NULL;
	best = best ? best->child : NULL;
	const char *id = json_string(best, "id");
	const cJSON *probability = json_get(best, "probability");
	trial->probability = cJSON_IsNumber(probability) ? probability->valuedouble : 0;
	trial->best_fits = id && lists(expect, id);
	trial->best_unknown = !json_bool(best, "states", false);
	json_destroy(json);
	if (trial_is_miss(trial))
		trial->explanation = text;
	else
		free(text);
}

static bool ask(const struct knowledge *knowledge, const cJSON *object, struct trial *trial)
{
	struct knowledge_context context = { 0 };
	struct answer answer;
	const cJSON *turn, *expect = json_array(object, "expect"), *also_fine = json_array(object, "also_fine");
	cJSON_ArrayForEach(turn, json_array(object, "turns"))
	{
		const char *text = cJSON_GetStringValue(turn);
		if (!text || knowledge_answer(knowledge, &context, text, strlen(text), &answer) != KNOWLEDGE_ANSWERED)
			return false;
		answer_finish(&answer);
	}
	char *explanation = knowledge_explain(knowledge, &context, trial->question, strlen(trial->question));
	if (knowledge_answer(knowledge, &context, trial->question, strlen(trial->question), &answer) !=
	    KNOWLEDGE_ANSWERED) {
		free(explanation);
		return false;
	}
	trial->outcome = judge(&answer, expect, also_fine);
	trial->kind = memory_text(answer_kind_name(answer.kind));
	trial->told = memory_text(answer.facts_count        ? answer.facts[0]
				  : answer.candidates_count ? answer.candidates[0].id
							    : NULL);
	look_behind(trial, explanation, expect);
	answer_finish(&answer);
	return true;
}

/* ---- the file ---- */

static char *text_of(const cJSON *object, const char *key)
{
	const char *text = json_string(object, key);
	return memory_text(text ? text : "");
}

static struct trial *add(struct evaluation *evaluation)
{
	if (evaluation->count == evaluation->capacity) {
		size_t capacity = evaluation->capacity ? evaluation->capacity * 2 : 256;
		struct trial *trials = memory_zeroed(capacity, sizeof *trials);
		if (evaluation->count)
			memcpy(trials, evaluation->trials, evaluation->count * sizeof *trials);
		free(evaluation->trials);
		evaluation->trials = trials;
		evaluation->capacity = capacity;
	}
	return &evaluation->trials[evaluation->count++];
}

static bool run_line(struct evaluation *evaluation, const struct knowledge *knowledge, const cJSON *object,
		     const char *part, struct error *error)
{
	const char *own_part = json_string(object, "part");
	if (part && (!own_part || strcmp(own_part, part) != 0))
		return true;
	if (!json_string(object, "q") || !json_array(object, "expect"))
		return error_set(
			error,
			"a line must be {\"id\",\"q\",\"turns\",\"lang\",\"style\",\"part\",\"gold\",\"expect\",\"also_fine\"}, "
			"with a text \"q\" and a list \"expect\"");
	if (evaluation->count >= QUESTIONS_MOST)
		return error_set(error, "more than %d questions", QUESTIONS_MOST);
	struct trial *trial = add(evaluation);
	trial->id = text_of(object, "id");
	trial->question = text_of(object, "q");
	trial->language = text_of(object, "lang");
	trial->style = text_of(object, "style");
	trial->part = text_of(object, "part");
	trial->form = text_of(object, "form");
	trial->gold = text_of(object, "gold");
	const cJSON *first = json_array(object, "expect")->child;
	trial->expected = memory_text(cJSON_GetStringValue(first));
	return ask(knowledge, object, trial) ||
	       error_set(error, "a question or turn was refused: too long, or not a text");
}

bool evaluation_run(struct evaluation *evaluation, const struct knowledge *knowledge, const char *path,
		    const char *part, struct error *error)
{
	struct buffer text;
	*evaluation = (struct evaluation){ 0 };
	bool done = file_read(path, FILE_BYTES, &text, error);
	const char *at = buffer_text(&text), *end = at + text.bytes;
	for (unsigned line = 1; done && at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t bytes = (size_t)((stop ? stop : end) - at);
		struct json_fault fault;
		if (strspn(at, " \t\r") < bytes) {
			struct json *json = json_parse(at, bytes, &json_limits_message, &fault);
			done = json ? run_line(evaluation, knowledge, json_root(json), part, error)
				    : error_set(error, "column %u: %s", fault.place.column, fault.text);
			json_destroy(json);
			if (!done)
				error_prefix(error, "%s:%u", path, line);
		}
		at += bytes + 1;
	}
	buffer_finish(&text);
	return done;
}

void evaluation_finish(struct evaluation *evaluation)
{
	for (size_t i = 0; i < evaluation->count; i++) {
		struct trial *trial = &evaluation->trials[i];
		char *texts[] = { trial->id,   trial->question, trial->language,   trial->style,
				  trial->part, trial->form,     trial->gold,       trial->expected,
				  trial->kind, trial->told,     trial->explanation };
		for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
			free(texts[j]);
	}
	free(evaluation->trials);
	*evaluation = (struct evaluation){ 0 };
}
