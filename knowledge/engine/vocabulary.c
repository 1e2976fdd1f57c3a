#include "engine/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "engine/layout.h"

static struct vocabulary_word *words(const struct vocabulary *vocabulary)
{
	return (struct vocabulary_word *)(void *)vocabulary->words.data;
}

uint32_t vocabulary_count(const struct vocabulary *vocabulary)
{
	return (uint32_t)(vocabulary->words.bytes / sizeof(struct vocabulary_word));
}

const struct vocabulary_word *vocabulary_word(const struct vocabulary *vocabulary, uint32_t index)
{
	return &words(vocabulary)[index];
}

const char *vocabulary_text(const struct vocabulary *vocabulary, uint32_t index)
{
	return vocabulary->texts->data + words(vocabulary)[index].text;
}

static void grow(struct vocabulary *vocabulary)
{
	uint32_t count = vocabulary->slots_count ? vocabulary->slots_count * 2 : 1024;
	uint32_t *slots = memory_zeroed(count, sizeof(*slots));
	for (uint32_t i = 0; i < vocabulary_count(vocabulary); i++) {
		uint64_t at = text_hash(vocabulary_text(vocabulary, i), words(vocabulary)[i].bytes);
		while (slots[at & (count - 1)])
			at++;
		slots[at & (count - 1)] = i + 1;
	}
	free(vocabulary->slots);
	vocabulary->slots = slots;
	vocabulary->slots_count = count;
}

static struct vocabulary_word *word_of(struct vocabulary *vocabulary, const char *word, size_t bytes)
{
	if (2 * vocabulary_count(vocabulary) + 2 > vocabulary->slots_count)
		grow(vocabulary);
	uint64_t at = text_hash(word, bytes);
	for (;; at++) {
		uint32_t slot = vocabulary->slots[at & (vocabulary->slots_count - 1)];
		if (slot == 0)
			break;
		if (words(vocabulary)[slot - 1].bytes == bytes &&
		    memcmp(vocabulary_text(vocabulary, slot - 1), word, bytes) == 0)
			return &words(vocabulary)[slot - 1];
	}
	struct buffer *text = vocabulary->texts;
	struct vocabulary_word entry = { .text = (uint32_t)text->bytes, .bytes = (uint8_t)bytes };
	buffer_append(text, word, bytes);
	buffer_append_char(text, '\0');
	buffer_append(&vocabulary->words, &entry, sizeof(entry));
	uint32_t count = vocabulary_count(vocabulary);
	vocabulary->slots[at & (vocabulary->slots_count - 1)] = count;
	return &words(vocabulary)[count - 1];
}

static void add_text(struct vocabulary *vocabulary, enum language language, const char *text, uint8_t flags)
{
	text_read(&vocabulary->text, text, strlen(text));
	tokens_read(&vocabulary->tokens, &vocabulary->text);
	for (uint32_t i = 0; i < vocabulary->tokens.count; i++) {
		const struct token *token = &vocabulary->tokens.items[i];
		const char *word = vocabulary->tokens.text + token->at;
		struct vocabulary_word *entry = word_of(vocabulary, word, token->bytes);
		entry->counts[token->script == SCRIPT_KAZAKH ? LANGUAGE_KK : language]++;
		entry->flags |= flags;
	}
}

enum language vocabulary_language(const struct vocabulary_word *entry, enum key_script script)
{
	enum language best = LANGUAGE_NONE;
	uint32_t most = 0;
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++) {
		if (entry->counts[l] > most) {
			most = entry->counts[l];
			best = (enum language)l;
		}
	}
	if (best)
		return best;
	return script == SCRIPT_LATIN ? LANGUAGE_EN : script == SCRIPT_CYRILLIC ? LANGUAGE_RU : LANGUAGE_NONE;
}

static uint32_t word_count(const struct vocabulary_word *entry)
{
	return entry->counts[0] + entry->counts[1] + entry->counts[2] + entry->counts[3];
}

uint32_t vocabulary_total(const struct vocabulary *vocabulary, uint32_t index)
{
	return word_count(&words(vocabulary)[index]);
}

