/* The words of a base, its names and synonyms, as sections of the model. */
#include "engine/lexis.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/form.h"
#include "engine/misspelt.h"
#include "engine/spell.h"
#include "engine/token.h"
#include "engine/vocabulary.h"

enum { AS_WRITTEN = '=' }; /* before a synonym: no other form of the word is one */
enum { STEM_OF_NAME = 5 }; /* letters, at least, of a name of one word that is known by its stem */

struct builder {
	struct layout_draft *draft;
	struct vocabulary vocabulary;
	struct text text;
	struct tokens tokens;
	struct stemmer *stemmer;
	struct form *form;
};

/* The commonest first: of words that are equally near to a misspelt one, or share a key, the first is taken. */
static void write_words(struct builder *builder)
{
	struct buffer *text = &builder->draft->sections[SECTION_TEXT];
	for (uint32_t i = 0; i < vocabulary_count(&builder->vocabulary); i++) {
		const struct vocabulary_word *entry = vocabulary_word(&builder->vocabulary, i);
		char word[TOKEN_BYTES + 1], key[KEY_BYTES], stem[KEY_BYTES];
		memcpy(word, vocabulary_text(&builder->vocabulary, i), entry->bytes);
		size_t key_bytes = key_of(word, entry->bytes, key), stem_bytes = 0;
		struct token token = token_of(word, entry->bytes);
		enum key_script script = token.script;
		enum language language = vocabulary_language(entry, script);
		bool plain = script == SCRIPT_DIGITS || script == SCRIPT_OTHER;
		bool own_key = key_bytes != entry->bytes || memcmp(key, word, key_bytes) != 0;
		if (!plain)
			stem_bytes = stem_word(builder->stemmer, language, word, entry->bytes, stem);
		struct layout_word record = {
			.stem = (uint32_t)(plain ? token.hash : text_hash(stem, stem_bytes)),
			.text = entry->text,
			.key = own_key ? (uint32_t)text->bytes : entry->text,
			.text_bytes = entry->bytes,
			.key_bytes = (uint8_t)key_bytes,
			.language = (uint8_t)language,
			.flags = entry->flags,
		};
		if (!plain && language == LANGUAGE_KK && stem_bytes < STEM_OF_NAME && stem_bytes < key_bytes)
			record.flags |= WORD_SHORT_STEM;
		if (form_flags(builder->form, language, word, &token) & FORM_STOP)
			record.flags |= WORD_STOP;
		if (vocabulary_tells_language(entry, record.flags & WORD_STOP))
			record.flags |= WORD_TELLS;
		if (own_key)
			buffer_append(text, key, key_bytes + 1);
		buffer_append(&builder->draft->sections[SECTION_WORDS], &record, sizeof(record));
	}
}

/* ---- hash tables over the words ---- */

static void put_slot(uint32_t *slots, uint32_t count, uint64_t hash, uint32_t word)
{
	uint32_t at = layout_place(hash, count);
	while (slots[at])
		at = layout_next(at, count);
	slots[at] = word + 1;
}

/* The commonest word of a key stands for it; its stem becomes that of all words with the key, English ones aside.
 * Returns how many slots are taken. */
static uint32_t fill_keys(struct builder *builder, uint32_t *keys, uint32_t keys_count)
{
	const char *text = builder->draft->sections[SECTION_TEXT].data;
	struct layout_word *words = (struct layout_word *)(void *)builder->draft->sections[SECTION_WORDS].data;
	struct layout view;
	uint32_t used = 0;
	layout_draft_view(builder->draft, &view);
	view.data[SECTION_KEY_SLOTS] = keys;
	view.count[SECTION_KEY_SLOTS] = keys_count;
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < vocabulary_count(&builder->vocabulary); i++) {
			struct layout_word *word = &words[i];
			uint32_t found = pass == 0 ? lexis_find_key(&view, text + word->key, word->key_bytes)
						   : lexis_find_stem(&view, word->stem);
			uint64_t hash = pass == 0 ? text_hash(text + word->key, word->key_bytes) : word->stem;
			if (found == LEXIS_NONE) {
				put_slot(keys, keys_count, hash, i);
				used++;
			} else if (pass == 0 && word->key_bytes > 3 && word->language != LANGUAGE_EN &&
				   words[found].language != LANGUAGE_EN) {
				word->stem = words[found].stem;
			}
		}
	}
	return used;
}

