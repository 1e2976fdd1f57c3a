#include "notice.h"

static const char *const texts[NOTICE_COUNT][3] = {
	[NOTICE_LIMIT] = {
		"That is more than I can answer at once. Please give me a minute.",
		"Слишком много вопросов сразу. Дайте мне, пожалуйста, минуту.",
		"Сұрақ тым көп болып кетті. Бір минут күте тұрыңызшы.",
	},
	[NOTICE_UNREADABLE] = {
		"I cannot read messages here: they are encrypted, or withheld from me. Ask me in an unencrypted room, or "
		"mention me by name.",
		"Я не могу читать сообщения здесь: они зашифрованы или мне недоступны. Спросите меня в комнате без "
		"шифрования или упомяните по имени.",
		"Мұндағы хабарларды оқи алмаймын: олар шифрланған немесе маған жабық. Шифрланбаған бөлмеде сұраңыз "
		"немесе атымды атаңыз.",
	},
	[NOTICE_TOO_LONG] = {
		"That is too long for me. Please ask in one or two sentences.",
		"Это слишком длинно для меня. Спросите, пожалуйста, одним-двумя предложениями.",
		"Бұл маған тым ұзақ. Бір-екі сөйлеммен сұраңызшы.",
	},
	[NOTICE_NOT_TEXT] = {
		"I could not read that: it is not valid text.",
		"Не удалось прочитать: это не корректный текст.",
		"Оқи алмадым: бұл дұрыс мәтін емес.",
	},
	[NOTICE_HELP] = {
		"Ask me a question in English, Russian or Kazakh, in your own words. I answer from a base of facts with "
		"their sources and days, and I say so when the sources do not tell. Follow-ups work: “why?”, “when?”, "
		"“source?”. If I offer a choice, answer with its number. In rooms, mention me or reply to me.",
		"Задайте вопрос своими словами по-русски, по-казахски или по-английски. Я отвечаю по базе фактов с "
		"источниками и датами, а если в источниках ответа нет, так и говорю. Можно уточнять: «почему?», «когда?», "
		"«источник?». Если предложен выбор, ответьте номером. В общих комнатах упомяните меня или ответьте на моё "
		"сообщение.",
		"Сұрағыңызды қазақша, орысша не ағылшынша өз сөзіңізбен қойыңыз. Дереккөзі мен күні көрсетілген фактілер "
		"бойынша жауап беремін, дереккөзде жоқ болса, солай деймін. Нақтылап сұрауға болады: «неге?», «қашан?», "
		"«дереккөзі?». Таңдау ұсынсам, нөмірін жазыңыз. Ортақ бөлмеде атымды атаңыз немесе хабарыма жауап беріңіз.",
	},
	[NOTICE_INTERRUPTED] = {
		"I was restarted before this was finished. Please ask again.",
		"Меня перезапустили раньше, чем это было готово. Повторите, пожалуйста.",
		"Бұл аяқталмай тұрып қайта іске қосылдым. Қайталап жазыңызшы.",
	},
	[NOTICE_NO_RIGHTS] = {
		"Only an admin of this bot may do that.",
		"Это может только администратор бота.",
		"Мұны боттың әкімшісі ғана істей алады.",
	},
};

const char *notice_text(enum notice notice, enum language language)
{
	return texts[notice][language == LANGUAGE_RU ? 1 : language == LANGUAGE_KK ? 2 : 0];
}
