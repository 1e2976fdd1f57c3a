/* explain: how an answer came about, as JSON for `qantar explain` and for the misses of `qantar eval`. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "engine/compose.h"

enum { EXPLAIN_BYTES = 1 << 20 };

static const char *const reading_names[] = {
	[READING_KNOWN] = "known",     [READING_SCRIPT] = "other script", [READING_SPELLING] = "corrected",
	[READING_STEM] = "other form", [READING_UNKNOWN] = "unknown",
};
static const char *const expects_names[] = { "who",  "when",  "where",  "how-many", "why",
					     "what", "which", "yes-no", "how" };
static const char *const own_names[] = {
	[OWN_QUESTION] = "questions", [OWN_CORRECTS] = "corrects", [OWN_AFFIRMS] = "affirms", [OWN_DENIES] = "denies"
};
static const char *const lead_names[] = {
	[LEAD_NONE] = "none",
	[LEAD_YES] = "yes",
	[LEAD_NO] = "no",
	[LEAD_OTHERWISE] = "the sources say otherwise",
	[LEAD_NOT_NUMBER] = "puts a figure right",
	[LEAD_NOT_DAY] = "puts a day right", [LEAD_DATE] = "its date",
};

static void key(struct buffer *out, const char *name)
{
	char last = out->bytes ? out->data[out->bytes - 1] : '{';
	buffer_format(out, "%s\"%s\":", last == '{' ? "" : ",", name);
}

static void text(struct buffer *out, const char *name, const char *value)
{
	key(out, name);
	json_append_string(out, value);
}

static void number(struct buffer *out, const char *name, double value)
{
	key(out, name);
	buffer_format(out, "%.4g", value);
}

static void flag(struct buffer *out, const char *name, bool value)
{
	key(out, name);
	buffer_append_text(out, value ? "true" : "false");
}

static const char *id_of(const struct base *base, uint32_t fact)
{
	return fact < base->facts_count ? base->facts[fact].id : base->talks[fact - base->facts_count].id;
}

static void append_tokens(const struct knowledge *knowledge, const struct match_question *question,
			  struct buffer *out)
{
	char word[MATCH_TEXT_BYTES + 1];
	key(out, "tokens");
	for (uint32_t i = 0; i < question->tokens_count; i++) {
		const struct match_token *token = &question->tokens[i];
		buffer_append_text(out, i ? ",{" : "[{");
		memcpy(word, question->text + token->at, token->bytes);
		word[token->bytes] = '\0';
		text(out, "text", word);
		text(out, "reading", reading_names[token->reading]);
		if (token->word != UINT32_MAX)
			text(out, "word", match_word(knowledge->match, token->word));
		if (token->entity != UINT32_MAX)
			text(out, "entity", knowledge->base.entities[token->entity].id);
		if (token->synonym != UINT32_MAX)
			text(out, "synonym", knowledge->base.synonyms[token->synonym].id);
		number(out, "weight", (double)token->weight);
		buffer_append_char(out, '}');
	}
	buffer_append_text(out, question->tokens_count ? "]" : "[]");
}

static void append_form(const struct match_question *question, struct buffer *out)
{
	key(out, "form");
	buffer_append_char(out, '{');
	key(out, "expects");
	buffer_append_char(out, '[');
	bool first = true;
	for (unsigned i = 0; i < sizeof expects_names / sizeof *expects_names; i++)
		if (question->expects & 1u << i) {
			buffer_format(out, "%s\"%s\"", first ? "" : ",", expects_names[i]);
			first = false;
		}
	buffer_append_char(out, ']');
	flag(out, "yes_no", question->yes_no);
	flag(out, "negated", question->negated);
	flag(out, "leans", question->leans);
	number(out, "content_words", question->content);
	number(out, "unknown_words", question->unknown);
	number(out, "seen", (double)question->seen);
	key(out, "numbers");
	buffer_append_char(out, '[');
	for (uint32_t i = 0; i < question->numbers_count; i++)
		buffer_format(out, "%s%.15g", i ? "," : "", question->numbers[i].value);
	buffer_append_char(out, ']');
	key(out, "days");
	buffer_append_char(out, '[');
	for (uint32_t i = 0; i < question->days_count; i++)
		buffer_format(out, "%s\"%s\"", i ? "," : "", question->days[i]);
	buffer_append_text(out, "]}");
}

static void append_candidate(const struct knowledge *knowledge, const struct match_candidate *candidate,
			     struct buffer *out)
{
	const struct base *base = &knowledge->base;
	buffer_append_char(out, '{');
	text(out, "id", id_of(base, candidate->fact));
	number(out, "probability", (double)candidate->probability);
	number(out, "score", (double)candidate->score);
	number(out, "linear", (double)candidate->linear);
	number(out, "bm25", (double)candidate->bm25);
	number(out, "nearest", (double)candidate->nearest);
	number(out, "covered", (double)candidate->covered);
	number(out, "named", (double)candidate->named);
	number(out, "expected", (double)candidate->expected);
	number(out, "near_affirms", (double)candidate->near[OWN_AFFIRMS]);
	number(out, "near_denies", (double)candidate->near[OWN_DENIES]);
	number(out, "premise", (double)candidate->premise);
	number(out, "polarity", (double)candidate->polarity);
	flag(out, "states", candidate->fact < base->facts_count && !base->facts[candidate->fact].unknown);
	if (candidate->fact < base->facts_count) {
		const struct fact *fact = &base->facts[candidate->fact];
		const struct texts *own = &match_own_texts(fact, candidate->own)[candidate->own_language];
		text(out, "own_list", own_names[candidate->own]);
		if (candidate->own_index < own->count)
			text(out, "own_question", own->items[candidate->own_index]);
	}
	buffer_append_char(out, '}');
}

static void append_decision(const struct knowledge *knowledge, const struct decision *decision, struct buffer *out)
{
	text(out, "kind", answer_kind_name(decision->kind));
	text(out, "why", decision->why);
	flag(out, "followed", decision->followed);
	key(out, "told");
	buffer_append_char(out, '[');
	for (uint32_t i = 0; i < decision->told_count; i++) {
		buffer_append_text(out, i ? ",{" : "{");
		text(out, "id", knowledge->base.facts[decision->told[i].fact].id);
		text(out, "lead", lead_names[decision->told[i].lead]);
		buffer_append_char(out, '}');
	}
	buffer_append_char(out, ']');
}

char *knowledge_explain(const struct knowledge *knowledge, const struct knowledge_context *context,
			const char *question, size_t bytes)
{
	struct decision decision;
	struct buffer out;
	const struct scratch *scratch = knowledge->scratch;
	if (bytes > KNOWLEDGE_QUESTION_BYTES || !utf8_valid(question, bytes) || memchr(question, '\0', bytes))
		return NULL;
	decide(knowledge, context, question, bytes, &decision);
	buffer_init(&out, EXPLAIN_BYTES);
	buffer_append_char(&out, '{');
	text(&out, "text", scratch->whole.text);
	text(&out, "language", language_code(decision.language));
	append_tokens(knowledge, &scratch->whole, &out);
	key(&out, "entities");
	buffer_append_char(&out, '[');
	for (uint32_t i = 0; i < scratch->whole.entities_count; i++)
		buffer_format(&out, "%s\"%s\"", i ? "," : "",
			      knowledge->base.entities[scratch->whole.entities[i]].id);
	buffer_append_char(&out, ']');
	append_form(&scratch->whole, &out);
	number(&out, "features", scratch->whole.features_count);
	key(&out, "candidates");
	buffer_append_char(&out, '[');
	for (size_t i = 0; i < scratch->candidates_count; i++) {
		if (i)
			buffer_append_char(&out, ',');
		append_candidate(knowledge, &scratch->candidates[i], &out);
	}
	buffer_append_char(&out, ']');
	number(&out, "threshold", (double)match_thresholds(knowledge->match)->answer);
	number(&out, "offer", scratch->candidates_count ? (double)scratch->candidates[0].offer : 0);
	number(&out, "threshold_offer", (double)match_thresholds(knowledge->match)->offer);
	append_decision(knowledge, &decision, &out);
	buffer_append_char(&out, '}');
	return buffer_take(&out);
}
