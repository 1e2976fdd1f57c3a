/* folds: every own question asked to a model that was not trained on it.
 *
 * Five trainings (examples.h says which question belongs to which fold); the calibration is that of the whole model.
 */
#ifndef QANTAR_ENGINE_FOLDS_H
#define QANTAR_ENGINE_FOLDS_H

#include "engine/examples.h"
#include "engine/handle.h"

struct folds_visitor {
	/* `example` was answered by candidates[0]; `count` may be 0. Borrowed for the call. */
	void (*visit)(void *context, const struct example *example, const struct match_candidate *candidates,
		      size_t count);
	void *context;
};

/* Visits the questions of facts, in order of fold. False with `error` when a training fails. */
bool folds_ask(const struct knowledge *knowledge, const struct folds_visitor *visitor, struct error *error);

#endif
