/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base_fixture.h"
#include "engine/fit.h"
#include "engine/load.h"
#include "engine/match.h"

/* Preferences over the small base of tests/unit/base: a flood, its dead, the mayor, a bridge, the damage. */
struct world {
	struct base_fixture fixture;
	struct base base;
	struct buffer bytes;
	struct model *model;
	struct match *match;
	struct match_question question;
	struct match_candidate candidates[MATCH_CANDIDATES];
	size_t count;
};

static void train(const struct base *base, struct buffer *bytes)
{
	struct error error = { 0 };
	buffer_init(bytes, 64u << 20);
	if (!model_train(base, bytes, &error))
		fail_msg("%s", error.text);
}

static int set_up(void **state)
{
	struct world *world = memory_zeroed(1, sizeof(*world));
	struct knowledge_report report = { 0 };
	struct error error = { 0 };
	fixture_create(&world->fixture);
	if (!base_load(world->fixture.directory, &world->base, &report, &error))
		return -1;
	knowledge_report_finish(&report);
	train(&world->base, &world->bytes);
	world->model = model_open(&world->base, world->bytes.data, world->bytes.bytes, NULL, &error);
	if (!world->model)
		return -1;
	world->match = match_create(&world->base, world->model);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	match_destroy(world->match);
	model_close(world->model);
	buffer_finish(&world->bytes);
	base_finish(&world->base);
	fixture_destroy(&world->fixture);
	free(world);
	return 0;
}

static void ask(struct world *world, const char *text)
{
	match_read(world->match, text, strlen(text), &world->question);
	world->count = match_rank(world->match, &world->question, world->candidates, MATCH_CANDIDATES);
}

static const char *best(struct world *world, const char *text)
{
	ask(world, text);
	uint32_t fact = world->count ? world->candidates[0].fact : UINT32_MAX;
	return fact < world->base.facts_count ? world->base.facts[fact].id : "";
}

static float probability(struct world *world, const char *text)
{
	ask(world, text);
	return world->count ? world->candidates[0].probability : 0;
}

static void match_ranks_own_questions_first(void **state)
{
	struct world *world = *state;
	for (uint32_t i = 0; i < world->base.facts_count; i++) {
		const struct fact *fact = &world->base.facts[i];
		for (int l = LANGUAGE_EN; l < LANGUAGE_COUNT; l++)
			for (uint32_t q = 0; q < fact->questions[l].count; q++)
				assert_string_equal(best(world, fact->questions[l].items[q]), fact->id);
	}
}

static void match_sees_through_typos_and_capitals(void **state)
{
	struct world *world = *state;
	const struct fact *fact = &world->base.facts[0];
	char text[256];
	const char *question = fact->questions[LANGUAGE_EN].items[0];
	size_t bytes = strlen(question);
	assert_in_range(bytes, 8, sizeof(text) - 1);
	for (size_t i = 0; i <= bytes; i++)
		text[i] = question[i] >= 'a' && question[i] <= 'z' ? (char)(question[i] - 32) : question[i];
	assert_string_equal(best(world, text), fact->id);
}

/* However small the base: "number of dead people" stands so in the fact. */
static void match_is_sure_of_an_own_question_word_for_word(void **state)
{
	struct world *world = *state;
	for (uint32_t f = 0; f < world->base.facts_count; f++) {
		const struct texts *questions = &world->base.facts[f].questions[LANGUAGE_EN];
		for (uint32_t i = 0; i < questions->count; i++) {
			ask(world, questions->items[i]);
			assert_int_equal(world->candidates[0].fact, f);
			assert_true(world->candidates[0].probability >= match_thresholds(world->match)->answer);
		}
	}
}

/* Of four letters one amiss makes another word as a rule (bake is not back); of five it is a slip. */
static void match_corrects_words_of_five_letters_and_more(void **state)
{
	struct world *world = *state;
	match_read(world->match, "daed", 4, &world->question);
	assert_int_equal(world->question.tokens[0].reading, READING_UNKNOWN);
	match_read(world->match, "numbr", 5, &world->question);
	assert_int_equal(world->question.tokens[0].reading, READING_SPELLING);
}

static void match_is_surer_of_an_own_question_than_of_an_unrelated_one(void **state)
{
	struct world *world = *state;
	const char *own = world->base.facts[0].questions[LANGUAGE_EN].items[0];
	assert_true(probability(world, own) > probability(world, "how do I bake sourdough bread at home"));
	assert_true(probability(world, own) > probability(world, "qwx zzkv brrt"));
}

static void match_finds_nothing_in_nothing(void **state)
{
	struct world *world = *state;
	ask(world, "");
	assert_int_equal(world->count, 0);
	ask(world, "?!... \xF0\x9F\x98\x80");
	assert_int_equal(world->count, 0);
}

static void match_candidates_name_a_question_that_is_there(void **state)
{
	struct world *world = *state;
	ask(world, "the flood");
	for (size_t i = 0; i < world->count; i++) {
		const struct match_candidate *candidate = &world->candidates[i];
		if (candidate->fact >= world->base.facts_count)
			continue;
		const struct fact *fact = &world->base.facts[candidate->fact];
		const struct texts *texts = candidate->own == OWN_QUESTION  ? fact->questions
					    : candidate->own == OWN_AFFIRMS ? fact->affirms
									    : fact->denies;
		assert_in_range(candidate->own_language, LANGUAGE_EN, LANGUAGE_KK);
		assert_true(candidate->own_index < texts[candidate->own_language].count);
		assert_true(candidate->probability >= 0 && candidate->probability <= 1);
	}
	assert_true(world->count > 1);
}

