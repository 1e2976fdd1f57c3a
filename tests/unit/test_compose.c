/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base_fixture.h"
#include "engine/compose.h"
#include "engine/load.h"

enum { DEAD, MAYOR, BRIDGE, DAMAGE }; /* the facts of the base, in order */

struct world {
	struct base_fixture fixture;
	struct knowledge knowledge; /* no model: the decision is the test's */
	struct knowledge_context context;
	struct decision decision;
	struct answer answer;
};

static void load_base(struct world *world)
{
	struct knowledge_report report = { 0 };
	idmap_finish(&world->knowledge.facts);
	base_finish(&world->knowledge.base);
	if (!base_load(world->fixture.directory, &world->knowledge.base, &report, NULL))
		abort();
	base_index_facts(&world->knowledge.base, &world->knowledge.facts);
}

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	fixture_create(&world->fixture);
	world->knowledge.scratch = memory_zeroed(1, sizeof *world->knowledge.scratch);
	load_base(world);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	answer_finish(&world->answer);
	idmap_finish(&world->knowledge.facts);
	base_finish(&world->knowledge.base);
	free(world->knowledge.scratch);
	fixture_destroy(&world->fixture);
	free(world);
	return 0;
}

static void decide_on(struct world *world, enum answer_kind kind, enum language language)
{
	world->decision =
		(struct decision){ .kind = kind, .language = language, .talk = UINT32_MAX, .confidence = .9 };
}

static const char *text_of(struct world *world)
{
	answer_finish(&world->answer);
	assert_true(compose(&world->knowledge, &world->context, &world->decision, &world->answer));
	return world->answer.text;
}

static void assert_begins(const char *text, const char *beginning)
{
	if (strncmp(text, beginning, strlen(beginning)) != 0)
		fail_msg("\"%s\" does not begin with \"%s\"", text, beginning);
}

/* ---- one fact ---- */

static void compose_tells_a_fact_with_all_that_belongs_to_it(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_FACT, LANGUAGE_RU);
	decide_tell(&world->decision, DEAD);
	assert_string_equal(text_of(world), "По данным полиции, 1 мая 2031 года в паводке погибли 18 человек.");
	const struct answer *answer = &world->answer;
	assert_int_equal(answer->facts_count, 1);
	assert_string_equal(answer->facts[0], "dead-number");
	assert_string_equal(answer->as_of, "2031-05-02");
	assert_string_equal(answer->claimant, "полиция");
	assert_int_equal(answer->sources_count, 1);
	assert_string_equal(answer->sources[0].publisher, "The Gazette");
	assert_int_equal(answer->sources[0].paragraph, 3);
	assert_null(answer->sources[0].address);
}

static void compose_puts_yes_and_no_first(void **state)
{
	static const struct {
		enum language language;
		const char *yes, *no;
	} words[] = {
		{ LANGUAGE_EN, "Yes. According", "No. According" },
		{ LANGUAGE_RU, "Да. По данным", "Нет. По данным" },
		{ LANGUAGE_KK, "Иә. Полицияның", "Жоқ. Полицияның" },
	};
	struct world *world = *state;
	for (size_t i = 0; i < 3; i++) {
		decide_on(world, ANSWER_FACT, words[i].language);
		decide_tell(&world->decision, DEAD);
		world->decision.told[0].lead = LEAD_YES;
		assert_begins(text_of(world), words[i].yes);
		world->decision.told[0].lead = LEAD_NO;
		assert_begins(text_of(world), words[i].no);
	}
}

static void compose_puts_a_figure_right(void **state)
{
	static const struct {
		enum language language;
		double number;
		bool yes_no;
		const char *beginning;
	} cases[] = {
		{ LANGUAGE_EN, 5000, false, "Not 5,000. According" },
		{ LANGUAGE_EN, 5000, true, "No, not 5,000. According" },
		{ LANGUAGE_RU, 100000, true, "Нет, не 100\u00A0000. По данным" },
		{ LANGUAGE_KK, 2.5, false, "2.5 емес. Полицияның" },
	};
	struct world *world = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		decide_on(world, ANSWER_FACT, cases[i].language);
		decide_tell(&world->decision, DEAD);
		world->decision.told[0].lead = LEAD_NOT_NUMBER;
		world->decision.told[0].number = cases[i].number;
		world->decision.told[0].yes_no = cases[i].yes_no;
		assert_begins(text_of(world), cases[i].beginning);
	}
	world->decision.told[0].lead = LEAD_NOT_DAY;
	snprintf(world->decision.told[0].day, sizeof world->decision.told[0].day, "2031-05-03");
	assert_begins(text_of(world), "2031 жылғы 3 мамыр емес. ");
	world->decision.told[0].weekday = true; /* it was a Saturday */
	assert_begins(text_of(world), "Жоқ, сенбіде емес. ");
}

