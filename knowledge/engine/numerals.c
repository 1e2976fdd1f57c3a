#include "engine/numerals.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

enum { DIGITS_MOST = 15, SLOTS = 512 };

enum rank { RANK_UNIT, RANK_TEN, RANK_HUNDRED, RANK_SCALE };

/* Units, tens and hundreds are added; a scale multiplies what stands before it. */
static const struct numeral {
	enum rank rank;
	enum language language;
	double value;
	const char *words;
} known[] = {
	{ RANK_UNIT, LANGUAGE_EN, 1, "one" },
	{ RANK_UNIT, LANGUAGE_EN, 2, "two" },
	{ RANK_UNIT, LANGUAGE_EN, 3, "three" },
	{ RANK_UNIT, LANGUAGE_EN, 4, "four" },
	{ RANK_UNIT, LANGUAGE_EN, 5, "five" },
	{ RANK_UNIT, LANGUAGE_EN, 6, "six" },
	{ RANK_UNIT, LANGUAGE_EN, 7, "seven" },
	{ RANK_UNIT, LANGUAGE_EN, 8, "eight" },
	{ RANK_UNIT, LANGUAGE_EN, 9, "nine" },
	{ RANK_TEN, LANGUAGE_EN, 10, "ten" },
	{ RANK_TEN, LANGUAGE_EN, 11, "eleven" },
	{ RANK_TEN, LANGUAGE_EN, 12, "twelve" },
	{ RANK_TEN, LANGUAGE_EN, 13, "thirteen" },
	{ RANK_TEN, LANGUAGE_EN, 14, "fourteen" },
	{ RANK_TEN, LANGUAGE_EN, 15, "fifteen" },
	{ RANK_TEN, LANGUAGE_EN, 16, "sixteen" },
	{ RANK_TEN, LANGUAGE_EN, 17, "seventeen" },
	{ RANK_TEN, LANGUAGE_EN, 18, "eighteen" },
	{ RANK_TEN, LANGUAGE_EN, 19, "nineteen" },
	{ RANK_TEN, LANGUAGE_EN, 20, "twenty" },
	{ RANK_TEN, LANGUAGE_EN, 30, "thirty" },
	{ RANK_TEN, LANGUAGE_EN, 40, "forty fourty" },
	{ RANK_TEN, LANGUAGE_EN, 50, "fifty" },
	{ RANK_TEN, LANGUAGE_EN, 60, "sixty" },
	{ RANK_TEN, LANGUAGE_EN, 70, "seventy" },
	{ RANK_TEN, LANGUAGE_EN, 80, "eighty" },
	{ RANK_TEN, LANGUAGE_EN, 90, "ninety" },
	{ RANK_SCALE, LANGUAGE_EN, 100, "hundred" },
	{ RANK_SCALE, LANGUAGE_EN, 1e3, "thousand" },
	{ RANK_SCALE, LANGUAGE_EN, 1e6, "million mln" },
	{ RANK_UNIT, LANGUAGE_RU, 1, "один одна одну" },
	{ RANK_UNIT, LANGUAGE_RU, 2, "два две двух dva dve" },
	{ RANK_UNIT, LANGUAGE_RU, 3, "три трех трёх tri" },
	{ RANK_UNIT, LANGUAGE_RU, 4, "четыре четырех четырёх" },
	{ RANK_UNIT, LANGUAGE_RU, 5, "пять пяти pyat" },
	{ RANK_UNIT, LANGUAGE_RU, 6, "шесть шести shest" },
	{ RANK_UNIT, LANGUAGE_RU, 7, "семь семи sem" },
	{ RANK_UNIT, LANGUAGE_RU, 8, "восемь восьми vosem" },
	{ RANK_UNIT, LANGUAGE_RU, 9, "девять девяти" },
	{ RANK_TEN, LANGUAGE_RU, 10, "десять десяти desyat" },
	{ RANK_TEN, LANGUAGE_RU, 11, "одиннадцать" },
	{ RANK_TEN, LANGUAGE_RU, 12, "двенадцать" },
	{ RANK_TEN, LANGUAGE_RU, 13, "тринадцать" },
	{ RANK_TEN, LANGUAGE_RU, 14, "четырнадцать" },
	{ RANK_TEN, LANGUAGE_RU, 15, "пятнадцать" },
	{ RANK_TEN, LANGUAGE_RU, 16, "шестнадцать" },
	{ RANK_TEN, LANGUAGE_RU, 17, "семнадцать" },
	{ RANK_TEN, LANGUAGE_RU, 18, "восемнадцать восемнадцати" },
	{ RANK_TEN, LANGUAGE_RU, 19, "девятнадцать" },
	{ RANK_TEN, LANGUAGE_RU, 20, "двадцать двадцати dvadcat" },
	{ RANK_TEN, LANGUAGE_RU, 30, "тридцать тридцати" },
	{ RANK_TEN, LANGUAGE_RU, 40, "сорок сорока" },
	{ RANK_TEN, LANGUAGE_RU, 50, "пятьдесят" },
	{ RANK_TEN, LANGUAGE_RU, 60, "шестьдесят" },
	{ RANK_TEN, LANGUAGE_RU, 70, "семьдесят" },
	{ RANK_TEN, LANGUAGE_RU, 80, "восемьдесят" },
	{ RANK_TEN, LANGUAGE_RU, 90, "девяносто" },
	{ RANK_HUNDRED, LANGUAGE_RU, 100, "сто sto" },
	{ RANK_HUNDRED, LANGUAGE_RU, 200, "двести двухсот" },
	{ RANK_HUNDRED, LANGUAGE_RU, 300, "триста трехсот трёхсот" },
	{ RANK_HUNDRED, LANGUAGE_RU, 400, "четыреста" },
	{ RANK_HUNDRED, LANGUAGE_RU, 500, "пятьсот пятисот" },
	{ RANK_HUNDRED, LANGUAGE_RU, 600, "шестьсот" },
	{ RANK_HUNDRED, LANGUAGE_RU, 700, "семьсот" },
	{ RANK_HUNDRED, LANGUAGE_RU, 800, "восемьсот" },
	{ RANK_HUNDRED, LANGUAGE_RU, 900, "девятьсот" },
	{ RANK_SCALE, LANGUAGE_RU, 1e3, "тысяча тысячи тысяч тысячу тыс тыщ тыща тыщи tysyacha tysyachi tysyach tys" },
	{ RANK_SCALE, LANGUAGE_RU, 1e6, "миллион миллиона миллионов млн" },
	{ RANK_UNIT, LANGUAGE_KK, 1, "бір bir" },
	{ RANK_UNIT, LANGUAGE_KK, 2, "екі еки eki" },
	{ RANK_UNIT, LANGUAGE_KK, 3, "үш уш ush" },
	{ RANK_UNIT, LANGUAGE_KK, 4, "төрт торт tort" },
	{ RANK_UNIT, LANGUAGE_KK, 5, "бес bes" },
	{ RANK_UNIT, LANGUAGE_KK, 6, "алты alty" },
	{ RANK_UNIT, LANGUAGE_KK, 7, "жеті жети zheti jeti" },
	{ RANK_UNIT, LANGUAGE_KK, 8, "сегіз сегиз segiz" },
	{ RANK_UNIT, LANGUAGE_KK, 9, "тоғыз тогыз togyz" },
	{ RANK_TEN, LANGUAGE_KK, 10, "он on" },
	{ RANK_TEN, LANGUAGE_KK, 20, "жиырма zhiyrma jiyrma" },
	{ RANK_TEN, LANGUAGE_KK, 30, "отыз otyz" },
	{ RANK_TEN, LANGUAGE_KK, 40, "қырық кырык qyryq" },
	{ RANK_TEN, LANGUAGE_KK, 50, "елу elu" },
	{ RANK_TEN, LANGUAGE_KK, 60, "алпыс alpys" },
	{ RANK_TEN, LANGUAGE_KK, 70, "жетпіс жетпис" },
	{ RANK_TEN, LANGUAGE_KK, 80, "сексен seksen" },
	{ RANK_TEN, LANGUAGE_KK, 90, "тоқсан токсан" },
	{ RANK_SCALE, LANGUAGE_KK, 100, "жүз жуз zhuz juz jüz" },
	{ RANK_SCALE, LANGUAGE_KK, 1e3, "мың мын myn" },
};
enum { NUMERALS = sizeof(known) / sizeof(known[0]) };

