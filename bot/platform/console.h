/* console: a reply as text for a terminal. No `struct platform`: a terminal has no rooms, retries or edits. */
#ifndef QANTAR_PLATFORM_CONSOLE_H
#define QANTAR_PLATFORM_CONSOLE_H

#include <stddef.h>

#include "base/buffer.h"
#include "platform/platform.h"

struct console {
	size_t columns; /* to wrap at, as the terminal shows them; 0: no wrapping */
	bool colour;    /* small print is dimmed */
};

/* Appends the blocks, each on lines of its own. Control characters and what turns text around become spaces. The
 * width of characters is the C library's: call setlocale with a UTF-8 locale first. */
void console_render(const struct console *console, const struct block *blocks, size_t count, struct buffer *out);

#endif
