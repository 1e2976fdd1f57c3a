/* inflate: the gateway's zstd-stream (Discord documentation, Gateway > Compression): one frame over the whole
 * connection that never ends, flushed after each message, so one websocket message gives one gateway message. */
#ifndef QANTAR_DISCORD_INFLATE_H
#define QANTAR_DISCORD_INFLATE_H

#include <stddef.h>

#include "base/buffer.h"

enum {
	INFLATE_MESSAGE_BYTES = 8 << 20, /* cap of one gateway message, inflated */
	INFLATE_SKIP_BYTES = 64 << 20,   /* a larger one is read over up to here, so that the stream stays usable */
	INFLATE_WINDOW_LOG = 23,         /* cap of the window that a frame may ask us to allocate: 8 MiB */
};

struct ZSTD_DCtx_s;

struct discord_inflate {
	struct ZSTD_DCtx_s *stream; /* owned; NULL until the first message */
	struct buffer text;
};

enum discord_inflate_result {
	INFLATE_WHOLE,
	INFLATE_TOO_LARGE, /* read over; the next message can be inflated */
	INFLATE_CORRUPT,   /* the connection is of no more use */
};

void discord_inflate_init(struct discord_inflate *inflate);
void discord_inflate_finish(struct discord_inflate *inflate);
/* Before the first message of a connection. */
void discord_inflate_reset(struct discord_inflate *inflate);

/* INFLATE_WHOLE leaves the message in `inflate->text` until the next call. */
enum discord_inflate_result discord_inflate_message(struct discord_inflate *inflate, const char *data, size_t bytes);

#endif