static const char *word_at(const struct tokens *tokens, uint32_t i)
{
	return tokens->text + tokens->items[i].at;
}

struct numerals {
	struct numeral_slot {
		char word[28];
		uint8_t bytes; /* 0: free */
		uint8_t index; /* into `known` */
	} slots[SLOTS];
};

/* Where the word stands, or would. */
static size_t place_of(const struct numerals *table, const char *word, size_t bytes, uint64_t hash)
{
	size_t at = hash % SLOTS;
	while (table->slots[at].bytes &&
	       (table->slots[at].bytes != bytes || memcmp(table->slots[at].word, word, bytes) != 0))
		at = (at + 1) % SLOTS;
	return at;
}

struct numerals *numerals_create(void)
{
	struct numerals *table = memory_zeroed(1, sizeof *table);
	for (size_t i = 0; i < NUMERALS; i++) {
		for (const char *at = known[i].words; *at;) {
			size_t bytes = strcspn(at, " ");
			struct numeral_slot *slot = &table->slots[place_of(table, at, bytes, text_hash(at, bytes))];
			memcpy(slot->word, at, bytes);
			slot->bytes = (uint8_t)bytes;
			slot->index = (uint8_t)i;
			at += bytes + (at[bytes] == ' ');
		}
	}
	return table;
}

void numerals_destroy(struct numerals *table)
{
	free(table);
}

