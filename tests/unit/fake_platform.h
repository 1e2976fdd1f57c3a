/* fake_platform: a chat platform in memory, a clock that stands still, and a loop that runs until something holds. */
#ifndef QANTAR_TESTS_FAKE_PLATFORM_H
#define QANTAR_TESTS_FAKE_PLATFORM_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/file.h"
#include "net/loop.h"
#include "platform/platform.h"

/* ---- a clock ---- */

struct fake_clock {
	struct clock clock; /* first */
	int64_t wall_ms;
};

static int64_t fake_clock_monotonic_us(const struct clock *clock)
{
	return ((const struct fake_clock *)clock)->wall_ms * 1000;
}

static int64_t fake_clock_wall_ms(const struct clock *clock)
{
	return ((const struct fake_clock *)clock)->wall_ms;
}

static uint32_t fake_clock_random(const struct clock *clock)
{
	(void)clock;
	return 7;
}

static inline struct fake_clock fake_clock_at(int64_t wall_ms)
{
	return (struct fake_clock){ { fake_clock_monotonic_us, fake_clock_wall_ms, fake_clock_random, NULL }, wall_ms };
}

/* ---- a platform ---- */

enum { FAKE_CALLS = 128 };

struct fake_call {
	char what;            /* 's'end, 'e'dit, 'r'edact */
	char *room, *payload, *key, *remote;
	bool is_answered;
};

struct fake_platform {
	struct platform platform; /* first */
	struct loop *loop;
	struct fake_call calls[FAKE_CALLS]; /* [count], in order; owned */
	size_t count;
	enum send_result result;  /* of every call, until changed */
	bool is_silent;           /* no result ever comes: as if the process were killed in between */
	bool refuses_start;
	bool refuses_edit;
	size_t receipts, typings;
	const char *room_admin;   /* whom the room itself makes an admin */
	size_t part_bytes;        /* render splits at this size; 0: never */
};

static void fake_deliver(void *context)
{
	struct fake_platform *fake = context;
	for (size_t i = 0; i < fake->count; i++) {
		struct fake_call *call = &fake->calls[i];
		char remote[64];
		if (call->is_answered)
			continue;
		call->is_answered = true;
		snprintf(remote, sizeof remote, "remote-%zu", i);
		fake->platform.events->sent(fake->platform.context, &fake->platform, call->key, fake->result,
					    fake->result == SEND_DONE ? remote : "");
	}
}

static void fake_note(struct platform *platform, char what, const char *room, const char *payload, const char *key,
		      const char *remote)
{
	struct fake_platform *fake = (struct fake_platform *)platform;
	assert_true(fake->count < FAKE_CALLS);
	fake->calls[fake->count++] = (struct fake_call){ .what = what,
							 .room = memory_text(room),
							 .payload = memory_text(payload),
							 .key = memory_text(key),
							 .remote = memory_text(remote),
							 .is_answered = fake->is_silent };
	if (!fake->is_silent)
		loop_defer(fake->loop, fake_deliver, fake);
}

static bool fake_start(struct platform *platform, struct error *error)
{
	return !((struct fake_platform *)platform)->refuses_start || error_set(error, "the fake does not want to");
}

static bool fake_render(struct platform *platform, const struct target *target, const struct block *blocks,
			size_t count, struct rendered *out)
{
	size_t part_bytes = ((struct fake_platform *)platform)->part_bytes;
	struct buffer text;
	(void)target;
	buffer_init(&text, 1 << 20);
	for (size_t i = 0; i < count; i++)
		buffer_format(&text, "%s%s", i ? "\n" : "", blocks[i].text);
	for (size_t at = 0; at < text.bytes && out->count < PLATFORM_PARTS; at += part_bytes ? part_bytes : text.bytes) {
		size_t rest = text.bytes - at;
		out->parts[out->count++] = strndup(text.data + at, part_bytes && part_bytes < rest ? part_bytes : rest);
	}
	buffer_finish(&text);
	return out->count > 0;
}

