/* layout: the bytes of a trained model: a header, then sections, each an array of one kind of element.
 *
 * Written by training as a whole, mapped afterwards, and never trusted: layout_open checks every range, order and
 * index, so that those who read the sections need no checks of their own. Numbers are the machine's; a model does not
 * travel between machines of another byte order (its header would not fit). */
#ifndef QANTAR_ENGINE_LAYOUT_H
#define QANTAR_ENGINE_LAYOUT_H

#include "base/buffer.h"
#include "base/error.h"
#include "engine/base.h"

enum layout_section {
	/* lexis: words, names, synonyms */
	SECTION_TEXT,         /* char: words and their keys */
	SECTION_WORDS,        /* struct layout_word: the commonest first */
	SECTION_WORD_SLOTS,   /* uint32_t: word + 1 by hash of the text, 0 free; see layout_place */
	SECTION_KEY_SLOTS,    /* uint32_t: likewise by hash of the key, and by stem */
	SECTION_SPELL,        /* struct layout_spell: words by length and first letter of the key */
	SECTION_SPELL_STARTS, /* uint32_t[LAYOUT_SPELL_BUCKETS + 1] into SECTION_SPELL */
	SECTION_PHRASES,      /* struct layout_phrase by hash; hash 0 is free */
	/* features */
	SECTION_FEATURE_SLOTS, /* uint32_t: LAYOUT_SLOT by hash, 0 free */
	SECTION_FEATURES,      /* struct layout_feature */
	/* trained weights: by feature when every fact was trained against all, else by class */
	SECTION_WEIGHT_STARTS,   /* uint32_t[features + 1] or [classes + 1] */
	SECTION_WEIGHT_POSTINGS, /* struct layout_posting: classes and int8_t weights, times the class's scale; by feature */
	SECTION_WEIGHT_FEATURE,  /* uint32_t: the feature, ascending within a class; by class */
	SECTION_WEIGHTS,         /* int8_t: likewise */
	SECTION_CLASSES,        /* struct layout_class[classes + 1]; the last is "unrelated" */
	/* BM25F */
	SECTION_TERM_STARTS, /* uint32_t[terms + 1]; the first features are the terms */
	SECTION_TERMS,       /* uint32_t: class << 8 | impact, ascending */
	/* own questions */
	SECTION_OWN_STARTS,  /* uint32_t[LAYOUT_OWN_KINDS * classes + 1] into SECTION_OWN: by class, then enum match_own */
	SECTION_OWN,         /* struct layout_own */
	SECTION_OWN_NORMS,   /* float: 1 / the length of an own question's vector */
	SECTION_HELD_STARTS, /* uint32_t[letters + 1] into SECTION_HELD */
	SECTION_HELD,        /* struct layout_held: the classes whose own questions have a feature, ascending; a last one */
	SECTION_HITS,        /* struct layout_posting: which of the class's own questions, and what the feature weighs there */
	/* questions that must not be answered */
	SECTION_UNRELATED, /* uint32_t: by hash of their words the upper half of it, 0 free; see phrasebook.h */
	SECTION_PARAMETERS,  /* float: see abstain.h */
	SECTION_COUNT,
};

enum {
	LAYOUT_SPELL_LENGTHS = 32,
	LAYOUT_SPELL_LETTERS = 32, /* the lower bits of a letter */
	LAYOUT_SPELL_BUCKETS = LAYOUT_SPELL_LENGTHS * LAYOUT_SPELL_LETTERS,
	LAYOUT_CLASSES_MAX = 1 << 23,
	LAYOUT_FEATURES_MAX = (1 << 24) - 1,
	LAYOUT_HITS_MAX = (1 << 24) - 1,
	LAYOUT_WEIGHT_MAX = 255, /* of eight bits */
};

enum layout_word_flag {
	WORD_STOP = 1, /* says nothing by itself */
	WORD_NAME = 2, /* part of an entity's name */
	/* a name or synonym begins with it, as it stands and by its stem: all others need not be looked for */
	WORD_BEGINS = 4,
	WORD_BEGINS_STEM = 8,
	WORD_TELLS = 16, /* its language is that of who writes it */
	WORD_SHORT_STEM = 32, /* Kazakh, and its suffixes leave so little that other words share it */
};

struct layout_word {
	uint32_t stem;      /* hash: the identity of the unigram feature */
	uint32_t text, key; /* into SECTION_TEXT */
	uint8_t text_bytes, key_bytes;
	uint8_t language; /* where it occurs most */
	uint8_t flags;
};

struct layout_spell {
	uint32_t letters; /* bit set of the key's letters */
	uint32_t word;
};

