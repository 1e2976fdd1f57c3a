#include "engine/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "engine/model.h"

static const char suffix[] = ".model";

void cache_name(uint64_t base_hash, char name[CACHE_NAME_BYTES])
{
	snprintf(name, CACHE_NAME_BYTES, "%016" PRIx64 "-v%d%s", base_hash, MODEL_VERSION, suffix);
}

static bool is_trusted(int fd, const char *path, struct stat *status, struct error *error)
{
	if (fstat(fd, status) != 0 || !S_ISREG(status->st_mode))
		return error_set(error, "%s is not a regular file", path);
	if (status->st_uid != geteuid() && status->st_uid != 0)
		return error_set(error, "%s belongs to another user (uid %u)", path, (unsigned)status->st_uid);
	if (status->st_mode & (S_IWGRP | S_IWOTH))
		return error_set(error, "%s may be written by others (mode %03o); it should be 600", path,
				 (unsigned)status->st_mode & 0777);
	if (status->st_size <= 0 || (size_t)status->st_size > CACHE_FILE_BYTES)
		return error_set(error, "%s has %lld bytes, which no model has", path, (long long)status->st_size);
	return true;
}

bool cache_map_open(struct cache_map *map, const char *directory, const char *name, struct error *error)
{
	struct stat status;
	*map = (struct cache_map){ 0 };
	char *path = file_join(directory, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0) {
		error_set(error, "%s cannot be opened: %s", path, strerror(errno));
	} else if (is_trusted(fd, path, &status, error)) {
		void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes == MAP_FAILED)
			error_set(error, "%s cannot be mapped: %s", path, strerror(errno));
		else
			*map = (struct cache_map){ bytes, (size_t)status.st_size };
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return map->bytes;
}

void cache_map_close(struct cache_map *map)
{
	if (map->bytes)
		munmap((void *)map->bytes, map->count);
	*map = (struct cache_map){ 0 };
}

void cache_map_let_go(const void *at, size_t bytes)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = ((uintptr_t)at + page - 1) & ~(page - 1);
	uintptr_t end = ((uintptr_t)at + bytes) & ~(page - 1);
	if (end > from)
		madvise((void *)from, end - from, MADV_DONTNEED);
}

static bool is_model(const char *name)
{
	size_t bytes = strlen(name);
	return bytes > sizeof suffix - 1 && name[0] != '.' && strcmp(name + bytes - (sizeof suffix - 1), suffix) == 0;
}

/* Removes the oldest model when there are too many, until there are not. A failure here is no harm. */
static void prune(int folder)
{
	for (;;) {
		char oldest[CACHE_NAME_BYTES] = "";
		struct timespec age = { 0 };
		int count = 0, copy = dup(folder);
		DIR *directory = copy < 0 ? NULL : fdopendir(copy);
		if (!directory)
			return;
		rewinddir(directory);
		for (struct dirent *entry; (entry = readdir(directory));) {
			struct stat status;
			if (!is_model(entry->d_name) || strlen(entry->d_name) >= sizeof oldest ||
			    fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
				continue;
			struct timespec time = status.st_mtim;
			if (count++ &&
			    (time.tv_sec > age.tv_sec || (time.tv_sec == age.tv_sec && time.tv_nsec >= age.tv_nsec)))
				continue;
			age = time;
			memcpy(oldest, entry->d_name, strlen(entry->d_name) + 1);
		}
		closedir(directory);
		if (count <= CACHE_MODELS_KEPT || unlinkat(folder, oldest, 0) != 0)
			return;
	}
}

bool cache_write(const char *directory, const char *name, const void *bytes, size_t count, struct error *error)
{
	if (!file_make_directory(directory, error))
		return false;
	char *path = file_join(directory, name);
	bool done = file_write(path, bytes, count, 0600, error);
	free(path);
	int folder = done ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (folder >= 0) {
		prune(folder);
		close(folder);
	}
	return done;
}
