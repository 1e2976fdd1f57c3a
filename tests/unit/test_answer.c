/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base_fixture.h"
#include "knowledge.h"

struct world {
	struct base_fixture fixture;
	struct knowledge *knowledge;
};

struct talk {
	struct knowledge_context context;
	struct answer answer;
};

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	struct knowledge_report report;
	fixture_create(&world->fixture);
	world->knowledge = knowledge_load(&(struct knowledge_options){ .directory = world->fixture.directory }, &report, NULL);
	*state = world;
	return world->knowledge ? 0 : -1;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	knowledge_destroy(world->knowledge);
	fixture_destroy(&world->fixture);
	free(world);
	return 0;
}

static const struct answer *ask(void **state, struct talk *talk, const char *question)
{
	const struct world *world = *state;
	answer_finish(&talk->answer);
	assert_int_equal(knowledge_answer(world->knowledge, &talk->context, question, strlen(question), &talk->answer),
			 KNOWLEDGE_ANSWERED);
	return &talk->answer;
}

static void assert_tells(const struct answer *answer, const char *id)
{
	if (!answer->facts_count || strcmp(answer->facts[0], id) != 0)
		fail_msg("%s instead of %s: %s", answer->facts_count ? answer->facts[0] : "nothing", id, answer->text);
}

static void answer_tells_the_fact_of_its_own_question_in_its_language(void **state)
{
	struct talk talk = { 0 };
	assert_tells(ask(state, &talk, "Who is the mayor?"), "mayor-who");
	assert_int_equal(talk.answer.language, LANGUAGE_EN);
	assert_tells(ask(state, &talk, "Когда закрыли мост?"), "bridge-closed");
	assert_int_equal(talk.answer.language, LANGUAGE_RU);
	assert_tells(ask(state, &talk, "Тасқында қанша адам қаза тапты?"), "dead-number");
	assert_int_equal(talk.answer.language, LANGUAGE_KK);
	assert_true(talk.answer.confidence > 0);
	answer_finish(&talk.answer);
}

static void answer_says_what_the_sources_do_not_say(void **state)
{
	struct talk talk = { 0 };
	assert_int_equal(ask(state, &talk, "What did the damage cost?")->kind, ANSWER_KNOWN_UNKNOWN);
	assert_true(talk.answer.confidence <= 0);
	assert_int_equal(ask(state, &talk, "who won the football match")->facts_count, 0);
	answer_finish(&talk.answer);
}

static void answer_takes_two_questions_one_by_one(void **state)
{
	struct talk talk = { 0 };
	const struct answer *answer = ask(state, &talk, "Who is the mayor? When was the bridge closed?");
	assert_int_equal(answer->kind, ANSWER_FACTS);
	assert_int_equal(answer->facts_count, 2);
	assert_string_equal(answer->facts[1], "bridge-closed");
	answer_finish(&talk.answer);
}

static void answer_puts_a_wrong_figure_right(void **state)
{
	struct talk talk = { 0 };
	const struct answer *answer = ask(state, &talk, "Did 500 people die in the flood?");
	assert_tells(answer, "dead-number");
	assert_memory_equal(answer->text, "No, not 500. ", strlen("No, not 500. "));
	answer = ask(state, &talk, "Did 18 people die in the flood?");
	assert_memory_equal(answer->text, "Yes. ", strlen("Yes. "));
	answer = ask(state, &talk, "Did everybody survive the flood?");
	assert_memory_equal(answer->text, "No. ", strlen("No. "));
	answer_finish(&talk.answer);
}

static void answer_lets_room_be_that_a_question_leaves(void **state)
{
	struct talk talk = { 0 };
	const struct answer *answer = ask(state, &talk, "Did more than 10 people die in the flood?");
	assert_tells(answer, "dead-number");
	assert_memory_equal(answer->text, "Yes. ", strlen("Yes. "));
	static const char *const open[] = { "Did about 20 people die in the flood?",
					    "Did less than 20 people die in the flood?",
					    "Did more than 30 people die in the flood?" };
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		answer = ask(state, &talk, open[i]);
		assert_tells(answer, "dead-number");
		assert_null(strstr(answer->text, "No"));
		assert_null(strstr(answer->text, "Yes"));
	}
	answer_finish(&talk.answer);
}

static void answer_tells_its_source_and_repeats_in_another_language(void **state)
{
	struct talk talk = { 0 };
	ask(state, &talk, "How many people died in the flood?");
	assert_non_null(strstr(ask(state, &talk, "source?")->text, "The Gazette"));
	assert_tells(ask(state, &talk, "по-русски, пожалуйста"), "dead-number");
	assert_int_equal(talk.answer.language, LANGUAGE_RU);
	assert_int_equal(talk.context.forced, LANGUAGE_NONE);
	answer_finish(&talk.answer);
}

static void answer_keeps_to_a_language_that_was_wished_for(void **state)
{
	struct talk talk = { 0 };
	assert_int_equal(ask(state, &talk, "answer in Kazakh")->language, LANGUAGE_KK);
	assert_int_equal(ask(state, &talk, "Who is the mayor?")->language, LANGUAGE_KK);
	assert_int_equal(ask(state, &talk, "Who is the mayor? In English please")->language, LANGUAGE_EN);
	assert_int_equal(ask(state, &talk, "Who is the mayor?")->language, LANGUAGE_KK);
	answer_finish(&talk.answer);
}

static void answer_tells_the_day_when_only_when_is_asked(void **state)
{
	struct talk talk = { 0 };
	ask(state, &talk, "How many people died in the flood?");
	const struct answer *answer = ask(state, &talk, "when?");
	assert_int_equal(answer->kind, ANSWER_FACT);
	assert_non_null(strstr(answer->text, "2031"));
	answer_finish(&talk.answer);
}

