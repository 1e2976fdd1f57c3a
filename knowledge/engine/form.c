#include "engine/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "engine/key.h"

enum { FORM_SLOTS = 2048, FORM_OPENING = 3 };

static const struct list {
	enum language language;
	unsigned flags;
	const char *words;
} lists[] = {
	{ LANGUAGE_EN, EXPECTS_WHO | FORM_STOP, "who whom" },
	{ LANGUAGE_EN, EXPECTS_WHEN | FORM_STOP, "when" },
	{ LANGUAGE_EN, EXPECTS_WHERE | FORM_STOP, "where" },
	{ LANGUAGE_EN, EXPECTS_WHY | FORM_STOP, "why" },
	{ LANGUAGE_EN, EXPECTS_WHAT | FORM_STOP, "what" },
	{ LANGUAGE_EN, EXPECTS_WHICH | FORM_STOP, "which" },
	{ LANGUAGE_EN, EXPECTS_HOW | FORM_STOP, "how" },
	{ LANGUAGE_EN, FORM_QUANTITY | FORM_STOP, "many much" },
	{ LANGUAGE_EN, FORM_QUANTITY, "old long number size big large count figure total amount toll" },
	{ LANGUAGE_EN, FORM_TIME, "time day date year month" },
	{ LANGUAGE_EN, FORM_PLACE, "place city town country region location" },
	{ LANGUAGE_EN, FORM_REASON, "reason reasons cause come caused for" },
	{ LANGUAGE_EN, FORM_PERSON, "person name politician" },
	{ LANGUAGE_EN, FORM_TRUE, "true correct really" },
	{ LANGUAGE_EN, FORM_TRUE | FORM_TAG, "right" },
	{ LANGUAGE_EN, FORM_TAG, "true correct yeah yea yes ya huh innit confirm" },
	{ LANGUAGE_EN, FORM_REPORTS, "know known tell say says said report reported clear explain idea mention mentioned "
				     "written information info news details situation deal story background overview summary profile "
				     "rundown lowdown scoop brief introduce describe present catch spill account update updates recap" },
	{ LANGUAGE_EN, FORM_NUMERAL,
	  "two three four five six seven eight nine ten twelve twenty fifty hundred hundreds thousand thousands million "
	  "millions dozen dozens scores" },
	{ LANGUAGE_EN, FORM_ONLY, "only just solely merely" },
	{ LANGUAGE_EN, FORM_OR | FORM_STOP, "or" },
	{ LANGUAGE_EN, FORM_NOT, "not never no" },
	{ LANGUAGE_EN, FORM_LIE, "lie lies lying fake false hoax untrue myth nonsense bullshit bs" },
	{ LANGUAGE_EN, FORM_OPENS | FORM_STOP,
	  "is are was were do does did has have had can could will would should am be been being" },
	{ LANGUAGE_EN, FORM_SUBJECT, "i we you he she they it this that there" },
	{ LANGUAGE_EN, FORM_PERSONAL, "he him his she her" },
	{ LANGUAGE_EN, FORM_PRONOUN | FORM_STOP,
	  "he him his she her they them their it its this that these those there then" },
	{ LANGUAGE_EN, FORM_AND | FORM_STOP, "and but so also" },
	{ LANGUAGE_EN, FORM_STOP,
	  "a an the of to in on at for from by with about into over after before as if than i me my we us our "
	  "you your tell please any some just know want explain say said give may might must shall ok hey hi hello "
	  "bout abt gimme everything anything u ur "
	  "get got there's let please which while during out up off exactly actually currently now s t lol bro guys "
	  "pls yo tf fr gg lmao tbh rn ngl omg wtf idk bruh bro dude fam tho cuz coz bc kinda gonna wanna ya yall em "
	  "lowkey literally honestly basically sooo soo hmm uh um oh well" },
	{ LANGUAGE_RU, EXPECTS_WHO | FORM_STOP, "кто кого кому кем ком чей чья чьи чье kto kogo komu kem" },
	{ LANGUAGE_RU, EXPECTS_WHEN | FORM_STOP, "когда" },
	{ LANGUAGE_RU, EXPECTS_WHERE | FORM_STOP, "где куда откуда gde" },
	{ LANGUAGE_RU, EXPECTS_HOW_MANY | FORM_STOP, "сколько" },
	{ LANGUAGE_RU, EXPECTS_WHY | FORM_STOP, "почему зачем отчего" },
	{ LANGUAGE_RU, EXPECTS_WHAT | FORM_STOP, "что чего чем чему причем причём chto shto cho" },
	{ LANGUAGE_RU, EXPECTS_WHICH | FORM_STOP,
	  "какой какая какое какие каких каким какими какую каком какого какому который" },
	{ LANGUAGE_RU, EXPECTS_HOW | FORM_STOP, "как kak" },
	{ LANGUAGE_RU, FORM_INDEFINITE | FORM_STOP, "то нибудь либо нить nibud nibut libo" },
	{ LANGUAGE_RU, FORM_QUANTITY, "численность количество число возраст" },
	{ LANGUAGE_RU, FORM_TIME, "год года году дня день числа время месяце дата дату" },
	{ LANGUAGE_RU, FORM_PLACE, "месте город городе городах стране страны страна" },
	{ LANGUAGE_RU, FORM_REASON, "причина причины причине" },
	{ LANGUAGE_RU, FORM_REPORTS,
	  "известно пишут пишет написано говорится говорят сказано сообщают сообщается рассказывают информация инфа новости "
	  "ситуация знаешь знаете расскажи расскажите опиши опишите представь представьте справка справку досье кратко "
	  "коротко вкратце накидай обзор резюме выкладывай выкладывайте" },
	{ LANGUAGE_RU, FORM_NUMERAL,
	  "два две три четыре пять шесть семь восемь девять десять двадцать пятьдесят сто двести пятьсот сотня сотни тысяча "
	  "тысячи тысяч миллион миллионы десятки десятков сотен desyat sto tysyacha tysyachi tysyach" },
	{ LANGUAGE_RU, FORM_ONLY, "только лишь исключительно tolko" },
	{ LANGUAGE_RU, FORM_CAUSE, "за для ради от za dlya" },
	{ LANGUAGE_RU, FORM_TRUE, "правда верно действительно реально pravda" },
	{ LANGUAGE_RU, FORM_TAG, "да так правда верно da pravda" },
	{ LANGUAGE_RU, FORM_OR | FORM_STOP, "или ili" },
	{ LANGUAGE_RU, FORM_NOT | FORM_STOP, "не ни нет ne net" },
	{ LANGUAGE_RU, FORM_LIE, "ложь вранье враньё неправда фейк врут брешут гонят выдумка неверно" },
	{ LANGUAGE_RU, FORM_OPENS | FORM_STOP, "разве неужели есть было был была были будет" },
	{ LANGUAGE_RU, FORM_PARTICLE | FORM_STOP, "ли li" },
	{ LANGUAGE_RU, FORM_PERSONAL, "он его ему им нем она ее ей" },
	{ LANGUAGE_RU, FORM_PRONOUN | FORM_STOP,
	  "он его ему им нем она ее ей они их ними там это этого этот эта эти этом тогда он on" },
	{ LANGUAGE_RU, FORM_AND | FORM_STOP, "а и но i" },
	{ LANGUAGE_RU, FORM_STOP,
	  "в во на с со к ко у о об от до по за из для при про под над же бы то так уже еще ну вот вообще мне я мы "
	  "вы ты нас вас скажите скажи подскажите расскажите расскажи пожалуйста сейчас можно хочу знать это все "
	  "если чтобы "
	  "объясните только тут этой тем v na s po u o za iz dlya pro блин короче типа ваще нафиг пж плиз спс ребят "
	  "чуваки слыш слышь бро братан господи ой ох кстати" },
	{ LANGUAGE_KK, EXPECTS_WHO | FORM_STOP, "кім кімнің кімге кімді кімдер кіммен кімнен кім kim" },
	{ LANGUAGE_KK, EXPECTS_WHEN | FORM_STOP, "қашан" },
	{ LANGUAGE_KK, EXPECTS_WHERE | FORM_STOP, "қайда қайдан қайда" },
	{ LANGUAGE_KK, EXPECTS_HOW_MANY | FORM_STOP, "қанша неше қаншалықты нешеу қаншасы нешеде нешеге нешінші" },
	{ LANGUAGE_KK, EXPECTS_WHY | FORM_STOP, "неге неліктен" },
	{ LANGUAGE_KK, EXPECTS_WHAT | FORM_STOP, "не нені немен неден нелер ne" },
	{ LANGUAGE_KK, EXPECTS_WHICH | FORM_STOP, "қай қандай қайсы" },
	{ LANGUAGE_KK, EXPECTS_HOW | FORM_STOP, "қалай" },
	{ LANGUAGE_KK, FORM_QUANTITY, "саны жаста жасы" },
	{ LANGUAGE_KK, FORM_TIME, "жылы күні уақытта күн жыл айда" },
	{ LANGUAGE_KK, FORM_PLACE, "жерде қалада қалаларда елде елдер" },
	{ LANGUAGE_KK, FORM_REASON, "үшін себебі себеп" },
	{ LANGUAGE_KK, FORM_REPORTS,
	  "жазылған жазған айтылған айтқан белгілі делінген хабар жаңалық ақпарат мәлімет жағдай білесің білесіз айта аласың "
	  "аласыз айтып қысқаша шолу баянда таныстыр таныстырып таныстырыңыз түсіндір түсіндірші сипатта берші "
	  "беріңізші өтші өтіңізші" },
	{ LANGUAGE_KK, FORM_NUMERAL,
	  "екі үш төрт бес алты жеті сегіз тоғыз он жиырма елу жүз мың мыңдай мыңдаған ондаған жүздеген миллион "
	  "on myn zhuz jüz" },
	{ LANGUAGE_KK, FORM_ONLY, "тек ғана қана" },
	{ LANGUAGE_KK, FORM_TRUE, "рас шын расма ras" },
	{ LANGUAGE_KK, FORM_TAG, "рас иә дұрыс солай" },
	{ LANGUAGE_KK, FORM_OR, "әлде" },
	{ LANGUAGE_KK, FORM_NOT | FORM_STOP, "емес жоқ" },
	{ LANGUAGE_KK, FORM_LIE, "өтірік жалған өтірігі otirik" },
	{ LANGUAGE_KK, FORM_PARTICLE | FORM_STOP, "ма ме ба бе па пе ma me ba be pa pe" },
	{ LANGUAGE_KK, FORM_PERSONAL, "ол оның оны оған" },
	{ LANGUAGE_KK, FORM_PRONOUN | FORM_STOP, "ол оның оны оған олар олардың сонда онда бұл осы ше she" },
	{ LANGUAGE_KK, FORM_AND | FORM_STOP, "ал және" },
	{ LANGUAGE_KK, FORM_STOP,
	  "мен сен біз сіз бар деген дейді деп айтыңызшы айтшы туралы жайлы қазір енді тағы да де та те бойынша ғой "
	  "екен болды болып болған бір керек үшін арқылы кейін дейін осы сол өз маған білгім келеді бауырым бауырлар "
	  "ағайын қалқам ойбай ей бро жаным айтыңыздаршы айтсаңыз айтсаңызшы айтып берші беріңізші берсеңіз беріңіз "
	  "түсіндіріңізші түсіндіріп баяндап баяндаңызшы толығырақ өтінемін" },
};

