/* material: what the benches read: the texts of a base, and questions to put to it. */
#ifndef QANTAR_BENCH_MATERIAL_H
#define QANTAR_BENCH_MATERIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct material {
	char **rows;      /* every question of every fact; [rows_count]; owned */
	size_t rows_count;
	char **questions; /* what people asked (questions/people.jsonl), else what must not be answered; owned */
	size_t questions_count;
};

/* Reads the base in `directory`. Finish `material` in any case. */
bool material_read(const char *directory, struct material *material, struct error *error);
void material_finish(struct material *material);

#endif
