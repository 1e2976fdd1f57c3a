/* session: what is needed to resume a gateway session after a lost connection or a restart. */
#ifndef QANTAR_DISCORD_SESSION_H
#define QANTAR_DISCORD_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "platform/discord/snowflake.h"

enum { SESSION_ID_BYTES = 128, SESSION_URL_BYTES = 256 };

struct discord_session {
	char id[SESSION_ID_BYTES];          /* "": no session */
	char resume_url[SESSION_URL_BYTES];
	char user[SNOWFLAKE_BYTES];         /* the bot's own id: READY tells it, RESUMED does not */
	int64_t sequence;                   /* of the last event received; -1: none */
};

void discord_session_forget(struct discord_session *session);
bool discord_session_can_resume(const struct discord_session *session);

/* From READY's data. False, and no session, when a part is missing or too long. */
bool discord_session_begin(struct discord_session *session, const cJSON *ready);

/* As stored between runs. What cannot be read is no session. */
void discord_session_read(struct discord_session *session, const char *text);
char *discord_session_write(const struct discord_session *session); /* the caller frees */

#endif
