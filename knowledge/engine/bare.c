#include "engine/bare.h"

#include <stdlib.h>
#include <string.h>

enum { BARE_WORDS = 6 }; /* of the longest such question: "and when exactly did that happen" */

/* Exactly one thing is asked for. */
static bool asks_one_thing(unsigned expects)
{
	return expects && !(expects & (expects - 1));
}

/* What was told holds what is asked for: its date, or that kind of thing. */
static bool holds(const struct fact *fact, unsigned expects)
{
	return (fact->expects & expects) || (expects == EXPECTS_WHEN && *fact->from);
}

/* Whether a neighbour may tell it of the last fact: "when" of what has a day of its own is that day. */
static bool may_tell(const struct fact *last, const struct fact *neighbour, unsigned expects)
{
	return !(expects == EXPECTS_WHEN && *last->from) || strcmp(last->from, neighbour->from) == 0;
}

/* The fact that tells what is asked of the last one: the matcher's best of its neighbours; UINT32_MAX: none. */
static uint32_t find(const struct knowledge *knowledge, uint32_t last, unsigned expects)
{
	const struct scratch *scratch = knowledge->scratch;
	const struct fact *facts = knowledge->base.facts;
	uint32_t found = UINT32_MAX;
	for (size_t i = 0; i < scratch->others_count; i++) {
		uint32_t fact = scratch->others[i].fact;
		if (fact >= knowledge->base.facts_count || fact == last || !(facts[fact].expects & expects) ||
		    facts[fact].unknown || !may_tell(&facts[last], &facts[fact], expects) ||
		    !(fact_meets(&facts[fact], &facts[last]) || facts[fact].topic == facts[last].topic))
			continue;
		if (fact_relates(facts, last, fact))
			return fact;
		found = found == UINT32_MAX ? fact : found;
	}
	return found;
}

/* "The report likens it to 1968": of which would the date be? */
static bool tells_other_years(const struct knowledge *knowledge, const struct fact *fact)
{
	const struct match_question *answer = match_names(knowledge->match, fact->answer[LANGUAGE_EN]);
	for (uint32_t i = 0; i < answer->numbers_count; i++)
		if (answer->numbers[i].year && (long)answer->numbers[i].value != strtol(fact->from, NULL, 10))
			return true;
	return false;
}

bool bare_decide(const struct knowledge *knowledge, const struct knowledge_context *context, const char *text,
		 size_t bytes, struct decision *decision)
{
	struct scratch *scratch = knowledge->scratch;
	const struct match_question *question = &scratch->whole;
	uint32_t last = context_last(knowledge, context);
	if (last == UINT32_MAX || question->content || question->tokens_count > BARE_WORDS ||
	    !asks_one_thing(question->expects))
		return false;
	unsigned expects = question->expects;
	const struct fact *fact = &knowledge->base.facts[last];
	match_read_after(knowledge->match, text, bytes, last, &scratch->other);
	scratch->others_count = match_rank(knowledge->match, &scratch->other, scratch->others, MATCH_CANDIDATES);
	bool nearest = scratch->others_count && scratch->others[0].fact == last;
	uint32_t found = nearest && holds(fact, expects) ? last : find(knowledge, last, expects);
	if (found == UINT32_MAX && holds(fact, expects))
		found = last;
	if (found == UINT32_MAX)
		return false;
	bool unknown = knowledge->base.facts[found].unknown;
	decision->kind = unknown ? ANSWER_KNOWN_UNKNOWN : ANSWER_FACT;
	decision->confidence = unknown ? 0 : (double)match_thresholds(knowledge->match)->answer;
	decision->why = "a bare question word, about what was told last";
	decision->followed = true;
	decide_tell(decision, found);
	if (found == last && expects == EXPECTS_WHEN && !tells_other_years(knowledge, fact))
		decision->told[0].lead = LEAD_DATE;
	return true;
}
