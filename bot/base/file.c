#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read(const char *path, size_t max_bytes, struct buffer *out, struct error *error)
{
	buffer_init(out, max_bytes);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return error_set(error, "%s cannot be opened: %s", path, strerror(errno));
	struct stat status;
	bool done = false;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		error_set(error, "%s is not a regular file", path);
		goto close;
	}
	char chunk[65536];
	ssize_t got;
	while ((got = read(fd, chunk, sizeof chunk)) > 0)
		if (!buffer_append(out, chunk, (size_t)got)) {
			error_set(error, "%s is larger than %zu bytes", path, max_bytes);
			goto close;
		}
	if (got < 0) {
		error_set(error, "%s cannot be read: %s", path, strerror(errno));
		goto close;
	}
	done = true;
close:
	close(fd);
	return done;
}

static bool write_all(int fd, const char *data, size_t bytes)
{
	while (bytes > 0) {
		ssize_t put = write(fd, data, bytes);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		data += put;
		bytes -= (size_t)put;
	}
	return true;
}

bool file_write(const char *path, const void *data, size_t bytes, mode_t mode, struct error *error)
{
	char temporary[4096];
	int length = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
	if (length < 0 || (size_t)length >= sizeof temporary)
		return error_set(error, "the path %.100s... is too long", path);
	int fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return error_set(error, "%s cannot be created: %s", temporary, strerror(errno));
	bool written = write_all(fd, data, bytes) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
	int fault = errno;
	if (close(fd) != 0 && written) {
		written = false;
		fault = errno;
	}
	if (written && rename(temporary, path) == 0)
		return true;
	if (written)
		fault = errno;
	unlink(temporary);
	return error_set(error, "%s cannot be written: %s", path, strerror(fault));
}

bool file_make_directory(const char *path, struct error *error)
{
	if (!*path)
		return error_set(error, "a directory without a name cannot be made");
	char *partial = memory_text(path);
	bool done = true;
	for (char *at = partial + 1; done; at++) {
		char c = *at;
		if (c && c != '/')
			continue;
		*at = '\0';
		struct stat status;
		int fault = mkdir(partial, 0700) == 0 ? 0 : errno;
		if (fault && (stat(partial, &status) != 0 || !S_ISDIR(status.st_mode)))
			done = error_set(error, "the directory %s cannot be made: %s", partial, strerror(fault));
		*at = c;
		if (!c)
			break;
	}
	free(partial);
	return done;
}

char *file_join(const char *directory, const char *name)
{
	size_t bytes = strlen(directory) + strlen(name) + 2;
	char *path = memory_zeroed(bytes, 1);
	snprintf(path, bytes, "%s/%s", directory, name);
	return path;
}