static const struct numeral *find(const struct numerals *table, const struct tokens *tokens, uint32_t i)
{
	if (i >= tokens->count)
		return NULL;
	const struct token *token = &tokens->items[i];
	const struct numeral_slot *slot = &table->slots[place_of(table, word_at(tokens, i), token->bytes, token->hash)];
	return slot->bytes ? &known[slot->index] : NULL;
}

/* Digits at the word's start, with a tenth: 0 when there are none. */
static size_t figure_at(const char *text, double *value)
{
	size_t digits = strspn(text, "0123456789"); /* a space ends every word */
	if (digits == 0 || digits > DIGITS_MOST)
		return 0;
	*value = 0;
	for (size_t d = 0; d < digits; d++)
		*value = *value * 10 + (text[d] - '0');
	if (text[digits] == '.' && text[digits + 1] >= '0' && text[digits + 1] <= '9')
		*value += (text[digits + 1] - '0') / 10.;
	return digits;
}

/* A number that is being read: whole thousands, and what stands below them. */
struct sum {
	double whole, group;
};

/* Whether the word goes on with the number, as "five" does after "twenty" and not after "six". */
static bool add(struct sum *sum, const struct numeral *numeral)
{
	static const long free_below[] = { [RANK_UNIT] = 10, [RANK_TEN] = 100, [RANK_HUNDRED] = 1000 };
	if (numeral->rank == RANK_SCALE && numeral->value < 1e3) {
		if (sum->group >= 20) /* "fourteen hundred" */
			return false;
		sum->group = (sum->group > 0 ? sum->group : 1) * numeral->value;
	} else if (numeral->rank == RANK_SCALE) {
		if (sum->whole > 0 && sum->whole < numeral->value)
			return false;
		sum->whole += (sum->group > 0 ? sum->group : 1) * numeral->value;
		sum->group = 0;
	} else {
		if ((long)sum->group % free_below[numeral->rank] != 0 ||
		    (numeral->rank == RANK_UNIT && (long)sum->group % 100 == 10))
			return false;
		sum->group += numeral->value;
	}
	return true;
}

/* "One" and "он" (ten in Kazakh, he in Russian) are numbers in front of others of their language only; and a scale by
 * itself is none in the plural: тысячи. */
static bool may_begin(const struct numerals *table, const struct tokens *tokens, uint32_t i,
		      const struct numeral *numeral)
{
	const struct numeral *next = find(table, tokens, i + 1);
	bool doubtful = numeral->value <= 1 || (numeral->language == LANGUAGE_KK && numeral->rank == RANK_TEN &&
						numeral->value <= 10);
	if (doubtful)
		return next && next->language == numeral->language;
	return numeral->rank != RANK_SCALE || numeral->language == LANGUAGE_KK;
}

/* How many words from `i` on make a number; 0: none. */
static uint32_t words_at(const struct numerals *table, const struct tokens *tokens, uint32_t i,
			 double *value)
{
	struct sum sum = { 0, 0 };
	uint32_t at = i;
	const struct numeral *numeral = find(table, tokens, i);
	if (!numeral || !may_begin(table, tokens, i, numeral))
		return 0;
	for (; numeral && add(&sum, numeral); numeral = find(table, tokens, at)) {
		at++;
		bool joined = at + 1 < tokens->count && tokens->items[at].bytes == 3 &&
			      memcmp(word_at(tokens, at), "and", 3) == 0;
		at += joined && sum.group >= 100 && find(table, tokens, at + 1);
	}
	*value = sum.whole + sum.group;
	return at - i;
}

static struct match_number number_at(const struct numerals *table, const struct tokens *tokens, uint32_t i)
{
	struct match_number number = { .token = (uint16_t)i, .last = (uint16_t)i };
	size_t digits = figure_at(word_at(tokens, i), &number.value);
	if (digits) {
		const struct numeral *scale = find(table, tokens, i + 1);
		bool scaled = scale && scale->rank == RANK_SCALE && tokens->items[i].bytes == digits;
		number.value *= scaled ? scale->value : 1;
		number.last += scaled;
		number.year = digits == 4 && tokens->items[i].bytes == 4 && !scaled && number.value >= 1900 &&
			      number.value <= 2100;
		return number;
	}
	uint32_t taken = words_at(table, tokens, i, &number.value);
	number.worded = taken;
	number.last = (uint16_t)(i + taken - (taken > 0));
	return number;
}

void numerals_read(const struct numerals *table, const struct tokens *tokens, struct match_question *question)
{
	question->numbers_count = 0;
	for (uint32_t i = 0; i < tokens->count && question->numbers_count < MATCH_NUMBERS; i++) {
		struct match_number number = number_at(table, tokens, i);
		if (number.value <= 0 && !number.worded && strspn(word_at(tokens, i), "0123456789") == 0)
			continue;
		question->numbers[question->numbers_count++] = number;
		i = number.last;
	}
}
