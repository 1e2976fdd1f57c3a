#include "engine/token.h"

#include <endian.h>
#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"

enum { EXPANSION_BYTES = 16 };

/* How people write when they hurry. */
static const struct expansion {
	char from[EXPANSION_BYTES]; /* zeros behind */
	const char *first, *second;
} expansions[] = { /* sorted by the bytes of `from` */
	{ "abt", "about", NULL }, { "adn", "and", NULL }, { "aint", "is", "not" }, { "arent", "are", "not" },
	{ "arnt", "are", "not" }, { "b4", "before", NULL }, { "bc", "because", NULL }, { "bcoz", "because", NULL },
	{ "bcuz", "because", NULL }, { "becuz", "because", NULL }, { "btwn", "between", NULL },
	{ "cant", "can", "not" }, { "cos", "because", NULL }, { "couldnt", "could", "not" },
	{ "cud", "could", NULL }, { "cuz", "because", NULL }, { "dat", "that", NULL }, { "dem", "them", NULL },
	{ "dey", "they", NULL }, { "didnt", "did", "not" }, { "dis", "this", NULL }, { "doesnt", "does", "not" },
	{ "dont", "do", "not" }, { "em", "them", NULL }, { "frm", "from", NULL }, { "gonna", "going", "to" },
	{ "gov", "government", NULL }, { "govt", "government", NULL }, { "hasnt", "has", "not" },
	{ "hav", "have", NULL }, { "havent", "have", "not" }, { "hes", "he", "is" }, { "howd", "how", "did" },
	{ "hows", "how", "is" }, { "hw", "how", NULL }, { "hwo", "how", NULL }, { "im", "i", "am" },
	{ "isnt", "is", "not" }, { "ive", "i", "have" }, { "jst", "just", NULL }, { "kno", "know", NULL },
	{ "lemme", "let", "me" }, { "n", "and", NULL }, { "nd", "and", NULL }, { "nite", "night", NULL },
	{ "pls", "please", NULL }, { "plz", "please", NULL }, { "ppl", "people", NULL }, { "r", "are", NULL },
	{ "rite", "right", NULL }, { "rly", "really", NULL }, { "shes", "she", "is" }, { "shud", "should", NULL },
	{ "smth", "something", NULL }, { "sum1", "someone", NULL }, { "teh", "the", NULL },
	{ "thats", "that", "is" }, { "theres", "there", "is" }, { "theyre", "they", "are" },
	{ "theyve", "they", "have" }, { "thier", "their", NULL }, { "thru", "through", NULL },
	{ "tht", "that", NULL }, { "thx", "thanks", NULL }, { "tmrw", "tomorrow", NULL }, { "tru", "true", NULL },
	{ "u", "you", NULL }, { "ur", "your", NULL }, { "waht", "what", NULL }, { "wanna", "want", "to" },
	{ "wasnt", "was", "not" }, { "wat", "what", NULL }, { "wen", "when", NULL }, { "werent", "were", "not" },
	{ "weve", "we", "have" }, { "wha", "what", NULL }, { "whatd", "what", "did" }, { "whats", "what", "is" },
	{ "whens", "when", "is" }, { "wher", "where", NULL }, { "whered", "where", "did" },
	{ "wheres", "where", "is" }, { "whn", "when", NULL }, { "whod", "who", "did" }, { "whos", "who", "is" },
	{ "whose", "who", NULL }, { "whr", "where", NULL }, { "wht", "what", NULL }, { "whta", "what", NULL },
	{ "whts", "what", "is" }, { "whyd", "why", "did" }, { "whys", "why", "is" }, { "wich", "which", NULL },
	{ "wit", "with", NULL }, { "wont", "will", "not" }, { "wot", "what", NULL }, { "wots", "what", "is" },
	{ "wouldnt", "would", "not" }, { "wtf", "what", NULL }, { "wud", "would", NULL }, { "wut", "what", NULL },
	{ "wuz", "was", NULL },
	{ "y", "why", NULL }, { "yday", "yesterday", NULL }, { "youre", "you", "are" }, { "yr", "year", NULL },
	{ "yrs", "years", NULL }, { "болд", "болды", NULL }, { "боп", "болып", NULL }, { "ваще", "вообще", NULL },
	{ "вобще", "вообще", NULL }, { "вопще", "вообще", NULL }, { "екн", "екен", NULL },
	{ "жатр", "жатыр", NULL }, { "кагда", "когда", NULL }, { "када", "когда", NULL }, { "кеп", "келіп", NULL },
	{ "нада", "надо", NULL }, { "нге", "неге", NULL }, { "оч", "очень", NULL }, { "патаму", "потому", NULL },
	{ "пачему", "почему", NULL }, { "пж", "пожалуйста", NULL }, { "пжлст", "пожалуйста", NULL },
	{ "пздц", "ужас", NULL }, { "плз", "пожалуйста", NULL }, { "почиму", "почему", NULL },
	{ "почму", "почему", NULL }, { "седня", "сегодня", NULL }, { "скок", "сколько", NULL },
	{ "скока", "сколько", NULL }, { "скоки", "сколько", NULL }, { "скоко", "сколько", NULL },
	{ "сколька", "сколько", NULL }, { "спс", "спасибо", NULL }, { "тада", "тогда", NULL },
	{ "терь", "теперь", NULL }, { "тож", "тоже", NULL }, { "тока", "только", NULL },
	{ "че", "что", NULL }, { "чо", "что", NULL }, { "чтоб", "чтобы", NULL }, { "шо", "что", NULL },
	{ "ща", "сейчас", NULL }, { "щас", "сейчас", NULL }, { "щяс", "сейчас", NULL }, { "эт", "это", NULL },
	{ "ғо", "ғой", NULL }, { "қазр", "қазір", NULL }, { "қып", "қылып", NULL },
};
enum { EXPANSIONS = sizeof(expansions) / sizeof(expansions[0]) };

