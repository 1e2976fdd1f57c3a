/* diff: what a reload changed, fact by fact. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/handle.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_texts(const struct texts *a, const struct texts *b)
{
	if (a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

static bool same_sources(const struct base *before, const struct fact *a, const struct base *after,
			 const struct fact *b)
{
	if (a->sources_count != b->sources_count)
		return false;
	for (uint32_t i = 0; i < a->sources_count; i++) {
		const struct source *x = &before->sources[a->sources[i].source],
				    *y = &after->sources[b->sources[i].source];
		if (a->sources[i].paragraph != b->sources[i].paragraph || strcmp(x->id, y->id) != 0 ||
		    !same_text(x->title, y->title) || !same_text(x->date, y->date) ||
		    !same_text(x->address, y->address))
			return false;
	}
	return true;
}

static bool same_fact(const struct base *before, const struct fact *a, const struct base *after, const struct fact *b)
{
	if (a->unknown != b->unknown || a->status != b->status || a->expects != b->expects ||
	    strcmp(a->from, b->from) != 0 || strcmp(a->to, b->to) != 0 || strcmp(a->as_of, b->as_of) != 0 ||
	    !same_texts(&a->keywords, &b->keywords) || a->related_count != b->related_count ||
	    a->tells_count != b->tells_count || a->supersedes_count != b->supersedes_count ||
	    a->disputes_count != b->disputes_count || a->entities_count != b->entities_count || a->asked_hash != b->asked_hash)
		return false;
	for (int i = LANGUAGE_EN; i < LANGUAGE_COUNT; i++)
		if (!same_text(a->answer[i], b->answer[i]) || !same_text(a->claimant[i], b->claimant[i]) ||
		    !same_texts(&a->affirms[i], &b->affirms[i]) || !same_texts(&a->denies[i], &b->denies[i]))
			return false;
	return same_sources(before, a, after, b);
}

static void note(char **list, size_t *count, const char *id)
{
	list[(*count)++] = memory_text(id);
}

void knowledge_diff(const struct knowledge *before, const struct knowledge *after, struct knowledge_diff *out)
{
	const struct base *old = &before->base, *new = &after->base;
	*out = (struct knowledge_diff){
		.added = memory_zeroed(new->facts_count, sizeof(char *)),
		.changed = memory_zeroed(new->facts_count, sizeof(char *)),
		.removed = memory_zeroed(old->facts_count, sizeof(char *)),
	};
	for (uint32_t i = 0; i < new->facts_count; i++) {
		uint32_t twin = idmap_find(&before->facts, new->facts[i].id);
		if (twin == IDMAP_NONE)
			note(out->added, &out->added_count, new->facts[i].id);
		else if (!same_fact(old, &old->facts[twin], new, &new->facts[i]))
			note(out->changed, &out->changed_count, new->facts[i].id);
	}
	for (uint32_t i = 0; i < old->facts_count; i++)
		if (idmap_find(&after->facts, old->facts[i].id) == IDMAP_NONE)
			note(out->removed, &out->removed_count, old->facts[i].id);
}

static void finish_list(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

void knowledge_diff_finish(struct knowledge_diff *diff)
{
	finish_list(diff->added, diff->added_count);
	finish_list(diff->changed, diff->changed_count);
	finish_list(diff->removed, diff->removed_count);
	*diff = (struct knowledge_diff){ 0 };
}
