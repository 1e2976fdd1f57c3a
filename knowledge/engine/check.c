#include "engine/check.h"

#include <string.h>

#include "engine/report.h"

static const char *id_of(const struct base *base, uint32_t fact)
{
	return fact < base->facts_count ? base->facts[fact].id : base->talks[fact - base->facts_count].id;
}

/* ---- questions that the trained model gives to another fact ---- */

static void check_own(const struct knowledge *knowledge, uint32_t fact, const struct texts *texts, struct knowledge_report *report)
{
	struct match_question *question = &knowledge->scratch->whole;
	struct match_candidate top[2];
	for (uint32_t i = 0; i < texts->count; i++) {
		match_read(knowledge->match, texts->items[i], strlen(texts->items[i]), question);
		size_t count = match_rank(knowledge->match, question, top, 2);
		if (count && top[0].fact == fact)
			continue;
		report_error(report, "conflict", report_place(&knowledge->base, texts->places[i]),
			     "\"%.160s\" of %s is answered by %s; say in it what tells the two apart, or move it there",
			     texts->items[i], id_of(&knowledge->base, fact), count ? id_of(&knowledge->base, top[0].fact) : "no fact");
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
				       "%s has no question in %s; write how people ask it under \"questions\"", fact->id, names[i]);
	}
}

static void check_claimant(const struct base *base, const struct fact *fact, struct knowledge_report *report)
{
	if (fact->status == STATUS_DISPUTED && !fact->claimant[LANGUAGE_NONE])
		report_warning(report, "claimant", report_place(base, fact->place),
			       "%s is disputed but names nobody who claims it; add \"claimant\"", fact->id);
}

bool check_base(const struct knowledge *knowledge, struct knowledge_report *report, struct error *error)
{
	const struct base *base = &knowledge->base;
	(void)error;
	for (uint32_t i = 0; i < base->facts_count; i++)
		for (int j = LANGUAGE_EN; j < LANGUAGE_COUNT; j++) {
			check_own(knowledge, i, &base->facts[i].questions[j], report);
			check_own(knowledge, i, &base->facts[i].affirms[j], report);
			check_own(knowledge, i, &base->facts[i].denies[j], report);
		}
	for (uint32_t i = 0; i < base->facts_count; i++) {
		check_languages(base, &base->facts[i], report);
		check_claimant(base, &base->facts[i], report);
	}
	return true;
}
