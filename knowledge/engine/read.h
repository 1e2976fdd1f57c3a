/* read: a question's text as tokens, words, names, form and features. Part of match.h; see there. */
#ifndef QANTAR_ENGINE_READ_H
#define QANTAR_ENGINE_READ_H

#include "engine/features.h"
#include "engine/form.h"
#include "engine/lexis.h"
#include "engine/numerals.h"
#include "engine/token.h"

enum { READ_UNITS = 2 * MATCH_TOKENS };

/* working memory; large */
struct reading {
	const struct base *base;
	struct stemmer *stemmer;
	struct form *form;
	struct numerals *numerals;
	struct text text;
	struct tokens tokens;
	struct lexis_memo memo;
	uint32_t found[MATCH_TOKENS]; /* by lexis_find */
	struct lexis_word words[MATCH_TOKENS];
	struct unit units[READ_UNITS];
	size_t units_count;
	struct feature_list list;
};

/* The stem of a name (an entity's index) or a synonym group (LAYOUT_SYNONYM | its index). */
uint64_t reading_meaning(const struct base *base, uint32_t meaning);

struct reading *reading_create(const struct base *base);
void reading_destroy(struct reading *reading);

/* Fills everything of `question` but what needs features: weights of tokens, content, unknown, seen. */
void reading_take(struct reading *reading, const struct layout *layout, const char *text, size_t bytes,
		  struct match_question *question);

/* Fills what form_read does, by the language that `question` has. */
void reading_take_form(struct reading *reading, const char *text, size_t bytes, struct match_question *question);

/* Adds the features of what reading_take read last, into `question`, to `list`. */
void reading_features(struct reading *reading, const struct match_question *question);

/* What was read last is `context`, of which `question` takes over what it does not say itself: all but words that say
 * nothing and names of a kind that it names itself, at `weight`; the question word too when it has none. Adds that to
 * `list`. */
void reading_inherit(struct reading *reading, const struct match_question *context, float weight,
		     struct match_question *question);

#endif
