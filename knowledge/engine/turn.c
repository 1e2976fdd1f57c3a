#include "engine/turn.h"

static const char *const source_turns[] = {
	"source", "sources", "your source", "what is your source", "whats your source", "whats the source",
	"what is the source", "link", "proof", "prove it", "where is that from", "where is this from",
	"how do you know", "how do you know that", "according to whom", "who told you that",
	"who says that anyway", "is that official", "is this official", "any source", "source please",
	"источник", "источники", "какой источник", "откуда это", "откуда информация", "откуда знаешь",
	"откуда ты знаешь", "откуда вы знаете", "кто так говорит", "кто так считает", "это официально", "пруф",
	"пруфы", "ссылка", "ссылку", "istochnik", "дереккөз", "дереккөзі", "дереккөзің қайсы",
	"дереккөзі қандай", "қайдан алдың", "қайдан білесің", "қайдан білдің", "кім олай дейді",
	"бұл кімнің сөзі", "бұл ресми ме", "сілтеме", "бұл қайдан", "қай дереккөз", "а источник",
	"and the source", NULL
};
static const char *const more_turns[] = {
	"more", "tell me more", "anything else", "what else", "go on", "continue", "more details", "details",
	"more please", "ещё", "еще", "а ещё", "а еще", "что ещё", "что еще", "подробнее", "расскажи ещё",
	"расскажи еще", "дальше", "продолжай", "поподробнее", "тағы", "тағы не", "тағы айт", "толығырақ",
	"жалғастыр", "тағы не бар", "ары қарай", NULL
};
static const char *const next_turns[] = {
	"and after that", "after that", "and then", "then what", "what happened next", "what next", "and next",
	"next", "what happened after that", "what happened then", "what came next", "а потом", "потом",
	"а дальше", "и что потом", "что потом", "что было потом", "что было дальше", "а что потом",
	"и что дальше", "а после этого", "после этого", "сосын", "одан кейін", "ал содан кейін", "содан кейін",
	"ал сосын", "кейін не болды", "содан кейін не болды", "одан кейін не болды", "сосын не болды",
	"одан соң", "одан соң не болды", "содан соң", "содан соң не болды", "и потом", "и что было потом",
	"odan keiin", "odan keiin ne boldy", NULL
};
static const char *const none_turns[] = {
	"none", "neither", "none of them", "none of these", "no", "nope", "nothing", "не то", "ни один",
	"ни одно", "ничего из этого", "нет", "никакой", "жоқ", "ешқайсысы", "бірде бірі", "ешбірі", "net",
	"zhok", "joq", NULL
};

/* Who gives a figure or says a thing ("where does that number come from?"): one that asks, one that is said or counted,
 * and no words but these. */
static const char *const askers[] = {
	"who", "whose", "where", "whos", "кто", "откуда", "чья", "чей", "чьи", "кем", "kto", "otkuda", "кім",
	"кімнің", "кімнен", "қайдан", "ким", "кимнин", "кимнен", "кайдан", "kim", "qaidan", "kaidan", NULL
};
static const char *const said[] = {
	"number", "numbers", "figure", "figures", "count", "data", "estimate", "estimates", "claim", "claims",
	"say", "says", "said", "saying", "counted", "reports", "reported", "цифра", "цифру", "цифры", "число",
	"данные", "инфа", "говорит", "сказал", "сообщает", "сообщил", "посчитал", "считал", "называет",
	"назвал", "сан", "санды", "дерек", "деректі", "айтты", "айтады", "айтып", "tsifra", "sandy", NULL
};
static const char *const between[] = {
	"that", "this", "the", "is", "it", "a", "does", "do", "did", "your", "you", "so", "and", "come",
	"comes", "came", "from", "got", "get", "taken", "take", "gives", "gave", "for", "even", "и", "а",
	"эта", "эту", "эти", "это", "этого", "вот", "взята", "взялась", "взяли", "взялись", "вообще", "ал",
	"бұл", "осы", "мынау", "сол", "бул", "ол", "мұны", "бұны", "отыр", "алынған", "шыққан", "eta", "bul",
	NULL
};

static bool asks_for_source(const struct words *words)
{
	bool asks = false, of_said = false;
	for (size_t i = 0; i < words->count; i++) {
		bool asker = words_listed(words, i, askers), speaks = words_listed(words, i, said);
		if (!asker && !speaks && !words_listed(words, i, between))
			return false;
		asks = asks || asker;
		of_said = of_said || speaks;
	}
	return asks && of_said;
}

enum turn turn_of(const struct words *words)
{
	if (words_one_of(words, source_turns) >= 0 || asks_for_source(words))
		return TURN_SOURCE;
	if (words_one_of(words, more_turns) >= 0)
		return TURN_MORE;
	if (words_one_of(words, next_turns) >= 0)
		return TURN_NEXT;
	return words_one_of(words, none_turns) >= 0 ? TURN_NONE_OF_THEM : TURN_QUESTION;
}
