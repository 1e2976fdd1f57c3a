#include "engine/compose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engine/day.h"
#include "engine/language.h"
#include "engine/related.h"

static const struct fact *fact_of(const struct knowledge *knowledge, const struct statement *statement)
{
	return &knowledge->base.facts[statement->fact];
}

/* ---- the text ---- */

static void append_lead(const struct fact *fact, const struct statement *statement, enum language language,
			struct buffer *text)
{
	struct buffer what;
	buffer_init(&what, 256);
	switch (statement->lead) {
	case LEAD_NONE: break;
	case LEAD_YES: buffer_append_text(text, phrase(PHRASE_YES, language)); break;
	case LEAD_NO: buffer_append_text(text, phrase(PHRASE_NO, language)); break;
	case LEAD_OTHERWISE: buffer_append_text(text, phrase(PHRASE_OTHERWISE, language)); break;
	case LEAD_NOT_NUMBER:
		if (statement->year)
			buffer_format(&what, "%.0f", statement->number);
		else
			language_append_number(&what, language, statement->number);
		language_append_not(text, language, buffer_text(&what), statement->yes_no);
		break;
	case LEAD_NOT_DAY:
		if (statement->weekday)
			buffer_append_text(&what, language_on_weekday(language, day_of_week(statement->day)));
		else
			knowledge_append_date(&what, language, statement->day);
		/* A weekday's name cannot begin a Kazakh sentence as it stands. */
		language_append_not(text, language, buffer_text(&what), statement->yes_no || statement->weekday);
		break;
	case LEAD_DATE:
		knowledge_append_date(text, language, fact->from);
		if (strcmp(fact->from, fact->to) != 0) {
			buffer_append_text(text, " – ");
			knowledge_append_date(text, language, fact->to);
		}
		buffer_append_text(text, ". ");
		break;
	}
	buffer_finish(&what);
}

/* "Russian media, January 6, 2022: " in front of one of several figures that differ; date alone in a list. */
static void append_heading(const struct knowledge *knowledge, const struct decision *decision,
			   const struct statement *statement, struct buffer *text)
{
	const struct fact *fact = fact_of(knowledge, statement);
	bool beside = !decision->listed && (statement->earlier || fact->disputes_count) && decision->told_count > 1;
	if (decision->listed || beside)
		buffer_append_text(text, "• ");
	if (!beside)
		return;
	if (statement->earlier)
		buffer_format(text, "%s, ", phrase(PHRASE_EARLIER, decision->language));
	if (fact->claimant[decision->language])
		buffer_format(text, "%s, ", fact->claimant[decision->language]);
	knowledge_append_date(text, decision->language, fact->as_of);
	buffer_append_text(text, ": ");
}

static void append_facts(const struct knowledge *knowledge, const struct decision *decision, struct buffer *text)
{
	if (decision->listed)
		buffer_format(text, "%s\n", phrase(PHRASE_LIST, decision->language));
	for (uint32_t i = 0; i < decision->told_count; i++) {
		const struct statement *statement = &decision->told[i];
		if (i)
			buffer_append_char(text, '\n');
		append_heading(knowledge, decision, statement, text);
		append_lead(fact_of(knowledge, statement), statement, decision->language, text);
		buffer_append_text(text, fact_of(knowledge, statement)->answer[decision->language]);
	}
	if (decision->part_unknown)
		buffer_format(text, "\n%s", phrase(PHRASE_PART_UNKNOWN, decision->language));
}

/* "The Globe and Mail, “Thousands of ...”, January 6, 2022, paragraph 10", a line a source. */
static void append_sources(const struct answer *answer, struct buffer *text)
{
	enum language language = answer->language;
	if (answer->claimant)
		buffer_format(text, "%s — ", answer->claimant);
	for (size_t i = 0; i < answer->sources_count; i++) {
		const struct answer_source *source = &answer->sources[i];
		if (i && strcmp(source->id, answer->sources[i - 1].id) == 0) {
			buffer_format(text, ", %u", source->paragraph);
			continue;
		}
		buffer_format(text, "%s%s: %s, “%s”, ", i ? "\n" : "", phrase(PHRASE_SOURCE, language),
			      source->publisher, source->title);
		knowledge_append_date(text, language, source->date);
		if (source->address)
			buffer_format(text, ", %s", source->address);
		if (source->paragraph)
			buffer_format(text, ", %s %u", phrase(PHRASE_PARAGRAPH, language), source->paragraph);
	}
}