static void compose_tells_a_known_unknown(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_KNOWN_UNKNOWN, LANGUAGE_EN);
	decide_tell(&world->decision, DAMAGE);
	assert_string_equal(text_of(world), "The sources do not say what the damage cost.");
	assert_string_equal(world->answer.facts[0], "unknown-damage");
	assert_int_equal(world->answer.sources[0].paragraph, 0);
}

/* ---- several facts ---- */

static void compose_answers_two_questions_one_by_one(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_FACTS, LANGUAGE_EN);
	decide_tell(&world->decision, MAYOR);
	decide_tell(&world->decision, BRIDGE);
	assert_string_equal(text_of(world), "Anna Berg has been the mayor since 2027.\n"
					    "The old bridge over the river was closed on May 2, 2031.");
	assert_int_equal(world->answer.facts_count, 2);
	assert_int_equal(world->answer.sources_count, 2);
	assert_null(world->answer.claimant);
}

static void compose_names_the_part_that_is_not_known(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_FACTS, LANGUAGE_EN);
	decide_tell(&world->decision, MAYOR);
	world->decision.part_unknown = true;
	assert_non_null(strstr(text_of(world), "the other part of your question"));
	assert_int_equal(world->answer.facts_count, 1);
	world->decision.part_unknown = false;
	decide_tell(&world->decision, DAMAGE);
	world->decision.told[1].unasked = true;
	assert_non_null(strstr(text_of(world), "do not say what the damage cost"));
	assert_int_equal(world->answer.facts_count, 1);
}

static void compose_tells_the_superseded_beside_its_successor(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_FACTS, LANGUAGE_EN);
	decide_tell(&world->decision, MAYOR);
	decide_tell(&world->decision, DEAD);
	world->decision.told[1].earlier = true;
	const char *text = text_of(world);
	assert_begins(text, "Anna Berg");
	assert_non_null(strstr(text, "• Earlier, the police, May 2, 2031: According to the police"));
}

static void compose_puts_disputed_figures_side_by_side(void **state)
{
	struct world *world = *state;
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"expects\": [\"who\"]",
		       "\"disputes\": [\"dead-number\"], \"expects\": [\"who\"]");
	load_base(world);
	decide_on(world, ANSWER_FACTS, LANGUAGE_EN);
	decide_tell(&world->decision, MAYOR);
	decide_tell(&world->decision, DEAD);
	assert_begins(text_of(world), "• May 2, 2031: Anna Berg");
}

static void compose_lists_a_broad_answer(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_FACTS, LANGUAGE_EN);
	world->decision.listed = true;
	decide_tell(&world->decision, DEAD);
	decide_tell(&world->decision, BRIDGE);
	const char *text = text_of(world);
	assert_begins(text, "What I know of this, in order of time:\n• According");
	assert_non_null(strstr(text, "\n• The old bridge"));
}

static void compose_tells_the_source_when_asked(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_FACT, LANGUAGE_EN);
	decide_tell(&world->decision, DEAD);
	world->decision.sources = true;
	assert_string_equal(text_of(world), "the police — Source: The Gazette, “A flood”, May 2, 2031, paragraph 3");
}

/* ---- no fact ---- */

static void compose_offers_candidates_and_states_nothing(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_UNSURE, LANGUAGE_KK);
	world->decision.phrase = PHRASE_UNSURE;
	world->decision.candidates[0] = MAYOR;
	world->decision.candidates[1] = BRIDGE;
	world->decision.candidates_count = 2;
	text_of(world);
	assert_int_equal(world->answer.facts_count, 0);
	assert_int_equal(world->answer.candidates_count, 2);
	assert_string_equal(world->answer.candidates[0].question, "Әкім кім?");
	assert_string_equal(world->answer.as_of, "");
	assert_int_equal(world->answer.related_count, 0);
}

