#include "engine/context.h"

#include <string.h>

/* ---- a wish for a language ---- */

enum { WISH_WORDS = 3 }; /* of a wish at the most */
static const char *const wishes[LANGUAGE_COUNT][24] = {
	[LANGUAGE_EN] = { "in english", "english please", "по английски", "на английском языке", "на английском",
			  "ағылшын тілінде", "ағылшынша", "po angliyski", "na angliyskom", "agylshynsha", "in eng",
			  NULL },
	[LANGUAGE_RU] = { "in russian", "russian please", "по русски", "на русском языке", "на русском",
			  "орыс тілінде", "орысша", "po russki", "po russky", "na russkom yazyke", "na russkom",
			  "oryssha", "orissha", NULL },
	[LANGUAGE_KK] = { "in kazakh", "in qazaq", "in kazak", "kazakh please", "по казахски", "на казахском языке",
			  "на казахском", "қазақ тілінде", "қазақша", "казакша", "po kazahski", "po kazakhski",
			  "na kazahskom", "na kazakhskom", "qazaqsha", "kazaksha", "kazakhsha", "qazaq tilinde",
			  NULL },
};
/* Words around a wish that add nothing. */
static const char *const polite[] = {
	"please",    "pls",      "plz",    "can",        "could",       "you",     "now",      "me",      "it",
	"that",      "and",      "but",    "пожалуйста", "пж",          "плиз",    "мне",      "это",     "а",
	"теперь",    "можно",    "можешь", "давай",      "pozhaluysta", "мне",     "өтінемін", "маған",   "енді",
	"айтшы",     "мүмкін",   "бе",     "ма",         "again",       "same",    "repeat",   "tell",    "say",
	"translate", "переведи", "скажи",  "повтори",    "айт",         "айтыңыз", "аударшы",  "қайтала", "то",
	"же",        "самое",    "the",    "ал",         NULL
};
/* Words that make it last. */
static const char *const lasting[] = { "answer",   "reply",   "respond",   "speak",    "write",     "talk",
				       "switch",   "to",      "ответь",    "отвечай",  "отвечайте", "говори",
				       "говорите", "пиши",    "ответьте",  "otvechay", "otvet",     "жауап",
				       "бер",      "беріңіз", "беріңізші", "сөйле",    "сөйлеңіз",  "сөйлеші",
				       "жаз",      "жазыңыз", "берші",     NULL };

/* A wish in words [at, at + count): sets the language, returns count; 0: none here. */
static size_t wish_at(const struct words *words, size_t at, enum language *language)
{
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++)
		for (size_t j = 0; wishes[i][j]; j++) {
			if (!words_may_be_at(words, at, wishes[i][j]))
				continue;
			size_t count = words_at(words, at, wishes[i][j]);
			if (count) {
				*language = (enum language)i;
				return count;
			}
		}
	return 0;
}

static bool is_padding(const struct words *words, size_t at, bool *makes_lasting)
{
	if (words_listed(words, at, lasting)) {
		*makes_lasting = true;
		return true;
	}
	return words_listed(words, at, polite);
}

struct wish context_wish(const struct words *words, size_t bytes)
{
	struct wish wish = { .bytes = bytes };
	size_t opening = 0, closing = words->count; /* the words between say something */
	bool ignored;
	while (opening < closing && is_padding(words, opening, &ignored))
		opening++;
	while (closing > opening && is_padding(words, closing - 1, &ignored))
		closing--;
	for (size_t at = 0; at < words->count && !words->more; at++) {
		enum language language;
		if (at > opening && at + WISH_WORDS < closing)
			continue; /* in the middle it belongs to the question */
		size_t count = wish_at(words, at, &language), first = at, end = at + count;
		if (!count)
			continue;
		bool makes_lasting = false;
		while (first > 0 && is_padding(words, first - 1, &makes_lasting))
			first--;
		while (end < words->count && is_padding(words, end, &makes_lasting))
			end++;
		if (first > 0 && end < words->count)
			continue;
		wish.language = language;
		wish.lasting = makes_lasting;
		wish.at = first > 0 ? 0 : end < words->count ? words->items[end].at : bytes;
		wish.bytes = first > 0 ? words->items[first].at : bytes - wish.at;
		return wish;
	}
	return wish;
}

/* ---- picks ---- */

