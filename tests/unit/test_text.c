/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "engine/token.h"

/* The words of `source`, each with a space behind it. */
static const char *words_of(struct tokens *tokens, const char *source, size_t bytes)
{
	struct text *text = memory_zeroed(1, sizeof(*text));
	text_read(text, source, bytes);
	tokens_read(tokens, text);
	free(text);
	if (tokens->bytes < sizeof(tokens->text))
		tokens->text[tokens->bytes] = '\0';
	return tokens->text;
}

static int set_up(void **state)
{
	*state = memory_zeroed(1, sizeof(struct tokens));
	return 0;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

static void assert_words(void **state, const char *source, const char *expected)
{
	assert_string_equal(words_of(*state, source, strlen(source)), expected);
}

static void text_folds_case_in_all_three_alphabets(void **state)
{
	assert_words(state, "ALMATY Алматы ҚАЗАҚСТАН Ёлка", "almaty алматы қазақстан елка ");
}

static void text_brings_fullwidth_and_composed_letters_together(void **state)
{
	/* Fullwidth letters; и with a combining breve; a word split by a zero-width space. */
	assert_words(state, "ＮＡＴＯ Каи\xCC\x86рат al\xE2\x80\x8Bmaty", "nato кайрат almaty ");
}

static void text_drops_marks_piled_on_a_letter(void **state)
{
	struct buffer piled;
	buffer_init(&piled, 1 << 20);
	buffer_append_text(&piled, "w");
	for (int i = 0; i < 20000; i++)
		buffer_append_text(&piled,
				   i % 2 ? "\xCC\x96" : "\xCD\x85"); /* of classes that canonical ordering swaps */
	buffer_append_text(&piled, "ho");
	const char *words = words_of(*state, piled.data, piled.bytes);
	assert_true(strlen(words) < 16);
	assert_int_equal(words[0], 'w');
	buffer_finish(&piled);
}

static void text_stops_at_its_cap_and_says_so(void **state)
{
	struct tokens *tokens = *state;
	char *longer = memory_zeroed(65536, 1);
	memset(longer, 'a', 65536);
	for (size_t i = 7; i < 65536; i += 8)
		longer[i] = ' ';
	words_of(tokens, longer, 65536);
	assert_int_equal(tokens->count, TOKEN_COUNT);
	assert_true(tokens->cut);
	words_of(tokens, longer, 8 * 100);
	assert_int_equal(tokens->count, 100);
	assert_false(tokens->cut);
	free(longer);
}

static void token_writes_contractions_out(void **state)
{
	assert_words(state, "What's Putin's plan? They didn’t, can't, won't",
		     "what is putin plan they did not can not will not ");
}

static void token_writes_chat_spellings_out(void **state)
{
	assert_words(state, "wat r ppl скока чё", "what are people сколько что ");
}

static void token_joins_the_groups_of_a_number(void **state)
{
	assert_words(state, "100,000 and 3 000 and 38,5 and 100k and 2.5k",
		     "100000 and 3000 and 38.5 and 100000 and 2500 ");
	assert_words(state, "06.01.2022 at 5.30", "06 01 2022 at 5 30 ");
}

static void token_does_not_join_two_numbers(void **state)
{
	assert_words(state, "1991 2019", "1991 2019 ");
}

static void token_marks_ends_of_sentences(void **state)
{
	struct tokens *tokens = *state;
	words_of(tokens, "Who died? And why", strlen("Who died? And why"));
	assert_true(tokens->items[1].ends_sentence && tokens->items[1].asks);
	assert_false(tokens->items[2].ends_sentence);
}

static void token_knows_abbreviations_in_capitals(void **state)
{
	struct tokens *tokens = *state;
	words_of(tokens, "US troops help us", strlen("US troops help us"));
	assert_true(tokens->items[0].capitals);
	assert_false(tokens->items[3].capitals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(text_folds_case_in_all_three_alphabets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_brings_fullwidth_and_composed_letters_together, set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_drops_marks_piled_on_a_letter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_stops_at_its_cap_and_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(token_writes_contractions_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(token_writes_chat_spellings_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(token_joins_the_groups_of_a_number, set_up, tear_down),
		cmocka_unit_test_setup_teardown(token_does_not_join_two_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(token_marks_ends_of_sentences, set_up, tear_down),
		cmocka_unit_test_setup_teardown(token_knows_abbreviations_in_capitals, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
