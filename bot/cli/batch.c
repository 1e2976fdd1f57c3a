#include "cli/batch.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/show.h"

static bool refuse(struct buffer *out, const char *id, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool refuse(struct buffer *out, const char *id, const char *format, ...)
{
	char text[400];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	buffer_append_text(out, "{\"id\":");
	if (id)
		json_append_string(out, id);
	else
		buffer_append_text(out, "null");
	buffer_append_text(out, ",\"error\":");
	json_append_string(out, text);
	buffer_append_char(out, '}');
	return false;
}

/* Replays the earlier questions, so that the context is what it would be. */
static bool replay(const struct knowledge *knowledge, const cJSON *turns, struct knowledge_context *context,
		   const char **fault)
{
	const cJSON *turn;
	if (!turns)
		return true;
	*fault = "\"turns\" must be a list of at most 100 texts";
	if (!cJSON_IsArray(turns) || cJSON_GetArraySize(turns) > BATCH_TURNS)
		return false;
	cJSON_ArrayForEach(turn, turns)
	{
		struct answer answer;
		const char *text = cJSON_GetStringValue(turn);
		if (!text)
			return false;
		enum knowledge_refusal refusal = knowledge_answer(knowledge, context, text, strlen(text), &answer);
		if (refusal != KNOWLEDGE_ANSWERED) {
			*fault = show_refusal(refusal);
			return false;
		}
		answer_finish(&answer);
	}
	return true;
}

static bool answer_object(const struct knowledge *knowledge, enum language language, const cJSON *object,
			  struct buffer *out)
{
	struct knowledge_context context = { .forced = language };
	struct answer answer;
	const char *fault = NULL;
	const char *id = json_string(object, "id"), *question = json_string(object, "q");
	const cJSON *wanted = json_get(object, "lang");
	if (!cJSON_IsObject(object))
		return refuse(out, NULL, "the line is not a JSON object");
	if (!id)
		return refuse(out, NULL, "\"id\" must be a text");
	if (!question)
		return refuse(out, id, "\"q\" must be a text");
	if (wanted && !cJSON_IsNull(wanted)) {
		context.forced = language_from_code(cJSON_GetStringValue(wanted));
		if (!context.forced)
			return refuse(out, id, "\"lang\" must be \"en\", \"ru\" or \"kk\"");
	}
	if (!replay(knowledge, json_get(object, "turns"), &context, &fault))
		return refuse(out, id, "%s", fault);
	enum knowledge_refusal refusal = knowledge_answer(knowledge, &context, question, strlen(question), &answer);
	if (refusal != KNOWLEDGE_ANSWERED)
		return refuse(out, id, "%s", show_refusal(refusal));
	show_append_json(out, id, &answer);
	answer_finish(&answer);
	return true;
}

bool batch_line(const struct knowledge *knowledge, enum language language, const char *line, size_t bytes,
		struct buffer *out)
{
	struct json_fault fault;
	struct json *json = json_parse(line, bytes, &json_limits_message, &fault);
	if (!json)
		return refuse(out, NULL, "not JSON: column %u: %s", fault.place.column, fault.text);
	bool taken = answer_object(knowledge, language, json_root(json), out);
	json_destroy(json);
	return taken;
}

bool batch_read_line(FILE *in, struct buffer *line)
{
	int c;
	bool any = false;
	buffer_clear(line);
	while ((c = getc_unlocked(in)) != EOF) {
		any = true;
		if (c == '\n')
			break;
		if (!line->failed)
			buffer_append_char(line, (char)c);
	}
	return any;
}

bool batch_run(const struct knowledge *knowledge, enum language language, FILE *in, FILE *out)
{
	struct buffer line, result;
	bool all = true;
	buffer_init(&line, BATCH_LINE_BYTES);
	buffer_init(&result, 4u << 20);
	while (batch_read_line(in, &line)) {
		buffer_clear(&result);
		if (line.failed)
			all = refuse(&result, NULL, "the line is longer than %d bytes", BATCH_LINE_BYTES);
		else if (!batch_line(knowledge, language, buffer_text(&line), line.bytes, &result))
			all = false;
		fprintf(out, "%s\n", buffer_text(&result));
		fflush(out);
	}
	buffer_finish(&line);
	buffer_finish(&result);
	return all;
}
