/* file: whole files in and out. */
#ifndef QANTAR_BASE_FILE_H
#define QANTAR_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/error.h"

/* Reads a regular file of at most `max_bytes` into `out` (initialised here; finish it in any case).
 * Errors name the path and what is wrong with it (absent, unreadable, a directory, too large). */
bool file_read(const char *path, size_t max_bytes, struct buffer *out, struct error *error);

/* Writes beside `path`, syncs, and renames: a reader sees the old file or the new one, never a part.
 * On failure nothing is left behind and the old file stands. */
bool file_write(const char *path, const void *data, size_t bytes, mode_t mode, struct error *error);

/* Creates the directory and its missing parents (0700). */
bool file_make_directory(const char *path, struct error *error);

/* "directory/name" as a malloc'd string. */
char *file_join(const char *directory, const char *name);

#endif
