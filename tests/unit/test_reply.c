/* link: bot */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reply.h"

static char gazette[] = "gazette", courier[] = "courier", the_gazette[] = "The Gazette", the_courier[] = "The Courier";
static char day[] = "2031-05-02", other_day[] = "2031-05-03", address[] = "https://example.org/a";

static void assert_block(const struct reply *reply, size_t place, enum block_kind kind, const char *text)
{
	assert_true(place < reply->count);
	assert_int_equal(reply->blocks[place].kind, kind);
	assert_string_equal(reply->blocks[place].text, text);
}

static void reply_compose_gathers_the_paragraphs_of_a_source(void **state)
{
	(void)state;
	char text[] = "Two things.";
	struct answer_source sources[] = {
		{ gazette, 3, NULL, the_gazette, day, NULL }, { courier, 0, NULL, the_courier, other_day, address },
		{ gazette, 7, NULL, the_gazette, day, NULL },
	};
	struct answer answer = { .kind = ANSWER_FACTS, .language = LANGUAGE_EN, .text = text, .as_of = "2031-05-03",
				 .sources = sources, .sources_count = 3 };
	struct reply reply = { 0 };
	reply_compose(&reply, &answer);
	assert_int_equal(reply.count, 2);
	assert_block(&reply, 0, BLOCK_PARAGRAPH, "Two things.");
	assert_block(&reply, 1, BLOCK_NOTE,
		     "Source: The Gazette, May 2, 2031, paragraph 3, 7; The Courier, May 3, 2031, https://example.org/a · "
		     "as of May 3, 2031");
	reply_finish(&reply);
}

static void reply_compose_numbers_candidates(void **state)
{
	(void)state;
	char text[] = "Hm.", one[] = "Who is the mayor?", two[] = "When was it?";
	struct answer_choice candidates[] = { { one, one }, { two, two } };
	struct answer answer = { .kind = ANSWER_UNSURE,
				 .language = LANGUAGE_EN,
				 .text = text,
				 .candidates = candidates,
				 .candidates_count = 2 };
	struct reply reply = { 0 };
	reply_compose(&reply, &answer);
	assert_int_equal(reply.count, 4);
	assert_block(&reply, 1, BLOCK_PARAGRAPH, knowledge_phrase_pick(LANGUAGE_EN, 2));
	assert_block(&reply, 2, BLOCK_ITEM, "1. Who is the mayor?");
	assert_block(&reply, 3, BLOCK_ITEM, "2. When was it?");
	reply_finish(&reply);
	answer.candidates_count = 1;
	reply_compose(&reply, &answer);
	assert_block(&reply, 1, BLOCK_PARAGRAPH, "Did you mean this? Answer yes or 1.");
	reply_finish(&reply);
}

static void reply_compose_lists_related_questions(void **state)
{
	(void)state;
	char text[] = "Нет.", one[] = "Кто мэр?";
	struct answer_choice related[] = { { one, one } };
	struct answer answer = {
		.kind = ANSWER_UNKNOWN, .language = LANGUAGE_RU, .text = text, .related = related, .related_count = 1
	};
	struct reply reply = { 0 };
	reply_compose(&reply, &answer);
	assert_int_equal(reply.count, 3);
	assert_int_equal(reply.blocks[1].kind, BLOCK_NOTE);
	assert_block(&reply, 2, BLOCK_ITEM, "Кто мэр?");
	reply_finish(&reply);
}

static void reply_add_leaves_out_what_is_too_much(void **state)
{
	(void)state;
	struct reply reply = { 0 };
	char *large = malloc(REPLY_TEXT_BYTES + 2);
	memset(large, 'a', REPLY_TEXT_BYTES + 1);
	large[REPLY_TEXT_BYTES + 1] = '\0';
	reply_add(&reply, BLOCK_PARAGRAPH, "%s", large);
	assert_int_equal(reply.count, 0);
	large[REPLY_TEXT_BYTES] = '\0';
	reply_add(&reply, BLOCK_PARAGRAPH, "%s", large);
	assert_int_equal(reply.count, 1);
	reply_add(&reply, BLOCK_PARAGRAPH, "%s", "");
	assert_int_equal(reply.count, 1);
	for (int i = 0; i < REPLY_BLOCKS + 5; i++)
		reply_add(&reply, BLOCK_ITEM, "x");
	assert_int_equal(reply.count, REPLY_BLOCKS);
	reply_finish(&reply);
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reply_compose_gathers_the_paragraphs_of_a_source),
		cmocka_unit_test(reply_compose_numbers_candidates),
		cmocka_unit_test(reply_compose_lists_related_questions),
		cmocka_unit_test(reply_add_leaves_out_what_is_too_much),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
