/* qantar explain: how an answer came about, in an editor's terms. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "cli/cli.h"

static const char help[] =
	"Usage: qantar explain [--json] [--knowledge DIR] QUESTION\n"
	"\n"
	"Shows how the question was read, which facts came nearest and why, and why it was answered or not.\n";

static double number(const cJSON *object, const char *key)
{
	const cJSON *value = json_get(object, key);
	return cJSON_IsNumber(value) ? value->valuedouble : 0;
}

static const char *string(const cJSON *object, const char *key)
{
	const char *value = json_string(object, key);
	return value ? value : "";
}

static void print_list(const char *title, const cJSON *array)
{
	const cJSON *item;
	if (!array || !array->child)
		return;
	printf("%s", title);
	cJSON_ArrayForEach(item, array)
	{
		if (cJSON_IsString(item))
			printf(" %s", item->valuestring);
		else
			printf(" %.15g", item->valuedouble);
	}
	putchar('\n');
}

static void print_tokens(const cJSON *tokens)
{
	const cJSON *token;
	puts("Words:");
	cJSON_ArrayForEach(token, tokens)
	{
		printf("  %-20s %-12s weight %.2f", string(token, "text"), string(token, "reading"),
		       number(token, "weight"));
		if (json_string(token, "word") && strcmp(string(token, "word"), string(token, "text")) != 0)
			printf("  as \"%s\"", string(token, "word"));
		if (json_string(token, "entity"))
			printf("  names %s", string(token, "entity"));
		if (json_string(token, "synonym"))
			printf("  synonym %s", string(token, "synonym"));
		putchar('\n');
	}
}

static void print_form(const cJSON *explanation)
{
	const cJSON *form = json_object(explanation, "form");
	print_list("Names:", json_array(explanation, "entities"));
	print_list("Asks for:", json_array(form, "expects"));
	print_list("Figures:", json_array(form, "numbers"));
	print_list("Days:", json_array(form, "days"));
	if (json_bool(form, "yes_no", false))
		puts("Asks for yes or no.");
	if (json_bool(form, "leans", false))
		puts("Leans on what was said before.");
	printf("Known share of the words' weight: %.0f %%\n", number(form, "seen") * 100);
}

static void print_candidates(const cJSON *candidates)
{
	const cJSON *candidate;
	puts("\nNearest facts        probability  score   words  texts  nearest covered named expected  own question");
	cJSON_ArrayForEach(candidate, candidates)
		printf("  %-26s %5.3f %7.3f %7.3f %6.2f %6.2f %6.2f %6.2f %6.2f   %s\n", string(candidate, "id"),
		       number(candidate, "probability"), number(candidate, "score"), number(candidate, "linear"),
		       number(candidate, "bm25"), number(candidate, "nearest"), number(candidate, "covered"),
		       number(candidate, "named"), number(candidate, "expected"), string(candidate, "own_question"));
}

static void print_explanation(const cJSON *explanation)
{
	const cJSON *told;
	printf("Read as: %s\nAnswer in: %s\n", string(explanation, "text"), string(explanation, "language"));
	print_tokens(json_array(explanation, "tokens"));
	print_form(explanation);
	print_candidates(json_array(explanation, "candidates"));
	printf("\nThe first is stated from %.3f on. That it is one of the first three: %.3f; they are offered from %.3f on.\n",
	       number(explanation, "threshold"), number(explanation, "offer"), number(explanation, "threshold_offer"));
	printf("Answer: %s: %s\n", string(explanation, "kind"), string(explanation, "why"));
	cJSON_ArrayForEach(told, json_array(explanation, "told"))
		printf("  tells %s, lead: %s\n", string(told, "id"), string(told, "lead"));
}

static int explain(const struct knowledge *knowledge, const struct buffer *question, bool as_json)
{
	struct knowledge_context context = { 0 };
	char *text = knowledge_explain(knowledge, &context, buffer_text(question), question->bytes);
	if (!text) {
		fprintf(stderr, "qantar explain: the question must be UTF-8 of at most %d bytes\n",
			KNOWLEDGE_QUESTION_BYTES);
		return CLI_USAGE;
	}
	struct json *json = as_json ? NULL : json_parse(text, strlen(text), &json_limits_message, NULL);
	if (json)
		print_explanation(json_root(json));
	else
		puts(text);
	json_destroy(json);
	free(text);
	return CLI_DONE;
}

static int explain_words(const char *directory, char **words, bool as_json)
{
	struct buffer question;
	struct knowledge *knowledge = cli_load(directory, true);
	if (!knowledge)
		return CLI_CANNOT_START;
	buffer_init(&question, 1 << 20);
	for (size_t i = 0; words[i]; i++) {
		buffer_append_text(&question, i ? " " : "");
		buffer_append_text(&question, words[i]);
	}
	int code = explain(knowledge, &question, as_json);
	buffer_finish(&question);
	knowledge_destroy(knowledge);
	return code;
}

int cli_explain(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "knowledge", required_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	bool json = false;
	const char *directory = NULL;
	optind = 0;
	for (int option; (option = getopt_long(argc, argv, "h", longs, NULL)) != -1;)
		switch (option) {
		case 'j': json = true; break;
		case 'k': directory = optarg; break;
		case 'h': fputs(help, stdout); return CLI_DONE;
		default: return cli_misuse("explain", "the options are wrong");
		}
	if (optind == argc)
		return cli_misuse("explain", "what is the question?");
	return explain_words(directory, argv + optind, json);
}
