/* The words of a base, its names and synonyms, as sections of the model. */
#include "engine/lexis.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "engine/form.h"
#include "engine/spell.h"
#include "engine/token.h"

struct entry {
	uint32_t text; /* in the text section */
	uint8_t bytes, flags;
	uint32_t counts[LANGUAGE_COUNT];
};

struct builder {
	struct layout_draft *draft;
	struct text text;
	struct tokens tokens;
	struct stemmer *stemmer;
	struct form *form;
	struct buffer entries; /* struct entry */
	uint32_t *slots;       /* entry + 1 */
	uint32_t slots_count;
};

static struct entry *entries(const struct builder *builder)
{
	return (struct entry *)(void *)builder->entries.data;
}

static uint32_t entries_count(const struct builder *builder)
{
	return (uint32_t)(builder->entries.bytes / sizeof(struct entry));
}

static const char *entry_text(const struct builder *builder, uint32_t i)
{
	return builder->draft->sections[SECTION_TEXT].data + entries(builder)[i].text;
}

static void grow(struct builder *builder)
{
	uint32_t count = builder->slots_count ? builder->slots_count * 2 : 1024;
	uint32_t *slots = memory_zeroed(count, sizeof(*slots));
	for (uint32_t i = 0; i < entries_count(builder); i++) {
		uint64_t at = text_hash(entry_text(builder, i), entries(builder)[i].bytes);
		while (slots[at & (count - 1)])
			at++;
		slots[at & (count - 1)] = i + 1;
	}
	free(builder->slots);
	builder->slots = slots;
	builder->slots_count = count;
}

static struct entry *entry_of(struct builder *builder, const char *word, size_t bytes)
{
	if (2 * entries_count(builder) + 2 > builder->slots_count)
		grow(builder);
	uint64_t at = text_hash(word, bytes);
	for (;; at++) {
		uint32_t slot = builder->slots[at & (builder->slots_count - 1)];
		if (slot == 0)
			break;
		if (entries(builder)[slot - 1].bytes == bytes &&
		    memcmp(entry_text(builder, slot - 1), word, bytes) == 0)
			return &entries(builder)[slot - 1];
	}
	struct buffer *text = &builder->draft->sections[SECTION_TEXT];
	struct entry entry = { .text = (uint32_t)text->bytes, .bytes = (uint8_t)bytes };
	buffer_append(text, word, bytes);
	buffer_append_char(text, '\0');
	buffer_append(&builder->entries, &entry, sizeof(entry));
	uint32_t count = entries_count(builder);
	builder->slots[at & (builder->slots_count - 1)] = count;
	return &entries(builder)[count - 1];
}

static void add_text(struct builder *builder, enum language language, const char *text, uint8_t flags)
{
	text_read(&builder->text, text, strlen(text));
	tokens_read(&builder->tokens, &builder->text);
	for (uint32_t i = 0; i < builder->tokens.count; i++) {
		const struct token *token = &builder->tokens.items[i];
		const char *word = builder->tokens.text + token->at;
		struct entry *entry = entry_of(builder, word, token->bytes);
		entry->counts[token->script == SCRIPT_KAZAKH ? LANGUAGE_KK : language]++;
		entry->flags |= flags;
	}
}

/* The language that most of the texts are in that hold the word; of texts that tell none, what its letters suggest. */
static enum language entry_language(const struct entry *entry, enum key_script script)
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

static uint32_t entry_count(const struct entry *entry)
{
	return entry->counts[0] + entry->counts[1] + entry->counts[2] + entry->counts[3];
}

/* A text of the base whose language nobody told: that of most of its words which stand in told ones. */
static enum language guess_language(struct builder *builder, const char *text)
{
	uint32_t votes[LANGUAGE_COUNT] = { 0 };
	enum language best = LANGUAGE_NONE;
	bool cyrillic = false;
	text_read(&builder->text, text, strlen(text));
	tokens_read(&builder->tokens, &builder->text);
	for (uint32_t i = 0; i < builder->tokens.count; i++) {
		const struct token *token = &builder->tokens.items[i];
		const struct entry *entry = entry_of(builder, builder->tokens.text + token->at, token->bytes);
		if (token->script == SCRIPT_KAZAKH)
			return LANGUAGE_KK;
		cyrillic = cyrillic || token->script == SCRIPT_CYRILLIC;
		if (!(entry->flags & WORD_NAME) && entry_count(entry) > entry->counts[LANGUAGE_NONE])
			votes[entry_language(entry, token->script)]++;
	}
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
		if (votes[l] > votes[best])
			best = (enum language)l;
	return best ? best : cyrillic ? LANGUAGE_RU : LANGUAGE_EN;
}

