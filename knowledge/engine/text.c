#include "engine/text.h"

#include <utf8proc.h>

#include "base/utf8.h"

uint64_t text_mix(uint64_t hash)
{
	/* The finaliser of MurmurHash3 (Austin Appleby, public domain). */
	hash ^= hash >> 33;
	hash *= 0xFF51AFD7ED558CCDu;
	hash ^= hash >> 33;
	hash *= 0xC4CEB9FE1A85EC53u;
	return hash ^ hash >> 33;
}

uint64_t text_hash(const char *bytes, size_t count)
{
	uint64_t hash = 0xCBF29CE484222325u;
	for (size_t i = 0; i < count; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001B3u;
	return text_mix(hash);
}

bool text_is_digit(int32_t point)
{
	return point >= '0' && point <= '9';
}

bool text_is_word(int32_t point)
{
	if (point < 0x80)
		return text_is_digit(point) || (point >= 'a' && point <= 'z');
	if (point >= 0x430 && point <= 0x45F)
		return true;
	switch (utf8proc_category(point)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
		return true;
	default:
		return false;
	}
}

static bool is_mark(int32_t point)
{
	if (point < 0x300)
		return false;
	utf8proc_category_t category = utf8proc_category(point);
	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_MC;
}

/* What NFKC with case folding makes of a common character, 0 for one that needs the whole procedure. */
static int32_t fold_common(int32_t point)
{
	if (point >= 'A' && point <= 'Z')
		return (point + 32) | TEXT_CAPITAL;
	if (point < 0x80)
		return point < 0x20 ? point == '\n' ? '\n' : ' ' : point;
	if (point >= 0x400 && point < 0x410)
		return (point == 0x401 ? 0x435 : point + 0x50) | TEXT_CAPITAL;
	if (point >= 0x410 && point < 0x430)
		return (point + 0x20) | TEXT_CAPITAL;
	if (point == 0x451) /* people leave the dots out, so the matcher does */
		return 0x435;
	if (point >= 0x430 && point < 0x460)
		return point;
	if ((point >= 0x48A && point < 0x4C0) || (point >= 0x4D0 && point < 0x500))
		return point % 2 == 0 ? (point + 1) | TEXT_CAPITAL : point;
	switch (point) {
	case 0x2018:
	case 0x2019:
	case 0x201B:
	case 0x2BC:
	case 0xB4:
		return '\'';
	case 0x201C:
	case 0x201D:
	case 0x201E:
	case 0xAB:
	case 0xBB:
		return '"';
	case 0x2013:
	case 0x2014:
	case 0x2012:
	case 0x2212:
		return '-';
	case 0x2026:
		return '.';
	case 0xA0:
	case 0x2009:
	case 0x202F:
		return ' ';
	default:
		return 0;
	}
}

static bool read_common(struct text *text, const char *source, size_t bytes)
{
	size_t at = 0, count = 0;
	while (at < bytes && count < TEXT_POINTS) {
		uint32_t point;
		at += utf8_next(source + at, bytes - at, &point);
		int32_t folded = fold_common((int32_t)point);
		if (folded == 0)
			return false;
		text->points[count++] = folded;
	}
	text->count = count;
	text->cut = at < bytes;
	return true;
}

/* Copies valid characters without long runs of marks; returns the bytes written. */
static size_t thin_marks(struct text *text, const char *source, size_t bytes)
{
	size_t at = 0, count = 0;
	unsigned marks = 0;
	while (at < bytes) {
		uint32_t point;
		size_t length = utf8_next(source + at, bytes - at, &point);
		marks = is_mark((int32_t)point) ? marks + 1 : 0;
		bool keep = marks <= TEXT_MARKS && point != 0xFFFD && point != 0;
		if (keep && count + length > sizeof(text->bytes))
			break;
		for (size_t i = 0; keep && i < length; i++)
			text->bytes[count++] = source[at + i];
		at += length;
	}
	text->cut = at < bytes;
	return count;
}

void text_read(struct text *text, const char *source, size_t bytes)
{
	if (read_common(text, source, bytes))
		return;
	const utf8proc_option_t options = UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
	size_t count = thin_marks(text, source, bytes);
	utf8proc_ssize_t points;
	/* Some characters decompose into many: read less until it fits. */
	while ((points = utf8proc_decompose((const utf8proc_uint8_t *)text->bytes, (utf8proc_ssize_t)count,
					    text->points, TEXT_POINTS, options)) > TEXT_POINTS) {
		count = utf8_floor(text->bytes, count, count / 2);
		text->cut = true;
	}
	if (points > 0)
		points = utf8proc_normalize_utf32(text->points, points, options);
	text->count = 0;
	for (utf8proc_ssize_t i = 0; i < points; i++) {
		int32_t point = text->points[i], folded = fold_common(point);
		if (point == 0x259) /* the schwa of Latin alphabets, typed for the Kazakh letter */
			folded = 0x4D9;
		if (!is_mark(point))
			text->points[text->count++] = (folded ? folded : point) & ~TEXT_CAPITAL;
	}
}