static void answer_goes_first_to_people_in_danger(void **state)
{
	struct talk talk = { 0 };
	snprintf(talk.context.candidates[0], KNOWLEDGE_ID_BYTES, "mayor-who");
	assert_int_equal(ask(state, &talk, "please who is the mayor I am trapped in water")->kind, ANSWER_SAFETY);
	answer_finish(&talk.answer);
}

static void answer_takes_a_pick_and_passes_over_what_is_gone(void **state)
{
	struct talk talk = { 0 };
	snprintf(talk.context.candidates[0], KNOWLEDGE_ID_BYTES, "gone");
	snprintf(talk.context.candidates[1], KNOWLEDGE_ID_BYTES, "bridge-closed");
	snprintf(talk.context.facts[0], KNOWLEDGE_ID_BYTES, "gone");
	assert_tells(ask(state, &talk, "2"), "bridge-closed");
	answer_finish(&talk.answer);
}

static void answer_of_a_number_alone_tells_nothing(void **state)
{
	struct talk talk = { 0 };
	assert_tells(ask(state, &talk, "How many people died in the flood?"), "dead-number");
	assert_int_equal(ask(state, &talk, "1")->kind, ANSWER_UNKNOWN);
	answer_finish(&talk.answer);
}

static void answer_bears_any_bytes(void **state)
{
	const struct world *world = *state;
	struct talk talk = { 0 };
	struct answer answer;
	char *large = memory_zeroed(KNOWLEDGE_QUESTION_BYTES + 1, 1);
	assert_int_equal(ask(state, &talk, "")->kind, ANSWER_UNKNOWN);
	assert_int_equal(ask(state, &talk, "?! \xF0\x9F\x98\x80")->kind, ANSWER_UNKNOWN);
	assert_int_equal(knowledge_answer(world->knowledge, &talk.context, "\xFF", 1, &answer), KNOWLEDGE_NOT_UTF8);
	assert_null(answer.text);
	/* NUL bytes count as spaces. */
	assert_int_equal(knowledge_answer(world->knowledge, &talk.context, "Who is\0the mayor?", 17, &answer),
			 KNOWLEDGE_ANSWERED);
	assert_tells(&answer, "mayor-who");
	answer_finish(&answer);
	assert_int_equal(knowledge_answer(world->knowledge, &talk.context, large, KNOWLEDGE_QUESTION_BYTES, &answer),
			 KNOWLEDGE_ANSWERED);
	answer_finish(&answer);
	assert_int_equal(knowledge_answer(world->knowledge, &talk.context, large, KNOWLEDGE_QUESTION_BYTES + 1, &answer),
			 KNOWLEDGE_TOO_LONG);
	answer_finish(&talk.answer);
	free(large);
}

static void answer_of_two_bases_stays_apart(void **state)
{
	const struct world *world = *state;
	struct base_fixture other;
	struct knowledge_report report;
	struct knowledge_diff diff;
	fixture_create(&other);
	fixture_change(&other, "facts/flood.json", other.facts, "Anna Berg has been", "Nobody has been");
	struct knowledge *second = knowledge_load(&(struct knowledge_options){ .directory = other.directory }, &report, NULL);
	assert_non_null(second);
	struct talk talk = { 0 };
	assert_int_equal(knowledge_answer(second, &talk.context, "Who is the mayor?", 17, &talk.answer), KNOWLEDGE_ANSWERED);
	assert_non_null(strstr(talk.answer.text, "Nobody"));
	assert_null(strstr(ask(state, &talk, "Who is the mayor?")->text, "Nobody"));
	knowledge_diff(world->knowledge, second, &diff);
	assert_int_equal(diff.changed_count, 1);
	assert_string_equal(diff.changed[0], "mayor-who");
	assert_int_equal(diff.added_count + diff.removed_count, 0);
	knowledge_diff_finish(&diff);
	answer_finish(&talk.answer);
	knowledge_destroy(second);
	fixture_destroy(&other);
}

static void explain_shows_how_it_came_about_and_keeps_the_context(void **state)
{
	const struct world *world = *state;
	struct knowledge_context context = { 0 };
	char *text = knowledge_explain(world->knowledge, &context, "Who is the mayor?", 17);
	assert_non_null(text);
	assert_non_null(strstr(text, "\"id\":\"mayor-who\""));
	assert_non_null(strstr(text, "\"why\":"));
	assert_string_equal(context.facts[0], "");
	free(text);
	assert_null(knowledge_explain(world->knowledge, &context, "\xFF", 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answer_tells_the_fact_of_its_own_question_in_its_language),
		cmocka_unit_test(answer_says_what_the_sources_do_not_say),
		cmocka_unit_test(answer_takes_two_questions_one_by_one),
		cmocka_unit_test(answer_puts_a_wrong_figure_right),
		cmocka_unit_test(answer_lets_room_be_that_a_question_leaves),
		cmocka_unit_test(answer_tells_its_source_and_repeats_in_another_language),
		cmocka_unit_test(answer_keeps_to_a_language_that_was_wished_for),
		cmocka_unit_test(answer_tells_the_day_when_only_when_is_asked),
		cmocka_unit_test(answer_goes_first_to_people_in_danger),
		cmocka_unit_test(answer_takes_a_pick_and_passes_over_what_is_gone),
		cmocka_unit_test(answer_of_a_number_alone_tells_nothing),
		cmocka_unit_test(answer_bears_any_bytes),
		cmocka_unit_test(answer_of_two_bases_stays_apart),
		cmocka_unit_test(explain_shows_how_it_came_about_and_keeps_the_context),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