static void compose_tells_how_to_reach_an_admin(void **state)
{
	struct world *world = *state;
	world->context.contact = "Ask @anna.";
	decide_on(world, ANSWER_UNKNOWN, LANGUAGE_EN);
	world->decision.phrase = PHRASE_UNKNOWN;
	const char *text = text_of(world);
	assert_string_equal(text + strlen(text) - strlen(" Ask @anna."), " Ask @anna.");
}

static void compose_fills_in_topics_and_date(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_SMALL_TALK, LANGUAGE_EN);
	world->decision.talk = 1;
	assert_string_equal(text_of(world), "Up to May 2, 2031: \n• The flood: How many people died in the flood?");
}

static void compose_tells_people_in_danger_what_the_operator_set(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_SAFETY, LANGUAGE_EN);
	world->decision.talk = 2;
	assert_string_equal(text_of(world), "No emergency service.");
	world->context.safety[LANGUAGE_EN] = "Go up the hill.";
	const char *text = text_of(world);
	assert_begins(text, "I am a bot, not an emergency service");
	assert_non_null(strstr(text, "Go up the hill."));
	assert_int_equal(world->answer.related_count, 0);
}

static void compose_names_no_telephone_number_by_default(void **state)
{
	struct world *world = *state;
	for (int language = LANGUAGE_EN; language < LANGUAGE_COUNT; language++) {
		decide_on(world, ANSWER_SAFETY, (enum language)language);
		assert_null(strpbrk(text_of(world), "0123456789"));
	}
}

/* ---- what goes with it, what stays ---- */

static void compose_relates_what_it_can_answer_and_has_not_told(void **state)
{
	struct world *world = *state;
	snprintf(world->context.facts[0], KNOWLEDGE_ID_BYTES, "mayor-who");
	decide_on(world, ANSWER_FACT, LANGUAGE_EN);
	decide_tell(&world->decision, DEAD);
	text_of(world);
	assert_int_equal(world->answer.related_count, 1);
	assert_string_equal(world->answer.related[0].question, "When was the bridge closed?");
}

static void compose_remembers_facts_past_small_talk(void **state)
{
	struct world *world = *state;
	decide_on(world, ANSWER_FACT, LANGUAGE_RU);
	decide_tell(&world->decision, DEAD);
	text_of(world);
	compose_remember(&world->answer, &world->decision, &world->context);
	assert_string_equal(world->context.facts[0], "dead-number");
	assert_int_equal(world->context.language, LANGUAGE_RU);
	assert_int_equal(world->context.forced, LANGUAGE_NONE);
	decide_on(world, ANSWER_SMALL_TALK, LANGUAGE_EN);
	world->decision.talk = 0;
	world->decision.lasting = true;
	text_of(world);
	compose_remember(&world->answer, &world->decision, &world->context);
	assert_string_equal(world->context.facts[0], "dead-number");
	assert_int_equal(world->context.forced, LANGUAGE_EN);
}

static void compose_forgets_candidates_after_the_next_answer(void **state)
{
	struct world *world = *state;
	snprintf(world->context.candidates[0], KNOWLEDGE_ID_BYTES, "mayor-who");
	decide_on(world, ANSWER_FACT, LANGUAGE_EN);
	decide_tell(&world->decision, DEAD);
	text_of(world);
	compose_remember(&world->answer, &world->decision, &world->context);
	assert_string_equal(world->context.candidates[0], "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(compose_tells_a_fact_with_all_that_belongs_to_it),
		TEST(compose_puts_yes_and_no_first),
		TEST(compose_puts_a_figure_right),
		TEST(compose_tells_a_known_unknown),
		TEST(compose_answers_two_questions_one_by_one),
		TEST(compose_names_the_part_that_is_not_known),
		TEST(compose_tells_the_superseded_beside_its_successor),
		TEST(compose_puts_disputed_figures_side_by_side),
		TEST(compose_lists_a_broad_answer),
		TEST(compose_tells_the_source_when_asked),
		TEST(compose_offers_candidates_and_states_nothing),
		TEST(compose_tells_how_to_reach_an_admin),
		TEST(compose_fills_in_topics_and_date),
		TEST(compose_tells_people_in_danger_what_the_operator_set),
		TEST(compose_names_no_telephone_number_by_default),
		TEST(compose_relates_what_it_can_answer_and_has_not_told),
		TEST(compose_remembers_facts_past_small_talk),
		TEST(compose_forgets_candidates_after_the_next_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
