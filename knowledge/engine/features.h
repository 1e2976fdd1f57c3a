/* features: what the trained weights see of a question.
 *
 * Three blocks, each of length 1 times its weight (the weights are below): stems, names, synonym groups and the
 * question word; pairs of these, with marks where a sentence begins and ends; character n-grams inside the key of
 * each word that says something.
 * A feature's value is (1 + ln tf) * sqrt(idf) before the block is brought to length. */
#ifndef QANTAR_ENGINE_FEATURES_H
#define QANTAR_ENGINE_FEATURES_H

#include "engine/layout.h"
#include "engine/match.h"

enum feature_block { BLOCK_WORDS, BLOCK_PAIRS, BLOCK_LETTERS, BLOCK_COUNT };

extern const float features_block_weight[BLOCK_COUNT];

/* a word, or the words of a name or synonym together */
struct unit {
	uint64_t stem;
	float weight; /* how much of a feature it makes */
	bool ends_sentence;
	bool alone;     /* no part of a pair: the words inside a name */
	uint32_t token; /* the first token it is made of */
};

struct feature_list {
	struct {
		uint64_t hash;
		float count;
		uint8_t block;
	} items[MATCH_FEATURES];
	uint32_t count;
};

/* The identity of a unit's unigram feature. */
uint64_t features_term(uint64_t stem);

void features_add_units(struct feature_list *list, const struct unit *units, size_t count);
void features_add_letters(struct feature_list *list, const char *key, size_t bytes, float weight);
void features_add_form(struct feature_list *list, unsigned expects, float weight);

/* UINT32_MAX when the model does not have it. */
uint32_t features_find(const struct layout *layout, uint64_t hash);

/* Looks the list up, merges, weighs. `counts` has layout->features zeros, and has them again afterwards. */
void features_finish(const struct layout *layout, const struct feature_list *list, float *counts,
		     struct match_question *question);

#endif
