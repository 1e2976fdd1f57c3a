/* match: a question as the matcher reads it, and the facts that fit it best.
 *
 *   struct match *match = match_create(base, model);
 *   match_read(match, text, bytes, &question);
 *   size_t count = match_rank(match, &question, candidates, MATCH_CANDIDATES);
 *   if (count > 0 && candidates[0].probability >= match_thresholds(match)->answer) ...
 *
 * A `struct match` is working memory over an immutable base and model: one a caller, not for two threads at once, and
 * nothing allocates after match_create. Questions and candidates are plain values of the caller's; their pointers
 * lead into the question itself, the base or the model. Time is linear in the bytes of the question. See README.md
 * for the method. */
#ifndef QANTAR_ENGINE_MATCH_H
#define QANTAR_ENGINE_MATCH_H

#include "engine/base.h"
#include "engine/model.h"

enum {
	MATCH_TEXT_BYTES = 8192, /* of a question after normalising; what is past it is not read */
	MATCH_TOKENS = 512,      /* likewise */
	MATCH_FEATURES = 4096,
	MATCH_ENTITIES = 12,
	MATCH_NUMBERS = 8,
	MATCH_CANDIDATES = 4,
};

/* how a token was understood */
enum match_reading {
	READING_KNOWN,    /* a word of the base */
	READING_SCRIPT,   /* the same word in another script or without its special letters */
	READING_SPELLING, /* a misspelt word of the base */
	READING_STEM,     /* another form of a word of the base */
	READING_UNKNOWN,
};

struct match_token {
	uint16_t at, bytes; /* in question->text: normalised, in lower case */
	uint32_t word;      /* of the model's vocabulary, UINT32_MAX when unknown; see match_word */
	uint32_t term;      /* its feature, UINT32_MAX: none */
	uint32_t entity;    /* index into base->entities, UINT32_MAX: none */
	uint32_t synonym;   /* index into base->synonyms, UINT32_MAX: none */
	enum match_reading reading;
	float weight;       /* how telling the word is: its idf, 0 for words that say nothing (the, и, мен) */
	bool ends_sentence; /* . ? ! ; or a line's end follows */
	bool asks;          /* of these, a question mark */
	bool numeral;       /* ten, thousands */
	bool reports;       /* say, known, news: what is told about something, whatever it is */
};

struct match_number {
	double value;
	uint16_t token, last; /* where it begins and ends */
	bool year;            /* 1900-2100, four digits */
	bool worded;          /* in words alone */
};

struct match_question {
	char text[MATCH_TEXT_BYTES];
	struct match_token tokens[MATCH_TOKENS];
	uint32_t tokens_count;
	bool cut;               /* the question went on past the caps */
	enum language language; /* of the writer, transliteration seen through; LANGUAGE_NONE: nothing to tell by */
	/* form */
	unsigned expects; /* bits of enum expects; 0: no question word (keywords, a statement) */
	uint32_t counted; /* token after "how many", from where on what is counted stands; UINT32_MAX: nothing is */
	bool yes_no; /* asks for yes or no: begins with a verb, "is it true", ли, ма/ме/ба/бе/па/пе, правда что */
	bool requests;    /* "could you state ...": neither a yes-no question nor a statement in doubt */
	bool asks_twice;  /* a question mark, and another question behind it */
	bool numerals;    /* numbers in words: "ten thousand" */
	bool only;        /* "only", "just": asks about the rest too */
	bool negated;     /* "did they not", "не", "емес" */
	bool of_person;   /* "he", "her": one that leans on a person */
	bool leans;       /* a pronoun or "and X?", "what about", "а", "ал": leans on what was said before */
	uint32_t content; /* words that say something */
	uint32_t unknown; /* of these, such as the base has never seen */
	/* names */
	uint32_t entities[MATCH_ENTITIES];     /* indices into base->entities, each once, in order */
	uint32_t entity_terms[MATCH_ENTITIES]; /* their features, UINT32_MAX: none */
	uint32_t entities_count;
	struct match_number numbers[MATCH_NUMBERS];
	uint32_t numbers_count;
	char days[MATCH_NUMBERS][11]; /* dates named: "2022-01-05", or "" ; weekdays count as of the base's last week */
	uint32_t days_count;
	/* features, each once */
	struct match_feature {
		uint32_t feature;
		float value;
	} features[MATCH_FEATURES];
	uint32_t features_count;
	float seen; /* share of the content words' weight that the base knows, 0..1 */
};