static void fake_send(struct platform *platform, const struct post *post)
{
	fake_note(platform, 's', post->room, post->payload, post->key, NULL);
}

static bool fake_edit(struct platform *platform, const char *remote, const struct post *post)
{
	if (((struct fake_platform *)platform)->refuses_edit)
		return false;
	fake_note(platform, 'e', post->room, post->payload, post->key, remote);
	return true;
}

static void fake_redact(struct platform *platform, const char *room, const char *remote, const char *key)
{
	fake_note(platform, 'r', room, NULL, key, remote);
}

static void fake_typing(struct platform *platform, const char *room, bool on)
{
	(void)room;
	((struct fake_platform *)platform)->typings += on;
}

static void fake_receipt(struct platform *platform, const char *room, const char *event)
{
	(void)room;
	(void)event;
	((struct fake_platform *)platform)->receipts++;
}

static bool fake_is_room_admin(struct platform *platform, const char *room, const char *user)
{
	const char *admin = ((struct fake_platform *)platform)->room_admin;
	(void)room;
	return admin && strcmp(admin, user) == 0;
}

static void fake_destroy(struct platform *platform)
{
	struct fake_platform *fake = (struct fake_platform *)platform;
	for (size_t i = 0; i < fake->count; i++) {
		free(fake->calls[i].room);
		free(fake->calls[i].payload);
		free(fake->calls[i].key);
		free(fake->calls[i].remote);
	}
	free(fake);
}

/* `name` is "matrix" or "discord"; the dedupe window is one minute. */
static inline struct fake_platform *fake_platform_create(const char *name, struct loop *loop,
							 const struct platform_events *events, void *context)
{
#define FAKE_IMPL(name_)                                                                                             \
	{                                                                                                            \
		name_, 60000, fake_start, fake_render, fake_send, fake_edit, fake_redact, fake_typing, fake_receipt, \
			fake_is_room_admin, fake_destroy                                                             \
	}
	static const struct platform_impl impls[] = { FAKE_IMPL("matrix"), FAKE_IMPL("discord") };
	struct fake_platform *fake = memory_zeroed(1, sizeof *fake);
	fake->platform = (struct platform){ &impls[strcmp(name, "matrix") != 0], events, context };
	fake->loop = loop;
	return fake;
}

/* ---- a loop ---- */

struct fake_wait {
	struct loop *loop;
	struct loop_timer timer;
	bool (*holds)(void *context);
	void *context;
	unsigned polls;
	bool held;
};

static void fake_wait_poll(void *context)
{
	struct fake_wait *wait = context;
	wait->held = wait->holds(wait->context);
	if (wait->held || ++wait->polls > 5000)
		loop_stop(wait->loop);
	else
		loop_timer_set(wait->loop, &wait->timer, 2, fake_wait_poll, wait);
}

/* Runs the loop until `holds(context)`; false when it has not come to that after some 10 s. */
static inline bool fake_run_until(struct loop *loop, bool (*holds)(void *context), void *context)
{
	struct fake_wait wait = { .loop = loop, .holds = holds, .context = context };
	loop_timer_set(loop, &wait.timer, 0, fake_wait_poll, &wait);
	loop_run(loop);
	loop_timer_cancel(&wait.timer);
	return wait.held;
}

/* Runs the loop for some turns, for what must not happen. */
static bool fake_some_polls(void *context)
{
	return ++*(unsigned *)context > 8;
}

static inline void fake_run_turns(struct loop *loop)
{
	unsigned polls = 0;
	assert_true(fake_run_until(loop, fake_some_polls, &polls));
}

/* ---- a directory ---- */

static inline char *fake_directory(void)
{
	char *path = memory_text("/tmp/qantar-test.XXXXXX");
	assert_non_null(mkdtemp(path));
	return path;
}

/* Removes it with what is in it, and frees the path. */
static inline void fake_directory_remove(char *path)
{
	char command[256];
	snprintf(command, sizeof command, "rm -rf '%s'", path);
	assert_int_equal(system(command), 0);
	free(path);
}

#endif
