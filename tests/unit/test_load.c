/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base_fixture.h"
#include "engine/load.h"
#include "engine/report.h"

struct world {
	struct base_fixture fixture;
	struct base base;
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
	base_finish(&world->base);
	knowledge_report_finish(&world->report);
	fixture_destroy(&world->fixture);
	free(world);
	return 0;
}

static bool load(struct world *world)
{
	base_finish(&world->base);
	knowledge_report_finish(&world->report);
	world->error = (struct error){ 0 };
	return base_load(world->fixture.directory, &world->base, &world->report, &world->error);
}

static const struct knowledge_problem *find_problem(const struct world *world, const char *part)
{
	for (size_t i = 0; i < world->report.count; i++)
		if (strstr(world->report.problems[i].message, part))
			return &world->report.problems[i];
	return NULL;
}

/* A base with `old` changed to `new` in a file has an error of that kind whose message holds `part`. */
static void refuses(struct world *world, const char *file, const char *text, const char *old, const char *new,
		    const char *kind, const char *part)
{
	fixture_change(&world->fixture, file, text, old, new);
	assert_false(load(world));
	const struct knowledge_problem *problem = find_problem(world, part);
	if (!problem)
		for (size_t i = 0; i < world->report.count; i++)
			print_message("%s\n", world->report.problems[i].message);
	assert_non_null(problem);
	assert_string_equal(problem->kind, kind);
	assert_string_equal(problem->file, file);
	assert_false(problem->warning);
	assert_true(problem->line >= 1 && problem->column >= 1);
	fixture_write(&world->fixture, file, text, strlen(text));
}

static void refuses_fact(struct world *world, const char *old, const char *new, const char *kind, const char *part)
{
	refuses(world, "facts/flood.json", world->fixture.facts, old, new, kind, part);
}

/* ---- what is right ---- */

static void load_reads_a_base_whole(void **state)
{
	struct world *world = *state;
	assert_true(load(world));
	const struct base *base = &world->base;
	assert_int_equal(base->facts_count, 4);
	assert_int_equal(base->topics_count, 1);
	assert_int_equal(base->talks_count, 3);
	assert_int_equal(base->unrelated.count, 6);
	assert_string_equal(base->as_of, "2031-05-02");
	const struct fact *fact = &base->facts[0];
	assert_string_equal(fact->id, "dead-number");
	assert_string_equal(fact->claimant[LANGUAGE_RU], "полиция");
	assert_int_equal(fact->sources[0].paragraph, 3);
	assert_int_equal(fact->expects, EXPECTS_HOW_MANY);
	assert_int_equal(fact->questions[LANGUAGE_KK].count, 3);
	assert_int_equal(fact->related_count, 2);
	assert_int_equal(fact->related[0], 1);
	assert_int_equal(fact->superseded_by, UINT32_MAX);
	assert_int_equal(base->facts[1].precision, PRECISION_RANGE);
	assert_true(base->facts[3].unknown);
	assert_true(base->entities[base->facts[1].entities[0]].held);
	assert_false(base->entities[2].held);
}

static void load_notes_where_a_question_stands(void **state)
{
	struct world *world = *state;
	assert_true(load(world));
	struct place place = world->base.facts[0].questions[LANGUAGE_EN].places[1];
	assert_string_equal(world->base.files[place.file], "facts/flood.json");
	assert_int_equal(place.line, 10);
	assert_int_equal(place.column, 61);
}

static void load_accepts_byte_order_mark_and_crlf(void **state)
{
	struct world *world = *state;
	fixture_change(&world->fixture, "sources.json", world->fixture.sources, "{\"sources\"",
		       "\xEF\xBB\xBF{\r\n\"sources\"");
	fixture_change(&world->fixture, "questions/unrelated.jsonl", world->fixture.unrelated, "bread\"}\n",
		       "bread\"}\r\n\r\n");
	assert_true(load(world));
	assert_int_equal(world->base.unrelated.count, 6);
}

static void load_does_without_lexicon_and_unrelated(void **state)
{
	struct world *world = *state;
	char path[128];
	snprintf(path, sizeof path, "%s/questions/unrelated.jsonl", world->fixture.directory);
	assert_int_equal(remove(path), 0);
	assert_true(load(world));
	assert_int_equal(world->base.unrelated.count, 0);
}

