/* notice: the few sentences the bot says on its own account, in its three languages. */
#ifndef QANTAR_NOTICE_H
#define QANTAR_NOTICE_H

#include "knowledge.h"

enum notice {
	NOTICE_LIMIT,      /* too many questions */
	NOTICE_UNREADABLE, /* the room is encrypted, or its content withheld */
	NOTICE_TOO_LONG,
	NOTICE_NOT_TEXT,   /* the question is not UTF-8 */
	NOTICE_HELP,
	NOTICE_INTERRUPTED,/* a restart came in between */
	NOTICE_NO_RIGHTS,
	NOTICE_COUNT,
};

/* Static text; English for LANGUAGE_NONE. */
const char *notice_text(enum notice notice, enum language language);

#endif
