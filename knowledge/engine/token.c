#include "engine/token.h"

#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"

/* How people write when they hurry. */
static const struct expansion { /* sorted by length, then by bytes */
	size_t bytes;           /* of `from` */
	const char *from, *first, *second;
} expansions[] = {
	{ 1, "n", "and", NULL }, { 1, "r", "are", NULL }, { 1, "u", "you", NULL }, { 2, "b4", "before", NULL },
	{ 2, "bc", "because", NULL }, { 2, "im", "i", "am" }, { 2, "ur", "your", NULL }, { 3, "abt", "about", NULL },
	{ 3, "cos", "because", NULL }, { 3, "cuz", "because", NULL }, { 3, "gov", "government", NULL },
	{ 3, "hes", "he", "is" }, { 3, "ive", "i", "have" }, { 3, "pls", "please", NULL },
	{ 3, "plz", "please", NULL }, { 3, "ppl", "people", NULL }, { 3, "thx", "thanks", NULL },
	{ 3, "wat", "what", NULL }, { 3, "wut", "what", NULL }, { 4, "cant", "can", "not" },
	{ 4, "dont", "do", "not" }, { 4, "govt", "government", NULL }, { 4, "hows", "how", "is" },
	{ 4, "isnt", "is", "not" }, { 4, "whos", "who", "is" }, { 4, "whys", "why", "is" },
	{ 4, "wont", "will", "not" }, { 4, "пж", "пожалуйста", NULL }, { 4, "че", "что", NULL },
	{ 4, "чо", "что", NULL }, { 4, "шо", "что", NULL }, { 5, "arent", "are", "not" },
	{ 5, "didnt", "did", "not" }, { 5, "hasnt", "has", "not" }, { 5, "thats", "that", "is" },
	{ 5, "wasnt", "was", "not" }, { 5, "whats", "what", "is" }, { 5, "whens", "when", "is" },
	{ 5, "whose", "who", NULL }, { 5, "youre", "you", "are" }, { 6, "doesnt", "does", "not" },
	{ 6, "havent", "have", "not" }, { 6, "theres", "there", "is" }, { 6, "theyre", "they", "are" },
	{ 6, "werent", "were", "not" }, { 6, "wheres", "where", "is" }, { 6, "тож", "тоже", NULL },
	{ 6, "щас", "сейчас", NULL }, { 7, "couldnt", "could", "not" }, { 7, "wouldnt", "would", "not" },
	{ 8, "ваще", "вообще", NULL }, { 8, "пздц", "ужас", NULL }, { 8, "скок", "сколько", NULL },
	{ 8, "тока", "только", NULL }, { 8, "чтоб", "чтобы", NULL }, { 10, "седня", "сегодня", NULL },
	{ 10, "скока", "сколько", NULL }, { 10, "скоки", "сколько", NULL }, { 10, "скоко", "сколько", NULL },
	{ 12, "пачему", "почему", NULL },
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

static const struct expansion *find_expansion(const char *word, size_t bytes)
{
	size_t low = 0, high = EXPANSIONS;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct expansion *expansion = &expansions[middle];
		int order = expansion->bytes != bytes ? (expansion->bytes < bytes ? -1 : 1)
						      : memcmp(expansion->from, word, bytes);
		if (order == 0)
			return expansion;
		low = order < 0 ? middle + 1 : low;
		high = order < 0 ? high : middle;
	}
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

/* Digits with their groups joined: 100,000 and 3 000 and 3.000, but not 2.5; 100k is 100000. */
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
	if (point_at(text, reader->at) == 'k' && !text_is_word(point_at(text, reader->at + 1))) {
		reader->at++;
		for (int i = 0; i < 3; i++)
			take(reader, '0');
	}
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