/* What stands before 's when that means "is". */
static const char *const asking[] = { "he",    "here", "how",  "it",    "let", "she", "that",
				      "there", "what", "when", "where", "who", "why" };

struct token token_of(const char *word, size_t bytes)
{
	return (struct token){ .hash = text_hash(word, bytes),
			       .bytes = (uint16_t)bytes,
			       .script = key_script(word, bytes) };
}

static void emit(struct tokens *tokens, const char *word, size_t bytes, bool capitals)
{
	if (bytes == 0)
		return;
	if (bytes > TOKEN_BYTES)
		bytes = utf8_floor(word, bytes, TOKEN_BYTES);
	if (tokens->count == TOKEN_COUNT || tokens->bytes + bytes + 1 > TOKEN_TEXT) {
		tokens->cut = true;
		return;
	}
	struct token *token = &tokens->items[tokens->count++];
	*token = token_of(word, bytes);
	token->at = (uint16_t)tokens->bytes;
	token->capitals = capitals;
	memcpy(tokens->text + tokens->bytes, word, bytes);
	tokens->bytes += bytes;
	tokens->text[tokens->bytes++] = ' ';
}

static bool same(const char *word, size_t bytes, const char *text)
{
	return bytes > 0 && word[0] == text[0] && strlen(text) == bytes && memcmp(word, text, bytes) == 0;
}

/* The first bytes as a number that sorts as they do. */
static uint64_t beginning(const char from[EXPANSION_BYTES])
{
	uint64_t bytes;
	memcpy(&bytes, from, sizeof(bytes));
	return htobe64(bytes);
}

/* By numbers, and without a branch that depends on the word: it could not be foretold. */
static const struct expansion *find_expansion(const char *word, size_t bytes)
{
	char from[EXPANSION_BYTES] = { 0 };
	if (bytes >= sizeof(from))
		return NULL;
	memcpy(from, word, bytes);
	const uint64_t wanted = beginning(from);
	size_t low = 0;
	for (size_t left = EXPANSIONS; left > 0; left /= 2)
		low += beginning(expansions[low + left / 2].from) < wanted ? (left + 1) / 2 : 0;
	for (; low < EXPANSIONS && beginning(expansions[low].from) == wanted; low++)
		if (memcmp(expansions[low].from, from, sizeof(from)) == 0)
			return &expansions[low];
	return NULL;
}

static void emit_expanded(struct tokens *tokens, const char *text, size_t bytes, bool capitals)
{
	const struct expansion *found = find_expansion(text, bytes);
	if (!found) {
		emit(tokens, text, bytes, capitals);
		return;
	}
	emit(tokens, found->first, strlen(found->first), false);
	if (found->second)
		emit(tokens, found->second, strlen(found->second), false);
}

static bool asks(const char *word, size_t bytes)
{
	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++)
		if (same(word, bytes, asking[i]))
			return true;
	return false;
}

/* A word with an apostrophe at `mark`: English contractions, possessives, or a letter of some other spelling. */
static void emit_contracted(struct tokens *tokens, char *word, size_t bytes, size_t mark)
{
	static const struct {
		const char *tail, *word;
	} tails[] = {
		{ "re", "are" }, { "ll", "will" }, { "ve", "have" }, { "d", "would" }, { "m", "am" },
	};
	const char *tail = word + mark + 1;
	size_t length = bytes - mark - 1;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		if (same(tail, length, tails[i].tail)) {
			emit(tokens, word, mark, false);
			emit(tokens, tails[i].word, strlen(tails[i].word), false);
			return;
		}
	}
	if (same(tail, length, "t") && mark > 1 && word[mark - 1] == 'n') {
		bool whole = same(word, mark, "can"); /* can't, but do|n't; wo|n't is will not */
		if (same(word, mark, "won"))
			emit(tokens, "will", 4, false);
		else
			emit(tokens, word, whole ? mark : mark - 1, false);
		emit(tokens, "not", 3, false);
		return;
	}
	if (length == 0 || same(tail, length, "s")) {
		emit_expanded(tokens, word, mark, false);
		if (length > 0 && asks(word, mark))
			emit(tokens, "is", 2, false);
		return;
	}
	memmove(word + mark, word + mark + 1, length);
	emit(tokens, word, bytes - 1, false);
}

