/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base_fixture.h"
#include "engine/context.h"
#include "engine/load.h"

struct world {
	struct base_fixture fixture;
	struct knowledge knowledge; /* base and ids alone: nothing here is matched */
	struct knowledge_context context;
};

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	struct knowledge_report report = { 0 };
	fixture_create(&world->fixture);
	if (!base_load(world->fixture.directory, &world->knowledge.base, &report, NULL))
		abort();
	base_index_facts(&world->knowledge.base, &world->knowledge.facts);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	idmap_finish(&world->knowledge.facts);
	base_finish(&world->knowledge.base);
	fixture_destroy(&world->fixture);
	free(world);
	return 0;
}

static struct words words_of(const char *text)
{
	struct words words;
	words_read(&words, text, strlen(text));
	return words;
}

/* ---- wishes ---- */

static struct wish wish_of(const char *text)
{
	struct words words = words_of(text);
	return context_wish(&words, strlen(text));
}

static void context_finds_a_wish_that_is_all(void **state)
{
	static const struct {
		const char *text;
		enum language language;
		bool lasting;
	} wishes[] = {
		{ "in Russian please", LANGUAGE_RU, false },
		{ "По-русски, пожалуйста!", LANGUAGE_RU, false },
		{ "answer in Kazakh", LANGUAGE_KK, true },
		{ "қазақша жауап бер", LANGUAGE_KK, true },
		{ "отвечай на английском языке", LANGUAGE_EN, true },
		{ "ағылшынша айтшы", LANGUAGE_EN, false },
		{ "can you say that in english?", LANGUAGE_EN, false },
		{ "а теперь по-казахски", LANGUAGE_KK, false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		struct wish wish = wish_of(wishes[i].text);
		assert_int_equal(wish.language, wishes[i].language);
		assert_int_equal(wish.lasting, wishes[i].lasting);
		assert_int_equal(wish.bytes, 0);
	}
}

static void context_cuts_a_wish_from_a_question(void **state)
{
	(void)state;
	const char *after = "Who is the mayor? Answer in Russian, please", *before = "по-казахски: кто мэр?";
	struct wish wish = wish_of(after);
	assert_int_equal(wish.language, LANGUAGE_RU);
	assert_int_equal(wish.at, 0);
	assert_int_equal(wish.bytes, strlen("Who is the mayor? "));
	wish = wish_of(before);
	assert_int_equal(wish.language, LANGUAGE_KK);
	assert_string_equal(before + wish.at, "кто мэр?");
	assert_int_equal(wish.bytes, strlen("кто мэр?"));
}

static void context_leaves_a_language_inside_a_question(void **state)
{
	(void)state;
	assert_int_equal(wish_of("which papers in russian wrote about this flood").language, LANGUAGE_NONE);
	assert_int_equal(wish_of("who is the mayor").language, LANGUAGE_NONE);
	assert_int_equal(wish_of("").language, LANGUAGE_NONE);
}

/* ---- turns ---- */

static void context_tells_turns_from_questions(void **state)
{
	static const struct {
		const char *text;
		enum turn turn;
	} turns[] = {
		{ "source?", TURN_SOURCE },
		{ "Откуда это?", TURN_SOURCE },
		{ "дереккөзі?", TURN_SOURCE },
		{ "where does that number come from?", TURN_SOURCE },
		{ "откуда эта цифра взята", TURN_SOURCE },
		{ "бұл санды кім айтып отыр?", TURN_SOURCE },
		{ "who came from there", TURN_QUESTION },
		{ "who gave the number of the dead", TURN_QUESTION },
		{ "more", TURN_MORE },
		{ "Тағы", TURN_MORE },
		{ "and after that?", TURN_NEXT },
		{ "а потом?", TURN_NEXT },
		{ "none of these", TURN_NONE_OF_THEM },
		{ "жоқ", TURN_NONE_OF_THEM },
		{ "what is the source of the river", TURN_QUESTION },
		{ "no more floods", TURN_QUESTION },
	};
	(void)state;
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		struct words words = words_of(turns[i].text);
		assert_int_equal(turn_of(&words), turns[i].turn);
	}
}

/* ---- picks ---- */

static uint32_t pick(const struct world *world, const char *text)
{
	struct words words = words_of(text);
	return context_pick(&world->knowledge, &world->context, &words);
}