enum match_own { OWN_QUESTION, OWN_CORRECTS, OWN_AFFIRMS, OWN_DENIES, OWN_KINDS };

/* The fact's lists of a kind, by language. */
static inline const struct texts *match_own_texts(const struct fact *fact, enum match_own kind)
{
	const struct texts *lists[] = { fact->questions, fact->corrects, fact->affirms, fact->denies };
	return lists[kind];
}

struct match_candidate {
	uint32_t fact;     /* index into base->facts; facts_count + i is base->talks[i] */
	float probability; /* [0] only: calibrated, that stating this is right. Others: their share of what [0] leaves
			    */
	float offer;       /* [0] only: calibrated, that the fact asked for is one of the first three */
	float score;       /* what the order is by */
	/* parts of the score, for explain */
	float linear;   /* margin of the trained weights */
	float bm25;     /* share of the best that any text could reach */
	float mix;      /* both, each z-scored over all facts */
	float nearest;  /* cosine to the nearest of its own questions */
	uint32_t held;  /* words that say something and that the fact's texts hold */
	float covered;  /* share of the question's weight that the fact's texts hold, 0..1 */
	float named;    /* share of the question's entities that the fact's texts hold; 1 when none is named */
	float expected; /* 1: the fact tells what the question word asks; 0: it does not; .5: no question word */
	/* the nearest own question, and how near the nearest of each kind is (0 when it has none) */
	enum match_own own;
	enum language own_language; /* LANGUAGE_NONE: a small talk, or a fact without questions */
	uint32_t own_index;         /* in match_own_texts(fact, own)[own_language].items */
	float near[OWN_KINDS];      /* by enum match_own */
	float polarity; /* -1 to 1, about: what its own yes-no questions say, no or yes; 0 when it has none, or
			 * who or when is asked */
	float premise;  /* likewise: that the question takes something false for granted (-1) or does not (1), as
			 * its other own questions have it; 0 when it has no such ones, or for yes-no questions */
};

struct match_thresholds {
	float answer; /* the first candidate's probability from which on it is stated */
	float offer;  /* its offer from which on the first three are offered; below it nothing is near */
};

struct match;

/* Borrows both for its life. Aborts when there is no memory. */
struct match *match_create(const struct base *base, const struct model *model);
void match_destroy(struct match *match);
const struct match_thresholds *match_thresholds(const struct match *match);

/* Reads `text` (valid UTF-8, need not end in NUL). Never fails; what it cannot read it leaves out. */
void match_read(struct match *match, const char *text, size_t bytes, struct match_question *question);

/* The two halves of match_read: all but features; then those of what was read last, into the same question. */
void match_read_words(struct match *match, const char *text, size_t bytes, struct match_question *question);
void match_read_features(struct match *match, struct match_question *question);

/* One of the base's own texts, without features and weights: for names, numbers, days and form. The last few are
 * kept, as the same ones are asked for again and again; valid until the next call. */
const struct match_question *match_names(struct match *match, const char *text);

/* As match_read, but fills the form only, and guesses at no word. `language`: of the message that the text is part
 * of. */
void match_read_form(struct match *match, const char *text, size_t bytes, enum language language,
		     struct match_question *question);

/* As match_read, in the light of the fact told last: its entities and the content words of its first question are
 * taken over at less weight, save entities of the kind that `text` names itself ("and Belarus?" takes Russia's
 * place). */
void match_read_after(struct match *match, const char *text, size_t bytes, uint32_t fact,
		      struct match_question *question);

/* The best facts and talks, best first; returns how many (<= most, <= MATCH_CANDIDATES; 0 for a question without
 * features). */
size_t match_rank(struct match *match, const struct match_question *question, struct match_candidate *candidates,
		  size_t most);

/* Whether any text of the fact has the term. */
bool match_holds(const struct match *match, uint32_t term, uint32_t fact);

/* A word of the vocabulary (in lower case), "" for UINT32_MAX. */
const char *match_word(const struct match *match, uint32_t word);

/* Cosine of two questions' features, 0..1: for near-duplicates and for telling what was picked. */
float match_likeness(struct match *match, const struct match_question *a, const struct match_question *b);

#endif
