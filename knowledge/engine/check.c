#include "engine/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/abstain.h"
#include "engine/folds.h"
#include "engine/report.h"

static const float twin_least = .75f; /* cosine: of questions that name the same, two or three words may differ */

static const char *id_of(const struct base *base, uint32_t fact)
{
	return fact < base->facts_count ? base->facts[fact].id : base->talks[fact - base->facts_count].id;
}

/* ---- questions that the trained model gives to another fact ---- */

static void check_own(const struct knowledge *knowledge, uint32_t fact, const struct texts *texts,
		      struct knowledge_report *report)
{
	struct match_question *question = &knowledge->scratch->whole;
	struct match_candidate top[MATCH_CANDIDATES];
	for (uint32_t i = 0; i < texts->count; i++) {
		match_read(knowledge->match, texts->items[i], strlen(texts->items[i]), question);
		size_t count = match_rank(knowledge->match, question, top, MATCH_CANDIDATES);
		if (count && abstain_serves(&knowledge->base, &top[0], fact))
			continue;
		report_error(
			report, "conflict", report_place(&knowledge->base, texts->places[i]),
			"\"%.160s\" of %s is answered by %s; say in it what tells the two apart, or move it there",
			texts->items[i], id_of(&knowledge->base, fact),
			count ? id_of(&knowledge->base, top[0].fact) : "no fact");
	}
}

/* ---- what an editor forgot ---- */

static void check_languages(const struct base *base, const struct fact *fact, struct knowledge_report *report)
{
	static const char *const names[LANGUAGE_COUNT] = { "", "English", "Russian", "Kazakh" };
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++) {
		if (!(fact->answered & 1u << i))
			report_warning(report, "language", report_place(base, fact->place),
				       "%s has no answer in %s; write it under \"answer\"", fact->id, names[i]);
		if (!fact->questions[i].count)
			report_warning(report, "language", report_place(base, fact->place),
				       "%s has no question in %s; write how people ask it under \"questions\"",
				       fact->id, names[i]);
	}
}

static void check_claimant(const struct base *base, const struct fact *fact, struct knowledge_report *report)
{
	if (fact->status == STATUS_DISPUTED && !fact->claimant[LANGUAGE_NONE])
		report_warning(report, "claimant", report_place(base, fact->place),
			       "%s is disputed but names nobody who claims it; add \"claimant\"", fact->id);
}

/* ---- near-duplicates: an own question that is all but one of another fact ---- */

/* Whether both name the same things, figures and days: else they are told apart by these. */
static bool name_the_same(const struct match_question *a, const struct match_question *b)
{
	if (a->entities_count != b->entities_count || a->numbers_count != b->numbers_count ||
	    a->days_count != b->days_count)
		return false;
	for (uint32_t i = 0; i < a->entities_count; i++)
		if (a->entities[i] != b->entities[i])
			return false;
	for (uint32_t i = 0; i < a->numbers_count; i++)
		if ((long)a->numbers[i].value != (long)b->numbers[i].value)
			return false;
	for (uint32_t i = 0; i < a->days_count; i++)
		if (strcmp(a->days[i], b->days[i]) != 0)
			return false;
	return true;
}

/* The question in scratch->whole, at `place`, against the nearest own questions of the facts that follow. */
static void check_twins(const struct knowledge *knowledge, uint32_t fact, const char *text, struct place place,
			struct knowledge_report *report)
{
	const struct base *base = &knowledge->base;
	struct match_question *question = &knowledge->scratch->whole, *other = &knowledge->scratch->other;
	struct match_candidate candidates[MATCH_CANDIDATES];
	size_t count = match_rank(knowledge->match, question, candidates, MATCH_CANDIDATES);
	for (size_t i = 0; i < count; i++) {
		const struct match_candidate *candidate = &candidates[i];
		if (candidate->fact <= fact || candidate->fact >= base->facts_count ||
		    candidate->nearest < twin_least)
			continue; /* each pair once */
		if (fact_tells(base->facts, fact, candidate->fact) || fact_tells(base->facts, candidate->fact, fact))
			continue;
		const struct fact *twin = &base->facts[candidate->fact];
		const struct texts *texts = &match_own_texts(twin, candidate->own)[candidate->own_language];
		const char *twin_text = texts->items[candidate->own_index];
		match_read(knowledge->match, twin_text, strlen(twin_text), other);
		if (name_the_same(question, other))
			report_warning(report, "near-duplicate", report_place(base, place),
				       "\"%.120s\" of %s is nearly \"%.120s\" of %s (line %u); "
				       "say in each what tells them apart, or keep one",
				       text, base->facts[fact].id, twin_text, twin->id,
				       texts->places[candidate->own_index].line);
	}
}

