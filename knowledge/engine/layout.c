#include "engine/layout.h"

#include <math.h>
#include <string.h>

#include "engine/match.h"

enum { ALIGNMENT = 8 };

static const uint8_t element_bytes[SECTION_COUNT] = {
	[SECTION_TEXT] = 1,
	[SECTION_WORDS] = sizeof(struct layout_word),
	[SECTION_WORD_SLOTS] = 4,
	[SECTION_KEY_SLOTS] = 4,
	[SECTION_SPELL] = sizeof(struct layout_spell),
	[SECTION_SPELL_STARTS] = 4,
	[SECTION_PHRASES] = sizeof(struct layout_phrase),
	[SECTION_FEATURE_SLOTS] = 4,
	[SECTION_FEATURES] = sizeof(struct layout_feature),
	[SECTION_WEIGHT_STARTS] = 4,
	[SECTION_WEIGHT_POSTINGS] = sizeof(struct layout_posting),
	[SECTION_WEIGHT_FEATURE] = 4,
	[SECTION_WEIGHTS] = 1,
	[SECTION_CLASSES] = sizeof(struct layout_class),
	[SECTION_TERM_STARTS] = 4,
	[SECTION_TERMS] = 4,
	[SECTION_OWN_STARTS] = 4,
	[SECTION_OWN] = sizeof(struct layout_own),
	[SECTION_OWN_NORMS] = 4,
	[SECTION_HELD_STARTS] = 4,
	[SECTION_HELD] = sizeof(struct layout_held),
	[SECTION_HITS] = sizeof(struct layout_posting),
	[SECTION_UNRELATED] = 4,
	[SECTION_PARAMETERS] = 4,
};

static const char magic[8] = { 'q', 'a', 'n', 't', 'a', 'r', 'm', '\n' };

struct header {
	char magic[8];
	uint32_t version, sections;
	uint64_t base;
	uint32_t classes, letters;
	struct {
		uint64_t at, bytes;
	} section[SECTION_COUNT];
};

void layout_draft_init(struct layout_draft *draft)
{
	draft->classes = draft->letters = 0;
	for (int i = 0; i < SECTION_COUNT; i++)
		buffer_init(&draft->sections[i],
			    i == SECTION_HITS ? LAYOUT_HITS_MAX * sizeof(struct layout_posting) : LAYOUT_BYTES_MAX);
}

void layout_draft_finish(struct layout_draft *draft)
{
	for (int i = 0; i < SECTION_COUNT; i++)
		buffer_finish(&draft->sections[i]);
}

static void derive(struct layout *view, uint32_t classes, uint32_t letters)
{
	view->classes = classes;
	view->letters = letters;
	view->features = view->count[SECTION_FEATURES];
	view->terms = view->count[SECTION_TERM_STARTS] ? view->count[SECTION_TERM_STARTS] - 1 : 0;
	view->by_class = view->count[SECTION_WEIGHT_POSTINGS] == 0;
}

void layout_draft_view(const struct layout_draft *draft, struct layout *view)
{
	for (int i = 0; i < SECTION_COUNT; i++) {
		view->data[i] = draft->sections[i].data;
		view->count[i] = (uint32_t)(draft->sections[i].bytes / element_bytes[i]);
	}
	derive(view, draft->classes, draft->letters);
}

