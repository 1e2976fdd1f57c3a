/* Children of the loop: started by posix_spawn, watched by a pidfd (or now and then, where the kernel or a sandbox has
 * none) and the pipe of their output. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "net/loop_internal.h"

enum {
	OUTPUT_BYTES_MOST = 64 * 1024, /* of a child's stdout; the rest is read and dropped */
	KILLED = 128,                  /* plus the signal, as shells say it */
	LOOK_EVERY_MS = 20,            /* without a pidfd */
};

struct loop_child {
	struct loop *loop;
	struct loop_child *next, *previous;
	pid_t pid;
	struct loop_watch *exit; /* NULL: no pidfd, `look` goes instead */
	struct loop_watch *output;
	struct loop_timer deadline, look;
	struct buffer text;
	void (*done)(void *context, int status, const char *output);
	void *context;
};

static void child_destroy(struct loop_child *child)
{
	struct loop *loop = child->loop;
	if (child->next)
		child->next->previous = child->previous;
	if (child->previous)
		child->previous->next = child->next;
	else
		loop->children = child->next;
	loop_timer_cancel(&child->deadline);
	loop_timer_cancel(&child->look);
	loop_watch_remove(child->exit);
	loop_watch_remove(child->output);
	buffer_finish(&child->text);
	free(child);
}

/* Takes what the pipe holds; false at its end. */
static bool drain(struct loop_child *child, int fd)
{
	char chunk[4096];
	ssize_t got;
	while ((got = read(fd, chunk, sizeof chunk)) > 0) {
		size_t room = child->text.max_bytes - child->text.bytes;
		buffer_append(&child->text, chunk, (size_t)got < room ? (size_t)got : room);
	}
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

static void on_output(void *context, int fd)
{
	struct loop_child *child = context;
	if (drain(child, fd))
		return;
	loop_watch_remove(child->output);
	child->output = NULL;
}

/* False while it runs; else tells its owner and frees it. */
static bool reap(struct loop_child *child)
{
	siginfo_t info = { 0 };
	if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0)
		return false;
	int status = info.si_code == CLD_EXITED ? info.si_status : KILLED + info.si_status;
	/* What it wrote last may still be in the pipe; a grandchild that holds the pipe is not waited for. */
	if (child->output)
		on_output(child, loop_watch_fd(child->output));
	child->done(child->context, status, buffer_text(&child->text));
	child_destroy(child);
	return true;
}

static void on_exit_of_child(void *context, int pidfd)
{
	(void)pidfd;
	reap(context);
}

static void on_look(void *context)
{
	struct loop_child *child = context;
	if (!reap(child))
		loop_timer_set(child->loop, &child->look, LOOK_EVERY_MS, on_look, child);
}

static void on_deadline(void *context)
{
	struct loop_child *child = context;
	log_event(child->loop->log, LOG_WARNING, "loop", "child_timeout", LOG_NUMBER("pid", child->pid));
	kill(child->pid, SIGKILL); /* not reaped yet, so the number is still its own */
}

static void watch_exit(struct loop_child *child)
{
	int pidfd = pidfd_open(child->pid, 0);
	child->exit = pidfd >= 0 ? loop_watch_add(child->loop, pidfd, on_exit_of_child, child) : NULL;
	if (child->exit)
		return;
	if (pidfd >= 0)
		close(pidfd);
	loop_timer_set(child->loop, &child->look, LOOK_EVERY_MS, on_look, child);
}

/* stdin is /dev/null, stdout the pipe, stderr ours; nothing else of ours is open in the child, and its signals
 * are as a program expects them. */
static int start(pid_t *pid, char *const argv[], int output)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, usual;
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &usual);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	int fault = posix_spawn(pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return fault;
}

bool loop_spawn(struct loop *loop, char *const argv[], int64_t timeout_ms,
		void (*done)(void *context, int status, const char *output), void *context, struct error *error)
{
	int ends[2];
	if (access(argv[0], X_OK) != 0 || pipe2(ends, O_CLOEXEC) != 0)
		return error_set(error, "%s cannot be started: %s", argv[0], strerror(errno));
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	struct loop_child *child = memory_zeroed(1, sizeof *child);
	*child = (struct loop_child){ .loop = loop, .next = loop->children, .done = done, .context = context };
	buffer_init(&child->text, OUTPUT_BYTES_MOST);
	int fault = start(&child->pid, argv, ends[1]);
	close(ends[1]);
	if (fault != 0) {
		close(ends[0]);
		free(child);
		return error_set(error, "%s cannot be started: %s", argv[0], strerror(fault));
	}
	if (loop->children)
		loop->children->previous = child;
	loop->children = child;
	child->output = loop_watch_add(loop, ends[0], on_output, child);
	if (!child->output) {
		fault = errno;
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
		close(ends[0]);
		child_destroy(child);
		return error_set(error, "%s cannot be watched: %s", argv[0], strerror(fault));
	}
	watch_exit(child);
	loop_timer_set(loop, &child->deadline, timeout_ms, on_deadline, child);
	return true;
}

void loop_spawn_finish(struct loop *loop)
{
	while (loop->children) {
		kill(loop->children->pid, SIGKILL);
		waitpid(loop->children->pid, NULL, 0);
		child_destroy(loop->children);
	}
}
