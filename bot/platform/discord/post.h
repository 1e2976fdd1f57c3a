/* post: the bodies of REST sends, and what their results mean to whoever asked for them. */
#ifndef QANTAR_DISCORD_POST_H
#define QANTAR_DISCORD_POST_H

#include "platform/discord/rest.h"
#include "platform/platform.h"

enum { POST_NONCE_CHARACTERS = 25 };

/* What is posted, but for the key: {"content", "flags", "allowed_mentions", "message_reference"}; nobody is
 * mentioned. There is a reference when `reply_to` is a snowflake. The caller frees. */
char *discord_post_payload(const char *content, int64_t flags, const char *reply_to);
/* `payload` with the key as its nonce and enforce_nonce. NULL when the payload is no object
 * or the key is empty or too long for a nonce. The caller frees. */
char *discord_post_body(const char *payload, const char *key);
/* The same for an edit, which takes neither nonce nor reference. */
char *discord_post_edit_body(const char *payload);

/* A body of discord_post_body without its reference; NULL when it has none. */
char *discord_post_plain_body(const char *body);

/* 2xx: DONE, and so is the deletion of what is gone. 5xx and lost answers: LOST. */
enum send_result discord_post_result(const struct discord_result *result);

#endif
