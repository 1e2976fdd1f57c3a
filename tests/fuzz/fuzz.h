/* fuzz: what every fuzz target defines; libFuzzer or replay.c calls it. */
#ifndef QANTAR_TESTS_FUZZ_H
#define QANTAR_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once, before the first input. Always 0. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
/* `data` is readable for `size` bytes and no more. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