static void add_texts(struct builder *builder, enum language language, const struct texts *texts, uint8_t flags)
{
	for (uint32_t i = 0; i < texts->count; i++)
		add_text(builder, language, texts->items[i], flags);
}

static void add_base(struct builder *builder, const struct base *base)
{
	for (uint32_t i = 0; i < base->facts_count; i++) {
		const struct fact *fact = &base->facts[i];
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++) {
			add_texts(builder, (enum language)l, &fact->questions[l], 0);
			add_texts(builder, (enum language)l, &fact->affirms[l], 0);
			add_texts(builder, (enum language)l, &fact->denies[l], 0);
			if (fact->answer[l])
				add_text(builder, (enum language)l, fact->answer[l], 0);
		}
		add_texts(builder, LANGUAGE_NONE, &fact->keywords, 0);
	}
	for (uint32_t i = 0; i < base->entities_count; i++)
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
			add_texts(builder, LANGUAGE_NONE, &base->entities[i].names[l], WORD_NAME);
	for (uint32_t i = 0; i < base->synonyms_count; i++)
		add_texts(builder, LANGUAGE_NONE, &base->synonyms[i].words, 0);
	for (uint32_t i = 0; i < base->talks_count; i++)
		add_texts(builder, LANGUAGE_NONE, &base->talks[i].phrases, 0);
	for (uint32_t i = 0; i < base->unrelated.count; i++) {
		const char *text = base->unrelated.items[i];
		add_text(builder, guess_language(builder, text), text, 0);
	}
}

/* Names, and words of which only a list knows, are written alike in all languages; but not the little words within names
 * ("the"), nor a word of a name that nearly all texts which hold it are Kazakh for. */
static bool tells_language(const struct entry *entry, bool stop)
{
	uint32_t told = entry_count(entry) - entry->counts[LANGUAGE_NONE];
	bool kazakh = 10 * (told - entry->counts[LANGUAGE_KK]) < told;
	return told && (!(entry->flags & WORD_NAME) || stop || kazakh);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	uint32_t x_count = entry_count(x), y_count = entry_count(y);
	return x_count != y_count ? (x_count < y_count) - (x_count > y_count) : (x->text > y->text) - (x->text < y->text);
}

/* The commonest first: of words that are equally near to a misspelt one, or share a key, the first is taken. Entries
 * are no longer to be found by their texts. */
static void write_words(struct builder *builder)
{
	qsort(builder->entries.data, entries_count(builder), sizeof(struct entry), compare_entries);
	struct buffer *text = &builder->draft->sections[SECTION_TEXT];
	for (uint32_t i = 0; i < entries_count(builder); i++) {
		const struct entry *entry = &entries(builder)[i];
		char word[TOKEN_BYTES + 1], key[KEY_BYTES], stem[KEY_BYTES];
		memcpy(word, entry_text(builder, i), entry->bytes);
		size_t key_bytes = key_of(word, entry->bytes, key), stem_bytes = 0;
		struct token token = token_of(word, entry->bytes);
		enum key_script script = token.script;
		enum language language = entry_language(entry, script);
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
		if (form_flags(builder->form, language, word, &token) & FORM_STOP)
			record.flags |= WORD_STOP;
		if (tells_language(entry, record.flags & WORD_STOP))
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
		for (uint32_t i = 0; i < entries_count(builder); i++) {
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
	uint32_t count = entries_count(builder), slots_count = layout_slots(count), keys_count = layout_slots(2 * count);
	uint32_t *slots = memory_zeroed(slots_count, sizeof(*slots)), *keys = memory_zeroed(keys_count, sizeof(*keys));
	for (uint32_t i = 0; i < count; i++)
		put_slot(slots, slots_count, text_hash(entry_text(builder, i), words[i].text_bytes), i);
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
		for (uint32_t i = 0; i < base->synonyms_count; i++)
			for (uint32_t n = 0; n < base->synonyms[i].words.count; n++)
				add_phrase(builder, &phrases, base->synonyms[i].words.items[n], LAYOUT_SYNONYM | i,
					   by_stem);
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
	for (uint32_t i = 0; i < entries_count(builder); i++) {
		const char *word = entry_text(builder, i);
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
	buffer_init(&builder->entries, LAYOUT_BYTES_MAX);
	buffer_append_char(&draft->sections[SECTION_TEXT], '\0');
	add_base(builder, base);
	write_words(builder);
	write_slots(builder);
	spell_build(draft);
	write_phrases(builder, base);
	mark_beginnings(builder);
	buffer_finish(&builder->entries);
	stemmer_destroy(builder->stemmer);
	form_destroy(builder->form);
	free(builder->slots);
	free(builder);
}