static void offer(struct world *world, const char *first, const char *second, const char *third)
{
	snprintf(world->context.candidates[0], KNOWLEDGE_ID_BYTES, "%s", first);
	snprintf(world->context.candidates[1], KNOWLEDGE_ID_BYTES, "%s", second);
	snprintf(world->context.candidates[2], KNOWLEDGE_ID_BYTES, "%s", third);
}

static void context_picks_by_number_and_ordinal(void **state)
{
	struct world *world = *state;
	offer(world, "dead-number", "mayor-who", "bridge-closed");
	assert_int_equal(pick(world, "1"), 0);
	assert_int_equal(pick(world, " 2. "), 1);
	assert_int_equal(pick(world, "the second one"), 1);
	assert_int_equal(pick(world, "Третий"), 2);
	assert_int_equal(pick(world, "бірінші"), 0);
	assert_int_equal(pick(world, "4"), UINT32_MAX);
}

static void context_picks_the_last_of_two(void **state)
{
	struct world *world = *state;
	offer(world, "dead-number", "mayor-who", "");
	assert_int_equal(pick(world, "the last one"), 1);
	assert_int_equal(pick(world, "3"), UINT32_MAX);
}

static void context_picks_the_only_one_by_consent(void **state)
{
	struct world *world = *state;
	offer(world, "mayor-who", "", "");
	assert_int_equal(pick(world, "yes please"), 1);
	assert_int_equal(pick(world, "Да"), 1);
	assert_int_equal(pick(world, "иә"), 1);
	assert_int_equal(pick(world, "no"), UINT32_MAX);
	offer(world, "dead-number", "mayor-who", "");
	assert_int_equal(pick(world, "yes"), UINT32_MAX);
}

static void context_picks_by_words_of_one_candidate(void **state)
{
	struct world *world = *state;
	offer(world, "dead-number", "mayor-who", "bridge-closed");
	assert_int_equal(pick(world, "the mayor"), 1);
	assert_int_equal(pick(world, "people died"), 0);
	assert_int_equal(pick(world, "мост"), 2);
	assert_int_equal(pick(world, "the mayor of Paris"), UINT32_MAX);
	assert_int_equal(pick(world, "is it"), UINT32_MAX);
}

static void context_picks_nothing_that_the_base_has_lost(void **state)
{
	struct world *world = *state;
	offer(world, "no-such-fact", "mayor-who", "");
	assert_int_equal(pick(world, "1"), UINT32_MAX);
	assert_int_equal(pick(world, "2"), 1);
}

/* ---- what was told ---- */

static void context_goes_on_to_related_facts_not_told_yet(void **state)
{
	struct world *world = *state;
	assert_int_equal(context_next(&world->knowledge, &world->context, TURN_MORE), UINT32_MAX);
	snprintf(world->context.facts[0], KNOWLEDGE_ID_BYTES, "dead-number");
	assert_int_equal(context_last(&world->knowledge, &world->context), 0);
	assert_int_equal(context_next(&world->knowledge, &world->context, TURN_MORE), 1);
	assert_int_equal(context_next(&world->knowledge, &world->context, TURN_NEXT), 2);
	snprintf(world->context.facts[1], KNOWLEDGE_ID_BYTES, "mayor-who");
	assert_int_equal(context_next(&world->knowledge, &world->context, TURN_MORE), 2);
}

static void words_are_cut_and_capped(void **state)
{
	struct buffer text;
	struct words words;
	(void)state;
	buffer_init(&text, 65536);
	for (int i = 0; i < WORDS_MOST + 1; i++)
		buffer_append_text(&text, "слово ");
	words_read(&words, text.data, text.bytes);
	assert_int_equal(words.count, WORDS_MOST);
	assert_true(words.more);
	words = words_of("абвгдежзийклмнопрстуфхцчшщъыьэюя it's 5000?");
	assert_int_equal(words.count, 3);
	assert_true(strlen(words.items[0].folded) < WORD_BYTES);
	assert_string_equal(words.items[1].folded, "its");
	assert_true(words.items[2].asked);
	buffer_finish(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(context_finds_a_wish_that_is_all),
		TEST(context_cuts_a_wish_from_a_question),
		TEST(context_leaves_a_language_inside_a_question),
		TEST(context_tells_turns_from_questions),
		TEST(context_picks_by_number_and_ordinal),
		TEST(context_picks_the_last_of_two),
		TEST(context_picks_the_only_one_by_consent),
		TEST(context_picks_by_words_of_one_candidate),
		TEST(context_picks_nothing_that_the_base_has_lost),
		TEST(context_goes_on_to_related_facts_not_told_yet),
		TEST(words_are_cut_and_capped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
