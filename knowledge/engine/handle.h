/* handle: what is behind the public `struct knowledge`. See ../knowledge.h for the interface. */
#ifndef QANTAR_ENGINE_HANDLE_H
#define QANTAR_ENGINE_HANDLE_H

#include "engine/base.h"
#include "engine/cache.h"
#include "engine/idmap.h"
#include "engine/match.h"
#include "engine/phrasebook.h"

struct scratch { /* working memory of one question: the only thing that changes, so one thread at a time */
	struct match_question whole, other;
	struct match_candidate candidates[MATCH_CANDIDATES], others[MATCH_CANDIDATES];
	size_t candidates_count, others_count;
};

/* Whether the fact is one of the first few of the whole message. */
static inline bool scratch_holds(const struct scratch *scratch, uint32_t fact)
{
	for (size_t i = 0; i < scratch->candidates_count && i < KNOWLEDGE_CANDIDATES; i++)
		if (scratch->candidates[i].fact == fact)
			return true;
	return false;
}

struct knowledge {
	struct base base;
	struct idmap facts;      /* id -> index */
	struct cache_map mapped; /* the model's bytes: mapped, or in memory */
	struct buffer trained;
	struct model *model;
	struct match *match;
	struct phrasebook *phrases;
	struct scratch *scratch;
};

#endif
