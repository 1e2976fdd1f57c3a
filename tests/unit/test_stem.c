/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "engine/spell.h"
#include "engine/stem.h"

static void assert_same_key(const char *a, const char *b)
{
	char x[KEY_BYTES], y[KEY_BYTES];
	key_of(a, strlen(a), x);
	key_of(b, strlen(b), y);
	assert_string_equal(x, y);
}

static void key_is_one_for_all_scripts(void **state)
{
	(void)state;
	assert_same_key("токаев", "tokayev");
	assert_same_key("назарбаев", "nazarbayev");
	assert_same_key("қанша", "канша");
	assert_same_key("қанша", "kansha");
	assert_same_key("жіберді", "zhiberdi");
	assert_same_key("жіберді", "jiberdi");
	assert_same_key("почему", "pochemu");
	assert_same_key("щит", "shchit");
	assert_same_key("жаңаөзен", "janaozen");
	assert_same_key("россия", "rossija");
}

static void key_sees_the_kazakh_letters_in_russian_ones(void **state)
{
	(void)state;
	assert_same_key("әскер", "аскер");
	assert_same_key("өлді", "олди");
	assert_same_key("ұйым", "уйым");
	assert_same_key("үкімет", "укимет");
	assert_same_key("ең", "ен");
	assert_same_key("ғасыр", "гасыр");
	assert_same_key("қаһар", "кахар");
}

static void key_keeps_different_words_apart(void **state)
{
	char x[KEY_BYTES], y[KEY_BYTES];
	(void)state;
	key_of("протест", strlen("протест"), x);
	key_of("процент", strlen("процент"), y);
	assert_string_not_equal(x, y);
}

static void key_of_a_long_word_is_cut(void **state)
{
	char word[400], key[KEY_BYTES];
	(void)state;
	for (size_t i = 0; i < sizeof(word); i++)
		word[i] = i % 2 ? 'a' : 'b';
	assert_int_equal(key_of(word, sizeof(word), key), KEY_BYTES - 1);
}

static void assert_same_stem(enum language language, const char *a, const char *b, bool same)
{
	struct stemmer *stemmer = stemmer_create();
	char x[KEY_BYTES], y[KEY_BYTES];
	stem_word(stemmer, language, a, strlen(a), x);
	stem_word(stemmer, language, b, strlen(b), y);
	if (same)
		assert_string_equal(x, y);
	else
		assert_string_not_equal(x, y);
	stemmer_destroy(stemmer);
}

static void stem_joins_the_forms_of_a_word(void **state)
{
	(void)state;
	assert_same_stem(LANGUAGE_EN, "protesters", "protester", true);
	assert_same_stem(LANGUAGE_RU, "солдатами", "солдаты", true);
	assert_same_stem(LANGUAGE_RU, "soldaty", "солдат", true);
	assert_same_stem(LANGUAGE_KK, "әскерлер", "әскерлердің", true);
	assert_same_stem(LANGUAGE_KK, "қаладан", "қалада", true);
	assert_same_stem(LANGUAGE_KK, "қалаларда", "калада", true);
	assert_same_stem(LANGUAGE_KK, "наразылық", "наразылықтар", true);
}

static void stem_keeps_different_words_apart(void **state)
{
	(void)state;
	assert_same_stem(LANGUAGE_EN, "protest", "protect", false);
	assert_same_stem(LANGUAGE_RU, "солдат", "сосед", false);
	assert_same_stem(LANGUAGE_KK, "әскер", "ереже", false);
}

static void stem_of_english_is_no_stem_of_russian(void **state)
{
	struct stemmer *stemmer = stemmer_create();
	char english[KEY_BYTES], russian[KEY_BYTES];
	(void)state;
	stem_word(stemmer, LANGUAGE_EN, "oral", 4, english);
	stem_word(stemmer, LANGUAGE_RU, "орал", strlen("орал"), russian);
	assert_string_not_equal(english, russian);
	stemmer_destroy(stemmer);
}

static void stem_name_takes_case_endings_off(void **state)
{
	size_t from = 0, left;
	bool found = false;
	(void)state;
	while ((left = stem_name("tokaevtin", 9, &from)) > 0)
		found = found || left == 6;
	assert_true(found);
	from = 0;
	assert_int_equal(stem_name("kiev", 4, &from), 0);
}

static void spell_distance_counts_each_kind_of_edit_once(void **state)
{
	(void)state;
	assert_int_equal(spell_distance("almaty", 6, "almaty", 6), 0);
	assert_int_equal(spell_distance("almat", 5, "almaty", 6), 1);
	assert_int_equal(spell_distance("allmaty", 7, "almaty", 6), 1);
	assert_int_equal(spell_distance("almoty", 6, "almaty", 6), 1);
	assert_int_equal(spell_distance("amlaty", 6, "almaty", 6), 1);
	assert_int_equal(spell_distance("amlat", 5, "almaty", 6), 2);
	assert_int_equal(spell_distance("astana", 6, "almaty", 6), 4);
	assert_int_equal(spell_distance("a", 1, "almaty", 6), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_is_one_for_all_scripts),
		cmocka_unit_test(key_sees_the_kazakh_letters_in_russian_ones),
		cmocka_unit_test(key_keeps_different_words_apart),
		cmocka_unit_test(key_of_a_long_word_is_cut),
		cmocka_unit_test(stem_joins_the_forms_of_a_word),
		cmocka_unit_test(stem_keeps_different_words_apart),
		cmocka_unit_test(stem_of_english_is_no_stem_of_russian),
		cmocka_unit_test(stem_name_takes_case_endings_off),
		cmocka_unit_test(spell_distance_counts_each_kind_of_edit_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
