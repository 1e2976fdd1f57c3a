#include "platform/discord/inflate.h"

#include <zstd.h>

enum { CHUNK_BYTES = 16384, KEEP_BYTES = 256 << 10 };

void discord_inflate_init(struct discord_inflate *inflate)
{
	*inflate = (struct discord_inflate){ 0 };
	buffer_init(&inflate->text, INFLATE_MESSAGE_BYTES);
}

void discord_inflate_finish(struct discord_inflate *inflate)
{
	ZSTD_freeDCtx(inflate->stream);
	buffer_finish(&inflate->text);
	discord_inflate_init(inflate);
}

void discord_inflate_reset(struct discord_inflate *inflate)
{
	/* Freed rather than reset: the next connection's frame may need a smaller window. */
	ZSTD_freeDCtx(inflate->stream);
	inflate->stream = NULL;
	buffer_shrink(&inflate->text, KEEP_BYTES);
}

static bool begin(struct discord_inflate *inflate)
{
	if (!inflate->stream)
		inflate->stream = ZSTD_createDCtx();
	return inflate->stream &&
	       !ZSTD_isError(ZSTD_DCtx_setParameter(inflate->stream, ZSTD_d_windowLogMax, INFLATE_WINDOW_LOG));
}

enum discord_inflate_result discord_inflate_message(struct discord_inflate *inflate, const char *data, size_t bytes)
{
	char chunk[CHUNK_BYTES];
	ZSTD_inBuffer in = { data, bytes, 0 };
	ZSTD_outBuffer out;
	size_t total = 0;
	buffer_shrink(&inflate->text, KEEP_BYTES);
	if (!inflate->stream && !begin(inflate))
		return INFLATE_CORRUPT;
	do {
		out = (ZSTD_outBuffer){ chunk, sizeof chunk, 0 };
		if (ZSTD_isError(ZSTD_decompressStream(inflate->stream, &out, &in)))
			return INFLATE_CORRUPT;
		total += out.pos;
		if (total > INFLATE_SKIP_BYTES)
			return INFLATE_CORRUPT;
		buffer_append(&inflate->text, chunk, out.pos);
	} while (in.pos < in.size || out.pos == out.size); /* a full chunk may have left more inside */
	return inflate->text.failed ? INFLATE_TOO_LARGE : INFLATE_WHOLE;
}
