#include <stdlib.h>
#include <string.h>

#include "engine/loader.h"

static struct fact *fact_at(const struct loader *loader, uint32_t index)
{
	return (struct fact *)loader->facts.items + index;
}

static struct report_place link_place(const struct loader *loader, const struct link *link)
{
	return report_place(loader->base, link->place);
}

/* The fact that the link leads to, or IDMAP_NONE, said so. */
static uint32_t target_of(const struct loader *loader, const struct link *link)
{
	uint32_t target = idmap_find(&loader->fact_ids, link->id);
	if (target == IDMAP_NONE)
		report_error(loader->report, "reference", link_place(loader, link),
			     "there is no fact \"%s\"; mend the id or take it away", link->id);
	else if (target == link->fact)
		report_error(loader->report, "reference", link_place(loader, link),
			     "\"%s\" names the fact itself; take it away", link->id);
	return target == link->fact ? IDMAP_NONE : target;
}

static void supersede(const struct loader *loader, const struct link *link, uint32_t target)
{
	struct fact *old = fact_at(loader, target);
	if (old->superseded_by != UINT32_MAX && old->superseded_by != link->fact)
		report_error(loader->report, "conflict", link_place(loader, link),
			     "\"%s\" is superseded by \"%s\" already; let one fact supersede the other in a row",
			     link->id, fact_at(loader, old->superseded_by)->id);
	else
		old->superseded_by = link->fact;
}

/* Links of one fact and kind stand in a row: first counts them, then fills the fact's list. */
static void resolve(struct loader *loader, const struct link *links, size_t count)
{
	uint32_t *targets = arena_array(loader->base->arena, count, sizeof *targets), found = 0;
	struct fact *fact = fact_at(loader, links->fact);
	for (size_t i = 0; i < count; i++) {
		uint32_t target = target_of(loader, &links[i]);
		if (target == IDMAP_NONE)
			continue;
		targets[found++] = target;
		if (links->kind == LINK_SUPERSEDES)
			supersede(loader, &links[i], target);
	}
	uint32_t **lists[LINK_KINDS] = { &fact->related, &fact->tells, &fact->supersedes, &fact->disputes };
	uint32_t *counts[LINK_KINDS] = { &fact->related_count, &fact->tells_count, &fact->supersedes_count,
					 &fact->disputes_count };
	*lists[links->kind] = targets;
	*counts[links->kind] = found;
}

/* Every fact has one successor at the most, so a walk that comes back to its own stamp has found a cycle. */
static void find_cycles(const struct loader *loader)
{
	uint32_t count = (uint32_t)loader->facts.count;
	uint32_t *stamps = calloc(count ? count : 1, sizeof *stamps);
	if (!stamps)
		abort();
	for (uint32_t start = 0; start < count; start++) {
		uint32_t at = start;
		while (at != UINT32_MAX && !stamps[at]) {
			stamps[at] = start + 1;
			at = fact_at(loader, at)->superseded_by;
		}
		if (at == UINT32_MAX || stamps[at] != start + 1)
			continue;
		const struct fact *fact = fact_at(loader, at);
		report_error(loader->report, "conflict", report_place(loader->base, fact->place),
			     "\"%s\" supersedes itself by way of \"%s\"; break the ring of \"supersedes\"", fact->id,
			     fact_at(loader, fact->superseded_by)->id);
	}
	free(stamps);
}

void link_facts(struct loader *loader)
{
	const struct link *links = loader->links.items;
	for (size_t first = 0, end; first < loader->links.count; first = end) {
		for (end = first + 1; end < loader->links.count; end++)
			if (links[end].fact != links[first].fact || links[end].kind != links[first].kind)
				break;
		resolve(loader, links + first, end - first);
	}
	find_cycles(loader);
}
