#include "reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

void reply_finish(struct reply *reply)
{
	for (size_t i = 0; i < reply->count; i++)
		free((char *)reply->blocks[i].text);
	*reply = (struct reply){ 0 };
}

/* Takes the text out of the buffer. */
static void add_buffer(struct reply *reply, enum block_kind kind, struct buffer *text)
{
	char *taken = buffer_take(text);
	if (taken && *taken && reply->count < REPLY_BLOCKS)
		reply->blocks[reply->count++] = (struct block){ .kind = kind, .text = taken };
	else
		free(taken);
}

void reply_add(struct reply *reply, enum block_kind kind, const char *format, ...)
{
	struct buffer text;
	va_list arguments;
	char *formatted = NULL;
	va_start(arguments, format);
	int bytes = vasprintf(&formatted, format, arguments);
	va_end(arguments);
	if (bytes < 0)
		return;
	buffer_init(&text, REPLY_TEXT_BYTES);
	buffer_append(&text, formatted, (size_t)bytes);
	free(formatted);
	add_buffer(reply, kind, &text);
}

/* "The Globe and Mail, 6 January 2022, paragraph 3, 10": one source with all its paragraphs. */
static void append_source(struct buffer *text, const struct answer *answer, size_t first)
{
	const struct answer_source *source = &answer->sources[first];
	struct knowledge_labels labels = knowledge_labels(answer->language);
	unsigned told = 0;
	buffer_format(text, "%s, ", source->publisher ? source->publisher : source->title);
	knowledge_append_date(text, answer->language, source->date);
	for (size_t i = first; i < answer->sources_count; i++) {
		const struct answer_source *same = &answer->sources[i];
		if (strcmp(same->id, source->id) != 0 || !same->paragraph)
			continue;
		if (told++)
			buffer_format(text, ", %u", same->paragraph);
		else
			buffer_format(text, ", %s %u", labels.paragraph, same->paragraph);
	}
	if (source->address)
		buffer_format(text, ", %s", source->address);
}

static bool is_named_before(const struct answer *answer, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (strcmp(answer->sources[i].id, answer->sources[place].id) == 0)
			return true;
	return false;
}

/* "Source: ... · as of 6 January 2022" */
static void add_sources(struct reply *reply, const struct answer *answer)
{
	struct knowledge_labels labels = knowledge_labels(answer->language);
	struct buffer text;
	buffer_init(&text, REPLY_TEXT_BYTES);
	for (size_t i = 0; i < answer->sources_count; i++) {
		if (is_named_before(answer, i))
			continue;
		if (text.bytes)
			buffer_append_text(&text, "; ");
		else
			buffer_format(&text, "%s: ", labels.source);
		append_source(&text, answer, i);
	}
	if (answer->as_of[0]) {
		buffer_format(&text, "%s%s ", text.bytes ? " · " : "", labels.as_of);
		knowledge_append_date(&text, answer->language, answer->as_of);
	}
	add_buffer(reply, BLOCK_NOTE, &text);
}

void reply_compose(struct reply *reply, const struct answer *answer)
{
	reply_add(reply, BLOCK_PARAGRAPH, "%s", answer->text);
	if (answer->candidates_count)
		reply_add(reply, BLOCK_PARAGRAPH, "%s", knowledge_phrase_pick(answer->language, answer->candidates_count));
	for (size_t i = 0; i < answer->candidates_count; i++)
		reply_add(reply, BLOCK_ITEM, "%zu. %s", i + 1, answer->candidates[i].question);
	add_sources(reply, answer);
	if (answer->related_count)
		reply_add(reply, BLOCK_NOTE, "%s:", knowledge_labels(answer->language).related);
	for (size_t i = 0; i < answer->related_count; i++)
		reply_add(reply, BLOCK_ITEM, "%s", answer->related[i].question);
}
