#include "engine/read.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/day.h"
#include "engine/numerals.h"

enum { READ_CORRECTIONS = 16 };

static const float trust[] = {
	/* how much a word counts by how it was read */
	[READING_KNOWN] = 1.0f, [READING_SCRIPT] = 1.0f,  [READING_SPELLING] = 0.8f,
	[READING_STEM] = 1.0f,  [READING_UNKNOWN] = 1.0f,
};
static const float inside_weight = 0.5f; /* of the words that a name or synonym is written with */

struct reading *reading_create(const struct base *base)
{
	struct reading *reading = memory_zeroed(1, sizeof(*reading));
	reading->base = base;
	reading->stemmer = stemmer_create();
	reading->form = form_create();
	reading->numerals = numerals_create();
	return reading;
}

void reading_destroy(struct reading *reading)
{
	if (!reading)
		return;
	stemmer_destroy(reading->stemmer);
	form_destroy(reading->form);
	numerals_destroy(reading->numerals);
	free(reading);
}

static const char *token_text(const struct reading *reading, uint32_t i)
{
	return reading->tokens.text + reading->tokens.items[i].at;
}

/* Before any word is guessed at: by script, and Latin letters by whether the words that are known are English. */
static enum language guess_language(const struct reading *reading, const struct layout *layout)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	bool cyrillic = false;
	unsigned latin = 0, english = 0;
	for (uint32_t i = 0; i < reading->tokens.count; i++) {
		enum key_script script = reading->tokens.items[i].script;
		uint32_t found = reading->found[i];
		if (script == SCRIPT_KAZAKH)
			return LANGUAGE_KK;
		cyrillic = cyrillic || script == SCRIPT_CYRILLIC;
		latin += script == SCRIPT_LATIN;
		english += script == SCRIPT_LATIN && found != LEXIS_NONE && words[found].language == LANGUAGE_EN;
	}
	return cyrillic ? LANGUAGE_RU : 2 * english > latin ? LANGUAGE_EN : LANGUAGE_NONE;
}

/* By the words: each votes for the language it occurs in most, unknown ones for what their letters suggest. */
static enum language decide_language(const struct reading *reading, const struct layout *layout)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	unsigned votes[LANGUAGE_COUNT] = { 0 };
	for (uint32_t i = 0; i < reading->tokens.count; i++) {
		uint32_t found = reading->words[i].word;
		enum key_script script = reading->tokens.items[i].script;
		if (script == SCRIPT_KAZAKH)
			votes[LANGUAGE_KK] += 6;
		else if (found != LEXIS_NONE && words[found].flags & WORD_TELLS)
			votes[words[found].language] += 3;
		else if (script == SCRIPT_CYRILLIC || (script == SCRIPT_LATIN && found == LEXIS_NONE))
			votes[script == SCRIPT_LATIN ? LANGUAGE_EN : LANGUAGE_RU] += 1;
	}
	/* In a draw English is last: its texts hold next to no word of the others, while these borrow from it. */
	static const enum language order[] = { LANGUAGE_RU, LANGUAGE_KK, LANGUAGE_EN };
	enum language best = LANGUAGE_NONE;
	votes[LANGUAGE_NONE] = 0;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (votes[order[i]] > votes[best])
			best = order[i];
	return best;
}

static void read_words(struct reading *reading, const struct layout *layout, struct match_question *question)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	for (uint32_t i = 0; i < reading->tokens.count; i++)
		reading->found[i] = lexis_find(layout, token_text(reading, i), &reading->tokens.items[i]);
	struct lexis_reader reader = { layout, reading->stemmer, &reading->memo, guess_language(reading, layout),
				       READ_CORRECTIONS };
	for (uint32_t i = 0; i < reading->tokens.count; i++) {
		const struct token *token = &reading->tokens.items[i];
		struct lexis_word *word = &reading->words[i];
		const char *text = token_text(reading, i);
		lexis_read(&reader, text, token, reading->found[i], word);
		struct match_token *out = &question->tokens[i];
		*out = (struct match_token){
			.at = token->at,
			.bytes = token->bytes,
			.word = word->word,
			.entity = UINT32_MAX,
			.synonym = UINT32_MAX,
			.reading = word->reading,
			.ends_sentence = token->ends_sentence,
			.asks = token->asks,
		};
		bool stop = word->word != LEXIS_NONE && word->reading != READING_STEM
				    ? words[word->word].flags & WORD_STOP
				    : form_flags(reading->form, reader.language, text, token) & FORM_STOP;
		out->weight = stop ? 0 : 1; /* match.c puts the idf in */
	}
	question->tokens_count = reading->tokens.count;
	question->language = decide_language(reading, layout);
	question->cut = reading->tokens.cut;
	memcpy(question->text, reading->tokens.text, reading->tokens.bytes);
	question->text[reading->tokens.bytes ? reading->tokens.bytes - 1 : 0] = '\0';
}

static bool may_begin_phrase(const struct lexis_word *word, const struct layout *layout, bool by_stem)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	return word->reading != READING_KNOWN || words[word->word].flags & (by_stem ? WORD_BEGINS_STEM : WORD_BEGINS);
}

/* Too short to know a name by; of synonyms training has left these out that are in doubt. */
static bool has_short_stem(const struct lexis_word *word, const struct layout *layout)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	return word->word != LEXIS_NONE && words[word->word].flags & WORD_SHORT_STEM;
}