static void load_falls_back_to_a_language_that_is_there(void **state)
{
	struct world *world = *state;
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts,
		       "\"en\": \"Anna Berg has been the mayor since 2027.\", ", "");
	assert_true(load(world));
	const struct fact *fact = &world->base.facts[1];
	assert_string_equal(fact->answer[LANGUAGE_EN], "Мэр с 2027 года — Анна Берг.");
	assert_int_equal(fact->answered, 1u << LANGUAGE_RU | 1u << LANGUAGE_KK);
}

static void load_derives_what_is_superseded(void **state)
{
	struct world *world = *state;
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"expects\": [\"when\"]",
		       "\"supersedes\": [\"mayor-who\"], \"expects\": [\"when\"]");
	assert_true(load(world));
	assert_int_equal(world->base.facts[1].superseded_by, 2);
	assert_int_equal(world->base.facts[2].superseded_by, UINT32_MAX);
}

static void load_hashes_every_file(void **state)
{
	struct world *world = *state;
	assert_true(load(world));
	uint64_t before = world->base.hash;
	assert_true(load(world));
	assert_true(world->base.hash == before);
	fixture_change(&world->fixture, "questions/unrelated.jsonl", world->fixture.unrelated, "bread", "cakes");
	assert_true(load(world));
	assert_true(world->base.hash != before);
}

/* ---- what is wrong ---- */

static void load_refuses_faulty_facts(void **state)
{
	static const struct {
		const char *old, *new, *kind, *part;
	} faults[] = {
		{ "\"expects\": [\"who\"]", "\"expect\": [\"who\"]", "schema", "has no key \"expect\"" },
		{ "\"expects\": [\"who\"]", "\"expects\": [\"whom\"]", "schema", "must be one of: who, when" },
		{ "\"expects\": [\"who\"]", "\"expects\": \"who\"", "schema", "must be a list" },
		{ "\"id\": \"mayor-who\"", "\"id\": \"Mayor Who\"", "schema", "not kebab-case" },
		{ "\"id\": \"mayor-who\"", "\"id\": \"mayor--who\"", "schema", "not kebab-case" },
		{ "\"id\": \"mayor-who\",", "", "schema", "\"id\" is missing" },
		{ "\"id\": \"mayor-who\"", "\"id\": \"dead-number\"", "conflict", "belongs to another fact" },
		{ "\"id\": \"mayor-who\"", "\"id\": 7", "schema", "must be a text" },
		{ "2031-05-01\", \"to\"", "2031-02-30\", \"to\"", "schema", "is no day" },
		{ "\"to\": \"2031-05-01\"", "\"to\": \"2030-05-01\"", "schema", "later than" },
		{ "\"precision\": \"range\"", "\"precision\": \"month\"", "schema", "must be one of: day, week" },
		{ "\"as_of\": \"2031-05-02\",\n \"claimant\"", "\"as_of\": \"1968\",\n \"claimant\"", "schema",
		  "is no day" },
		{ "\"status\": \"reported\"", "\"status\": \"rumour\"", "schema", "must be one of: reported" },
		{ "\"unknown\": true", "\"unknown\": \"yes\"", "schema", "must be true or false" },
		{ "\"paragraph\": 3", "\"paragraph\": 10", "reference", "there is no paragraph 10" },
		{ "\"paragraph\": 3", "\"paragraph\": 0", "schema", "whole number from 1" },
		{ "\"paragraph\": 3", "\"paragraph\": 2.5", "schema", "whole number from 1" },
		{ "{\"id\": \"gazette\", \"paragraph\": 3}", "{\"id\": \"herald\"}", "reference",
		  "no source \"herald\"" },
		{ "[{\"id\": \"gazette\", \"paragraph\": 3}]", "[]", "schema", "\"sources\" is empty" },
		{ "\"entities\": [\"mayor\"]", "\"entities\": [\"major\"]", "reference", "no entity \"major\"" },
		{ "\"related\": [\"dead-number\"]", "\"related\": [\"dead-numbers\"]", "reference",
		  "no fact \"dead-numbers\"" },
		{ "\"related\": [\"dead-number\"]", "\"related\": [\"mayor-who\"]", "reference",
		  "names the fact itself" },
		{ "\"related\": [\"dead-number\"]", "\"tells\": [\"dead-numbers\"]", "reference", "no fact \"dead-numbers\"" },
		{ "\"related\": [\"dead-number\"]", "\"tells\": [\"mayor-who\"]", "reference", "names the fact itself" },
		{ "\"Who is the mayor?\"", "\"Casualties  NUMBER?\"", "conflict", "belongs to dead-number already" },
		{ "\"Who is the mayor?\"", "\"how do i bake bread\"", "conflict", "belongs to mayor-who already" },
		{ "\"Who is the mayor?\"", "\"   \"", "schema", "is empty" },
		{ "\"ru\": [\"Кто мэр?\"", "\"uk\": [], \"ru\": [\"Кто мэр?\"", "schema", "has no key \"uk\"" },
		{ "{\"en\": \"The flood\"", "{\"en\": 1", "schema", "must be a text" },
	};
	struct world *world = *state;
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		if (strstr(faults[i].part,
			   "mayor-who already")) { /* the unrelated questions are read last: said there */
			fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, faults[i].old,
				       faults[i].new);
			assert_false(load(world));
			assert_string_equal(world->report.problems[0].file, "questions/unrelated.jsonl");
			continue;
		}
		refuses_fact(world, faults[i].old, faults[i].new, faults[i].kind, faults[i].part);
	}
}