struct layout_phrase {
	uint64_t hash;    /* of a run of words; 0: free */
	uint32_t meaning; /* LAYOUT_PREFIX, an entity, or LAYOUT_SYNONYM | a synonym */
	uint8_t longer;   /* a longer phrase begins like this */
	uint8_t capitals; /* only when written in capitals (US, who is a pronoun else) */
	uint16_t unused;
};
#define LAYOUT_PREFIX UINT32_MAX
#define LAYOUT_SYNONYM 0x80000000u

struct layout_feature {
	float weight;   /* sqrt(idf) */
	uint32_t check; /* upper half of the hash */
};

/* Of a feature in the table by hash: its index + 1, which LAYOUT_FEATURES_MAX masks, and above that the upper byte of
 * the hash, which spares most of the looks at features that are others. */
#define LAYOUT_SLOT(hash, feature) ((uint32_t)((hash) >> 56) << LAYOUT_SLOT_BITS | ((feature) + 1))
enum { LAYOUT_SLOT_BITS = 24 };

/* Tables by hash: a key stands at its place or, where that is taken, at the next free one; the first follows the last.
 * Places share out the lower half of the hash, so that a table may have any size (Lemire, "A fast alternative to the
 * modulo reduction", 2016). */
static inline uint32_t layout_place(uint64_t hash, uint32_t slots)
{
	return (uint32_t)((hash & UINT32_MAX) * slots >> 32);
}
static inline uint32_t layout_next(uint32_t place, uint32_t slots)
{
	return place + 1 < slots ? place + 1 : 0;
}
/* A table for `count` keys: a quarter is free, and one place at least, where searches end. */
static inline uint32_t layout_slots(uint32_t count)
{
	return count + count / 3 + 1;
}

struct layout_class {
	float scale, bias; /* margin = bias + scale * sum of weight * value */
	float impact;      /* of BM25F: scale of the terms' impact, the same for all */
};

enum { LAYOUT_OWN_KINDS = 4 }; /* enum match_own */
enum { LAYOUT_POLARITY_ONE = 32 };
#define LAYOUT_POLARITY_CONSTANT .1f /* added to the cosine of two yes-no questions */
struct layout_own {
	uint16_t index;   /* in the fact's list */
	uint8_t language; /* enum language */
	int8_t polarity;  /* what it says about a yes-no question, times LAYOUT_POLARITY_ONE: see fit.h */
};

/* Two numbers of 24 bits, as there are more of these than of anything else: the class and where its hits are in
 * SECTION_HITS, up to the next one's. */
struct layout_held {
	uint16_t parts[3]; /* of 48 bits, the class in the lower half */
};
static inline struct layout_held layout_held(uint32_t class, uint32_t hits)
{
	uint16_t middle = (uint16_t)((class >> 16 & 0xFF) | hits << 8);
	return (struct layout_held){ { (uint16_t)class, middle, (uint16_t)(hits >> 8) } };
}
static inline uint32_t layout_held_class(const struct layout_held *held)
{
	return held->parts[0] | (uint32_t)(held->parts[1] & 0xFF) << 16;
}
static inline uint32_t layout_held_hits(const struct layout_held *held)
{
	return (uint32_t)held->parts[1] >> 8 | (uint32_t)held->parts[2] << 8;
}

/* One of an ascending list of places, each told by its distance from the one before, the first by that from 0. A longer
 * way than fits is gone in steps that weigh 0. */
struct layout_posting {
	uint8_t gap;
	uint8_t weight;
};

/* a checked view */
struct layout {
	const void *data[SECTION_COUNT];
	uint32_t count[SECTION_COUNT];
	uint32_t classes;         /* facts, then talks */
	uint32_t features, terms; /* the first `terms` features are unigrams, */
	uint32_t letters;         /* those from here on are of letters */
	bool by_class;
};

/* Collects sections for layout_write. */
struct layout_draft {
	uint32_t classes, terms, letters;
	struct buffer sections[SECTION_COUNT];
};
enum { LAYOUT_BYTES_MAX = 1 << 30 };

void layout_draft_init(struct layout_draft *draft);
void layout_draft_finish(struct layout_draft *draft);
/* The draft as a view, unchecked: for the passes of training. Valid until the draft changes. */
void layout_draft_view(const struct layout_draft *draft, struct layout *view);

bool layout_write(const struct layout_draft *draft, const struct base *base, struct buffer *out, struct error *error);
/* `looked_at` (may be NULL) is told of bytes that were checked and will not be looked at again here. */
bool layout_open(const struct base *base, const void *bytes, size_t count,
		 void (*looked_at)(const void *at, size_t bytes), struct layout *layout, struct error *error);

#endif
