#include "engine/examples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/read.h"

/* A pair of words or a group of letters in fewer examples than this is left out: it tells nothing of other questions.
 * The more examples a base has, the more of them are rare, and can go. */
static const struct {
	uint32_t examples, pairs, letters;
} seen_leasts[] = { { 0, 2, 2 }, { 5000, 3, 4 }, { 20000, 4, 6 } };
/* Letters in more than one of so many examples are left out: they tell nothing either, and cost the most. */
enum { EXAMPLES_COMMON = 16 };
enum { EXAMPLES_BYTES = 1 << 30 };

struct counted {
	uint64_t hash;
	uint32_t seen; /* in how many examples */
	uint32_t last; /* the last of them + 1 */
	uint8_t block;
};

struct counter {
	struct counted *slots;
	uint32_t count, used;
};

static struct counted *counter_slot(const struct counter *counter, uint64_t hash)
{
	uint64_t at = hash;
	while (counter->slots[at & (counter->count - 1)].hash && counter->slots[at & (counter->count - 1)].hash != hash)
		at++;
	return &counter->slots[at & (counter->count - 1)];
}

static void counter_add(struct counter *counter, uint64_t hash, uint8_t block, uint32_t example)
{
	if (2 * counter->used + 2 > counter->count) {
		struct counter larger = { NULL, counter->count ? 2 * counter->count : 1 << 16, counter->used };
		larger.slots = memory_zeroed(larger.count, sizeof(struct counted));
		for (uint32_t i = 0; i < counter->count; i++)
			if (counter->slots[i].hash)
				*counter_slot(&larger, counter->slots[i].hash) = counter->slots[i];
		free(counter->slots);
		*counter = larger;
	}
	struct counted *slot = counter_slot(counter, hash);
	if (slot->hash == 0) {
		*slot = (struct counted){ .hash = hash, .block = block };
		counter->used++;
	}
	slot->seen += slot->last != example + 1;
	slot->last = example + 1;
}

/* ---- the texts ---- */

static void add_example(struct examples *examples, uint32_t class, enum example_kind kind, int language, uint32_t index,
			const char *text)
{
	struct example example = {
		.text = text, .class = class, .index = index, .kind = (uint8_t)kind, .language = (uint8_t)language
	};
	/* Folds by the text, so that editing one fact does not move the questions of others. */
	uint64_t hash = text_hash(text, strlen(text));
	example.hash = (uint32_t)hash;
	example.fold = (uint8_t)(hash >> 32) % EXAMPLES_FOLDS;
	buffer_append(&examples->items, &example, sizeof(example));
}

static void add_list(struct examples *examples, uint32_t class, enum example_kind kind, int language,
		     const struct texts *texts)
{
	for (uint32_t i = 0; i < texts->count; i++)
		add_example(examples, class, kind, language, i, texts->items[i]);
}

static void add_fact(struct examples *examples, const struct base *base, uint32_t class, const char *keywords)
{
	const struct fact *fact = &base->facts[class];
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
		add_list(examples, class, EXAMPLE_QUESTION, l, &fact->questions[l]);
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
		add_list(examples, class, EXAMPLE_CORRECTS, l, &fact->corrects[l]);
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
		add_list(examples, class, EXAMPLE_AFFIRMS, l, &fact->affirms[l]);
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
		add_list(examples, class, EXAMPLE_DENIES, l, &fact->denies[l]);
	for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++) {
		if (fact->answer[l] && (l == LANGUAGE_EN || fact->answer[l] != fact->answer[LANGUAGE_EN]))
			add_example(examples, class, EXAMPLE_ANSWER, l, 0, fact->answer[l]);
	}
	if (*keywords)
		add_example(examples, class, EXAMPLE_KEYWORDS, LANGUAGE_NONE, 0, keywords);
}

static void join_keywords(struct examples *examples, const struct base *base, size_t *starts)
{
	for (uint32_t i = 0; i < base->facts_count; i++) {
		starts[i] = examples->texts.bytes;
		for (uint32_t k = 0; k < base->facts[i].keywords.count; k++) {
			buffer_append_text(&examples->texts, base->facts[i].keywords.items[k]);
			buffer_append_char(&examples->texts, '\n'); /* each for itself: no pairs across them */
		}
		buffer_append_char(&examples->texts, '\0');
	}
}

static void collect(struct examples *examples, const struct base *base)
{
	size_t *starts = memory_zeroed(base->facts_count + 1, sizeof(*starts));
	join_keywords(examples, base, starts);
	for (uint32_t i = 0; i < base->facts_count; i++)
		add_fact(examples, base, i, examples->texts.data + starts[i]);
	for (uint32_t i = 0; i < base->talks_count; i++)
		add_list(examples, base->facts_count + i, EXAMPLE_QUESTION, LANGUAGE_NONE, &base->talks[i].phrases);
	add_list(examples, examples->classes, EXAMPLE_QUESTION, LANGUAGE_NONE, &base->unrelated);
	free(starts);
}

/* ---- the features ---- */

static void count_features(const struct examples *examples, struct reading *reading, const struct layout *view,
			   struct match_question *question, struct counter *counter)
{
	for (uint32_t i = 0; i < examples_count(examples); i++) {
		const struct example *example = &examples_list(examples)[i];
		reading->list.count = 0;
		reading_take(reading, view, example->text, strlen(example->text), question);
		reading_features(reading, question);
		for (uint32_t f = 0; f < reading->list.count; f++) {
			uint8_t block = reading->list.items[f].block;
			if (example->kind != EXAMPLE_ANSWER || block == BLOCK_WORDS)
				counter_add(counter, reading->list.items[f].hash, block, i);
		}
	}
}

