/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <unistd.h>

#include "base_fixture.h"
#include "engine/cache.h"
#include "knowledge.h"

struct world {
	struct base_fixture fixture;
	char cache[96];
};

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof *world);
	fixture_create(&world->fixture);
	snprintf(world->cache, sizeof world->cache, "%s/cache", world->fixture.directory);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	fixture_destroy(&world->fixture);
	free(world);
	return 0;
}

/* ---- files ---- */

static void cache_maps_what_it_wrote(void **state)
{
	struct world *world = *state;
	struct cache_map map;
	assert_true(cache_write(world->cache, "a.model", "bytes", 5, NULL));
	assert_true(cache_map_open(&map, world->cache, "a.model", NULL));
	assert_int_equal(map.count, 5);
	assert_memory_equal(map.bytes, "bytes", 5);
	cache_map_close(&map);
	assert_null(map.bytes);
}

static void cache_refuses_files_that_others_may_write(void **state)
{
	struct world *world = *state;
	struct cache_map map;
	struct error error;
	char path[128], link[128];
	snprintf(path, sizeof path, "%s/a.model", world->cache);
	snprintf(link, sizeof link, "%s/b.model", world->cache);
	assert_true(cache_write(world->cache, "a.model", "bytes", 5, NULL));
	assert_int_equal(chmod(path, 0620), 0);
	assert_false(cache_map_open(&map, world->cache, "a.model", &error));
	assert_non_null(strstr(error.text, "may be written by others"));
	assert_int_equal(chmod(path, 0644), 0);
	assert_true(cache_map_open(&map, world->cache, "a.model", NULL));
	cache_map_close(&map);
	assert_int_equal(symlink(path, link), 0);
	assert_false(cache_map_open(&map, world->cache, "b.model", NULL));
}

static void cache_refuses_files_of_another_user(void **state)
{
	struct world *world = *state;
	struct cache_map map;
	char path[128];
	if (geteuid() != 0)
		skip();
	snprintf(path, sizeof path, "%s/a.model", world->cache);
	assert_true(cache_write(world->cache, "a.model", "bytes", 5, NULL));
	assert_int_equal(chown(path, 12345, 12345), 0);
	assert_false(cache_map_open(&map, world->cache, "a.model", NULL));
}

static void cache_refuses_what_is_no_file(void **state)
{
	struct world *world = *state;
	struct cache_map map;
	char path[128];
	snprintf(path, sizeof path, "%s/folder.model", world->cache);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(cache_map_open(&map, world->cache, "folder.model", NULL));
	assert_false(cache_map_open(&map, world->cache, "absent.model", NULL));
	assert_true(cache_write(world->cache, "empty.model", "", 0, NULL));
	assert_false(cache_map_open(&map, world->cache, "empty.model", NULL));
}

static size_t count_models(const char *directory)
{
	size_t count = 0;
	DIR *folder = opendir(directory);
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));)
		count += strstr(entry->d_name, ".model") != NULL;
	closedir(folder);
	return count;
}

static void cache_keeps_a_bounded_number_of_models(void **state)
{
	struct world *world = *state;
	struct cache_map map;
	char name[CACHE_NAME_BYTES];
	for (uint64_t i = 0; i < CACHE_MODELS_KEPT + 4; i++) {
		cache_name(i, name);
		assert_true(cache_write(world->cache, name, "bytes", 5, NULL));
	}
	assert_int_equal(count_models(world->cache), CACHE_MODELS_KEPT);
	assert_true(cache_map_open(&map, world->cache, name, NULL)); /* the newest stays */
	cache_map_close(&map);
}

/* ---- models of a base ---- */

static struct knowledge *load(const struct world *world, const char *cache, bool no_training, struct error *error)
{
	struct knowledge_report report;
	struct knowledge_options options = { .directory = world->fixture.directory,
					     .cache = cache,
					     .no_training = no_training };
	struct knowledge *knowledge = knowledge_load(&options, &report, error);
	assert_int_equal(report.count, 0);
	knowledge_report_finish(&report);
	return knowledge;
}

