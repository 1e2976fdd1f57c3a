/* log: one logfmt line an event: time, level, module, event, then fields.
 *
 * Values are quoted and escaped here (control bytes, quotes, invalid UTF-8) and cut at
 * LOG_VALUE_BYTES, so that what a server sent cannot forge a line. Never pass the text of a message,
 * a person's display name, or a token. Lines go to stderr, or to the stream given at creation.
 *
 *   log_event(log, LOG_INFO, "discord", "resumed", LOG_NUMBER("seq", seq), LOG_TEXT("host", host)); */
#ifndef QANTAR_BASE_LOG_H
#define QANTAR_BASE_LOG_H

#include <stdint.h>
#include <stdio.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum { LOG_VALUE_BYTES = 256 };

struct log;

struct log_field {
	const char *key; /* NULL ends the list */
	const char *text; /* NULL: the number counts */
	int64_t number;
};

static inline struct log_field log_text(const char *key, const char *text)
{
	return (struct log_field){ .key = key, .text = text ? text : "" };
}

#define LOG_TEXT(key_, text_) log_text((key_), (text_))
#define LOG_NUMBER(key_, number_) ((struct log_field){ .key = (key_), .number = (int64_t)(number_) })

/* Borrows `stream`. The caller destroys. */
struct log *log_create(FILE *stream, enum log_level least);
void log_destroy(struct log *log);

/* A NULL log is silent: tests and tools need no special case. */
#define log_event(log, level, module, event, ...) \
	log_write((log), (level), (module), (event), (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(,) { 0 } })

void log_write(struct log *log, enum log_level level, const char *module, const char *event,
	       const struct log_field *fields);

#endif