static void write_slots(struct builder *builder)
{
	struct layout_draft *draft = builder->draft;
	struct layout_word *words = (struct layout_word *)(void *)draft->sections[SECTION_WORDS].data;
	uint32_t count = vocabulary_count(&builder->vocabulary);
	uint32_t slots_count = layout_slots(count), keys_count = layout_slots(2 * count);
	uint32_t *slots = memory_zeroed(slots_count, sizeof(*slots)), *keys = memory_zeroed(keys_count, sizeof(*keys));
	for (uint32_t i = 0; i < count; i++)
		put_slot(slots, slots_count, text_hash(vocabulary_text(&builder->vocabulary, i), words[i].text_bytes), i);
	buffer_append(&draft->sections[SECTION_WORD_SLOTS], slots, slots_count * sizeof(*slots));
	/* Once to see how many keys and stems there are, once in a table of their size. */
	keys_count = layout_slots(fill_keys(builder, keys, keys_count));
	memset(keys, 0, keys_count * sizeof(*keys));
	fill_keys(builder, keys, keys_count);
	buffer_append(&draft->sections[SECTION_KEY_SLOTS], keys, keys_count * sizeof(*keys));
	free(keys);
	free(slots);
}

/* ---- phrases ---- */

struct phrases {
	struct layout_phrase *slots;
	uint32_t count, used;
};

static struct layout_phrase *phrase_slot(struct phrases *phrases, uint64_t hash)
{
	uint32_t at = layout_place(hash, phrases->count);
	while (phrases->slots[at].hash && phrases->slots[at].hash != hash)
		at = layout_next(at, phrases->count);
	return &phrases->slots[at];
}

/* The same phrases in a table of another size. */
static void phrases_move(struct phrases *phrases, uint32_t count)
{
	struct phrases moved = { memory_zeroed(count, sizeof(struct layout_phrase)), count, phrases->used };
	for (uint32_t i = 0; i < phrases->count; i++)
		if (phrases->slots[i].hash)
			*phrase_slot(&moved, phrases->slots[i].hash) = phrases->slots[i];
	free(phrases->slots);
	*phrases = moved;
}

static struct layout_phrase *phrase_add(struct phrases *phrases, uint64_t hash)
{
	if (layout_slots(phrases->used + 1) > phrases->count)
		phrases_move(phrases, phrases->count * 2);
	struct layout_phrase *slot = phrase_slot(phrases, hash);
	if (slot->hash == 0) {
		*slot = (struct layout_phrase){ .hash = hash, .meaning = LAYOUT_PREFIX };
		phrases->used++;
	}
	return slot;
}

/* What little is left of a short word is the stem of others too: of карантин (taken for a form) қара, which is black;
 * of посол (ambassador) that of после (after). A synonym's Russian words may be in doubt, but not a name, for who asks
 * for a name is not told what bears it not. A synonym that is a root already (баға, price) is in no doubt. English has
 * few forms, which are all listed. */
static bool is_short_stem(const struct builder *builder, const struct layout *view, const struct lexis_word *word,
			  bool synonym)
{
	const struct layout_word *words = view->data[SECTION_WORDS];
	char stem[KEY_BYTES];
	enum language language = word->word == LEXIS_NONE ? LANGUAGE_NONE : words[word->word].language;
	if (language != LANGUAGE_KK && (synonym || language != LANGUAGE_RU))
		return false;
	size_t bytes;
	const char *text = lexis_text(view, word->word, &bytes);
	size_t stem_bytes = stem_word(builder->stemmer, language, text, bytes, stem);
	return stem_bytes < STEM_OF_NAME && !(synonym && stem_bytes == words[word->word].key_bytes);
}