static void append_topics(const struct knowledge *knowledge, enum language language, struct buffer *text)
{
	const struct base *base = &knowledge->base;
	for (uint32_t topic = 0; topic < base->topics_count; topic++) {
		uint32_t fact = 0;
		while (fact < base->facts_count && (base->facts[fact].topic != topic || base->facts[fact].unknown))
			fact++;
		if (fact == base->facts_count)
			continue;
		buffer_format(text, "%s• %s: %s", text->bytes ? "\n" : "", base->topics[topic].name[language],
			      related_question(&base->facts[fact], language));
	}
}

/* The lexicon's answer, {as_of} and {topics} filled in. */
static void append_talk(const struct knowledge *knowledge, const char *answer, enum language language,
			struct buffer *text)
{
	while (*answer) {
		if (strncmp(answer, "{as_of}", 7) == 0) {
			knowledge_append_date(text, language, knowledge->base.as_of);
			answer += 7;
		} else if (strncmp(answer, "{topics}", 8) == 0) {
			if (text->bytes && text->data[text->bytes - 1] != '\n')
				buffer_append_char(text, '\n');
			struct buffer topics;
			buffer_init(&topics, COMPOSE_TEXT_BYTES);
			append_topics(knowledge, language, &topics);
			buffer_append_text(text, buffer_text(&topics));
			buffer_finish(&topics);
			answer += 8;
		} else {
			buffer_append_char(text, *answer++);
		}
	}
}

static void append_safety(const struct knowledge *knowledge, const struct knowledge_context *context,
			  const struct decision *decision, struct buffer *text)
{
	const char *operators = context->safety[decision->language];
	const char *own = decision->talk == UINT32_MAX
				  ? NULL
				  : knowledge->base.talks[decision->talk].answer[decision->language];
	if (own && !operators) {
		append_talk(knowledge, own, decision->language, text);
		return;
	}
	buffer_format(text, "%s ", phrase(PHRASE_NO_EMERGENCY, decision->language));
	buffer_append_text(text, operators ? operators : phrase(PHRASE_SAFETY, decision->language));
}

static void append_text(const struct knowledge *knowledge, const struct knowledge_context *context,
			const struct decision *decision, const struct answer *answer, struct buffer *text)
{
	switch (decision->kind) {
	case ANSWER_FACT:
	case ANSWER_FACTS:
	case ANSWER_KNOWN_UNKNOWN:
		if (decision->sources)
			append_sources(answer, text);
		else
			append_facts(knowledge, decision, text);
		break;
	case ANSWER_UNSURE: buffer_append_text(text, phrase(decision->phrase, decision->language)); break;
	case ANSWER_UNKNOWN:
		buffer_append_text(text, phrase(decision->phrase, decision->language));
		if (context->contact && decision->phrase == PHRASE_UNKNOWN)
			buffer_format(text, " %s", context->contact);
		break;
	case ANSWER_SMALL_TALK:
		if (decision->talk == UINT32_MAX)
			buffer_append_text(text, phrase(decision->phrase, decision->language));
		else
			append_talk(knowledge, knowledge->base.talks[decision->talk].answer[decision->language],
				    decision->language, text);
		break;
	case ANSWER_SAFETY: append_safety(knowledge, context, decision, text); break;
	}
}

/* ---- what goes with it ---- */

static bool has_source(const struct answer *answer, const char *id, unsigned paragraph)
{
	for (size_t i = 0; i < answer->sources_count; i++)
		if (answer->sources[i].paragraph == paragraph && strcmp(answer->sources[i].id, id) == 0)
			return true;
	return false;
}

