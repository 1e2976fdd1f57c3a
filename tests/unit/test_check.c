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
	struct knowledge_report report;
	struct error error;
};

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	fixture_create(&world->fixture);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	knowledge_report_finish(&world->report);
	fixture_destroy(&world->fixture);
	free(world);
	return 0;
}

static bool check(struct world *world)
{
	struct knowledge_options options = { .directory = world->fixture.directory };
	knowledge_report_finish(&world->report);
	return knowledge_check(&options, &world->report, &world->error);
}

/* The first problem of that kind whose message holds `part`. */
static const struct knowledge_problem *find(const struct world *world, const char *kind, const char *part)
{
	for (size_t i = 0; i < world->report.count; i++)
		if (strcmp(world->report.problems[i].kind, kind) == 0 &&
		    strstr(world->report.problems[i].message, part))
			return &world->report.problems[i];
	for (size_t i = 0; i < world->report.count; i++)
		print_message("%s: %s\n", world->report.problems[i].kind, world->report.problems[i].message);
	return NULL;
}

static void change(struct world *world, const char *old, const char *new)
{
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, old, new);
}

static void check_finds_no_error_in_a_sound_base(void **state)
{
	struct world *world = *state;
	assert_true(check(world));
	for (size_t i = 0; i < world->report.count; i++)
		assert_true(world->report.problems[i].warning);
}

static void check_passes_on_what_loading_found(void **state)
{
	struct world *world = *state;
	change(world, "\"expects\": [\"who\"]", "\"expects\": [\"whom\"]");
	assert_false(check(world));
	assert_non_null(find(world, "schema", "must be one of"));
}

static void check_refuses_an_own_question_that_another_fact_answers(void **state)
{
	struct world *world = *state;
	change(world, "\"casualties number\"", "\"Who's the mayor\""); /* to the matcher, a question of mayor-who */
	assert_false(check(world));
	const struct knowledge_problem *problem = find(world, "conflict", "is answered by");
	assert_non_null(problem);
	assert_false(problem->warning);
	assert_string_equal(problem->file, "facts/flood.json");
	assert_true(problem->line > 1 && problem->column > 1);
}

static void check_warns_of_near_duplicates(void **state)
{
	struct world *world = *state;
	change(world, "\"casualties number\"", "\"since when is the bridge being shut\"");
	check(world);
	const struct knowledge_problem *problem = find(world, "near-duplicate", "since when is the bridge shut");
	assert_non_null(problem);
	assert_true(problem->warning);
}

static void check_warns_of_missing_languages(void **state)
{
	struct world *world = *state;
	change(world, "\"en\": \"Anna Berg has been the mayor since 2027.\", ", "");
	assert_true(check(world));
	assert_non_null(find(world, "language", "mayor-who has no answer in English"));
	change(world, ", \"kk\": [\"Әкім кім?\", \"әкімнің аты кім\", \"қаланы кім басқарады\"]", "");
	assert_true(check(world));
	assert_non_null(find(world, "language", "mayor-who has no question in Kazakh"));
}

static void check_warns_of_disputes_without_a_claimant(void **state)
{
	struct world *world = *state;
	change(world, "\"keywords\": [\"mayor\"", "\"status\": \"disputed\", \"keywords\": [\"mayor\"");
	assert_true(check(world));
	assert_non_null(find(world, "claimant", "names nobody who claims it"));
}

static void check_warns_of_facts_that_nobody_reaches(void **state)
{
	struct world *world = *state;
	change(world, "\n]}",
	       ",\n{\"id\": \"apples\", \"answer\": {\"en\": \"Red.\"}, \"as_of\": \"2031-05-02\", "
	       "\"sources\": [{\"id\": \"gazette\"}], \"questions\": {\"en\": [\"colour of apples\"]}}\n]}");
	check(world);
	assert_non_null(find(world, "unreachable", "apples"));
}

static void check_says_when_there_is_no_base(void **state)
{
	struct world *world = *state;
	struct knowledge_options options = { .directory = "/proc/no-such-base" };
	assert_false(knowledge_check(&options, &world->report, &world->error));
	assert_int_equal(world->report.count, 0);
	assert_non_null(strstr(world->error.text, "/proc/no-such-base"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(check_finds_no_error_in_a_sound_base),
		TEST(check_passes_on_what_loading_found),
		TEST(check_refuses_an_own_question_that_another_fact_answers),
		TEST(check_warns_of_near_duplicates),
		TEST(check_warns_of_missing_languages),
		TEST(check_warns_of_disputes_without_a_claimant),
		TEST(check_warns_of_facts_that_nobody_reaches),
		TEST(check_says_when_there_is_no_base),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
