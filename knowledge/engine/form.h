/* form: what kind of question it is: what it wants to be told, whether it asks for yes or no, what it leans on.
 *
 * By tables of function words in English, Russian and Kazakh (transliterations included); no grammar. */
#ifndef QANTAR_ENGINE_FORM_H
#define QANTAR_ENGINE_FORM_H

#include "engine/match.h"
#include "engine/token.h"

/* beside the bits of enum expects */
enum form_flag {
	FORM_SUBJECT = 1 << 9, /* before the verbs it makes a statement: I should be glad */
	FORM_STOP = 1 << 10, /* says nothing by itself */
	FORM_NOT = 1 << 11,
	FORM_OPENS = 1 << 12,    /* a yes-no question may begin with it: did, is, разве */
	FORM_PARTICLE = 1 << 13, /* makes a yes-no question wherever it stands: ли, ма */
	FORM_PRONOUN = 1 << 14,  /* leans on what was said: he, там, ол */
	FORM_AND = 1 << 15,      /* opens a follow-up: and, а, ал */
	FORM_QUANTITY = 1 << 16, /* after how, what: many, much, old, number */
	FORM_TIME = 1 << 17,     /* after what, which, в каком: year, day */
	FORM_PLACE = 1 << 18,
	FORM_REASON = 1 << 19,
	FORM_TRUE = 1 << 20,   /* is it true, правда, рас */
	FORM_PERSON = 1 << 21, /* after what, which: person, president's name */
	FORM_TAG = 1 << 22,    /* makes a yes-no question at its end: yeah, right, да */
	FORM_REPORTS = 1 << 23, /* a question word after it opens an indirect question: know, say */
	FORM_OR = 1 << 24, /* or, или: a choice, or "or not" */
	FORM_PERSONAL = 1 << 25, /* he, her */
	FORM_ONLY = 1 << 27,
	FORM_NUMERAL = 1 << 28, /* ten, тысяча, мың */
	FORM_CAUSE = 1 << 26, /* before what: за что, из-за чего */
	FORM_LIE = 1 << 30, /* "is it a lie that", өтірік: yes would say the opposite */
	FORM_INDEFINITE = 1 << 29, /* after a question word, which asks nothing then: кто-то, когда-нибудь */
};
enum { FORM_EXPECTS = 511 };

struct form; /* the tables, indexed; immutable */

struct form *form_create(void);
void form_destroy(struct form *form);

/* Bits of a word, 0 for most. `language` decides where one spelling means two things (не), LANGUAGE_NONE: by the
 * script. */
unsigned form_flags(const struct form *form, enum language language, const char *word, const struct token *token);

/* Fills expects, yes_no, negated, leans of `question` from its tokens, texts and language. */
void form_read(const struct form *form, const struct tokens *tokens, struct match_question *question);

#endif