/* A text of the base whose language nobody told: that of most of its words which stand in told ones. */
static enum language guess_language(struct vocabulary *vocabulary, const char *text)
{
	uint32_t votes[LANGUAGE_COUNT] = { 0 };
	enum language best = LANGUAGE_NONE;
	bool cyrillic = false;
	text_read(&vocabulary->text, text, strlen(text));
	tokens_read(&vocabulary->tokens, &vocabulary->text);
	for (uint32_t i = 0; i < vocabulary->tokens.count; i++) {
		const struct token *token = &vocabulary->tokens.items[i];
		const struct vocabulary_word *entry = word_of(vocabulary, vocabulary->tokens.text + token->at, token->bytes);
		if (token->script == SCRIPT_KAZAKH)
			return LANGUAGE_KK;
		cyrillic = cyrillic || token->script == SCRIPT_CYRILLIC;
		if (!(entry->flags & WORD_NAME) && word_count(entry) > entry->counts[LANGUAGE_NONE])
			votes[vocabulary_language(entry, token->script)]++;
	}
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
		if (votes[l] > votes[best])
			best = (enum language)l;
	return best ? best : cyrillic ? LANGUAGE_RU : LANGUAGE_EN;
}

static void add_texts(struct vocabulary *vocabulary, enum language language, const struct texts *texts, uint8_t flags)
{
	for (uint32_t i = 0; i < texts->count; i++)
		add_text(vocabulary, language, texts->items[i], flags);
}

static void add_base(struct vocabulary *vocabulary, const struct base *base)
{
	for (uint32_t i = 0; i < base->facts_count; i++) {
		const struct fact *fact = &base->facts[i];
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++) {
			add_texts(vocabulary, (enum language)l, &fact->questions[l], 0);
			add_texts(vocabulary, (enum language)l, &fact->corrects[l], 0);
			add_texts(vocabulary, (enum language)l, &fact->affirms[l], 0);
			add_texts(vocabulary, (enum language)l, &fact->denies[l], 0);
			if (fact->answer[l])
				add_text(vocabulary, (enum language)l, fact->answer[l], 0);
		}
		add_texts(vocabulary, LANGUAGE_NONE, &fact->keywords, 0);
	}
	for (uint32_t i = 0; i < base->entities_count; i++)
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
			add_texts(vocabulary, LANGUAGE_NONE, &base->entities[i].names[l], WORD_NAME);
	for (uint32_t i = 0; i < base->synonyms_count; i++)
		add_texts(vocabulary, LANGUAGE_NONE, &base->synonyms[i].words, 0);
	for (uint32_t i = 0; i < base->talks_count; i++)
		add_texts(vocabulary, LANGUAGE_NONE, &base->talks[i].phrases, 0);
	for (uint32_t i = 0; i < base->unrelated.count; i++) {
		const char *text = base->unrelated.items[i];
		add_text(vocabulary, guess_language(vocabulary, text), text, 0);
	}
}

bool vocabulary_tells_language(const struct vocabulary_word *entry, bool stop)
{
	uint32_t told = word_count(entry) - entry->counts[LANGUAGE_NONE];
	bool kazakh = 10 * (told - entry->counts[LANGUAGE_KK]) < told;
	return told && (!(entry->flags & WORD_NAME) || stop || kazakh);
}

static int compare_words(const void *a, const void *b)
{
	const struct vocabulary_word *x = a, *y = b;
	uint32_t x_count = word_count(x), y_count = word_count(y);
	return x_count != y_count ? (x_count < y_count) - (x_count > y_count) : (x->text > y->text) - (x->text < y->text);
}

void vocabulary_read(struct vocabulary *vocabulary, const struct base *base, struct buffer *texts)
{
	vocabulary->texts = texts;
	vocabulary->slots = NULL;
	vocabulary->slots_count = 0;
	buffer_init(&vocabulary->words, LAYOUT_BYTES_MAX);
	add_base(vocabulary, base);
	qsort(vocabulary->words.data, vocabulary_count(vocabulary), sizeof(struct vocabulary_word), compare_words);
	free(vocabulary->slots); /* they do not hold any more */
	vocabulary->slots = NULL;
}

void vocabulary_finish(struct vocabulary *vocabulary)
{
	buffer_finish(&vocabulary->words);
	free(vocabulary->slots);
}
