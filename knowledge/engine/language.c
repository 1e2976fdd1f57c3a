#include "engine/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const codes[LANGUAGE_COUNT] = { "", "en", "ru", "kk" };

const char *language_code(enum language language)
{
	return codes[language];
}

enum language language_from_code(const char *code)
{
	for (int i = LANGUAGE_EN; code && i < LANGUAGE_COUNT; i++)
		if (strcmp(codes[i], code) == 0)
			return (enum language)i;
	return LANGUAGE_NONE;
}

static const char *const phrases[PHRASES][3] = {
	[PHRASE_YES] = { "Yes. ", "Да. ", "Иә. " },
	[PHRASE_NO] = { "No. ", "Нет. ", "Жоқ. " },
	[PHRASE_OTHERWISE] = { "The sources say otherwise. ", "В источниках сказано иначе. ",
			       "Дереккөздерде басқаша айтылған. " },
	[PHRASE_UNKNOWN] = { "I found no answer to that in my sources.",
			     "Ответа на это в своих источниках я не нашёл.",
			     "Бұған қолымдағы дереккөздерден жауап таба алмадым." },
	[PHRASE_EMPTY] = { "I read questions in words. Ask me something about what happened.",
			   "Я понимаю вопросы, заданные словами. Спросите о том, что произошло.",
			   "Мен сөзбен жазылған сұрақтарды түсінемін. Болған оқиға жайлы сұрап көріңіз." },
	[PHRASE_UNSURE] = { "I am not sure what you mean.", "Не уверен, что правильно вас понял.",
			    "Сұрағыңызды дұрыс түсінгеніме сенімді емеспін." },
	[PHRASE_NONE_MEANT] = { "All right. Please ask again in other words.",
				"Хорошо. Спросите, пожалуйста, другими словами.",
				"Жақсы. Басқаша сөзбен қайта сұрап көріңізші." },
	[PHRASE_PART_UNKNOWN] = { "To the other part of your question I found no answer in my sources.",
				  "На другую часть вопроса я в своих источниках ответа не нашёл.",
				  "Сұрағыңыздың екінші бөлігіне қолымдағы дереккөздерден жауап таба алмадым." },
	[PHRASE_NO_EMERGENCY] = { "I am a bot, not an emergency service: nobody here can send help.",
				  "Я бот, а не служба спасения: отсюда никто не сможет прислать помощь.",
				  "Мен ботпын, құтқару қызметі емеспін: бұл жерден ешкім көмек жібере алмайды." },
	[PHRASE_SAFETY] = { "If you are in danger, get to a safe place if you can and call your local emergency services now.",
			    "Если вам грозит опасность, по возможности перейдите в безопасное место и сразу звоните "
			    "в местную службу спасения.",
			    "Қауіп төніп тұрса, мүмкіндік болса қауіпсіз жерге барып, жергілікті құтқару қызметіне дереу қоңырау шалыңыз." },
	[PHRASE_PICK] = { "Did you mean one of these? Answer with its number.",
			  "Возможно, вы имели в виду? Ответьте номером.",
			  "Мыналардың бірін сұрадыңыз ба? Нөмірін жазыңыз." },
	[PHRASE_PICK_ONE] = { "Did you mean this? Answer yes or 1.", "Вы об этом? Ответьте «да» или 1.",
			      "Мұны сұрадыңыз ба? «Иә» немесе 1 деп жазыңыз." },
	[PHRASE_LANGUAGE] = { "All right, I answer in English.", "Хорошо, отвечаю по-русски.",
			      "Жақсы, қазақша жауап беремін." },
	[PHRASE_EARLIER] = { "Earlier", "Ранее", "Бұған дейін" },
	[PHRASE_LIST] = { "What I know of this, in order of time:", "Что об этом известно, по порядку:",
			  "Бұл туралы білетінім, уақыт ретімен:" },
	[PHRASE_NO_TOPIC] = { "Ask a question first.", "Сначала задайте вопрос.", "Алдымен сұрақ қойыңыз." },
	[PHRASE_MORE_NONE] = { "I have nothing more on this.", "Больше об этом ничего нет.",
			       "Бұл туралы басқа дерегім жоқ." },
	[PHRASE_SOURCE] = { "Source", "Источник", "Дереккөз" },
	[PHRASE_PARAGRAPH] = { "paragraph", "абзац", "абзац" },
	[PHRASE_AS_OF] = { "as of", "по состоянию на", "мына күнгі жағдай:" },
	[PHRASE_RELATED] = { "You can also ask", "Можно ещё спросить", "Тағы мынаны сұрауға болады" },
	[PHRASE_GREETING_DAY] = { "I know what was reported up to ",
				  "Последний день, о котором есть данные: ", "Дерегім мына күнге дейін жетеді: " },
	[PHRASE_GREETING_FACTS] = { ". Facts with their sources: ", ". Фактов с источниками: ",
				    ". Дереккөзі көрсетілген факт саны: " },
	[PHRASE_GREETING_PROMISE] = { ". When the sources do not say, I say so.",
				      ". Если в источниках ответа нет, я так и скажу.",
				      ". Дереккөзде жоқ болса, жоқ деп айтамын." },
	[PHRASE_TOPICS] = { "You can ask about:", "Можно спросить:", "Мыналарды сұрауға болады:" },
};

