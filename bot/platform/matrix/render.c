/* render: blocks to the contents of m.room.message events, plain text and HTML side by side.
 *
 * Of the HTML that the specification allows ("m.room.message msgtypes") only p, br, em, ul, ol and li are used. Every
 * character that has a meaning in HTML is escaped, control and bidirectional override characters are left out, so
 * that nothing in a block can become markup, a mention or a disguise. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "platform/matrix/internal.h"

enum {
	PIECE_BYTES = 4000, /* of a block that one post takes */
	PART_BYTES = 5000,  /* of all blocks in a post: escaped twice over, and in an edit, below an event's size */
	PART_TEXT_BYTES = 65536,
};

/* A run of a block that stands in one post. */
struct piece {
	enum block_kind kind;
	const char *text;
	size_t bytes;
};

struct part {
	struct buffer body, html;
	enum block_kind last; /* kind of the piece before */
	bool has_pieces;
	long number;          /* of the open list's last item; 0: it has bullets */
	size_t bytes;
};

/* ---- characters ---- */

static bool is_left_out(uint32_t code)
{
	return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) ||
	       (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF ||
	       (code & 0xFFFE) == 0xFFFE;
}

static const char *escape_of(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\n':
		return "<br>";
	default:
		return NULL;
	}
}

static void append_text(struct buffer *body, struct buffer *html, const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes;) {
		uint32_t code = 0;
		size_t length = utf8_next(text + i, bytes - i, &code);
		const char *bytes_of = code == 0xFFFD ? "\xEF\xBF\xBD" : text + i;
		size_t bytes_count = code == 0xFFFD ? 3 : length;
		i += length;
		if (is_left_out(code))
			continue;
		const char *escape = escape_of(code);
		if (body)
			buffer_append(body, bytes_of, bytes_count);
		if (html && escape)
			buffer_append_text(html, escape);
		else if (html)
			buffer_append(html, bytes_of, bytes_count);
	}
}

/* ---- pieces ---- */

/* Bytes of "12. " or "3) " at the start of an item; 0: it has no number. */
static size_t number_bytes(const struct piece *piece)
{
	size_t digits = 0;
	while (digits < piece->bytes && digits < 3 && piece->text[digits] >= '0' && piece->text[digits] <= '9')
		digits++;
	if (!digits || digits + 2 > piece->bytes || !strchr(".)", piece->text[digits]) ||
	    piece->text[digits + 1] != ' ')
		return 0;
	return digits + 2;
}

static void close_list(struct part *part)
{
	if (part->has_pieces && part->last == BLOCK_ITEM)
		buffer_append_text(&part->html, part->number ? "</ol>" : "</ul>");
}

static void add_item(struct part *part, const struct piece *piece)
{
	size_t skipped = number_bytes(piece);
	long number = skipped ? strtol(piece->text, NULL, 10) : 0;
	bool is_in_list = part->has_pieces && part->last == BLOCK_ITEM;
	bool goes_on = is_in_list && (number ? part->number && number == part->number + 1 : !part->number);
	if (!goes_on) {
		close_list(part);
		if (number) /* people pick by this number: the list must not count otherwise */
			buffer_format(&part->html, "<ol start=\"%ld\">", number);
		else
			buffer_append_text(&part->html, "<ul>");
	}
	part->number = number;
	if (part->body.bytes)
		buffer_append_char(&part->body, '\n');
	if (!number)
		buffer_append_text(&part->body, "\xE2\x80\xA2 "); /* a bullet */
	append_text(&part->body, NULL, piece->text, piece->bytes);
	buffer_append_text(&part->html, "<li>");
	append_text(NULL, &part->html, piece->text + skipped, piece->bytes - skipped);
	buffer_append_text(&part->html, "</li>");
}

static void add_paragraph(struct part *part, const struct piece *piece)
{
	close_list(part);
	if (part->body.bytes)
		buffer_append_text(&part->body, "\n\n");
	buffer_append_text(&part->html, piece->kind == BLOCK_NOTE ? "<p><em>" : "<p>");
	append_text(&part->body, &part->html, piece->text, piece->bytes);
	buffer_append_text(&part->html, piece->kind == BLOCK_NOTE ? "</em></p>" : "</p>");
}

static void add_piece(struct part *part, const struct piece *piece)
{
	if (piece->kind == BLOCK_ITEM)
		add_item(part, piece);
	else
		add_paragraph(part, piece);
	part->last = piece->kind;
	part->has_pieces = true;
	part->bytes += piece->bytes;
}