static const char *const ordinals[KNOWLEDGE_CANDIDATES][30] = {
	{ "1",          "one",          "first",   "the first", "the first one", "first one", "number one",
	  "1st",        "number 1",     "один",    "первый",    "первое",        "первая",    "первую",
	  "первого",    "номер один",   "номер 1", "1й",        "бір",           "бірінші",   "біріншісі",
	  "біріншісін", "first please", "pervyy",  "perviy",    "birinshi",      NULL },
	{ "2",        "two",     "second", "the second", "the second one", "second one", "number two",    "2nd",
	  "number 2", "два",     "второй", "второе",     "вторая",         "вторую",     "второго",       "номер два",
	  "номер 2",  "2й",      "екі",    "екінші",     "екіншісі",       "екіншісін",  "second please", "vtoroy",
	  "vtoroi",   "ekinshi", NULL },
	{ "3",         "three",        "third",        "the third", "the third one",
	  "third one", "number three", "3rd",          "number 3",  "три",
	  "третий",    "третье",       "третья",       "третью",    "третьего",
	  "номер три", "номер 3",      "3й",           "үш",        "үшінші",
	  "үшіншісі",  "үшіншісін",    "third please", "tretiy",    "ushinshi",
	  "the last",  "the last one", "last one",     NULL },
};

/* Picks the only one. */
static const char *const consents[] = {
	"yes", "yes please", "yeah", "yep",   "yup",     "y",  "sure", "ok", "okay", "right", "exactly", "correct", "да",
	"ага", "угу",        "да пожалуйста", "да это",  "верно", "именно",  "точно", "конечно", "da", "aga", "иә", "ия",
	"иа",  "иә осы",     "дұрыс", "әрине", "ia",     "ya", NULL,
};

static size_t candidates_count(const struct knowledge_context *context)
{
	size_t count = 0;
	while (count < KNOWLEDGE_CANDIDATES && context->candidates[count][0])
		count++;
	return count;
}

/* How many of the message's telling words stand in the question; -1 when one of them does not. */
static int shared_words(const struct words *words, const char *question)
{
	struct words own;
	int shared = 0;
	words_read(&own, question, strlen(question));
	for (size_t i = 0; i < words->count; i++) {
		bool found = false;
		for (size_t j = 0; j < own.count && !found; j++)
			found = strcmp(words->items[i].folded, own.items[j].folded) == 0;
		if (strlen(words->items[i].folded) <= 3)
			continue;
		if (!found)
			return -1;
		shared++;
	}
	return shared;
}

static uint32_t pick_by_words(const struct knowledge *knowledge, const uint32_t facts[], size_t count,
			      const struct words *words)
{
	int most = 0;
	uint32_t picked = UINT32_MAX;
	for (size_t i = 0; i < count; i++) {
		int best = 0;
		if (facts[i] == UINT32_MAX)
			continue;
		const struct fact *fact = &knowledge->base.facts[facts[i]];
		for (int j = LANGUAGE_EN; j < LANGUAGE_COUNT; j++) {
			int shared = fact->questions[j].count ? shared_words(words, fact->questions[j].items[0]) : 0;
			best = shared > best ? shared : best;
		}
		if (best == most)
			picked = UINT32_MAX; /* a tie picks nothing */
		if (best > most) {
			most = best;
			picked = facts[i];
		}
	}
	return picked;
}

uint32_t context_pick(const struct knowledge *knowledge, const struct knowledge_context *context,
		      const struct words *words)
{
	uint32_t facts[KNOWLEDGE_CANDIDATES];
	size_t count = candidates_count(context);
	for (size_t i = 0; i < count; i++)
		facts[i] = idmap_find(&knowledge->facts, context->candidates[i]);
	for (size_t i = 0; i < count; i++)
		if (words_one_of(words, ordinals[i]) >= 0)
			return facts[i];
	if (count == 1 && words_one_of(words, consents) >= 0)
		return facts[0];
	if (count == 2 &&
	    (words_are(words, "the last one") || words_are(words, "last one") || words_are(words, "the last")))
		return facts[1];
	return words->more || words->count > 8 ? UINT32_MAX : pick_by_words(knowledge, facts, count, words);
}

/* ---- what was told ---- */

uint32_t context_last(const struct knowledge *knowledge, const struct knowledge_context *context)
{
	return *context->facts[0] ? idmap_find(&knowledge->facts, context->facts[0]) : UINT32_MAX;
}

bool context_told(const struct knowledge *knowledge, const struct knowledge_context *context, uint32_t fact)
{
	for (size_t i = 0; i < KNOWLEDGE_FACTS_TOLD && *context->facts[i]; i++)
		if (strcmp(context->facts[i], knowledge->base.facts[fact].id) == 0)
			return true;
	return false;
}

uint32_t context_next(const struct knowledge *knowledge, const struct knowledge_context *context, enum turn turn)
{
	uint32_t last = context_last(knowledge, context), next = UINT32_MAX;
	if (last == UINT32_MAX)
		return UINT32_MAX;
	const struct fact *facts = knowledge->base.facts, *fact = &facts[last];
	for (uint32_t i = 0; i < fact->related_count; i++) {
		uint32_t related = fact->related[i];
		if (facts[related].unknown || facts[related].superseded_by != UINT32_MAX ||
		    context_told(knowledge, context, related))
			continue;
		bool later = strcmp(facts[related].from, fact->from) > 0;
		if (next == UINT32_MAX && (turn == TURN_MORE || later))
			next = related;
	}
	return next;
}
