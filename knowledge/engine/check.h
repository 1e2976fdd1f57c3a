/* check: what an editor should know of a base that loads: questions that the trained model gives to another fact,
 * facts that nobody reaches, near-duplicates, missing languages and claimants. */
#ifndef QANTAR_ENGINE_CHECK_H
#define QANTAR_ENGINE_CHECK_H

#include "engine/handle.h"

/* Adds errors and warnings to `report`. False with `error` when a training fails. */
bool check_base(const struct knowledge *knowledge, struct knowledge_report *report, struct error *error);

#endif