static void match_reads_a_long_question_within_its_caps(void **state)
{
	struct world *world = *state;
	char *longer = memory_zeroed(65536, 1);
	for (size_t i = 0; i < 65536; i++)
		longer[i] = i % 9 == 8 ? ' ' : (char)('a' + (i * i + i / 9) % 26);
	match_read(world->match, longer, 65536, &world->question);
	assert_true(world->question.cut);
	assert_int_equal(world->question.tokens_count, MATCH_TOKENS);
	match_rank(world->match, &world->question, world->candidates, MATCH_CANDIDATES);
	free(longer);
}

/* A misspelt word that was met before, here or in the message before, is the same word again; and one past the
 * corrections that a message gets is as unknown as ever. */
static void match_reads_words_met_before_as_at_first(void **state)
{
	struct world *world = *state;
	struct match_question *again = memory_zeroed(1, sizeof(*again));
	static const char *const texts[] = { "who dyed in teh flod near the brigde", "pogibshie i pogibshee v navodnenii",
					     /* of more words than are corrected */
					     ("brigde brigdes brigge bridgge bridhe bbridge bridgee brixge bridgr "
					      "briidge brridge brdgie bridqe bredge bradge brudge brdge flod") };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct match *fresh = match_create(&world->base, world->model);
		match_read(fresh, texts[i], strlen(texts[i]), &world->question);
		for (int round = 0; round < 2; round++) {
			match_read(world->match, texts[i], strlen(texts[i]), again);
			assert_int_equal(again->tokens_count, world->question.tokens_count);
			for (uint32_t t = 0; t < again->tokens_count; t++) {
				assert_int_equal(again->tokens[t].word, world->question.tokens[t].word);
				assert_int_equal(again->tokens[t].reading, world->question.tokens[t].reading);
			}
			assert_int_equal(again->features_count, world->question.features_count);
			assert_memory_equal(again->features, world->question.features,
					    again->features_count * sizeof(again->features[0]));
			match_read(world->match, texts[0], strlen(texts[0]), again);
		}
		match_destroy(fresh);
	}
	free(again);
}

static void model_of_the_same_base_has_the_same_bytes(void **state)
{
	struct world *world = *state;
	struct buffer again;
	train(&world->base, &again);
	assert_int_equal(again.bytes, world->bytes.bytes);
	assert_memory_equal(again.data, world->bytes.data, again.bytes);
	buffer_finish(&again);
}

static void posting_goes_a_long_way_in_steps(void **state)
{
	(void)state;
	static const uint32_t places[] = { 0, 255, 511, 2000 };
	struct buffer list;
	uint32_t at = 0, where = 0, found = 0;
	buffer_init(&list, 1024);
	for (size_t i = 0; i < 4; i++)
		fit_posting(&list, &at, places[i], 7);
	const struct layout_posting *postings = (const struct layout_posting *)(const void *)list.data;
	for (size_t i = 0; i < list.bytes / sizeof(*postings); i++) {
		where += postings[i].gap;
		if (postings[i].weight == 0)
			continue;
		assert_in_range(found, 0, 3);
		assert_int_equal(where, places[found++]);
	}
	assert_int_equal(found, 4);
	buffer_finish(&list);
}

static void model_of_another_base_is_refused(void **state)
{
	struct world *world = *state;
	struct base other = world->base;
	struct error error = { 0 };
	other.hash++;
	assert_null(model_open(&other, world->bytes.data, world->bytes.bytes, NULL, &error));
	assert_string_equal(error.text, "a model of another base");
}

static void model_cut_short_is_refused(void **state)
{
	struct world *world = *state;
	for (size_t bytes = 0; bytes < world->bytes.bytes; bytes += 1 + bytes / 7)
		assert_null(model_open(&world->base, world->bytes.data, bytes, NULL, NULL));
}

/* A damaged model is refused or, where only a number differs, harmless: the sanitizers watch. */
static void model_damaged_anywhere_never_reads_outside(void **state)
{
	struct world *world = *state;
	char *copy = memory_zeroed(world->bytes.bytes, 1);
	unsigned refused = 0;
	for (size_t at = 8; at < world->bytes.bytes; at += 1 + at / 40) {
		memcpy(copy, world->bytes.data, world->bytes.bytes);
		copy[at] = (char)(copy[at] ^ 0xFF);
		struct model *model = model_open(&world->base, copy, world->bytes.bytes, NULL, NULL);
		refused += !model;
		if (!model)
			continue;
		struct match *match = match_create(&world->base, model);
		match_read(match, "who died in the flood", 21, &world->question);
		match_rank(match, &world->question, world->candidates, MATCH_CANDIDATES);
		match_destroy(match);
		model_close(model);
	}
	assert_true(refused > 50);
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(match_ranks_own_questions_first),
		cmocka_unit_test(match_sees_through_typos_and_capitals),
		cmocka_unit_test(match_is_sure_of_an_own_question_word_for_word),
		cmocka_unit_test(match_corrects_words_of_five_letters_and_more),
		cmocka_unit_test(match_is_surer_of_an_own_question_than_of_an_unrelated_one),
		cmocka_unit_test(match_finds_nothing_in_nothing),
		cmocka_unit_test(match_candidates_name_a_question_that_is_there),
		cmocka_unit_test(match_reads_a_long_question_within_its_caps),
		cmocka_unit_test(match_reads_words_met_before_as_at_first),
		cmocka_unit_test(model_of_the_same_base_has_the_same_bytes),
		cmocka_unit_test(posting_goes_a_long_way_in_steps),
		cmocka_unit_test(model_of_another_base_is_refused),
		cmocka_unit_test(model_cut_short_is_refused),
		cmocka_unit_test(model_damaged_anywhere_never_reads_outside),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