static void load_knows_what_a_fact_tells_besides(void **state)
{
	struct world *world = *state;
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"related\": [\"dead-number\"]",
		       "\"tells\": [\"dead-number\"]");
	assert_true(load(world));
	assert_true(fact_tells(world->base.facts, 1, 0));
	assert_true(fact_tells(world->base.facts, 1, 1));
	assert_false(fact_tells(world->base.facts, 0, 1));
}

static void load_refuses_rings_of_supersedes(void **state)
{
	struct world *world = *state;
	struct buffer text;
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"expects\": [\"when\"]",
		       "\"supersedes\": [\"mayor-who\"], \"expects\": [\"when\"]");
	char *path = file_join(world->fixture.directory, "facts/flood.json");
	assert_true(file_read(path, 1 << 20, &text, NULL));
	fixture_change(&world->fixture, "facts/flood.json", buffer_text(&text), "\"expects\": [\"who\"]",
		       "\"supersedes\": [\"bridge-closed\"], \"expects\": [\"who\"]");
	assert_false(load(world));
	assert_int_equal(world->report.count, 1);
	assert_non_null(strstr(world->report.problems[0].message, "supersedes itself"));
	buffer_finish(&text);
	free(path);
}

static void load_refuses_broken_json_with_its_place(void **state)
{
	struct world *world = *state;
	refuses_fact(world, "\"related\": [\"dead-number\"]},", "\"related\": [\"dead-number\"],},", "syntax", "','");
	assert_int_equal(find_problem(world, "','")->line, 24);
	refuses_fact(world, "Anna Berg has", "Anna \xFF has", "syntax", "not UTF-8");
	refuses(world, "questions/unrelated.jsonl", world->fixture.unrelated, "{\"q\": \"best phone to buy\"}",
		"best phone", "syntax", "");
	fixture_change(&world->fixture, "questions/unrelated.jsonl", world->fixture.unrelated,
		       "{\"q\": \"best phone to buy\"}", "best phone");
	assert_false(load(world));
	assert_int_equal(world->report.problems[0].line, 4);
}

static void load_refuses_faulty_lexicon_and_sources(void **state)
{
	struct world *world = *state;
	refuses(world, "lexicon.json", world->fixture.lexicon, "\"kind\": \"place\"", "\"kind\": \"water\"", "schema",
		"must be one of: person");
	refuses(world, "lexicon.json", world->fixture.lexicon, "\"id\": \"army\"", "\"id\": \"river\"", "conflict",
		"another entity");
	refuses(world, "lexicon.json", world->fixture.lexicon, "\"Elva\"", "\"Berg\"", "conflict",
		"belongs to mayor already");
	refuses(world, "lexicon.json", world->fixture.lexicon, "\"good morning\"", "\"what can you answer\"",
		"conflict", "belongs to");
	refuses(world, "sources.json", world->fixture.sources, "\"paragraphs\": 9", "\"paragraphs\": \"9\"", "schema",
		"number of the source's");
	refuses(world, "sources.json", world->fixture.sources, "\"publisher\": \"The Gazette\",", "", "schema",
		"\"publisher\" is missing");
}

