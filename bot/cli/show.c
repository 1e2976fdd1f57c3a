#include "cli/show.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "cli/cli.h"

struct show show_for(FILE *out)
{
	struct winsize size;
	struct show show = { .out = out, .colour = cli_has_colour(out) };
	if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		show.columns = size.ws_col;
	return show;
}

static void put_word(const struct show *show, const char *word, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		unsigned char c = (unsigned char)word[i];
		fputc(c < 0x20 || c == 0x7F ? ' ' : c, show->out);
	}
}

void show_text(const struct show *show, const char *text, unsigned indent)
{
	size_t column = indent;
	while (*text) {
		size_t bytes = strcspn(text, " \n"), width = utf8_length(text, bytes);
		if (show->columns && column > indent && column + width > show->columns) {
			fprintf(show->out, "\n%*s", (int)indent, "");
			column = indent;
		}
		put_word(show, text, bytes);
		column += width;
		text += bytes;
		if (*text == '\n') {
			fprintf(show->out, "\n%*s", (int)indent, "");
			column = indent;
			text++;
		} else if (*text == ' ') {
			bool fits = !show->columns || column + 1 < show->columns;
			if (fits)
				fputc(' ', show->out);
			column++;
			text++;
		}
	}
	fputc('\n', show->out);
}

/* "Source: The Globe and Mail, paragraphs 10, 11; as of January 6, 2022" */
static void show_sources(const struct show *show, const struct answer *answer)
{
	struct buffer line;
	struct knowledge_labels labels = knowledge_labels(answer->language);
	buffer_init(&line, 16384);
	for (size_t i = 0; i < answer->sources_count; i++) {
		const struct answer_source *source = &answer->sources[i];
		bool same = i && strcmp(source->id, answer->sources[i - 1].id) == 0;
		if (same) {
			buffer_format(&line, ", %u", source->paragraph);
			continue;
		}
		buffer_format(&line, "%s%s: %s, %s", i ? "; " : "", labels.source, source->publisher, source->date);
		if (source->address)
			buffer_format(&line, ", %s", source->address);
		if (source->paragraph)
			buffer_format(&line, ", %s %u", labels.paragraph, source->paragraph);
	}
	if (line.bytes && *answer->as_of)
		buffer_format(&line, " (%s %s)", labels.as_of, answer->as_of);
	if (line.bytes) {
		fputs(show->colour ? "\033[2m" : "", show->out);
		show_text(show, buffer_text(&line), 0);
		fputs(show->colour ? "\033[0m" : "", show->out);
	}
	buffer_finish(&line);
}

void show_answer(const struct show *show, const struct answer *answer)
{
	show_text(show, answer->text, 0);
	show_sources(show, answer);
	if (answer->candidates_count)
		show_text(show, knowledge_phrase_pick(answer->language), 0);
	for (size_t i = 0; i < answer->candidates_count; i++) {
		fprintf(show->out, "  %zu. ", i + 1);
		show_text(show, answer->candidates[i].question, 5);
	}
	if (answer->related_count)
		fprintf(show->out, "%s:\n", knowledge_labels(answer->language).related);
	for (size_t i = 0; i < answer->related_count; i++) {
		fputs("  - ", show->out);
		show_text(show, answer->related[i].question, 4);
	}
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
