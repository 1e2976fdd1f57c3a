/* match_parts: what training needs of a match besides match.h. */
#ifndef QANTAR_ENGINE_MATCH_PARTS_H
#define QANTAR_ENGINE_MATCH_PARTS_H

#include "engine/match.h"
#include "engine/read.h"
#include "engine/score.h"

enum { MATCH_OWN_TEXTS = 4 };

struct match {
	const struct base *base;
	const struct layout *layout;
	const struct abstain *abstain; /* NULL in the first pass of training */
	struct reading *reading;
	struct score score;
	struct match_question context; /* what a follow-up leans on */
	struct match_own_text {
		const char *text; /* the base's */
		struct match_question question;
	} *own_texts; /* [MATCH_OWN_TEXTS] that match_names read last */
	uint32_t own_texts_next;
	float rarest;                  /* the largest weight of a term: an unknown word weighs as much */
};

/* All are borrowed. */
struct match *match_create_view(const struct base *base, const struct layout *layout, const struct abstain *abstain);

/* As match_rank without probabilities; the class `ignore` is as if it were not there. */
size_t match_rank_parts(struct match *match, const struct match_question *question, uint32_t ignore,
			struct match_candidate *candidates, size_t most, struct abstain_context *context);

#endif