static void load_reports_all_files_at_once(void **state)
{
	struct world *world = *state;
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"expects\": [\"who\"]",
		       "\"expect\": [\"who\"]");
	fixture_change(&world->fixture, "lexicon.json", world->fixture.lexicon, "\"kind\": \"place\"",
		       "\"kind\": \"water\"");
	fixture_write(&world->fixture, "facts/another.json", "[1]", 3);
	assert_false(load(world));
	assert_int_equal(world->report.count, 3);
	assert_string_equal(world->report.problems[0].file, "facts/another.json");
	assert_string_equal(world->report.problems[1].file, "facts/flood.json");
	assert_string_equal(world->report.problems[2].file, "lexicon.json");
}

static void load_takes_a_text_at_the_cap_and_refuses_one_beyond(void **state)
{
	struct world *world = *state;
	char text[LOAD_TEXT_BYTES + 4];
	memset(text, 'a', sizeof text);
	text[0] = text[LOAD_TEXT_BYTES + 1] = '"';
	text[LOAD_TEXT_BYTES + 2] = '\0';
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"mayor name\"", text);
	assert_true(load(world));
	text[LOAD_TEXT_BYTES + 1] = 'a';
	text[LOAD_TEXT_BYTES + 2] = '"';
	text[LOAD_TEXT_BYTES + 3] = '\0';
	refuses_fact(world, "\"mayor name\"", text, "schema", "at most 4096");
}

static void load_refuses_ten_mebibytes_in_one_text(void **state)
{
	struct world *world = *state;
	size_t bytes = 10u << 20;
	char *text = memory_zeroed(bytes + 3, 1);
	memset(text, 'a', bytes + 2);
	text[0] = text[bytes + 1] = '"';
	refuses_fact(world, "\"mayor name\"", text, "syntax", "a text longer than");
	free(text);
}

static void load_refuses_deep_nesting(void **state)
{
	struct world *world = *state;
	char deep[2001];
	memset(deep, '[', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	refuses_fact(world, "\"mayor name\"", deep, "syntax", "nested deeper");
}

static void load_keeps_a_bounded_number_of_problems(void **state)
{
	struct world *world = *state;
	struct buffer many;
	buffer_init(&many, 1 << 20);
	for (int i = 0; i < REPORT_PROBLEMS + 5; i++)
		buffer_append_text(&many, "7,");
	buffer_append_text(&many, "\"mayor name\"");
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"mayor name\"",
		       buffer_text(&many));
	assert_false(load(world));
	assert_int_equal(world->report.count, REPORT_PROBLEMS);
	assert_int_equal(world->report.left_out, 5);
	buffer_finish(&many);
}

static void load_says_what_a_directory_lacks(void **state)
{
	struct world *world = *state;
	char path[128];
	snprintf(path, sizeof path, "%s/sources.json", world->fixture.directory);
	assert_int_equal(remove(path), 0);
	assert_false(load(world));
	assert_non_null(find_problem(world, "every base needs it"));
	snprintf(path, sizeof path, "%s/facts/flood.json", world->fixture.directory);
	assert_int_equal(remove(path), 0);
	assert_false(load(world));
	assert_int_equal(world->report.count, 0);
	assert_non_null(strstr(world->error.text, "no *.json"));
	fixture_destroy(&world->fixture);
	assert_false(load(world));
	assert_non_null(strstr(world->error.text, "cannot be read"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(load_reads_a_base_whole),
		TEST(load_notes_where_a_question_stands),
		TEST(load_accepts_byte_order_mark_and_crlf),
		TEST(load_does_without_lexicon_and_unrelated),
		TEST(load_falls_back_to_a_language_that_is_there),
		TEST(load_derives_what_is_superseded),
		TEST(load_hashes_every_file),
		TEST(load_refuses_faulty_facts),
		TEST(load_knows_what_a_fact_tells_besides),
		TEST(load_refuses_rings_of_supersedes),
		TEST(load_refuses_broken_json_with_its_place),
		TEST(load_refuses_faulty_lexicon_and_sources),
		TEST(load_reports_all_files_at_once),
		TEST(load_takes_a_text_at_the_cap_and_refuses_one_beyond),
		TEST(load_refuses_ten_mebibytes_in_one_text),
		TEST(load_refuses_deep_nesting),
		TEST(load_keeps_a_bounded_number_of_problems),
		TEST(load_says_what_a_directory_lacks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