struct form {
	struct form_slot {
		char word[28];
		uint8_t bytes;
		uint8_t language;
		unsigned flags;
	} slots[FORM_SLOTS];
};

static struct form_slot *find(struct form_slot *slots, uint64_t hash, const char *word, size_t bytes,
			      enum language language)
{
	size_t at = hash % FORM_SLOTS;
	while (slots[at].bytes > 0) {
		bool same = slots[at].bytes == bytes && memcmp(slots[at].word, word, bytes) == 0;
		if (same && slots[at].language == language)
			return &slots[at];
		at = (at + 1) % FORM_SLOTS;
	}
	return &slots[at];
}

static void add(struct form *form, const struct list *list, const char *word, size_t bytes)
{
	struct form_slot *slot = find(form->slots, text_hash(word, bytes), word, bytes, list->language);
	memcpy(slot->word, word, bytes);
	slot->bytes = (uint8_t)bytes;
	slot->language = (uint8_t)list->language;
	slot->flags |= list->flags;
}

struct form *form_create(void)
{
	struct form *form = memory_zeroed(1, sizeof(*form));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (const char *at = lists[i].words; *at;) {
			size_t bytes = strcspn(at, " ");
			char key[KEY_BYTES];
			add(form, &lists[i], at, bytes);
			/* A longer word is known by its key too: канша, kansha; short ones would be taken for others.
			 */
			if (utf8_length(at, bytes) > 3 && lists[i].language != LANGUAGE_EN)
				add(form, &lists[i], key, key_of(at, bytes, key));
			at += bytes + (at[bytes] == ' ');
		}
	}
	return form;
}