static void check_twins_of(const struct knowledge *knowledge, uint32_t fact, struct knowledge_report *report)
{
	for (int own = OWN_QUESTION; own <= OWN_DENIES; own++)
		for (int language = LANGUAGE_EN; language < LANGUAGE_COUNT; language++) {
			const struct texts *texts =
				&match_own_texts(&knowledge->base.facts[fact], (enum match_own)own)[language];
			for (uint32_t i = 0; i < texts->count; i++) {
				match_read(knowledge->match, texts->items[i], strlen(texts->items[i]),
					   &knowledge->scratch->whole);
				check_twins(knowledge, fact, texts->items[i], texts->places[i], report);
			}
		}
}

/* ---- questions left out of training: who hijacks them, and which fact nobody reaches ---- */

enum {
	SHOWN = 3,         /* questions named in a warning that counts more */
	RIVAL_SHARE = 20,  /* one in so many of a fact's questions, of either fact, make a rival: a single one of hundreds
			    * is chance, and a thousand warnings are none */
};

/* An own question of one fact that another would answer. */
struct hijack {
	uint32_t from, by;
	struct place place;
	const char *text;
};

/* All between the same two facts. */
struct rivalry {
	const struct hijack *hijacks;
	uint32_t count;
};

struct watch {
	const struct knowledge *knowledge;
	uint32_t *reached;     /* [facts]: own questions ranked first though left out */
	uint32_t *asked;       /* [facts] */
	struct buffer hijacks; /* struct hijack */
};

static void watch_question(void *context, const struct example *example, const struct match_candidate *candidates,
			   size_t count)
{
	struct watch *watch = context;
	const struct base *base = &watch->knowledge->base;
	watch->asked[example->class]++;
	if (!count)
		return;
	if (abstain_serves(base, &candidates[0], example->class)) {
		watch->reached[example->class]++;
		return;
	}
	/* Only what would be stated is a hijack: less likely answers end in "unsure" or "I don't know". */
	if (candidates[0].fact >= base->facts_count ||
	    candidates[0].probability < match_thresholds(watch->knowledge->match)->answer)
		return;
	const struct texts *lists = match_own_texts(&base->facts[example->class], (enum match_own)example->kind);
	const struct texts *texts = &lists[example->language];
	const struct hijack hijack = { example->class, candidates[0].fact, texts->places[example->index],
				       texts->items[example->index] };
	buffer_append(&watch->hijacks, &hijack, sizeof(hijack));
}

/* By fact, then by who takes the question, then as they stand in the file. */
static int compare_hijacks(const void *left, const void *right)
{
	const struct hijack *a = left, *b = right;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->by != b->by)
		return a->by < b->by ? -1 : 1;
	return (a->place.line > b->place.line) - (a->place.line < b->place.line);
}

/* The most questions first: what is left out for want of room matters least. */
static int compare_rivalries(const void *left, const void *right)
{
	const struct rivalry *a = left, *b = right;
	return a->count != b->count ? (a->count < b->count) - (a->count > b->count)
				    : compare_hijacks(a->hijacks, b->hijacks);
}