struct reader {
	const struct text *text;
	size_t at;
	char word[4 * TOKEN_BYTES]; /* being read; what does not fit is dropped */
	size_t bytes;
	size_t mark; /* of the first apostrophe */
	unsigned letters, capitals;
};

static int32_t point_at(const struct text *text, size_t at)
{
	return at < text->count ? text->points[at] & ~TEXT_CAPITAL : 0;
}

static void take(struct reader *reader, int32_t point)
{
	if (reader->bytes + 4 > sizeof(reader->word))
		return;
	if (point < 0x80)
		reader->word[reader->bytes++] = (char)point;
	else
		reader->bytes += (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)reader->word + reader->bytes);
}

/* "38.5" and "38,5": one digit behind the point, and no date. */
static bool has_tenth(const struct text *text, size_t at)
{
	int32_t point = point_at(text, at), behind = point_at(text, at + 2);
	return (point == '.' || point == ',') && text_is_digit(point_at(text, at + 1)) && !text_is_digit(behind) &&
	       !((behind == '.' || behind == ',') && text_is_digit(point_at(text, at + 3)));
}

/* Digits with their groups joined: 100,000 and 3 000 and 3.000; 2,5 is 2.5, 100k is 100000, 2.5k is 2500. */
static void read_number(struct reader *reader)
{
	const struct text *text = reader->text;
	size_t run = 0;
	bool first = true;
	for (;;) {
		while (text_is_digit(point_at(text, reader->at))) {
			take(reader, point_at(text, reader->at++));
			run++;
		}
		int32_t next = point_at(text, reader->at);
		bool separator = next == ',' || next == ' ' || next == '.' || next == '\'';
		size_t digits = 0;
		while (digits < 4 && text_is_digit(point_at(text, reader->at + 1 + digits)))
			digits++;
		if (!separator || digits != 3 || run > 3 || (!first && run != 3))
			break;
		reader->at++;
		first = false;
		run = 0;
	}
	size_t tenth = first && has_tenth(text, reader->at) ? 2 : 0; /* the point and its digit */
	bool thousands = point_at(text, reader->at + tenth) == 'k' &&
			 !text_is_word(point_at(text, reader->at + tenth + 1));
	if (tenth && !thousands)
		take(reader, '.');
	if (tenth)
		take(reader, point_at(text, reader->at + 1));
	for (size_t zeros = tenth ? 2 : 3; thousands && zeros > 0; zeros--)
		take(reader, '0');
	reader->at += tenth + thousands;
}

static void read_word(struct reader *reader)
{
	const struct text *text = reader->text;
	for (;; reader->at++) {
		int32_t point = point_at(text, reader->at);
		bool apostrophe = (point == '\'' || point == '`') && reader->bytes > 0;
		if (!apostrophe && (!text_is_word(point) || reader->at >= text->count))
			break;
		if (apostrophe && !text_is_word(point_at(text, reader->at + 1)))
			break;
		if (apostrophe && reader->mark == 0)
			reader->mark = reader->bytes;
		reader->letters++;
		reader->capitals += (text->points[reader->at] & TEXT_CAPITAL) != 0;
		take(reader, apostrophe ? '\'' : point);
	}
}

static void note_mark(struct tokens *tokens, int32_t point)
{
	if (tokens->count == 0 || (point != '.' && point != '?' && point != '!' && point != ';' && point != '\n'))
		return;
	tokens->items[tokens->count - 1].ends_sentence = true;
	if (point == '?')
		tokens->items[tokens->count - 1].asks = true;
}

void tokens_read(struct tokens *tokens, const struct text *text)
{
	tokens->bytes = 0;
	tokens->count = 0;
	tokens->cut = text->cut;
	struct reader reader = { .text = text };
	while (reader.at < text->count && tokens->count < TOKEN_COUNT) {
		int32_t point = point_at(text, reader.at);
		reader.bytes = reader.mark = 0;
		reader.letters = reader.capitals = 0;
		if (text_is_digit(point))
			read_number(&reader);
		if (text_is_word(point_at(text, reader.at)) && reader.at < text->count)
			read_word(&reader);
		if (reader.bytes == 0) {
			note_mark(tokens, point);
			if (point == '$' || point == '%')
				emit(tokens, point == '$' ? "$" : "%", 1, false);
			reader.at++;
			continue;
		}
		bool capitals = reader.letters > 1 && reader.capitals == reader.letters;
		if (reader.mark > 0 && reader.mark < reader.bytes)
			emit_contracted(tokens, reader.word, reader.bytes, reader.mark);
		else
			emit_expanded(tokens, reader.word, reader.bytes, capitals);
	}
	tokens->cut = tokens->cut || reader.at < text->count;
}