static void model_path(const struct world *world, const struct knowledge *knowledge, char path[256])
{
	char name[CACHE_NAME_BYTES];
	struct knowledge_version version = knowledge_version(knowledge);
	cache_name(strtoull(version.hash, NULL, 16), name);
	snprintf(path, 256, "%s/%s", world->cache, name);
}

static void load_trains_once_and_then_maps(void **state)
{
	struct world *world = *state;
	struct error error;
	assert_null(load(world, world->cache, true, &error));
	assert_non_null(strstr(error.text, "qantar train"));
	struct knowledge *first = load(world, world->cache, false, &error);
	assert_non_null(first);
	assert_string_equal(error.text, "");
	knowledge_destroy(first);
	struct knowledge *second = load(world, world->cache, true, &error);
	assert_non_null(second);
	knowledge_destroy(second);
}

static void load_trains_anew_when_the_base_changed(void **state)
{
	struct world *world = *state;
	struct error error;
	knowledge_destroy(load(world, world->cache, false, &error));
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "mayor name",
		       "the name of our mayor");
	assert_null(load(world, world->cache, true, &error));
}

static void load_rebuilds_a_damaged_model(void **state)
{
	struct world *world = *state;
	struct error error;
	struct buffer model;
	char path[256];
	struct knowledge *knowledge = load(world, world->cache, false, &error);
	model_path(world, knowledge, path);
	knowledge_destroy(knowledge);
	assert_true(file_read(path, 64u << 20, &model, NULL));
	const size_t lengths[] = { 1, 7, 64, model.bytes / 2, model.bytes - 64 };
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		assert_true(file_write(path, model.data, lengths[i], 0600, NULL));
		assert_null(load(world, world->cache, true, &error));
	}
	knowledge = load(world, world->cache, false, &error);
	assert_non_null(knowledge);
	knowledge_destroy(knowledge);
	knowledge_destroy(load(world, world->cache, true, &error));
	assert_string_equal(error.text, "");
	buffer_finish(&model);
}

static void load_warns_when_nothing_is_writable(void **state)
{
	struct world *world = *state;
	struct error error;
	struct knowledge *knowledge = load(world, "/proc/no-such-folder", false, &error);
	assert_non_null(knowledge);
	assert_non_null(strstr(error.text, "in memory only"));
	knowledge_destroy(knowledge);
}

static void load_takes_the_shipped_model(void **state)
{
	struct world *world = *state;
	struct knowledge_report report;
	struct error error;
	struct knowledge_options options = { .directory = world->fixture.directory, .cache = world->cache };
	assert_true(knowledge_train(&options, &report, &error));
	knowledge_report_finish(&report);
	options.shipped = world->cache;
	options.cache = "/proc/no-such-folder";
	options.no_training = true;
	struct knowledge *knowledge = knowledge_load(&options, &report, &error);
	knowledge_report_finish(&report);
	assert_non_null(knowledge);
	knowledge_destroy(knowledge);
}

/* What was looked into before training is not asked again of the same base, but of any other. */
static void load_beside_a_cached_model_still_finds_two_owners(void **state)
{
	struct world *world = *state;
	struct knowledge_options options = { .directory = world->fixture.directory, .cache = world->cache };
	struct knowledge_report report;
	assert_true(knowledge_train(&options, &report, NULL));
	knowledge_report_finish(&report);
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"Who is the mayor?\"",
		       "\"Casualties  NUMBER?\"");
	assert_null(knowledge_load(&options, &report, NULL));
	assert_int_equal(report.count, 1);
	assert_string_equal(report.problems[0].kind, "conflict");
	knowledge_report_finish(&report);
}

/* Gives the answer's facts as one text. */
static void ask(struct knowledge *knowledge, const char *question, char *facts, size_t bytes)
{
	struct knowledge_context context = { 0 };
	struct answer answer;
	assert_int_equal(knowledge_answer(knowledge, &context, question, strlen(question), &answer), KNOWLEDGE_ANSWERED);
	snprintf(facts, bytes, "%d %s", answer.kind, answer.text);
	answer_finish(&answer);
}

