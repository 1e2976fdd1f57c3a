#include "engine/features.h"

#include <math.h>

#include "engine/text.h"

enum { LETTERS_LEAST = 3, LETTERS_MOST = 5 };

const float features_block_weight[BLOCK_COUNT] = { 1.0f, 0.5f, 0.7f };

static const uint64_t block_salt[BLOCK_COUNT] = { 0x51, 0x9E3779B97F4A7C15u, 0xD1B54A32D192ED03u };
static const uint64_t mark = 0x2E; /* the stem that stands for a sentence's edge */

static void add(struct feature_list *list, uint64_t hash, float count, enum feature_block block)
{
	if (list->count == MATCH_FEATURES)
		return;
	list->items[list->count].hash = hash;
	list->items[list->count].count = count;
	list->items[list->count++].block = (uint8_t)block;
}

uint64_t features_term(uint64_t stem)
{
	return text_mix(stem ^ block_salt[BLOCK_WORDS]);
}

static uint64_t pair(uint64_t first, uint64_t second)
{
	return text_mix((first * 31 + second) ^ block_salt[BLOCK_PAIRS]);
}

void features_add_units(struct feature_list *list, const struct unit *units, size_t count)
{
	uint64_t before = mark;
	float weight = 1;
	for (size_t i = 0; i < count; i++) {
		add(list, features_term(units[i].stem), units[i].weight, BLOCK_WORDS);
		if (units[i].alone)
			continue;
		add(list, pair(before, units[i].stem), weight < units[i].weight ? weight : units[i].weight,
		    BLOCK_PAIRS);
		before = units[i].stem;
		weight = units[i].weight;
		if (units[i].ends_sentence || i + 1 == count) {
			add(list, pair(before, mark), weight, BLOCK_PAIRS);
			before = mark;
		}
	}
}

void features_add_letters(struct feature_list *list, const char *key, size_t bytes, float weight)
{
	for (size_t start = 0; start < bytes + 2; start++) {
		uint64_t packed = 0;
		for (size_t length = 1; length <= LETTERS_MOST && start + length <= bytes + 2; length++) {
			size_t at = start + length - 1; /* 0 and bytes + 1 are the word's edges */
			unsigned char letter = at == 0 || at == bytes + 1 ? '_' : (unsigned char)key[at - 1];
			packed = packed << 8 | letter;
			if (length >= LETTERS_LEAST)
				add(list, text_mix(packed ^ block_salt[BLOCK_LETTERS]), weight, BLOCK_LETTERS);
		}
	}
}

void features_add_form(struct feature_list *list, unsigned expects, float weight)
{
	for (unsigned bit = EXPECTS_WHO; bit <= EXPECTS_HOW; bit *= 2)
		if (expects & bit)
			add(list, features_term(text_mix(0xF0F0 + bit)), weight, BLOCK_WORDS);
}

uint32_t features_find(const struct layout *layout, uint64_t hash)
{
	const uint32_t *slots = layout->data[SECTION_FEATURE_SLOTS];
	const struct layout_feature *features = layout->data[SECTION_FEATURES];
	uint32_t count = layout->count[SECTION_FEATURE_SLOTS], top = (uint32_t)(hash >> 56);
	for (uint32_t at = layout_place(hash, count);; at = layout_next(at, count)) {
		uint32_t slot = slots[at], feature = (slot & LAYOUT_FEATURES_MAX) - 1;
		if (slot == 0)
			return UINT32_MAX;
		if (slot >> LAYOUT_SLOT_BITS == top && features[feature].check == (uint32_t)(hash >> 32))
			return feature;
	}
}

void features_finish(const struct layout *layout, const struct feature_list *list, float *counts,
		     struct match_question *question)
{
	const struct layout_feature *features = layout->data[SECTION_FEATURES];
	uint8_t blocks[MATCH_FEATURES];
	float squares[BLOCK_COUNT] = { 0 };
	question->features_count = 0;
	const uint32_t *slots = layout->data[SECTION_FEATURE_SLOTS];
	uint32_t slots_count = layout->count[SECTION_FEATURE_SLOTS];
	for (uint32_t i = 0; i < list->count; i++)
		__builtin_prefetch(&slots[layout_place(list->items[i].hash, slots_count)]);
	for (uint32_t i = 0; i < list->count; i++) {
		uint32_t feature = features_find(layout, list->items[i].hash);
		if (feature == UINT32_MAX)
			continue;
		if (counts[feature] == 0) {
			blocks[question->features_count] = list->items[i].block;
			question->features[question->features_count++].feature = feature;
		}
		counts[feature] += list->items[i].count;
	}
	for (uint32_t i = 0; i < question->features_count; i++) {
		struct match_feature *feature = &question->features[i];
		float count = counts[feature->feature];
		counts[feature->feature] = 0;
		/* A part of an occurrence (a corrected word, something inherited) counts as that part. */
		feature->value = (count > 1 ? 1 + logf(count) : count) * features[feature->feature].weight;
		squares[blocks[i]] += feature->value * feature->value;
	}
	float scale[BLOCK_COUNT];
	for (int b = 0; b < BLOCK_COUNT; b++)
		scale[b] = squares[b] > 0 ? features_block_weight[b] / sqrtf(squares[b]) : 0;
	for (uint32_t i = 0; i < question->features_count; i++)
		question->features[i].value *= scale[blocks[i]];
}
