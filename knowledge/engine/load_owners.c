/* Whose question a text is: two facts must not claim the same one, nor two entities a name. */
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"
#include "engine/loader.h"

struct owner {            /* whose a text is */
	const char *name; /* the fact's id, or what else it belongs to */
	struct place place;
};

struct claims {
	const struct base *base;
	struct knowledge_report *report;
	struct idmap texts;   /* folded text -> index into owners */
	struct list owners;   /* struct owner */
	struct arena *folded; /* keys of `texts` */
};

/* The small letter of a letter or the digit itself; 0 for everything else. The two alphabets of most texts need no
 * table. */
static int32_t small(uint32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return (int32_t)c;
	if (c >= 'A' && c <= 'Z')
		return (int32_t)(c - 'A' + 'a');
	if (c < 0x80)
		return 0;
	if (c >= 0x430 && c <= 0x45F)
		return (int32_t)c;
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
	bool word = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
	return word ? utf8proc_tolower((utf8proc_int32_t)c) : 0;
}

/* Small letters, one space between words, nothing but letters and digits; so "Who?" and "who" are one question. */
static const char *fold(struct arena *arena, const char *text)
{
	char folded[LOAD_TEXT_BYTES * 2 + 8];
	size_t used = 0, bytes = strlen(text);
	bool gap = false;
	for (size_t i = 0; i < bytes && used < LOAD_TEXT_BYTES * 2;) {
		uint32_t c;
		i += utf8_next(text + i, bytes - i, &c);
		int32_t letter = small(c);
		if (!letter) {
			gap = used > 0;
			continue;
		}
		if (gap)
			folded[used++] = ' ';
		gap = false;
		if (letter < 0x80)
			folded[used++] = (char)letter;
		else
			used += (size_t)utf8proc_encode_char(letter, (utf8proc_uint8_t *)folded + used);
	}
	return arena_text(arena, folded, used);
}

static void claim_texts(struct claims *claims, const struct texts *texts, const char *name)
{
	for (uint32_t i = 0; *name && i < texts->count; i++) {
		const char *key = fold(claims->folded, texts->items[i]);
		if (!*key)
			continue;
		uint32_t before = idmap_add(&claims->texts, key, (uint32_t)claims->owners.count);
		if (before == IDMAP_NONE) {
			struct owner *owner = list_add(&claims->owners, sizeof *owner);
			*owner = (struct owner){ name, texts->places[i] };
			continue;
		}
		const struct owner *owner = (const struct owner *)claims->owners.items + before;
		if (strcmp(owner->name, name) == 0)
			continue;
		report_error(claims->report, "conflict", report_place(claims->base, texts->places[i]),
			     "\"%.120s\" of %s belongs to %s already (%s:%u); leave it to one of them",
			     texts->items[i], name, owner->name, claims->base->files[owner->place.file],
			     owner->place.line);
	}
}

static void claim_names(struct claims *claims)
{
	const struct base *base = claims->base;
	for (uint32_t i = 0; i < base->entities_count; i++)
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
			claim_texts(claims, &base->entities[i].names[l], base->entities[i].id);
	for (uint32_t i = 0; i < base->synonyms_count; i++)
		claim_texts(claims, &base->synonyms[i].words, base->synonyms[i].id);
}

/* Small talk counts as questions. */
static void claim_questions(struct claims *claims)
{
	const struct base *base = claims->base;
	for (uint32_t i = 0; i < base->talks_count; i++)
		claim_texts(claims, &base->talks[i].phrases, base->talks[i].id);
	for (uint32_t i = 0; i < base->facts_count; i++) {
		const struct fact *fact = &base->facts[i];
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT && fact->id; l++) {
			claim_texts(claims, &fact->questions[l], fact->id);
			claim_texts(claims, &fact->corrects[l], fact->id);
			claim_texts(claims, &fact->affirms[l], fact->id);
			claim_texts(claims, &fact->denies[l], fact->id);
		}
	}
	claim_texts(claims, &base->unrelated, "the unrelated questions");
}

bool base_check_owners(const struct base *base, struct knowledge_report *report)
{
	static void (*const kinds[])(struct claims *claims) = { claim_names, claim_questions };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct claims claims = { .base = base, .report = report, .folded = arena_create() };
		kinds[i](&claims);
		idmap_finish(&claims.texts);
		free(claims.owners.items);
		arena_destroy(claims.folded);
	}
	report_sort(report);
	return !report_has_error(report);
}