/* The longest name or synonym that begins at token `i`: how many tokens, 0 for none. */
static uint32_t phrase_at(const struct reading *reading, const struct layout *layout, uint32_t i, uint32_t *meaning)
{
	uint32_t longest = 0;
	for (int by_stem = 0; by_stem < 2; by_stem++) {
		uint64_t chain = 0;
		if (!may_begin_phrase(&reading->words[i], layout, by_stem))
			continue;
		for (uint32_t j = i; j < reading->tokens.count; j++) {
			const struct token *token = &reading->tokens.items[j];
			chain = lexis_chain(chain, &reading->words[j], token_text(reading, j), token, by_stem);
			const struct layout_phrase *phrase = lexis_phrase(layout, chain);
			if (!phrase)
				break;
			bool fits = phrase->meaning != LAYOUT_PREFIX &&
				    (!phrase->capitals || reading->tokens.items[i].capitals) &&
				    !(by_stem && i == j && !(phrase->meaning & LAYOUT_SYNONYM) &&
				      has_short_stem(&reading->words[i], layout));
			if (fits && j - i + 1 > longest) {
				longest = j - i + 1;
				*meaning = phrase->meaning;
			}
			if (!phrase->longer || token->ends_sentence)
				break;
		}
	}
	return longest;
}

static void note_entity(struct match_question *question, uint32_t entity)
{
	for (uint32_t i = 0; i < question->entities_count; i++)
		if (question->entities[i] == entity)
			return;
	if (question->entities_count < MATCH_ENTITIES)
		question->entities[question->entities_count++] = entity;
}

static void add_unit(struct reading *reading, struct unit unit)
{
	if (reading->units_count < READ_UNITS)
		reading->units[reading->units_count++] = unit;
}

uint64_t reading_meaning(const struct base *base, uint32_t meaning)
{
	bool synonym = meaning & LAYOUT_SYNONYM;
	const char *id = synonym ? base->synonyms[meaning & ~LAYOUT_SYNONYM].id : base->entities[meaning].id;
	return text_hash(id, strlen(id)) ^ (synonym ? 0x23 : 0x40);
}

static void read_units(struct reading *reading, const struct layout *layout, struct match_question *question)
{
	reading->units_count = 0;
	question->entities_count = 0;
	for (uint32_t i = 0; i < reading->tokens.count;) {
		uint32_t meaning = 0, length = phrase_at(reading, layout, i, &meaning);
		float weight = trust[reading->words[i].reading];
		if (length == 0) {
			add_unit(reading, (struct unit){ reading->words[i].stem, weight,
							 reading->tokens.items[i].ends_sentence, false, i });
			i++;
			continue;
		}
		bool synonym = meaning & LAYOUT_SYNONYM;
		bool ends = reading->tokens.items[i + length - 1].ends_sentence;
		add_unit(reading, (struct unit){ reading_meaning(reading->base, meaning), weight, ends, false, i });
		for (uint32_t j = i; j < i + length; j++) {
			*(synonym ? &question->tokens[j].synonym : &question->tokens[j].entity) =
				meaning & ~LAYOUT_SYNONYM;
			if (synonym || length > 1)
				add_unit(reading, (struct unit){ reading->words[j].stem, inside_weight * weight, false,
								 true, j });
		}
		if (!synonym)
			note_entity(question, meaning);
		i += length;
	}
}

void reading_take(struct reading *reading, const struct layout *layout, const char *text, size_t bytes,
		  struct match_question *question)
{
	text_read(&reading->text, text, bytes);
	tokens_read(&reading->tokens, &reading->text);
	read_words(reading, layout, question);
	read_units(reading, layout, question);
	numerals_read(reading->numerals, &reading->tokens, question);
	form_read(reading->form, &reading->tokens, question);
	day_read(&reading->tokens, reading->base->as_of, question);
}

void reading_take_form(struct reading *reading, const char *text, size_t bytes, struct match_question *question)
{
	text_read(&reading->text, text, bytes);
	tokens_read(&reading->tokens, &reading->text);
	form_read(reading->form, &reading->tokens, question);
}

static bool taken_over(const struct reading *reading, const struct match_question *context,
		       const struct match_question *question, uint32_t token)
{
	if (context->tokens[token].weight <= 0)
		return false;
	uint32_t entity = context->tokens[token].entity;
	for (uint32_t i = 0; entity != UINT32_MAX && i < question->entities_count; i++)
		if (strcmp(reading->base->entities[entity].kind, reading->base->entities[question->entities[i]].kind) ==
		    0)
			return false;
	return true;
}

void reading_inherit(struct reading *reading, const struct match_question *context, float weight,
		     struct match_question *question)
{
	size_t kept = 0;
	for (size_t i = 0; i < reading->units_count; i++) {
		struct unit unit = reading->units[i];
		if (!taken_over(reading, context, question, unit.token))
			continue;
		unit.weight *= weight;
		reading->units[kept++] = unit;
	}
	features_add_units(&reading->list, reading->units, kept);
	for (uint32_t i = 0; i < context->tokens_count; i++) {
		if (!taken_over(reading, context, question, i))
			continue;
		features_add_letters(&reading->list, reading->words[i].key, reading->words[i].key_bytes, weight);
	}
	features_add_form(&reading->list, question->expects ? 0 : context->expects, weight);
}

void reading_features(struct reading *reading, const struct match_question *question)
{
	features_add_units(&reading->list, reading->units, reading->units_count);
	features_add_form(&reading->list, question->expects, 1);
	for (uint32_t i = 0; i < reading->tokens.count; i++) {
		const struct lexis_word *word = &reading->words[i];
		if (question->tokens[i].weight > 0)
			features_add_letters(&reading->list, word->key, word->key_bytes, trust[word->reading]);
	}
}