/* A bot that runs keeps a third less in memory; nobody sees it, a reload neither. */
static void load_forgets_questions_and_answers_as_before(void **state)
{
	struct world *world = *state;
	static const char *const questions[] = { "casualties number?", "who is the mayor", "flood",
						 "what did the damage cost", "was anyone hurt?", "who won the cup" };
	struct knowledge_options options = { .directory = world->fixture.directory, .cache = world->cache };
	struct knowledge_report report;
	struct knowledge *lean = knowledge_load(&options, &report, NULL);
	knowledge_report_finish(&report);
	options.whole = true;
	struct knowledge *whole = knowledge_load(&options, &report, NULL);
	knowledge_report_finish(&report);
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		char a[4096], b[4096];
		ask(lean, questions[i], a, sizeof a);
		ask(whole, questions[i], b, sizeof b);
		assert_string_equal(a, b);
	}
	struct knowledge_diff diff;
	knowledge_diff(lean, whole, &diff);
	assert_int_equal(diff.added_count + diff.changed_count + diff.removed_count, 0);
	knowledge_diff_finish(&diff);
	knowledge_destroy(whole);
	fixture_change(&world->fixture, "facts/flood.json", world->fixture.facts, "\"Who is the mayor?\"",
		       "\"Who is the mayor?\", \"Who heads the town?\"");
	options.whole = false;
	struct knowledge *later = knowledge_load(&options, &report, NULL);
	knowledge_report_finish(&report);
	knowledge_diff(lean, later, &diff);
	assert_int_equal(diff.changed_count, 1);
	knowledge_diff_finish(&diff);
	knowledge_destroy(later);
	knowledge_destroy(lean);
}

/* They are not read again beside a model, which knows them by their words; another file of them is another base. */
static void load_beside_a_cached_model_still_knows_unrelated_questions(void **state)
{
	struct world *world = *state;
	static const char unrelated[] = "{\"q\": \"How many people died of boredom?\"}\n";
	fixture_write(&world->fixture, "questions/unrelated.jsonl", unrelated, strlen(unrelated));
	struct knowledge_options options = { .directory = world->fixture.directory, .cache = world->cache };
	struct knowledge_report report;
	for (int start = 0; start < 2; start++) {
		char said[4096];
		struct knowledge_context context = { 0 };
		struct knowledge *knowledge = knowledge_load(&options, &report, NULL);
		knowledge_report_finish(&report);
		char *why = knowledge_explain(knowledge, &context, "how many people DIED of boredom", 31);
		assert_non_null(strstr(why, "must not answer"));
		free(why);
		ask(knowledge, "how many people died?", said, sizeof said);
		assert_null(strstr(said, "no answer"));
		knowledge_destroy(knowledge);
	}
	fixture_write(&world->fixture, "questions/unrelated.jsonl", "{\"q\": 1}\n", 9);
	assert_null(knowledge_load(&options, &report, NULL));
	assert_string_equal(report.problems[0].file, "questions/unrelated.jsonl");
	knowledge_report_finish(&report);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(cache_maps_what_it_wrote),
		TEST(cache_refuses_files_that_others_may_write),
		TEST(cache_refuses_files_of_another_user),
		TEST(cache_refuses_what_is_no_file),
		TEST(cache_keeps_a_bounded_number_of_models),
		TEST(load_trains_once_and_then_maps),
		TEST(load_trains_anew_when_the_base_changed),
		TEST(load_rebuilds_a_damaged_model),
		TEST(load_warns_when_nothing_is_writable),
		TEST(load_takes_the_shipped_model),
		TEST(load_beside_a_cached_model_still_finds_two_owners),
		TEST(load_forgets_questions_and_answers_as_before),
		TEST(load_beside_a_cached_model_still_knows_unrelated_questions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