void form_destroy(struct form *form)
{
	free(form);
}

unsigned form_flags(const struct form *form, enum language language, const char *word, const struct token *token)
{
	size_t bytes = token->bytes;
	if (bytes >= sizeof(form->slots[0].word))
		return 0;
	struct form_slot *slots = (struct form_slot *)form->slots;
	/* "me" and "be" are English, unless all the rest is Kazakh in Latin letters. */
	enum language first = language == LANGUAGE_KK || token->script == SCRIPT_KAZAKH ? LANGUAGE_KK
			      : token->script == SCRIPT_LATIN                           ? LANGUAGE_EN
											: LANGUAGE_RU;
	unsigned flags = find(slots, token->hash, word, bytes, first)->flags;
	if (flags || (first == LANGUAGE_EN && language == LANGUAGE_EN))
		return flags;
	char key[KEY_BYTES];
	size_t key_bytes = utf8_length(word, bytes) > 3 ? key_of(word, bytes, key) : 0;
	uint64_t key_hash = text_hash(key, key_bytes);
	enum language second = language == LANGUAGE_KK ? LANGUAGE_KK : LANGUAGE_RU;
	enum language tries[] = { second, second == LANGUAGE_KK ? LANGUAGE_RU : LANGUAGE_KK, LANGUAGE_EN };
	size_t count = token->script == SCRIPT_LATIN ? 3 : 2;
	for (size_t i = 0; i < count && !flags; i++) {
		flags = find(slots, token->hash, word, bytes, tries[i])->flags;
		if (!flags && key_bytes > 0 && key_bytes < sizeof(form->slots[0].word))
			flags = find(slots, key_hash, key, key_bytes, tries[i])->flags;
	}
	return flags;
}

