/* language: what differs between the three languages besides the facts' own texts: dates, figures, and the bot's own
 * standing phrases. The codes are in knowledge.h. */
#ifndef QANTAR_ENGINE_LANGUAGE_H
#define QANTAR_ENGINE_LANGUAGE_H

#include "base/buffer.h"
#include "knowledge.h"

enum phrase {
	PHRASE_YES, PHRASE_NO,             /* "Yes. " in front of a fact */
	PHRASE_OTHERWISE,                  /* the question takes for granted what the fact denies */
	PHRASE_UNKNOWN, PHRASE_EMPTY,      /* nothing fits; nothing was asked */
	PHRASE_UNSURE, PHRASE_NONE_MEANT,  /* candidates follow; none of them was meant */
	PHRASE_PART_UNKNOWN,               /* one of two questions has no answer */
	PHRASE_NO_EMERGENCY,               /* in front of the operator's safety text */
	PHRASE_SAFETY,                     /* when neither the operator nor the lexicon has one */
	PHRASE_PICK, PHRASE_PICK_ONE, PHRASE_LANGUAGE, PHRASE_EARLIER, PHRASE_LIST, PHRASE_NO_TOPIC, PHRASE_MORE_NONE,
	PHRASE_SOURCE, PHRASE_PARAGRAPH, PHRASE_AS_OF, PHRASE_RELATED, PHRASE_TOPICS,
	PHRASE_GREETING_DAY, PHRASE_GREETING_FACTS, PHRASE_GREETING_PROMISE,
	PHRASES,
};

/* In English for LANGUAGE_NONE. Static text. */
const char *phrase(enum phrase phrase, enum language language);

/* Dates: knowledge_append_date of knowledge.h. */
/* "5,000" or "5 000" (no-break space); fractions as they are. */
void language_append_number(struct buffer *out, enum language language, double number);
/* "on Monday" of 0, "on Sunday" of 6. Static text. */
const char *language_on_weekday(enum language language, int day);
/* "Not 5,000: " / "No, not 5,000. " in front of the fact that has the right figure. */
void language_append_not(struct buffer *out, enum language language, const char *what, bool yes_no);

#endif
