#include "platform/discord/render.h"

#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "platform/discord/escape.h"
#include "platform/discord/post.h"

enum {
	CONTENT_UNITS = RENDER_UNITS - 2,  /* an ellipsis must still fit behind it */
	CONTENT_BYTES = 4 * RENDER_UNITS,
	FLAG_SUPPRESS_EMBEDS = 1 << 2,
};

struct writer {
	const struct target *target;
	struct rendered *out;
	struct buffer content; /* of the part being written */
	size_t units;
	bool is_full;          /* no part is left: the rest is dropped */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void end_part(struct writer *writer)
{
	const char *reply_to = writer->out->count == 0 && writer->target ? writer->target->reply_to : NULL;
	char *body = NULL;
	if (writer->units)
		body = discord_post_payload(buffer_text(&writer->content), FLAG_SUPPRESS_EMBEDS, reply_to);
	if (body)
		writer->out->parts[writer->out->count++] = body;
	buffer_clear(&writer->content);
	writer->units = 0;
}

static const char *separator(const struct writer *writer, enum block_kind kind)
{
	if (writer->units == 0)
		return "";
	return kind == BLOCK_PARAGRAPH ? "\n\n" : "\n";
}

static const char *prefix(enum block_kind kind, const char *text, bool is_rest)
{
	if (kind == BLOCK_NOTE)
		return "-# "; /* Discord's small print */
	bool is_numbered = *text >= '0' && *text <= '9';
	return kind == BLOCK_ITEM && !is_rest && !is_numbered ? "\xE2\x80\xA2 " : "";
}

static void append(struct writer *writer, enum block_kind kind, const char *before, const char *text, size_t bytes)
{
	const char *between = separator(writer, kind);
	bool flat = kind != BLOCK_PARAGRAPH;
	writer->units += strlen(between) + utf8_length(before, strlen(before)) + discord_escape_units(text, bytes, flat);
	buffer_append_text(&writer->content, between);
	buffer_append_text(&writer->content, before);
	discord_escape(&writer->content, text, bytes, flat);
}

/* The part is full and more is to come: the next one begins, or the text ends here. */
static void break_part(struct writer *writer)
{
	if (writer->out->count + 1 < PLATFORM_PARTS) {
		end_part(writer);
		return;
	}
	buffer_append_text(&writer->content, "\xE2\x80\xA6");
	writer->units++;
	writer->is_full = true;
}

static void write_block(struct writer *writer, enum block_kind kind, const char *text, size_t bytes)
{
	bool flat = kind != BLOCK_PARAGRAPH, is_rest = false;
	while (!writer->is_full) {
		while (bytes && is_space(*text))
			text++, bytes--;
		while (bytes && is_space(text[bytes - 1]))
			bytes--;
		size_t units = discord_escape_units(text, bytes, flat);
		if (units == 0)
			return;
		const char *before = prefix(kind, text, is_rest);
		size_t fixed = strlen(separator(writer, kind)) + strlen(before);
		size_t free_units = CONTENT_UNITS > writer->units + fixed ? CONTENT_UNITS - writer->units - fixed : 0;
		if (units <= free_units) {
			append(writer, kind, before, text, bytes);
			return;
		}
		/* A block that fits into a part of its own is not torn. */
		bool fits_alone = units + strlen(before) <= CONTENT_UNITS;
		size_t fit = fits_alone && writer->units ? 0 : discord_escape_fit(text, bytes, flat, free_units);
		if (fit > 0) {
			append(writer, kind, before, text, fit);
			text += fit;
			bytes -= fit;
			is_rest = true;
		}
		break_part(writer);
	}
}

bool discord_render(const struct target *target, const struct block *blocks, size_t count, struct rendered *out)
{
	struct writer writer = { .target = target, .out = out };
	*out = (struct rendered){ 0 };
	buffer_init(&writer.content, CONTENT_BYTES);
	for (size_t i = 0; i < count; i++)
		write_block(&writer, blocks[i].kind, blocks[i].text, strlen(blocks[i].text));
	end_part(&writer);
	buffer_finish(&writer.content);
	return out->count > 0;
}