static void add_sources(const struct base *base, const struct fact *fact, struct answer *answer)
{
	for (uint32_t i = 0; i < fact->sources_count; i++) {
		const struct source *source = &base->sources[fact->sources[i].source];
		unsigned paragraph = fact->sources[i].paragraph;
		if (has_source(answer, source->id, paragraph))
			continue;
		answer->sources[answer->sources_count++] = (struct answer_source){
			memory_text(source->id),    paragraph,
			memory_text(source->title), memory_text(source->publisher),
			memory_text(source->date),  memory_text(source->address),
		};
	}
}

static void add_facts(const struct knowledge *knowledge, const struct decision *decision, struct answer *answer)
{
	size_t sources = 0;
	for (uint32_t i = 0; i < decision->told_count; i++)
		sources += fact_of(knowledge, &decision->told[i])->sources_count;
	answer->facts = memory_zeroed(decision->told_count, sizeof *answer->facts);
	answer->sources = memory_zeroed(sources, sizeof *answer->sources);
	const char *claimant = fact_of(knowledge, &decision->told[0])->claimant[decision->language];
	for (uint32_t i = 0; i < decision->told_count; i++) {
		const struct fact *fact = fact_of(knowledge, &decision->told[i]);
		const char *other = fact->claimant[decision->language];
		add_sources(&knowledge->base, fact, answer);
		if (strcmp(fact->as_of, answer->as_of) > 0)
			memcpy(answer->as_of, fact->as_of, sizeof answer->as_of);
		if (decision->told[i].unasked)
			continue;
		answer->facts[answer->facts_count++] = memory_text(fact->id);
		if (!claimant || !other || strcmp(claimant, other) != 0)
			claimant = NULL; /* several facts have a claimant only when they have the same */
	}
	answer->claimant = memory_text(claimant);
}

static struct answer_choice *choices_of(const struct knowledge *knowledge, const uint32_t facts[], size_t count,
					enum language language)
{
	struct answer_choice *choices = memory_zeroed(count ? count : 1, sizeof *choices);
	for (size_t i = 0; i < count; i++) {
		const struct fact *fact = &knowledge->base.facts[facts[i]];
		choices[i] = (struct answer_choice){ memory_text(fact->id),
						     memory_text(related_question(fact, language)) };
	}
	return choices;
}

bool compose(const struct knowledge *knowledge, const struct knowledge_context *context,
	     const struct decision *decision, struct answer *answer)
{
	struct buffer text;
	uint32_t related[KNOWLEDGE_RELATED];
	*answer = (struct answer){ .kind = decision->kind,
				   .language = decision->language,
				   .confidence = decision->confidence };
	if (decision->told_count)
		add_facts(knowledge, decision, answer);
	answer->candidates =
		choices_of(knowledge, decision->candidates, decision->candidates_count, decision->language);
	answer->candidates_count = decision->candidates_count;
	answer->related_count = related_find(knowledge, context, decision, related);
	answer->related = choices_of(knowledge, related, answer->related_count, decision->language);
	buffer_init(&text, COMPOSE_TEXT_BYTES);
	append_text(knowledge, context, decision, answer, &text);
	answer->text = buffer_take(&text);
	if (answer->text)
		return true;
	buffer_finish(&text);
	answer_finish(answer);
	return false;
}

void compose_remember(const struct answer *answer, const struct decision *decision, struct knowledge_context *context)
{
	context->language = answer->language;
	if (decision->lasting)
		context->forced = answer->language;
	memset(context->candidates, 0, sizeof context->candidates);
	for (size_t i = 0; i < answer->candidates_count; i++)
		snprintf(context->candidates[i], KNOWLEDGE_ID_BYTES, "%s", answer->candidates[i].id);
	if (!answer->facts_count)
		return; /* small talk and "I don't know" do not make one forget what was spoken of */
	memset(context->facts, 0, sizeof context->facts);
	for (size_t i = 0; i < answer->facts_count; i++)
		snprintf(context->facts[i], KNOWLEDGE_ID_BYTES, "%s", answer->facts[i]);
}