/* What a question word asks in front of `next`: how many, what year, по какой причине. */
static unsigned sharpen(unsigned asked, unsigned next)
{
	if (!(asked & (EXPECTS_WHAT | EXPECTS_WHICH | EXPECTS_HOW)))
		return asked;
	if (next & FORM_QUANTITY)
		return EXPECTS_HOW_MANY;
	if (asked & EXPECTS_HOW)
		return next & FORM_REASON ? EXPECTS_WHY : asked;
	if (next & FORM_TIME)
		return EXPECTS_WHEN;
	if (next & FORM_PLACE)
		return asked | EXPECTS_WHERE;
	if (next & FORM_PERSON)
		return asked | EXPECTS_WHO;
	return next & FORM_REASON ? EXPECTS_WHY : asked;
}

/* What the first question word asks; a later one is mostly a conjunction ("how many died when ..."). Whether it is one
 * itself: "was he in office when they came" has its verb before, and nothing that reports. */
static unsigned find_expects(const unsigned flags[], uint32_t count, uint32_t opening, uint32_t *counted)
{
	const unsigned clauses = EXPECTS_WHEN | EXPECTS_WHERE | EXPECTS_WHO | EXPECTS_WHICH;
	unsigned expects = 0, before = 0;
	bool reports = false;
	for (uint32_t i = 0; i < count; i++) {
		unsigned asked = flags[i] & FORM_EXPECTS;
		reports = reports || (flags[i] & FORM_REPORTS);
		if (before)
			expects = sharpen(expects, flags[i]);
		/* "many" and "much" say nothing by themselves, as "old" and "long" do. */
		const unsigned many = FORM_QUANTITY | FORM_STOP;
		if (before && *counted == UINT32_MAX && (flags[i] & many) == many)
			*counted = i + 1;
		if (!expects && asked) {
			if (opening < i && !reports && !(asked & ~clauses))
				return 0;
			bool cause = i > 0 && flags[i - 1] & FORM_CAUSE && asked & EXPECTS_WHAT;
			expects = before = cause ? EXPECTS_WHY : asked;
			*counted = asked & EXPECTS_HOW_MANY ? i + 1 : UINT32_MAX;
		} else if (!(flags[i] & FORM_STOP) || (flags[i] & FORM_QUANTITY)) {
			before = 0;
		}
	}
	return expects;
}

