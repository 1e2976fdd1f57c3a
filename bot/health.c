#include "health.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"

static const char name[] = "heartbeat";

/* By rename, so that a reader never sees a part; without fsync, which would wake the disk every few seconds. */
void health_beat(const char *directory, const char *trouble)
{
	char *path = file_join(directory, name), *fresh = file_join(directory, "heartbeat.new");
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	const char *text = trouble ? trouble : "ok";
	if (fd >= 0) {
		bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
		if (close(fd) == 0 && written)
			rename(fresh, path);
	}
	free(path);
	free(fresh);
}

void health_end(const char *directory)
{
	char *path = file_join(directory, name);
	unlink(path);
	free(path);
}

bool health_read(const char *directory, int64_t now_ms, struct error *why)
{
	char *path = file_join(directory, name);
	struct stat status;
	struct buffer text;
	bool done = false;
	buffer_init(&text, 0);
	if (stat(path, &status) != 0) {
		error_set(why, errno == ENOENT ? "no bot is running on %s" : "%s cannot be looked at", directory);
		goto finish;
	}
	int64_t age_ms = now_ms - ((int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000);
	if (age_ms > HEALTH_STALE_MS) {
		error_set(why, "the bot on %s gave its last sign of life %lld s ago", directory, (long long)(age_ms / 1000));
		goto finish;
	}
	if (!file_read(path, ERROR_TEXT_BYTES, &text, why))
		goto finish;
	done = strcmp(buffer_text(&text), "ok") == 0 || error_set(why, "%s", buffer_text(&text));
finish:
	buffer_finish(&text);
	free(path);
	return done;
}