bool layout_write(const struct layout_draft *draft, const struct base *base, struct buffer *out, struct error *error)
{
	static const char padding[ALIGNMENT];
	struct header header = { .version = MODEL_VERSION,
				 .sections = SECTION_COUNT,
				 .base = base->hash,
				 .classes = draft->classes,
				 .letters = draft->letters };
	memcpy(header.magic, magic, sizeof(magic));
	uint64_t at = sizeof(header);
	for (int i = 0; i < SECTION_COUNT; i++) {
		if (draft->sections[i].failed)
			return error_set(error, "the base is too large for a model: its section %d does not fit", i);
		header.section[i].at = at;
		header.section[i].bytes = draft->sections[i].bytes;
		at += (draft->sections[i].bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	}
	buffer_append(out, &header, sizeof(header));
	for (int i = 0; i < SECTION_COUNT; i++) {
		const struct buffer *section = &draft->sections[i];
		if (section->bytes > 0)
			buffer_append(out, section->data, section->bytes);
		buffer_append(out, padding, (ALIGNMENT - section->bytes % ALIGNMENT) % ALIGNMENT);
	}
	return !out->failed || error_set(error, "no memory for a model of %llu bytes", (unsigned long long)at);
}

/* ---- checks ---- */

/* n + 1 offsets, ascending from 0 to `end`. */
static bool starts_fit(const struct layout *layout, enum layout_section section, uint64_t n, uint32_t end)
{
	const uint32_t *starts = layout->data[section];
	if (layout->count[section] != n + 1 || starts[0] != 0 || starts[n] != end)
		return false;
	for (uint64_t i = 0; i < n; i++)
		if (starts[i] > starts[i + 1])
			return false;
	return true;
}

static bool indices_fit(const struct layout *layout, enum layout_section section, unsigned shift, uint32_t limit)
{
	const uint32_t *values = layout->data[section];
	uint32_t largest = 0;
	for (uint32_t i = 0; i < layout->count[section]; i++)
		largest = values[i] >> shift > largest ? values[i] >> shift : largest;
	return layout->count[section] == 0 || largest < limit;
}

static bool floats_fit(const void *data, size_t count)
{
	const float *values = data;
	for (size_t i = 0; i < count; i++)
		if (!isfinite(values[i]) || fabsf(values[i]) > 1e9f)
			return false;
	return true;
}

/* A hash table's every search ends: some slot is free. */
static bool slots_fit(const struct layout *layout, enum layout_section section, uint32_t limit)
{
	const uint32_t *slots = layout->data[section];
	uint32_t free_slots = 0;
	for (uint32_t i = 0; i < layout->count[section]; i++) {
		if (slots[i] > limit)
			return false;
		free_slots += slots[i] == 0;
	}
	return free_slots > 0;
}

static bool lexis_fits(const struct base *base, const struct layout *layout)
{
	const struct layout_word *words = layout->data[SECTION_WORDS];
	uint32_t count = layout->count[SECTION_WORDS], text = layout->count[SECTION_TEXT];
	const char *bytes = layout->data[SECTION_TEXT];
	if (text == 0 || bytes[text - 1] != '\0')
		return false;
	for (uint32_t i = 0; i < count; i++) {
		bool fits = words[i].text < text && words[i].text_bytes < text - words[i].text && words[i].key < text &&
			    words[i].key_bytes < text - words[i].key && words[i].key_bytes < 64 &&
			    words[i].language < LANGUAGE_COUNT && bytes[words[i].text + words[i].text_bytes] == '\0';
		if (!fits)
			return false;
	}
	const struct layout_spell *spell = layout->data[SECTION_SPELL];
	for (uint32_t i = 0; i < layout->count[SECTION_SPELL]; i++)
		if (spell[i].word >= count)
			return false;
	const struct layout_phrase *phrases = layout->data[SECTION_PHRASES];
	uint32_t free_slots = 0;
	for (uint32_t i = 0; i < layout->count[SECTION_PHRASES]; i++) {
		uint32_t meaning = phrases[i].meaning;
		free_slots += phrases[i].hash == 0;
		if (phrases[i].hash == 0 || meaning == LAYOUT_PREFIX)
			continue;
		if ((meaning & ~LAYOUT_SYNONYM) >=
		    (meaning & LAYOUT_SYNONYM ? base->synonyms_count : base->entities_count))
			return false;
	}
	return free_slots > 0 && slots_fit(layout, SECTION_WORD_SLOTS, count) &&
	       slots_fit(layout, SECTION_KEY_SLOTS, count) &&
	       starts_fit(layout, SECTION_SPELL_STARTS, LAYOUT_SPELL_BUCKETS, layout->count[SECTION_SPELL]);
}

/* A list of postings that does not go past `limit`. */
static bool postings_fit(const struct layout_posting *postings, uint32_t from, uint32_t to, uint32_t limit)
{
	uint64_t where = 0;
	for (uint32_t i = from; i < to; i++)
		where += postings[i].gap;
	return where < limit;
}

static bool weights_fit(const struct base *base, const struct layout *layout)
{
	(void)base;
	const uint32_t *starts = layout->data[SECTION_WEIGHT_STARTS];
	uint32_t postings = layout->count[SECTION_WEIGHT_POSTINGS], weights = layout->count[SECTION_WEIGHTS];
	if (layout->count[SECTION_WEIGHT_FEATURE] != weights || (postings > 0 && weights > 0) ||
	    !starts_fit(layout, SECTION_WEIGHT_STARTS, layout->by_class ? layout->classes + 1 : layout->features,
			layout->by_class ? weights : postings))
		return false;
	for (uint32_t f = 0; !layout->by_class && f < layout->features; f++)
		if (!postings_fit(layout->data[SECTION_WEIGHT_POSTINGS], starts[f], starts[f + 1], layout->classes + 1))
			return false;
	return indices_fit(layout, SECTION_WEIGHT_FEATURE, 0, layout->features) &&
	       layout->count[SECTION_CLASSES] == layout->classes + 1 &&
	       floats_fit(layout->data[SECTION_CLASSES], (size_t)layout->count[SECTION_CLASSES] * 3);
}

/* The index of an own question is used to show it to people. */
static bool own_questions_fit(const struct base *base, const struct layout *layout, uint32_t class, enum match_own kind)
{
	const uint32_t *start = (const uint32_t *)layout->data[SECTION_OWN_STARTS] + LAYOUT_OWN_KINDS * class + kind;
	const struct layout_own *own = layout->data[SECTION_OWN];
	for (uint32_t i = start[0]; i < start[1]; i++) {
		if (own[i].language >= LANGUAGE_COUNT)
			return false;
		if (class >= base->facts_count)
			continue;
		if (own[i].index >= match_own_texts(&base->facts[class], kind)[own[i].language].count)
			return false;
	}
	return true;
}

/* Every list of hits has one at least, all of its class's own questions; the last element only ends the list before. */
static bool hits_fit(const struct layout *layout)
{
	const struct layout_held *held = layout->data[SECTION_HELD];
	const uint32_t *own = layout->data[SECTION_OWN_STARTS];
	uint32_t count = layout->count[SECTION_HELD], all = layout->count[SECTION_HITS];
	if (count == 0 || layout_held_hits(&held[0]) != 0 || layout_held_hits(&held[count - 1]) != all)
		return false;
	for (uint32_t i = 0; i + 1 < count; i++) {
		uint32_t class = layout_held_class(&held[i]);
		uint32_t from = layout_held_hits(&held[i]), to = layout_held_hits(&held[i + 1]);
		if (class >= layout->classes || from >= to || to > all)
			return false;
		const uint32_t *start = own + (size_t)LAYOUT_OWN_KINDS * class;
		uint32_t questions = start[LAYOUT_OWN_KINDS] - start[0];
		if (!postings_fit(layout->data[SECTION_HITS], from, to, questions))
			return false;
	}
	return true;
}

static bool own_fits(const struct base *base, const struct layout *layout)
{
	uint32_t held = layout->count[SECTION_HELD];
	uint32_t own = layout->count[SECTION_OWN];
	if (!starts_fit(layout, SECTION_OWN_STARTS, (uint64_t)LAYOUT_OWN_KINDS * layout->classes, own) ||
	    layout->count[SECTION_OWN_NORMS] != own || !floats_fit(layout->data[SECTION_OWN_NORMS], own) ||
	    !starts_fit(layout, SECTION_HELD_STARTS, layout->letters, held > 0 ? held - 1 : 0) || !hits_fit(layout))
		return false;
	for (uint32_t class = 0; class < layout->classes; class++)
		for (enum match_own kind = OWN_QUESTION; kind <= OWN_DENIES; kind++)
			if (!own_questions_fit(base, layout, class, kind))
				return false;
	return true;
}

static bool features_fit(const struct base *base, const struct layout *layout)
{
	(void)base;
	const uint32_t *slots = layout->data[SECTION_FEATURE_SLOTS];
	const struct layout_feature *features = layout->data[SECTION_FEATURES];
	uint32_t free_slots = 0;
	for (uint32_t i = 0; i < layout->count[SECTION_FEATURE_SLOTS]; i++) {
		uint32_t next = slots[i] & LAYOUT_FEATURES_MAX; /* the feature + 1 */
		free_slots += slots[i] == 0;
		if (slots[i] && (next == 0 || next > layout->features))
			return false;
	}
	for (uint32_t i = 0; i < layout->features; i++)
		if (!(features[i].weight >= 0 && features[i].weight < 1e9f))
			return false;
	return free_slots > 0 && layout->features < LAYOUT_FEATURES_MAX &&
	       layout->terms <= layout->letters && layout->letters <= layout->features &&
	       layout->count[SECTION_TERM_STARTS] > 0 &&
	       starts_fit(layout, SECTION_TERM_STARTS, layout->terms, layout->count[SECTION_TERMS]) &&
	       indices_fit(layout, SECTION_TERMS, 8, layout->classes);
}

static bool parameters_fit(const struct base *base, const struct layout *layout)
{
	(void)base;
	return slots_fit(layout, SECTION_UNRELATED, UINT32_MAX) &&
	       floats_fit(layout->data[SECTION_PARAMETERS], layout->count[SECTION_PARAMETERS]);
}

bool layout_open(const struct base *base, const void *bytes, size_t count,
		 void (*looked_at)(const void *at, size_t bytes), struct layout *layout, struct error *error)
{
	struct header header;
	if (count < sizeof(header) || memcmp(bytes, magic, sizeof(magic)) != 0)
		return error_set(error, "not a model of this program");
	memcpy(&header, bytes, sizeof(header));
	if (header.version != MODEL_VERSION || header.sections != SECTION_COUNT)
		return error_set(error, "a model of version %u, this program reads %d", header.version, MODEL_VERSION);
	if (header.base != base->hash || header.classes != base->facts_count + base->talks_count ||
	    header.classes > LAYOUT_CLASSES_MAX)
		return error_set(error, "a model of another base");
	for (int i = 0; i < SECTION_COUNT; i++) {
		uint64_t at = header.section[i].at, length = header.section[i].bytes;
		if (at % ALIGNMENT != 0 || at > count || length > count - at || length % element_bytes[i] != 0 ||
		    length / element_bytes[i] > UINT32_MAX / 2)
			return error_set(error, "a damaged model: section %d does not fit", i);
		layout->data[i] = (const char *)bytes + at;
		layout->count[i] = (uint32_t)(length / element_bytes[i]);
	}
	derive(layout, header.classes, header.letters);
	static const struct {
		bool (*fits)(const struct base *base, const struct layout *layout);
		const char *part;
		enum layout_section end; /* of the sections that no later part looks at */
	} parts[] = {
		{ lexis_fits, "words", SECTION_FEATURE_SLOTS },
		{ features_fit, "features", SECTION_WEIGHT_STARTS },
		{ weights_fit, "weights", SECTION_TERM_STARTS },
		{ own_fits, "questions", SECTION_UNRELATED },
		{ parameters_fit, "parameters", SECTION_PARAMETERS },
	};
	const char *from = bytes;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i].fits(base, layout))
			return error_set(error, "a damaged model: its %s do not fit together", parts[i].part);
		const char *end = layout->data[parts[i].end];
		if (looked_at && end > from)
			looked_at(from, (size_t)(end - from));
		from = end > from ? end : from;
	}
	return true;
}
