/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "engine/day.h"
#include "engine/form.h"

struct world {
	struct form *form;
	struct text text;
	struct tokens tokens;
	struct match_question question;
};

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof(*world));
	world->form = form_create();
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	form_destroy(world->form);
	free(world);
	return 0;
}

static const struct match_question *read_form(void **state, enum language language, const char *source)
{
	struct world *world = *state;
	text_read(&world->text, source, strlen(source));
	tokens_read(&world->tokens, &world->text);
	world->question.language = language;
	form_read(world->form, &world->tokens, &world->question);
	day_read(&world->tokens, "2022-01-06", &world->question);
	return &world->question;
}

static void form_knows_what_is_asked_in_three_languages(void **state)
{
	static const struct {
		enum language language;
		const char *text;
		unsigned expects;
	} cases[] = {
		{ LANGUAGE_EN, "who sent troops", EXPECTS_WHO },
		{ LANGUAGE_EN, "how many people died when the flood came", EXPECTS_HOW_MANY },
		{ LANGUAGE_EN, "how old is he", EXPECTS_HOW_MANY },
		{ LANGUAGE_EN, "what year was it founded", EXPECTS_WHEN },
		{ LANGUAGE_EN, "how come they left", EXPECTS_WHY },
		{ LANGUAGE_EN, "what for", EXPECTS_WHY },
		{ LANGUAGE_RU, "сколько погибло", EXPECTS_HOW_MANY },
		{ LANGUAGE_RU, "skolko pogiblo", EXPECTS_HOW_MANY },
		{ LANGUAGE_RU, "в каком году основана", EXPECTS_WHEN },
		{ LANGUAGE_RU, "почему они пришли", EXPECTS_WHY },
		{ LANGUAGE_RU, "а из-за чего", EXPECTS_WHY },
		{ LANGUAGE_RU, "за что его сняли", EXPECTS_WHY },
		{ LANGUAGE_KK, "қанша адам қаза тапты", EXPECTS_HOW_MANY },
		{ LANGUAGE_KK, "канша адам каза тапты", EXPECTS_HOW_MANY },
		{ LANGUAGE_KK, "кім жіберді", EXPECTS_WHO },
		{ LANGUAGE_KK, "қашан келді", EXPECTS_WHEN },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(read_form(state, cases[i].language, cases[i].text)->expects, cases[i].expects);
}

static void form_tells_one_spelling_of_two_languages_apart(void **state)
{
	assert_int_equal(read_form(state, LANGUAGE_KK, "не болды")->expects, EXPECTS_WHAT);
	const struct match_question *russian = read_form(state, LANGUAGE_RU, "солдаты не стреляли");
	assert_int_equal(russian->expects, 0);
	assert_true(russian->negated);
}

static void form_knows_yes_no_questions(void **state)
{
	assert_true(read_form(state, LANGUAGE_EN, "Did NATO send troops?")->yes_no);
	assert_true(read_form(state, LANGUAGE_EN, "is it true that he left")->yes_no);
	assert_true(read_form(state, LANGUAGE_RU, "Погиб ли кто-то?")->yes_no);
	assert_int_equal(read_form(state, LANGUAGE_RU, "Применялась ли когда-либо эта статья?")->expects,
			 EXPECTS_YES_NO);
	assert_int_equal(read_form(state, LANGUAGE_RU, "Его кто-нибудь видел?")->expects, 0);
	assert_true(read_form(state, LANGUAGE_RU, "правда что НАТО вошло")->yes_no);
	assert_true(read_form(state, LANGUAGE_KK, "Ресей әскер жіберді ме?")->yes_no);
	assert_true(read_form(state, LANGUAGE_KK, "resei asker zhiberdi me")->yes_no);
	assert_true(read_form(state, LANGUAGE_EN, "they left, right?")->yes_no);
	assert_false(read_form(state, LANGUAGE_EN, "who did NATO send")->yes_no);
	assert_false(read_form(state, LANGUAGE_EN, "troops russia number")->yes_no);
}

static void form_tells_a_question_word_from_a_conjunction(void **state)
{
	assert_int_equal(read_form(state, LANGUAGE_EN, "was he in office when they came")->expects, EXPECTS_YES_NO);
	assert_int_equal(read_form(state, LANGUAGE_EN, "was that the place where it began")->expects, EXPECTS_YES_NO);
	assert_int_equal(read_form(state, LANGUAGE_EN, "is it known when they came")->expects, EXPECTS_WHEN);
	assert_int_equal(read_form(state, LANGUAGE_EN, "do you know who sent them")->expects, EXPECTS_WHO);
}

static void form_takes_no_tag_for_a_negation(void **state)
{
	static const struct {
		enum language language;
		const char *text;
		bool negated;
	} cases[] = {
		{ LANGUAGE_EN, "the talks are in Geneva, are they not?", false },
		{ LANGUAGE_EN, "the airport was taken, isn't it", false },
		{ LANGUAGE_RU, "аэропорт взяли или нет", false },
		{ LANGUAGE_KK, "әуежай алынды, солай емес пе", false },
		{ LANGUAGE_EN, "did the troops not come", true },
		{ LANGUAGE_RU, "солдаты ведь не стреляли", true },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct match_question *question = read_form(state, cases[i].language, cases[i].text);
		assert_int_equal(question->negated, cases[i].negated);
		assert_true(question->yes_no || cases[i].negated);
	}
}

static void form_knows_what_leans_on_the_last_question(void **state)
{
	assert_true(read_form(state, LANGUAGE_EN, "and Belarus?")->leans);
	assert_true(read_form(state, LANGUAGE_EN, "how old is he")->leans);
	assert_true(read_form(state, LANGUAGE_RU, "а Беларусь?")->leans);
	assert_true(read_form(state, LANGUAGE_KK, "ал Беларусь ше?")->leans);
	assert_false(read_form(state, LANGUAGE_EN, "how old is Nazarbayev")->leans);
}

static void day_reads_dates_and_weekdays(void **state)
{
	assert_string_equal(read_form(state, LANGUAGE_EN, "on January 5")->days[0], "2022-01-05");
	assert_string_equal(read_form(state, LANGUAGE_EN, "on 5 January 1999")->days[0], "1999-01-05");
	assert_string_equal(read_form(state, LANGUAGE_RU, "что было 5 января")->days[0], "2022-01-05");
	assert_string_equal(read_form(state, LANGUAGE_KK, "5 қаңтарда не болды")->days[0], "2022-01-05");
	assert_string_equal(read_form(state, LANGUAGE_EN, "what happened on Wednesday")->days[0], "2022-01-05");
	assert_string_equal(read_form(state, LANGUAGE_RU, "что было в четверг")->days[0], "2022-01-06");
	assert_string_equal(read_form(state, LANGUAGE_KK, "бейсенбіде не болды")->days[0], "2022-01-06");
}

static void day_takes_no_other_word_for_one(void **state)
{
	assert_int_equal(read_form(state, LANGUAGE_EN, "it may march on the second")->days_count, 0);
	assert_int_equal(read_form(state, LANGUAGE_RU, "среди 5 человек в средней азии")->days_count, 0);
	assert_int_equal(read_form(state, LANGUAGE_EN, "january 1991")->days_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form_knows_what_is_asked_in_three_languages),
		cmocka_unit_test(form_tells_one_spelling_of_two_languages_apart),
		cmocka_unit_test(form_knows_yes_no_questions),
		cmocka_unit_test(form_tells_a_question_word_from_a_conjunction),
		cmocka_unit_test(form_takes_no_tag_for_a_negation),
		cmocka_unit_test(form_knows_what_leans_on_the_last_question),
		cmocka_unit_test(day_reads_dates_and_weekdays),
		cmocka_unit_test(day_takes_no_other_word_for_one),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
