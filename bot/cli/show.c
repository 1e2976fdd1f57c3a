#include "cli/show.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/cli.h"
#include "platform/console.h"

enum { COLUMNS_LEAST = 20, COLUMNS_MOST = 100, OUTPUT_BYTES = 1 << 20 };

/* Looked at for every reply: the window may have changed. */
static struct console console_for(FILE *out)
{
	struct winsize size;
	struct console console = { .colour = cli_has_colour(out) };
	if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col >= COLUMNS_LEAST)
		console.columns = size.ws_col < COLUMNS_MOST ? size.ws_col : COLUMNS_MOST;
	return console;
}

void show_reply(FILE *out, const struct reply *reply)
{
	struct console console = console_for(out);
	struct buffer text;
	buffer_init(&text, OUTPUT_BYTES);
	console_render(&console, reply->blocks, reply->count, &text);
	fwrite(buffer_text(&text), 1, text.bytes, out);
	fflush(out);
	buffer_finish(&text);
}

void show_answer(FILE *out, const struct answer *answer)
{
	struct reply reply = { 0 };
	reply_compose(&reply, answer);
	show_reply(out, &reply);
	reply_finish(&reply);
}

/* ---- JSON ---- */

static void append_ids(struct buffer *out, const struct answer_choice *choices, size_t count)
{
	buffer_append_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i)
			buffer_append_char(out, ',');
		json_append_string(out, choices[i].id);
	}
	buffer_append_char(out, ']');
}

static void append_text_or_null(struct buffer *out, const char *text)
{
	if (text && *text)
		json_append_string(out, text);
	else
		buffer_append_text(out, "null");
}

static void append_sources(struct buffer *out, const struct answer *answer)
{
	buffer_append_char(out, '[');
	for (size_t i = 0; i < answer->sources_count; i++) {
		buffer_append_text(out, i ? ",{\"id\":" : "{\"id\":");
		json_append_string(out, answer->sources[i].id);
		if (answer->sources[i].paragraph)
			buffer_format(out, ",\"paragraph\":%u}", answer->sources[i].paragraph);
		else
			buffer_append_text(out, ",\"paragraph\":null}");
	}
	buffer_append_char(out, ']');
}

void show_append_json(struct buffer *out, const char *id, const struct answer *answer)
{
	bool answered = answer->kind == ANSWER_FACT || answer->kind == ANSWER_FACTS;
	buffer_append_text(out, "{\"id\":");
	if (id)
		json_append_string(out, id);
	else
		buffer_append_text(out, "null");
	buffer_format(out, ",\"kind\":\"%s\",\"answered\":%s,\"facts\":[", answer_kind_name(answer->kind),
		      answered ? "true" : "false");
	for (size_t i = 0; i < answer->facts_count; i++) {
		if (i)
			buffer_append_char(out, ',');
		json_append_string(out, answer->facts[i]);
	}
	buffer_append_text(out, "],\"answer\":");
	json_append_string(out, answer->text);
	buffer_format(out, ",\"lang\":\"%s\",\"confidence\":%.4g,\"as_of\":", language_code(answer->language),
		      answer->confidence);
	append_text_or_null(out, answer->as_of);
	buffer_append_text(out, ",\"claimant\":");
	append_text_or_null(out, answer->claimant);
	buffer_append_text(out, ",\"sources\":");
	append_sources(out, answer);
	buffer_append_text(out, ",\"candidates\":");
	append_ids(out, answer->candidates, answer->candidates_count);
	buffer_append_text(out, ",\"related\":");
	append_ids(out, answer->related, answer->related_count);
	buffer_append_char(out, '}');
}

const char *show_refusal(enum knowledge_refusal refusal)
{
	switch (refusal) {
	case KNOWLEDGE_TOO_LONG: return "the question is longer than 4096 bytes; ask it in fewer words";
	case KNOWLEDGE_NOT_UTF8: return "the question is not UTF-8";
	case KNOWLEDGE_NO_MEMORY: return "no memory for the answer";
	case KNOWLEDGE_ANSWERED: break;
	}
	return "";
}
