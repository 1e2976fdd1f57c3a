#include "engine/key.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/* "S" and "C" stand for sh and ch. By code point, from U+0430. */
static const char *const cyrillic[] = {
	"a",
	"b",
	"v",
	"g",
	"d",
	"e",
	"j",
	"z",
	"i",
	"i",
	"k",
	"l",
	"m",
	"n",
	"o",
	"p",
	"r",
	"s",
	"t",
	"u",
	"f",
	"h",
	"ts",
	"C",
	"S",
	"S",
	"",
	"i",
	"",
	"e",
	"iu",
	"ia",
	"e",
	"e" /* U+0451 */,
	"",
	"",
	"e",
	"",
	"i" /* U+0456 */,
	"i",
};

static const struct {
	uint16_t point;
	char letter;
} kazakh[] = {
	{ 0x493, 'g' }, { 0x49B, 'k' }, { 0x4A3, 'n' }, { 0x4AF, 'u' }, { 0x4B1, 'u' }, { 0x4BB, 'h' },
	{ 0x4D9, 'a' }, { 0x4E9, 'o' }, { 0xE4, 'a' },  { 0xE7, 'C' },  { 0xF1, 'n' },  { 0xF6, 'o' },
	{ 0xFC, 'u' },  { 0x11F, 'g' }, { 0x131, 'i' }, { 0x15F, 'S' }, { 0x101, 'a' }, { 0x121, 'g' },
	{ 0x16B, 'u' }, { 0xE1, 'a' },  { 0xFA, 'u' },  { 0x144, 'n' }, { 0x1F5, 'g' },
};

/* Latin groups, longest first among those that begin alike. */
static const struct {
	const char *from, *to, *russian;
} latin[] = {
	{ "shch", "S", "щ" },  { "sch", "S", "щ" },   { "sh", "S", "ш" },  { "ch", "C", "ч" },  { "zh", "j", "ж" },
	{ "kh", "h", "х" },    { "gh", "g", "г" },    { "ph", "f", "ф" },  { "ts", "ts", "ц" }, { "tz", "ts", "ц" },
	{ "ck", "k", "к" },    { "ye", "e", "е" },    { "yo", "e", "ё" },  { "ya", "ia", "я" }, { "yu", "iu", "ю" },
	{ "ija", "iia", "ия" }, { "iju", "iiu", "ию" }, { "iy", "i", "ий" }, { "yy", "i", "ый" }, { "c", "k", "к" },
	{ "q", "k", "к" },     { "w", "v", "в" },     { "x", "h", "х" },   { "y", "i", "ы" },   { "j", "j", "ж" },
};
static const char *const latin_single[26] = {
	"а", "б", "к", "д", "е", "ф", "г", "х", "и", "ж", "к", "л", "м",
	"н", "о", "п", "к", "р", "с", "т", "у", "в", "в", "х", "ы", "з",
};

static size_t latin_group(const char *word, size_t bytes)
{
	for (size_t i = 0; i < sizeof(latin) / sizeof(latin[0]); i++) {
		if (latin[i].from[0] != word[0])
			continue;
		size_t length = strlen(latin[i].from);
		if (length <= bytes && memcmp(word, latin[i].from, length) == 0)
			return i;
	}
	return SIZE_MAX;
}

static const char *other_letter(uint32_t point, char letter[2])
{
	if (point >= 0x430 && point < 0x430 + sizeof(cyrillic) / sizeof(cyrillic[0]))
		return cyrillic[point - 0x430];
	for (size_t i = 0; i < sizeof(kazakh) / sizeof(kazakh[0]); i++) {
		if (kazakh[i].point == point) {
			letter[0] = kazakh[i].letter;
			return letter;
		}
	}
	return NULL;
}

static size_t append(char key[KEY_BYTES], size_t count, const char *more, size_t bytes)
{
	for (size_t i = 0; i < bytes && count < KEY_BYTES - 1; i++) {
		bool doubled = count > 0 && key[count - 1] == more[i] && !(more[i] >= '0' && more[i] <= '9');
		if (!doubled)
			key[count++] = more[i];
	}
	return count;
}

size_t key_of(const char *word, size_t bytes, char key[KEY_BYTES])
{
	size_t count = 0, at = 0;
	while (at < bytes) {
		if ((unsigned char)word[at] < 0x80) {
			size_t group =
				word[at] >= 'a' && word[at] <= 'z' ? latin_group(word + at, bytes - at) : SIZE_MAX;
			const char *to = group == SIZE_MAX ? word + at : latin[group].to;
			count = append(key, count, to, group == SIZE_MAX ? 1 : strlen(to));
			at += group == SIZE_MAX ? 1 : strlen(latin[group].from);
			continue;
		}
		uint32_t point;
		char letter[2] = { 0 };
		size_t length = utf8_next(word + at, bytes - at, &point);
		const char *to = other_letter(point, letter);
		count = append(key, count, to ? to : word + at, to ? strlen(to) : length);
		at += length;
	}
	key[count] = '\0';
	return count;
}

size_t key_to_cyrillic(const char *word, size_t bytes, char *out, size_t capacity)
{
	size_t count = 0, at = 0;
	while (at < bytes) {
		if (word[at] < 'a' || word[at] > 'z')
			return 0;
		size_t group = latin_group(word + at, bytes - at);
		const char *to = group == SIZE_MAX ? latin_single[word[at] - 'a'] : latin[group].russian;
		size_t length = strlen(to);
		if (count + length > capacity)
			return 0;
		memcpy(out + count, to, length);
		count += length;
		at += group == SIZE_MAX ? 1 : strlen(latin[group].from);
	}
	return count;
}

enum key_script key_script(const char *word, size_t bytes)
{
	bool digits = false, ascii = false, russian = false, special = false, other = false;
	for (size_t at = 0; at < bytes;) {
		uint32_t point;
		at += utf8_next(word + at, bytes - at, &point);
		if (point >= '0' && point <= '9')
			digits = true;
		else if (point < 0x80 || (point >= 0xC0 && point < 0x250))
			ascii = true;
		else if ((point >= 0x430 && point <= 0x451))
			russian = true;
		else if (point == 0x456 || (point >= 0x492 && point <= 0x4E9))
			special = true;
		else
			other = true;
	}
	if (other)
		return SCRIPT_OTHER;
	if (special)
		return SCRIPT_KAZAKH; /* even with a Latin i in it, as people type */
	if (russian)
		return SCRIPT_CYRILLIC;
	return ascii ? SCRIPT_LATIN : digits ? SCRIPT_DIGITS : SCRIPT_OTHER;
}