static void add_phrase(struct builder *builder, struct phrases *phrases, const char *name, uint32_t meaning,
		       bool by_stem)
{
	struct layout view;
	layout_draft_view(builder->draft, &view);
	text_read(&builder->text, name, strlen(name));
	tokens_read(&builder->tokens, &builder->text);
	struct lexis_reader reader = { .layout = &view, .stemmer = builder->stemmer };
	uint64_t chain = 0;
	bool stop = true;
	for (uint32_t i = 0; i < builder->tokens.count; i++) {
		const struct token *token = &builder->tokens.items[i];
		const char *word = builder->tokens.text + token->at;
		struct lexis_word read;
		lexis_read(&reader, word, token, lexis_find(&view, word, token), &read);
		if (by_stem && builder->tokens.count == 1 &&
		    is_short_stem(builder, &view, &read, meaning & LAYOUT_SYNONYM))
			return;
		chain = lexis_chain(chain, &read, word, token, by_stem);
		struct layout_phrase *phrase = phrase_add(phrases, chain);
		stop = stop && (form_flags(builder->form, LANGUAGE_NONE, word, token) & FORM_STOP);
		if (i + 1 < builder->tokens.count) {
			phrase->longer = 1;
		} else if (phrase->meaning == LAYOUT_PREFIX) {
			phrase->meaning = meaning;
			phrase->capitals = stop;
		}
	}
}

static bool by_stem_too(const struct entity *entity, int language, const char *name)
{
	/* The stem of a single name may be a common word: Snowball makes тока of токаев. */
	bool proper = strcmp(entity->kind, "person") == 0 || strcmp(entity->kind, "place") == 0;
	/* English has few forms, which are all listed; its stems join office and officer. */
	return (!proper && language != LANGUAGE_EN) || strchr(name, ' ') != NULL;
}

static void write_phrases(struct builder *builder, const struct base *base)
{
	struct phrases phrases = { memory_zeroed(1024, sizeof(struct layout_phrase)), 1024, 0 };
	for (int by_stem = 0; by_stem < 2; by_stem++) {
		for (uint32_t i = 0; i < base->entities_count; i++) {
			const struct entity *entity = &base->entities[i];
			for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
				for (uint32_t n = 0; n < entity->names[l].count; n++)
					if (!by_stem || by_stem_too(entity, l, entity->names[l].items[n]))
						add_phrase(builder, &phrases, entity->names[l].items[n], i, by_stem);
		}
		for (uint32_t i = 0; i < base->synonyms_count; i++) {
			const struct texts *words = &base->synonyms[i].words;
			for (uint32_t n = 0; n < words->count; n++)
				if (!by_stem || words->items[n][0] != AS_WRITTEN)
					add_phrase(builder, &phrases, words->items[n], LAYOUT_SYNONYM | i, by_stem);
		}
	}
	phrases_move(&phrases, layout_slots(phrases.used));
	buffer_append(&builder->draft->sections[SECTION_PHRASES], phrases.slots,
		      phrases.count * sizeof(struct layout_phrase));
	free(phrases.slots);
}

/* Most words begin no phrase, and to know that saves two searches. */
static void mark_beginnings(struct builder *builder)
{
	struct layout_word *words = (struct layout_word *)(void *)builder->draft->sections[SECTION_WORDS].data;
	struct lexis_reader reader = { .stemmer = builder->stemmer };
	struct layout view;
	layout_draft_view(builder->draft, &view);
	reader.layout = &view;
	for (uint32_t i = 0; i < vocabulary_count(&builder->vocabulary); i++) {
		const char *word = vocabulary_text(&builder->vocabulary, i);
		struct token token = token_of(word, words[i].text_bytes);
		struct lexis_word read;
		lexis_read(&reader, word, &token, i, &read);
		if (lexis_phrase(&view, lexis_chain(0, &read, word, &token, false)))
			words[i].flags |= WORD_BEGINS;
		if (lexis_phrase(&view, lexis_chain(0, &read, word, &token, true)))
			words[i].flags |= WORD_BEGINS_STEM;
	}
}

void lexis_build(const struct base *base, struct layout_draft *draft)
{
	struct builder *builder = memory_zeroed(1, sizeof(*builder));
	builder->draft = draft;
	builder->stemmer = stemmer_create();
	builder->form = form_create();
	buffer_append_char(&draft->sections[SECTION_TEXT], '\0');
	vocabulary_read(&builder->vocabulary, base, &draft->sections[SECTION_TEXT]);
	write_words(builder);
	write_slots(builder);
	misspelt_join(base, &builder->vocabulary, draft);
	spell_build(draft);
	write_phrases(builder, base);
	mark_beginnings(builder);
	vocabulary_finish(&builder->vocabulary);
	stemmer_destroy(builder->stemmer);
	form_destroy(builder->form);
	free(builder);
}
