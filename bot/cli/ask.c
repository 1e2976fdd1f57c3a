/* qantar ask: one answer, or JSON Lines in and out. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/batch.h"
#include "cli/cli.h"
#include "cli/show.h"

static const char help[] =
	"Usage: qantar ask [--json] [--lang en|ru|kk] [--knowledge DIR] QUESTION\n"
	"       qantar ask --batch [--lang en|ru|kk] [--knowledge DIR] < questions.jsonl\n"
	"\n"
	"Answers a question. Exit 0 for any reply, 3 when the base cannot be used.\n"
	"\n"
	"  --json           print the answer as a JSON object\n"
	"  --batch          read JSON Lines {\"id\",\"q\",\"turns\",\"lang\"}, write one object a line; exit 1 when a line\n"
	"                   could not be taken\n"
	"  --lang L         answer in this language, whatever the question's\n"
	"  --knowledge DIR  the base (default: $QANTAR_KNOWLEDGE, else the installed one)\n";

struct options {
	bool json, batch, help;
	enum language language;
	const char *knowledge;
};

static bool read_options(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },       { "batch", no_argument, NULL, 'b' },
		{ "lang", required_argument, NULL, 'l' }, { "knowledge", required_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },       { 0 },
	};
	*options = (struct options){ 0 };
	optind = 0;
	for (int option; (option = getopt_long(argc, argv, "h", longs, NULL)) != -1;)
		switch (option) {
		case 'j': options->json = true; break;
		case 'b': options->batch = true; break;
		case 'k': options->knowledge = optarg; break;
		case 'h': options->help = true; break;
		case 'l':
			options->language = language_from_code(optarg);
			if (options->language)
				break;
			cli_misuse("ask", "--lang is \"%s\"; it can be en, ru or kk", optarg);
			return false;
		default: cli_misuse("ask", "the options are wrong"); return false;
		}
	return true;
}

/* The rest of the command line, words joined by spaces. */
static bool join_question(int argc, char **argv, struct buffer *question)
{
	buffer_init(question, 1 << 20);
	for (int i = optind; i < argc; i++) {
		if (i > optind)
			buffer_append_char(question, ' ');
		buffer_append_text(question, argv[i]);
	}
	return !question->failed;
}

static int ask_once(const struct knowledge *knowledge, const struct options *options, const struct buffer *question)
{
	struct knowledge_context context = { .forced = options->language };
	struct answer answer;
	enum knowledge_refusal refusal =
		knowledge_answer(knowledge, &context, buffer_text(question), question->bytes, &answer);
	if (refusal != KNOWLEDGE_ANSWERED) {
		fprintf(stderr, "qantar ask: %s\n", show_refusal(refusal));
		return CLI_USAGE;
	}
	if (options->json) {
		struct buffer line;
		buffer_init(&line, 1 << 20);
		show_append_json(&line, NULL, &answer);
		puts(buffer_text(&line));
		buffer_finish(&line);
	} else {
		show_answer(stdout, &answer);
	}
	answer_finish(&answer);
	return CLI_DONE;
}

int cli_ask(int argc, char **argv)
{
	struct options options;
	struct buffer question;
	if (!read_options(argc, argv, &options))
		return CLI_USAGE;
	if (options.help) {
		fputs(help, stdout);
		return CLI_DONE;
	}
	if (options.batch && optind < argc)
		return cli_misuse("ask", "--batch reads its questions from standard input");
	if (!options.batch && optind == argc)
		return cli_misuse("ask", "what is the question?");
	struct knowledge *knowledge = cli_load(options.knowledge, false);
	if (!knowledge)
		return CLI_CANNOT_START;
	int code = CLI_USAGE;
	if (options.batch)
		code = batch_run(knowledge, options.language, stdin, stdout) ? CLI_DONE : CLI_FAILED;
	else if (join_question(argc, argv, &question))
		code = ask_once(knowledge, &options, &question);
	else
		fprintf(stderr, "qantar ask: %s\n", show_refusal(KNOWLEDGE_TOO_LONG));
	if (!options.batch)
		buffer_finish(&question);
	knowledge_destroy(knowledge);
	return code;
}
