/* escape: text as Discord shows it, letter by letter: nothing in it is markup, a mention, a link or an emoji.
 *
 * Discord takes a backslash before any ASCII punctuation away and shows what follows (Discord documentation,
 * Reference > Message Formatting; the help centre's Markdown Text 101 has the marks). Control characters, and
 * those that turn text around, are dropped. */
#ifndef QANTAR_DISCORD_ESCAPE_H
#define QANTAR_DISCORD_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Appends `text`, which begins a line; `flat` makes line ends spaces. Invalid UTF-8 becomes U+FFFD. */
bool discord_escape(struct buffer *out, const char *text, size_t bytes, bool flat);

/* How Discord counts the escaped text. Its documentation says characters; UTF-16 units are never fewer. */
size_t discord_escape_units(const char *text, size_t bytes, bool flat);

/* The longest beginning of `text` that has at most `units` when escaped and ends well: at a line's end, else a
 * sentence's, else a word's, else at any code point. In bytes of `text`; 0 when not even one code point fits. */
size_t discord_escape_fit(const char *text, size_t bytes, bool flat, size_t units);

#endif