/* "..., isn't it", "... or not", "... емес пе": a negation that only little words follow asks for consent. */
static bool is_tag(const unsigned flags[], uint32_t i, uint32_t count)
{
	if (i > 0 && flags[i - 1] & FORM_OR)
		return true;
	if (i < FORM_OPENING || count - i > FORM_OPENING)
		return false;
	for (uint32_t j = i + 1; j < count; j++)
		if (!(flags[j] & (FORM_STOP | FORM_TAG)))
			return false;
	return true;
}

static void read_flags(const struct form *form, enum language language, const struct tokens *tokens, unsigned flags[])
{
	for (uint32_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];
		flags[i] = form_flags(form, language, tokens->text + token->at, token);
		if (i > 0 && flags[i] & FORM_INDEFINITE)
			flags[i - 1] &= ~(unsigned)FORM_EXPECTS;
	}
}

static bool is_text(const struct tokens *tokens, uint32_t i, const char *word)
{
	const struct token *token = &tokens->items[i];
	return strlen(word) == token->bytes && memcmp(tokens->text + token->at, word, token->bytes) == 0;
}

/* "Could you state the size of it?" asks for no yes. */
static bool begins_request(const struct tokens *tokens, uint32_t i)
{
	static const char *const verbs[] = { "could", "can", "would", "will" };
	if (i + 1 >= tokens->count || !is_text(tokens, i + 1, "you"))
		return false;
	for (size_t k = 0; k < sizeof(verbs) / sizeof(verbs[0]); k++)
		if (is_text(tokens, i, verbs[k]))
			return true;
	return false;
}

void form_read(const struct form *form, const struct tokens *tokens, struct match_question *question)
{
	unsigned flags[MATCH_TOKENS];
	uint32_t opening = UINT32_MAX; /* a verb before any question word */
	bool asks = false;
	question->negated = question->leans = question->of_person = question->asks_twice = question->only = false;
	question->numerals = question->requests = false;
	read_flags(form, question->language, tokens, flags);
	for (uint32_t i = 0, opened = false, states = false; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];
		opened = opened || (flags[i] & FORM_EXPECTS);
		question->requests = question->requests || (i < FORM_OPENING && begins_request(tokens, i));
		if (!opened && !states && opening == UINT32_MAX && i < FORM_OPENING && flags[i] & FORM_OPENS &&
		    !question->requests)
			opening = i;
		states = states || flags[i] & FORM_SUBJECT;
		bool last = i + 1 == tokens->count || token->asks;
		asks = asks || (flags[i] & FORM_PARTICLE) || ((flags[i] & FORM_TRUE) && i < FORM_OPENING) ||
		       ((flags[i] & (FORM_TRUE | FORM_TAG)) && last);
		question->tokens[i].reports = flags[i] & FORM_REPORTS;
		question->tokens[i].numeral = flags[i] & FORM_NUMERAL;
		question->numerals = question->numerals || (flags[i] & FORM_NUMERAL);
		question->only = question->only || (flags[i] & FORM_ONLY);
		question->of_person = question->of_person || (flags[i] & FORM_PERSONAL);
		question->leans = question->leans || (flags[i] & FORM_PRONOUN) || (i == 0 && (flags[i] & FORM_AND));
	}
	for (uint32_t i = 0, marked = false; i < tokens->count; i++) {
		/* "Did he pay, and did it help?" */
		bool again = opening < i && i > FORM_OPENING && flags[i] & FORM_OPENS && flags[i - 1] & FORM_AND;
		question->asks_twice = question->asks_twice || again ||
				       (marked && flags[i] & (FORM_EXPECTS | FORM_OPENS | FORM_PARTICLE));
		marked = marked || tokens->items[i].asks;
		bool tag = flags[i] & FORM_NOT && is_tag(flags, i, tokens->count);
		question->negated = question->negated || flags[i] & FORM_LIE || (flags[i] & FORM_NOT && !tag);
		asks = asks || tag;
	}
	question->counted = UINT32_MAX;
	question->expects = find_expects(flags, tokens->count, opening, &question->counted);
	question->yes_no = asks || (opening != UINT32_MAX && !question->expects);
	if (!question->expects && question->yes_no)
		question->expects = EXPECTS_YES_NO;
}