const char *phrase(enum phrase which, enum language language)
{
	return phrases[which][language == LANGUAGE_NONE ? 0 : language - 1];
}

const char *knowledge_phrase_pick(enum language language, size_t candidates)
{
	return phrase(candidates == 1 ? PHRASE_PICK_ONE : PHRASE_PICK, language);
}

struct knowledge_labels knowledge_labels(enum language language)
{
	return (struct knowledge_labels){ phrase(PHRASE_SOURCE, language), phrase(PHRASE_PARAGRAPH, language),
					  phrase(PHRASE_AS_OF, language), phrase(PHRASE_RELATED, language) };
}

static const char *const months[12][3] = {
	{ "January", "января", "қаңтар" },
	{ "February", "февраля", "ақпан" },
	{ "March", "марта", "наурыз" },
	{ "April", "апреля", "сәуір" },
	{ "May", "мая", "мамыр" },
	{ "June", "июня", "маусым" },
	{ "July", "июля", "шілде" },
	{ "August", "августа", "тамыз" },
	{ "September", "сентября", "қыркүйек" },
	{ "October", "октября", "қазан" },
	{ "November", "ноября", "қараша" },
	{ "December", "декабря", "желтоқсан" },
};

void knowledge_append_date(struct buffer *out, enum language language, const char *date)
{
	int year = (int)strtol(date, NULL, 10);
	size_t bytes = strlen(date);
	long month = bytes == 10 ? strtol(date + 5, NULL, 10) : 0, day = bytes == 10 ? strtol(date + 8, NULL, 10) : 0;
	if (month < 1 || month > 12) {
		static const char *const after[LANGUAGE_COUNT] = { "", "", " год", " жыл" };
		buffer_format(out, "%d%s", year, after[language]);
		return;
	}
	const char *const *names = months[month - 1];
	if (language == LANGUAGE_RU)
		buffer_format(out, "%ld %s %d года", day, names[1], year);
	else if (language == LANGUAGE_KK)
		buffer_format(out, "%d жылғы %ld %s", year, day, names[2]);
	else
		buffer_format(out, "%s %ld, %d", names[0], day, year);
}

const char *language_on_weekday(enum language language, int day)
{
	static const char *const days[7][3] = {
		{ "on Monday", "в понедельник", "дүйсенбіде" },  { "on Tuesday", "во вторник", "сейсенбіде" },
		{ "on Wednesday", "в среду", "сәрсенбіде" },     { "on Thursday", "в четверг", "бейсенбіде" },
		{ "on Friday", "в пятницу", "жұмада" },          { "on Saturday", "в субботу", "сенбіде" },
		{ "on Sunday", "в воскресенье", "жексенбіде" },
	};
	return days[day][language == LANGUAGE_NONE ? 0 : language - 1];
}

void language_append_number(struct buffer *out, enum language language, double number)
{
	char digits[40];
	if (number < 0 || number >= 1e15 || number != (double)(long long)number) {
		buffer_format(out, "%g", number);
		return;
	}
	int count = snprintf(digits, sizeof digits, "%lld", (long long)number);
	const char *gap = language == LANGUAGE_RU || language == LANGUAGE_KK ? "\xC2\xA0" : ",";
	for (int i = 0; i < count; i++) {
		if (i && (count - i) % 3 == 0)
			buffer_append_text(out, gap);
		buffer_append_char(out, digits[i]);
	}
}

void language_append_not(struct buffer *out, enum language language, const char *what, bool yes_no)
{
	if (language == LANGUAGE_RU)
		buffer_format(out, yes_no ? "Нет, не %s. " : "Не %s. ", what);
	else if (language == LANGUAGE_KK)
		buffer_format(out, yes_no ? "Жоқ, %s емес. " : "%s емес. ", what);
	else
		buffer_format(out, yes_no ? "No, not %s. " : "Not %s. ", what);
}
