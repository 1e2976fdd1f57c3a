/* decide: what to answer, before it is put into words.
 *
 * One function reads the message in its context and chooses: people in danger first, then a pick, small talk, a turn
 * that asks nothing new, then what the matcher finds. compose.h words the decision, explain.c shows how it came
 * about. */
#ifndef QANTAR_ENGINE_DECIDE_H
#define QANTAR_ENGINE_DECIDE_H

#include "engine/context.h"
#include "engine/handle.h"
#include "engine/language.h"

enum lead { LEAD_NONE, LEAD_YES, LEAD_NO, LEAD_OTHERWISE, LEAD_NOT_NUMBER, LEAD_NOT_DAY, LEAD_DATE };

struct statement {
	uint32_t fact;
	enum lead lead;
	bool yes_no;   /* the question asked for yes or no */
	double number; /* that the fact puts right */
	bool year;     /* which it is: written without a mark for thousands */
	char day[11];  /* likewise */
	bool weekday;  /* by whose name the question called the day */
	bool earlier;  /* superseded; told beside its successor */
	bool unasked;  /* a known unknown told beside a fact: in the text only */
};

struct decision {
	enum answer_kind kind;
	enum language language;
	bool lasting; /* the language was wished for the answers that follow too */
	double confidence;
	struct statement told[KNOWLEDGE_FACTS_TOLD];
	uint32_t told_count;
	bool listed;       /* a broad question: a list in order of time */
	bool part_unknown; /* one of two questions has no answer */
	bool sources;      /* asked for the source of what was told last */
	uint32_t talk;     /* of small talk and safety; UINT32_MAX: the engine's own text */
	uint32_t candidates[KNOWLEDGE_CANDIDATES];
	uint32_t candidates_count;
	enum phrase phrase; /* of an answer without a fact */
	bool followed;      /* read in the light of the fact told last */
	const char *why;    /* static text, for explain */
};

/* Adds a statement of the fact; past KNOWLEDGE_FACTS_TOLD it does nothing. */
void decide_tell(struct decision *decision, uint32_t fact);

/* Whether the first candidate is to be stated: likely enough, and nothing speaks against it that its likelihood knows
 * too little of (a number asked for and none there, a name that no fact holds, a question of which the fact holds
 * little). */
bool decide_is_sure(const struct knowledge *knowledge, const struct match_question *question,
		    const struct match_candidate *top);

/* `text` is valid UTF-8. The matcher's view stays in knowledge->scratch: `whole` and `candidates` of the message (or
 * of the follow-up, if `followed`). */
void decide(const struct knowledge *knowledge, const struct knowledge_context *context, const char *text,
	    size_t bytes, struct decision *decision);

#endif
