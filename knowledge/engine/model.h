/* model: what training yields, as one block of bytes that can be written to a file and mapped.
 *
 * The bytes are untrusted when they come from a file: model_open checks every offset and range before anything is
 * used. A model is bound to its base by base->hash and MODEL_VERSION. */
#ifndef QANTAR_ENGINE_MODEL_H
#define QANTAR_ENGINE_MODEL_H

#include "base/buffer.h"
#include "engine/base.h"

enum { MODEL_VERSION = 57 }; /* part of the cache's file name: raise it whenever training or the layout changes */

struct model; /* a checked view over borrowed bytes, plus small derived tables; immutable */

/* Trains on all questions of `base` (calibration by folds included) and writes the model's bytes to `out`. */
bool model_train(const struct base *base, struct buffer *out, struct error *error);

/* NULL with `error` when the bytes are damaged or belong to another base or version. `bytes` stay borrowed for the
 * model's life and are 8-byte aligned. */
struct model *model_open(const struct base *base, const void *bytes, size_t count,
			 void (*looked_at)(const void *at, size_t bytes), struct error *error);
void model_close(struct model *model);

struct layout;
/* Borrowed. */
const struct layout *model_layout(const struct model *model);

#endif
