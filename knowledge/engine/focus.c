#include "engine/focus.h"

#include "engine/lead.h"

enum { FOCUS_CUTS = 4, FOCUS_WORDS = 2 }; /* that are tried; words, at least, on either side of a cut */

struct part {
	const char *text;
	size_t bytes;
};

bool focus_is_question(const struct knowledge *knowledge, const char *text, size_t bytes)
{
	struct match_question *question = &knowledge->scratch->other;
	match_read_form(knowledge->match, text, bytes, knowledge->scratch->whole.language, question);
	return question->expects || question->yes_no || (question->leans && question->language == LANGUAGE_KK);
}

/* Both have to point to the fact: the whole message, and what of it is the question. */
static bool answer_part(const struct knowledge *knowledge, struct part part, struct decision *decision)
{
	struct scratch *scratch = knowledge->scratch;
	struct match_question *question = &scratch->other;
	match_read(knowledge->match, part.text, part.bytes, question);
	scratch->others_count = match_rank(knowledge->match, question, scratch->others, MATCH_CANDIDATES);
	const struct match_candidate *top = scratch->others;
	if (!scratch->others_count || top->fact >= knowledge->base.facts_count ||
	    knowledge->base.facts[top->fact].unknown || !scratch_holds(scratch, top->fact) ||
	    !decide_is_sure(knowledge, question, top))
		return false;
	decision->kind = ANSWER_FACT;
	decision->confidence = (double)top->probability;
	decision->why = "the part of the message that is a question";
	decide_tell(decision, top->fact);
	lead_find(knowledge, question, top, &decision->told[0]);
	return true;
}

bool focus_decide(const struct knowledge *knowledge, const char *text, size_t bytes, const struct words *words,
		  struct decision *decision)
{
	unsigned cuts = 0;
	for (size_t i = words->count; i-- > FOCUS_WORDS && cuts < FOCUS_CUTS;) {
		const struct word *last = &words->items[i - 1], *first = &words->items[i];
		if (words->count - i < FOCUS_WORDS || !(last->ended || last->paused || last->asked))
			continue;
		struct part before = { text, last->at + last->bytes };
		struct part behind = { text + first->at, bytes - first->at };
		bool asked_before = focus_is_question(knowledge, before.text, before.bytes),
		     asked_behind = focus_is_question(knowledge, behind.text, behind.bytes);
		cuts++;
		if (asked_before != asked_behind && answer_part(knowledge, asked_before ? before : behind, decision))
			return true;
	}
	return false;
}
