/* closing: what a gateway close code asks for (Discord documentation, Opcodes and Status Codes > Gateway Close
 * Event Codes). */
#ifndef QANTAR_DISCORD_CLOSING_H
#define QANTAR_DISCORD_CLOSING_H

enum discord_closing_action {
	CLOSING_RESUME,      /* reconnect and go on with the same session */
	CLOSING_NEW_SESSION, /* reconnect and identify anew */
	CLOSING_FATAL,       /* reconnecting cannot help: the operator must change something */
};

struct discord_closing {
	int code;
	enum discord_closing_action action;
	const char *why; /* one sentence; for fatal ones it says what to change */
};

/* Never NULL: a code that the table does not know (a lost connection, 1000, 1001, 1012-1014 that arrive as 1002)
 * resumes. */
const struct discord_closing *discord_closing_find(int code);

#endif