/* Where to cut a text that is longer than a post takes: behind a line, else a word, else a code point. */
static size_t piece_bytes(const char *text, size_t bytes)
{
	if (bytes <= PIECE_BYTES)
		return bytes;
	size_t limit = utf8_floor(text, bytes, PIECE_BYTES);
	const char *line = memrchr(text, '\n', limit), *word = memrchr(text, ' ', limit);
	const char *at = line && line > text ? line : word && word > text ? word : text + limit;
	return (size_t)(at - text);
}

/* ---- parts ---- */

/* The first part answers and mentions; the others follow it in the same thread. */
static void add_relation(cJSON *content, const struct target *target, bool is_first)
{
	cJSON *mentions = cJSON_AddObjectToObject(content, "m.mentions");
	if (is_first && target->sender)
		cJSON_AddItemToObject(mentions, "user_ids", cJSON_CreateStringArray(&target->sender, 1));
	if (!target->thread && !(is_first && target->reply_to))
		return;
	cJSON *relation = cJSON_AddObjectToObject(content, "m.relates_to");
	if (target->thread) {
		cJSON_AddStringToObject(relation, "rel_type", "m.thread");
		cJSON_AddStringToObject(relation, "event_id", target->thread);
		/* The first part truly answers the question; the reply of the others is for clients without threads. */
		cJSON_AddBoolToObject(relation, "is_falling_back", !(is_first && target->reply_to));
	}
	const char *reply_to = target->reply_to ? target->reply_to : target->thread;
	cJSON *in_reply_to = cJSON_AddObjectToObject(relation, "m.in_reply_to");
	cJSON_AddStringToObject(in_reply_to, "event_id", reply_to);
}

static bool part_finish(struct part *part, const struct matrix *matrix, const struct target *target,
			struct rendered *out)
{
	close_list(part);
	bool is_whole = part->has_pieces && !part->body.failed && !part->html.failed && out->count < PLATFORM_PARTS;
	if (is_whole) {
		cJSON *content = cJSON_CreateObject();
		cJSON_AddStringToObject(content, "msgtype", matrix->options.message_type);
		cJSON_AddStringToObject(content, "body", buffer_text(&part->body));
		cJSON_AddStringToObject(content, "format", "org.matrix.custom.html");
		cJSON_AddStringToObject(content, "formatted_body", buffer_text(&part->html));
		add_relation(content, target, out->count == 0);
		out->parts[out->count] = matrix_body(content);
		is_whole = out->parts[out->count] != NULL;
		out->count += is_whole;
	}
	buffer_finish(&part->body);
	buffer_finish(&part->html);
	part->has_pieces = false;
	return is_whole;
}

static void part_begin(struct part *part)
{
	*part = (struct part){ 0 };
	buffer_init(&part->body, PART_TEXT_BYTES);
	buffer_init(&part->html, PART_TEXT_BYTES);
}

/* Adds one block, in further parts where it does not fit. False when there are no parts left. */
static bool add_block(struct part *part, const struct matrix *matrix, const struct target *target,
		      const struct block *block, struct rendered *out)
{
	const char *text = block->text;
	for (size_t left = strlen(text); left;) {
		struct piece piece = { .kind = block->kind, .text = text, .bytes = piece_bytes(text, left) };
		if (part->has_pieces && part->bytes + piece.bytes > PART_BYTES) {
			if (out->count + 1 == PLATFORM_PARTS || !part_finish(part, matrix, target, out))
				return false;
			part_begin(part);
		}
		add_piece(part, &piece);
		text += piece.bytes;
		left -= piece.bytes;
		while (left && (*text == '\n' || *text == ' ')) {
			text++;
			left--;
		}
	}
	return true;
}

bool matrix_render(struct platform *platform, const struct target *target, const struct block *blocks, size_t count,
		   struct rendered *out)
{
	const struct matrix *matrix = (const struct matrix *)platform;
	*out = (struct rendered){ 0 };
	struct part part;
	part_begin(&part);
	bool has_room = true; /* a reply past the last part ends there */
	for (size_t i = 0; i < count && has_room; i++)
		has_room = add_block(&part, matrix, target, &blocks[i], out);
	return part_finish(&part, matrix, target, out) || out->count > 0;
}
