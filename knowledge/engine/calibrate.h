/* calibrate: learns from questions held out of training when to abstain. */
#ifndef QANTAR_ENGINE_CALIBRATE_H
#define QANTAR_ENGINE_CALIBRATE_H

#include "engine/abstain.h"
#include "engine/examples.h"

/* `shared` has the lexis and the features; trains a model for each fold. */
void calibrate(const struct base *base, const struct examples *examples, const struct layout_draft *shared,
	       struct abstain *abstain);

#endif