static int compare_counted(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;
	if (x->block != y->block)
		return (x->block > y->block) - (x->block < y->block);
	if (x->seen != y->seen)
		return (x->seen < y->seen) - (x->seen > y->seen);
	return (x->hash > y->hash) - (x->hash < y->hash);
}

static uint32_t seen_least(uint8_t block, uint32_t examples)
{
	size_t i = sizeof(seen_leasts) / sizeof(seen_leasts[0]) - 1;
	while (examples < seen_leasts[i].examples)
		i--;
	return block == BLOCK_WORDS ? 1 : block == BLOCK_PAIRS ? seen_leasts[i].pairs : seen_leasts[i].letters;
}

/* Words, then pairs, then letters; of each the commoner ones first, which keeps them together in the processor's cache.
 */
static uint32_t number_features(struct counter *counter, uint32_t examples, struct layout_draft *draft)
{
	uint32_t count = 0, terms = 0, letters = 0;
	for (uint32_t i = 0; i < counter->count; i++) {
		const struct counted *item = &counter->slots[i];
		bool tells = item->seen >= seen_least(item->block, examples);
		bool common = item->block == BLOCK_LETTERS && item->seen > examples / EXAMPLES_COMMON;
		if (item->hash && tells && !common)
			counter->slots[count++] = *item;
	}
	qsort(counter->slots, count, sizeof(*counter->slots), compare_counted);
	uint32_t slots_count = layout_slots(count);
	uint32_t *slots = memory_zeroed(slots_count, sizeof(*slots));
	for (uint32_t i = 0; i < count; i++) {
		const struct counted *item = &counter->slots[i];
		struct layout_feature feature = { (float)sqrt(log((1.0 + examples) / (1.0 + item->seen)) + 1),
						  (uint32_t)(item->hash >> 32) };
		buffer_append(&draft->sections[SECTION_FEATURES], &feature, sizeof(feature));
		terms += item->block == BLOCK_WORDS;
		letters += item->block != BLOCK_LETTERS;
		uint32_t at = layout_place(item->hash, slots_count);
		while (slots[at])
			at = layout_next(at, slots_count);
		slots[at] = LAYOUT_SLOT(item->hash, i);
	}
	buffer_append(&draft->sections[SECTION_FEATURE_SLOTS], slots, slots_count * sizeof(*slots));
	draft->letters = letters;
	free(slots);
	return terms;
}

static void read_vectors(struct examples *examples, struct reading *reading, const struct layout *view,
			 struct match_question *question)
{
	float *values = memory_zeroed(view->features + 1, sizeof(*values));
	for (uint32_t i = 0; i < examples_count(examples); i++) {
		struct example *example = (struct example *)(void *)examples->items.data + i;
		reading->list.count = 0;
		reading_take(reading, view, example->text, strlen(example->text), question);
		reading_features(reading, question);
		example->features = (uint32_t)(examples->features.bytes / sizeof(struct match_feature));
		if (example->kind != EXAMPLE_ANSWER) {
			features_finish(view, &reading->list, values, question);
			example->features_count = question->features_count;
			buffer_append(&examples->features, question->features,
				      question->features_count * sizeof(struct match_feature));
		}
		example->terms = (uint32_t)(examples->terms.bytes / sizeof(uint32_t));
		for (uint32_t f = 0; f < reading->list.count; f++) {
			if (reading->list.items[f].block != BLOCK_WORDS)
				continue;
			uint32_t term = features_find(view, reading->list.items[f].hash);
			buffer_append(&examples->terms, &term, sizeof(term));
			example->terms_count++;
		}
	}
	free(values);
}

bool examples_init(struct examples *examples, const struct base *base, struct layout_draft *draft, struct error *error)
{
	*examples = (struct examples){ .classes = base->facts_count + base->talks_count };
	buffer_init(&examples->items, EXAMPLES_BYTES);
	buffer_init(&examples->features, (size_t)EXAMPLES_BYTES * 4);
	buffer_init(&examples->terms, EXAMPLES_BYTES);
	buffer_init(&examples->texts, EXAMPLES_BYTES);
	collect(examples, base);
	struct layout view;
	struct counter counter = { 0 };
	struct reading *reading = reading_create(base);
	struct match_question *question = memory_zeroed(1, sizeof(*question));
	counter_add(&counter, features_term(0), BLOCK_WORDS, 0); /* so that there is one */
	layout_draft_view(draft, &view);
	count_features(examples, reading, &view, question, &counter);
	uint32_t terms = number_features(&counter, examples_count(examples), draft);
	layout_draft_view(draft, &view);
	view.terms = terms;
	free(counter.slots);
	read_vectors(examples, reading, &view, question);
	free(question);
	reading_destroy(reading);
	draft->terms = terms;
	if (examples->items.failed || examples->features.failed || examples->terms.failed || examples->texts.failed)
		return error_set(error, "the base is too large to train: its questions take more memory than allowed");
	return true;
}

void examples_finish(struct examples *examples)
{
	buffer_finish(&examples->items);
	buffer_finish(&examples->features);
	buffer_finish(&examples->terms);
	buffer_finish(&examples->texts);
}
