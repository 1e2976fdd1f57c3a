#include "engine/misspelt.h"

#include <stdlib.h>
#include <string.h>

#include "engine/lexis.h"
#include "engine/spell.h"

enum {
	MISSPELT_RARE = 2,     /* so often, at most, the texts hold a misspelling */
	MISSPELT_COMMON = 16,  /* and so often, at least, what it was meant to be */
	MISSPELT_LEAST = 7,    /* letters: of shorter words too many are one edit apart */
	MISSPELT_WORDS = 4096, /* of a topic that are compared, different ones */
};

struct compared {
	uint32_t word;
	uint32_t letters; /* of its key, as a set */
};

struct joiner {
	const struct vocabulary *vocabulary;
	struct layout view;
	struct layout_word *words;
	const char *keys;
	struct text text;
	struct tokens tokens;
	uint32_t *seen; /* [words]: topic + 1 that had it last */
	struct compared common[MISSPELT_WORDS], rare[MISSPELT_WORDS];
	uint32_t common_count, rare_count;
};

static void note_word(struct joiner *joiner, uint32_t word)
{
	uint32_t total = vocabulary_total(joiner->vocabulary, word);
	const struct layout_word *record = &joiner->words[word];
	if (record->key_bytes < MISSPELT_LEAST - 1)
		return;
	struct compared compared = { word, spell_letters(joiner->keys + record->key, record->key_bytes) };
	if (total >= MISSPELT_COMMON && joiner->common_count < MISSPELT_WORDS)
		joiner->common[joiner->common_count++] = compared;
	else if (total <= MISSPELT_RARE && !(record->flags & WORD_NAME) && record->key_bytes >= MISSPELT_LEAST &&
		 joiner->rare_count < MISSPELT_WORDS)
		joiner->rare[joiner->rare_count++] = compared;
}

static void note_texts(struct joiner *joiner, uint32_t topic, const struct texts *texts)
{
	for (uint32_t i = 0; i < texts->count; i++) {
		text_read(&joiner->text, texts->items[i], strlen(texts->items[i]));
		tokens_read(&joiner->tokens, &joiner->text);
		for (uint32_t k = 0; k < joiner->tokens.count; k++) {
			const struct token *token = &joiner->tokens.items[k];
			uint32_t word = lexis_find(&joiner->view, joiner->tokens.text + token->at, token);
			if (word == LEXIS_NONE || joiner->seen[word] == topic + 1)
				continue;
			joiner->seen[word] = topic + 1;
			note_word(joiner, word);
		}
	}
}

/* A form of a common word is none misspelt. */
static bool is_form(const struct joiner *joiner, uint32_t word)
{
	uint32_t first = lexis_find_stem(&joiner->view, joiner->words[word].stem);
	return first != LEXIS_NONE && vocabulary_total(joiner->vocabulary, first) >= MISSPELT_COMMON;
}

/* One edit away. It changes two letters of the set at most, which tells most pairs apart. */
static bool is_near(const struct joiner *joiner, struct compared left, struct compared right)
{
	uint32_t differing = left.letters ^ right.letters;
	differing &= differing - 1;
	if (differing & (differing - 1))
		return false;
	const struct layout_word *a = &joiner->words[left.word], *b = &joiner->words[right.word];
	const char *x = joiner->keys + a->key, *y = joiner->keys + b->key;
	int longer = (int)a->key_bytes - (int)b->key_bytes;
	return x[0] == y[0] && longer >= -1 && longer <= 1 && spell_distance(x, a->key_bytes, y, b->key_bytes) == 1;
}

static void join(struct joiner *joiner, struct compared rare)
{
	struct layout_word *record = &joiner->words[rare.word];
	uint32_t best = LEXIS_NONE;
	if (is_form(joiner, rare.word))
		return;
	for (uint32_t i = 0; i < joiner->common_count; i++)
		if (joiner->common[i].word < best && is_near(joiner, rare, joiner->common[i]))
			best = joiner->common[i].word;
	if (best == LEXIS_NONE)
		return;
	record->key = joiner->words[best].key;
	record->key_bytes = joiner->words[best].key_bytes;
	record->stem = joiner->words[best].stem;
	record->language = joiner->words[best].language;
	record->flags = joiner->words[best].flags;
}

static void join_of_topic(struct joiner *joiner, const struct base *base, uint32_t topic)
{
	joiner->common_count = joiner->rare_count = 0;
	for (uint32_t i = 0; i < base->facts_count; i++) {
		const struct fact *fact = &base->facts[i];
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT && fact->topic == topic; l++) {
			note_texts(joiner, topic, &fact->questions[l]);
			note_texts(joiner, topic, &fact->corrects[l]);
			note_texts(joiner, topic, &fact->affirms[l]);
			note_texts(joiner, topic, &fact->denies[l]);
		}
	}
	for (uint32_t i = 0; i < joiner->rare_count; i++)
		join(joiner, joiner->rare[i]);
}

void misspelt_join(const struct base *base, const struct vocabulary *vocabulary, struct layout_draft *draft)
{
	struct joiner *joiner = memory_zeroed(1, sizeof(*joiner));
	joiner->vocabulary = vocabulary;
	joiner->words = (struct layout_word *)(void *)draft->sections[SECTION_WORDS].data;
	joiner->keys = draft->sections[SECTION_TEXT].data;
	joiner->seen = memory_zeroed(vocabulary_count(vocabulary) + 1, sizeof(uint32_t));
	layout_draft_view(draft, &joiner->view);
	for (uint32_t i = 0; i < base->topics_count; i++)
		join_of_topic(joiner, base, i);
	free(joiner->seen);
	free(joiner);
}