static void report_rivalry(const struct watch *watch, const struct rivalry *rivalry, struct knowledge_report *report)
{
	const struct base *base = &watch->knowledge->base;
	const struct hijack *first = rivalry->hijacks;
	const char *from = base->facts[first->from].id, *by = base->facts[first->by].id;
	struct report_place place = report_place(base, first->place);
	if (rivalry->count == 1) {
		report_warning(report, "hijack", place,
			       "were it not written here, \"%.160s\" would be answered by %s instead of %s; add "
			       "questions like it, or words that tell the two apart, or \"tells\" in %s if its answer "
			       "serves as well",
			       first->text, by, from, by);
		return;
	}
	struct buffer shown;
	buffer_init(&shown, 1024);
	for (uint32_t i = 0; i < rivalry->count && i < SHOWN; i++)
		buffer_format(&shown, "%s\"%.100s\" (line %u)", i ? ", " : "", first[i].text, first[i].place.line);
	report_warning(report, "hijack", place,
		       "were they not written here, %u of the %u questions of %s would be answered by %s: %s%s; add "
		       "questions like them, or words that tell the two apart, or \"tells\" in %s if its answer serves as "
		       "well",
		       rivalry->count, watch->asked[first->from], from, by, shown.data,
		       rivalry->count > SHOWN ? ", ..." : "", by);
	buffer_finish(&shown);
}

static void report_hijacks(struct watch *watch, struct knowledge_report *report)
{
	struct hijack *hijacks = (struct hijack *)(void *)watch->hijacks.data;
	size_t count = watch->hijacks.bytes / sizeof(*hijacks), rivalries_count = 0;
	struct rivalry *rivalries = memory_zeroed(count + 1, sizeof(*rivalries));
	if (count)
		qsort(hijacks, count, sizeof(*hijacks), compare_hijacks);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || hijacks[i].from != hijacks[i - 1].from || hijacks[i].by != hijacks[i - 1].by)
			rivalries[rivalries_count++].hijacks = &hijacks[i];
		rivalries[rivalries_count - 1].count++;
	}
	qsort(rivalries, rivalries_count, sizeof(*rivalries), compare_rivalries);
	for (size_t i = 0; i < rivalries_count; i++) {
		const struct hijack *first = rivalries[i].hijacks;
		uint32_t least = watch->asked[first->from] < watch->asked[first->by] ? watch->asked[first->from]
										      : watch->asked[first->by];
		if (rivalries[i].count * RIVAL_SHARE >= least)
			report_rivalry(watch, &rivalries[i], report);
	}
	free(rivalries);
}

static bool check_folds(const struct knowledge *knowledge, struct knowledge_report *report, struct error *error)
{
	const struct base *base = &knowledge->base;
	struct watch watch = { .knowledge = knowledge,
			       .reached = memory_zeroed(base->facts_count, sizeof(uint32_t)),
			       .asked = memory_zeroed(base->facts_count, sizeof(uint32_t)) };
	buffer_init(&watch.hijacks, SIZE_MAX / 2);
	bool done = folds_ask(knowledge, &(struct folds_visitor){ watch_question, &watch }, error);
	for (uint32_t i = 0; done && i < base->facts_count; i++)
		if (watch.asked[i] && !watch.reached[i])
			report_warning(
				report, "unreachable", report_place(base, base->facts[i].place),
				"no question of %s leads to it once it is left out; write more questions, more like one another",
				base->facts[i].id);
	if (done)
		report_hijacks(&watch, report);
	buffer_finish(&watch.hijacks);
	free(watch.reached);
	free(watch.asked);
	return done;
}

bool check_base(const struct knowledge *knowledge, struct knowledge_report *report, struct error *error)
{
	const struct base *base = &knowledge->base;
	for (uint32_t i = 0; i < base->facts_count; i++)
		for (int j = LANGUAGE_EN; j < LANGUAGE_COUNT; j++) {
			check_own(knowledge, i, &base->facts[i].questions[j], report);
			check_own(knowledge, i, &base->facts[i].corrects[j], report);
			check_own(knowledge, i, &base->facts[i].affirms[j], report);
			check_own(knowledge, i, &base->facts[i].denies[j], report);
		}
	for (uint32_t i = 0; i < base->facts_count; i++) {
		check_languages(base, &base->facts[i], report);
		check_claimant(base, &base->facts[i], report);
		check_twins_of(knowledge, i, report);
	}
	return check_folds(knowledge, report, error);
}
