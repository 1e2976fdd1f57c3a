#include "platform/discord/escape.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/* Walks over `text` and gives each code point as it goes out. */
struct walk {
	const char *text;
	size_t bytes, at;
	bool flat;
	bool opens_line; /* only spaces so far: # - + and > would be a heading, a list, a quote */
	bool opens_list; /* only spaces and digits so far: "1." would be a list */
	char out[5];     /* the code point, escaped; "" when it is dropped */
	size_t out_bytes, out_units;
};

static struct walk walk_over(const char *text, size_t bytes, bool flat)
{
	return (struct walk){ .text = text, .bytes = bytes, .flat = flat, .opens_line = true, .opens_list = true };
}

static bool is_dropped(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || /* C0, C1 */
	       (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x206F) ||   /* turn text around */
	       c == 0xFEFF || c == 0x200B;
}

static bool is_escaped(const struct walk *walk, uint32_t c)
{
	if (c >= 0x80 || c == 0)
		return false;
	if (strchr("\\`*_~|<>[]@/", (int)c))
		return true;
	if (c == ':') /* https: and :emoji: */
		return walk->at < walk->bytes && !strchr(" \t\n", walk->text[walk->at]);
	if (walk->opens_line && strchr("#-+", (int)c))
		return true;
	return walk->opens_list && !walk->opens_line && strchr(".)", (int)c);
}

static bool walk_next(struct walk *walk)
{
	uint32_t c;
	if (walk->at >= walk->bytes)
		return false;
	size_t length = utf8_next(walk->text + walk->at, walk->bytes - walk->at, &c);
	const char *from = walk->text + walk->at;
	walk->at += length;
	walk->out_bytes = walk->out_units = 0;
	if (is_dropped(c))
		return true;
	if (c == '\t' || c == 0x2028 || c == 0x2029 || (c == '\n' && walk->flat)) {
		c = ' ';
		from = " ";
		length = 1;
	}
	if (is_escaped(walk, c)) {
		walk->out[walk->out_bytes++] = '\\';
		walk->out_units++;
	}
	if (c == 0xFFFD) {
		from = "\xEF\xBF\xBD";
		length = 3;
	}
	memcpy(walk->out + walk->out_bytes, from, length);
	walk->out_bytes += length;
	walk->out_units += c >= 0x10000 ? 2 : 1;
	bool is_digit = c >= '0' && c <= '9';
	walk->opens_line = c == '\n' || (walk->opens_line && c == ' ');
	walk->opens_list = c == '\n' || (walk->opens_list && (c == ' ' || is_digit));
	return true;
}

bool discord_escape(struct buffer *out, const char *text, size_t bytes, bool flat)
{
	struct walk walk = walk_over(text, bytes, flat);
	while (walk_next(&walk))
		buffer_append(out, walk.out, walk.out_bytes);
	return !out->failed;
}

size_t discord_escape_units(const char *text, size_t bytes, bool flat)
{
	struct walk walk = walk_over(text, bytes, flat);
	size_t units = 0;
	while (walk_next(&walk))
		units += walk.out_units;
	return units;
}

static bool is_space_at(const char *text, size_t bytes, size_t at)
{
	return at >= bytes || strchr(" \t\n", text[at]);
}

/* How good a cut before `at` is; 0 is any code point. */
static unsigned cut_quality(const char *text, size_t bytes, size_t at)
{
	if (text[at - 1] == '\n' || (at < bytes && text[at] == '\n'))
		return 3;
	if (!is_space_at(text, bytes, at))
		return 0;
	bool ends_sentence = strchr(".!?", text[at - 1]) || (at >= 3 && memcmp(text + at - 3, "\xE2\x80\xA6", 3) == 0);
	return ends_sentence ? 2 : 1;
}

size_t discord_escape_fit(const char *text, size_t bytes, bool flat, size_t units)
{
	struct walk walk = walk_over(text, bytes, flat);
	size_t used = 0, best[4] = { 0 };
	while (walk_next(&walk)) {
		used += walk.out_units;
		if (used > units)
			break;
		best[cut_quality(text, bytes, walk.at)] = walk.at;
		if (walk.at == bytes)
			return bytes;
	}
	size_t most = 0;
	for (size_t i = 0; i < 4; i++)
		most = best[i] > most ? best[i] : most;
	for (size_t i = 3; i > 0; i--) /* a good cut that wastes most of the room is none */
		if (best[i] && best[i] >= most / 4)
			return best[i];
	return most;
}
