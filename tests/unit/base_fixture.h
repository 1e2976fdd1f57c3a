/* base_fixture: a small base in a directory of its own, for tests of knowledge. */
#ifndef QANTAR_TESTS_BASE_FIXTURE_H
#define QANTAR_TESTS_BASE_FIXTURE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/file.h"

struct base_fixture {
	char directory[64];
};

static const char fixture_sources[] =
	"{\"sources\": [{\"id\": \"gazette\", \"title\": \"A flood\", \"publisher\": \"The Gazette\",\n"
	" \"date\": \"2031-05-02\", \"language\": \"en\", \"address\": null, \"paragraphs\": 9}]}\n";

static const char fixture_lexicon[] =
	"{\"entities\": [\n"
	"{\"id\": \"mayor\", \"kind\": \"person\", \"names\": {\"en\": [\"mayor\", \"Anna Berg\", \"Berg\"], \"ru\": [\"мэр\", \"мэра\"], \"kk\": [\"әкім\"]}},\n"
	"{\"id\": \"river\", \"kind\": \"place\", \"names\": {\"en\": [\"river\", \"Elva\"], \"ru\": [\"река\", \"реки\"], \"kk\": [\"өзен\"]}},\n"
	"{\"id\": \"army\", \"kind\": \"organisation\", \"names\": {\"en\": [\"army\"], \"ru\": [\"армия\"], \"kk\": [\"армия\"]}}],\n"
	" \"synonyms\": [{\"id\": \"dead\", \"words\": [\"killed\", \"died\", \"погибли\"]}],\n"
	" \"smalltalk\": [\n"
	"{\"id\": \"greeting\", \"phrases\": {\"en\": [\"hello\", \"good morning\"], \"ru\": [\"привет\"], \"kk\": [\"сәлем\"]},\n"
	"  \"answer\": {\"en\": \"Hello!\", \"ru\": \"Здравствуйте!\", \"kk\": \"Сәлем!\"}},\n"
	"{\"id\": \"what-can-you\", \"phrases\": {\"en\": [\"what can you answer\"], \"ru\": [\"что ты умеешь\"], \"kk\": [\"не білесің\"]},\n"
	"  \"answer\": {\"en\": \"Up to {as_of}: {topics}\", \"ru\": \"По {as_of}: {topics}\", \"kk\": \"{as_of}: {topics}\"}},\n"
	"{\"id\": \"safety\", \"phrases\": {\"en\": [\"i am trapped in water\"], \"ru\": [\"я в опасности\"], \"kk\": [\"мен қауіптемін\"]},\n"
	"  \"answer\": {\"en\": \"No emergency service.\", \"ru\": \"Не служба спасения.\", \"kk\": \"Құтқару қызметі емес.\"}}]}\n";

static const char fixture_unrelated[] =
	"{\"q\": \"how do I bake bread\"}\n{\"q\": \"who won the football match\"}\n{\"q\": \"сколько стоит билет\"}\n"
	"{\"q\": \"best phone to buy\"}\n{\"q\": \"ауа райы қандай\"}\n{\"q\": \"capital of France\"}\n";

static const char fixture_facts[] =
	"{\"topic\": {\"id\": \"flood\", \"name\": {\"en\": \"The flood\", \"ru\": \"Паводок\", \"kk\": \"Су тасқыны\"}},\n"
	"\"facts\": [\n"
	"{\"id\": \"dead-number\",\n"
	" \"answer\": {\"en\": \"According to the police, 18 people died in the flood on May 1, 2031.\",\n"
	"  \"ru\": \"По данным полиции, 1 мая 2031 года в паводке погибли 18 человек.\",\n"
	"  \"kk\": \"Полицияның айтуынша, 2031 жылғы 1 мамырдағы тасқында 18 адам қаза тапты.\"},\n"
	" \"when\": {\"from\": \"2031-05-01\", \"to\": \"2031-05-01\", \"precision\": \"day\"}, \"as_of\": \"2031-05-02\",\n"
	" \"claimant\": {\"en\": \"the police\", \"ru\": \"полиция\", \"kk\": \"полиция\"}, \"status\": \"reported\",\n"
	" \"sources\": [{\"id\": \"gazette\", \"paragraph\": 3}],\n"
	" \"questions\": {\"en\": [\"How many people died in the flood?\", \"death toll of the flood\", \"number of dead people\",\n"
	"   \"how many were killed by the water\", \"casualties number\"],\n"
	"  \"ru\": [\"Сколько человек погибло в паводке?\", \"число погибших\", \"сколько погибших\"],\n"
	"  \"kk\": [\"Тасқында қанша адам қаза тапты?\", \"қаза тапқандар саны\", \"қанша адам өлді\"]},\n"
	" \"affirms\": {\"en\": [\"Did people die in the flood?\", \"Did 18 people die in the flood?\"]},\n"
	" \"denies\": {\"en\": [\"Did everybody survive the flood?\", \"Was nobody killed by the flood?\"]},\n"
	" \"keywords\": [\"dead\", \"died\", \"погибли\", \"қаза\"], \"expects\": [\"how-many\"], \"related\": [\"mayor-who\", \"bridge-closed\"]},\n"
	"{\"id\": \"mayor-who\",\n"
	" \"answer\": {\"en\": \"Anna Berg has been the mayor since 2027.\", \"ru\": \"Мэр с 2027 года — Анна Берг.\",\n"
	"  \"kk\": \"2027 жылдан бері әкім — Анна Берг.\"}, \"as_of\": \"2031-05-02\",\n"
	" \"when\": {\"from\": \"2027\", \"to\": \"2031-05-02\", \"precision\": \"range\"},\n"
	" \"sources\": [{\"id\": \"gazette\", \"paragraph\": 5}],\n"
	" \"questions\": {\"en\": [\"Who is the mayor?\", \"name of the mayor\", \"who runs the city hall\", \"tell me about Anna Berg\", \"mayor name\"],\n"
	"  \"ru\": [\"Кто мэр?\", \"как зовут мэра\", \"кто руководит городом\"], \"kk\": [\"Әкім кім?\", \"әкімнің аты кім\", \"қаланы кім басқарады\"]},\n"
	" \"keywords\": [\"mayor\", \"мэр\", \"әкім\"], \"expects\": [\"who\"], \"entities\": [\"mayor\"], \"related\": [\"dead-number\"]},\n"
	"{\"id\": \"bridge-closed\",\n"
	" \"answer\": {\"en\": \"The old bridge over the river was closed on May 2, 2031.\",\n"
	"  \"ru\": \"Старый мост через реку закрыли 2 мая 2031 года.\", \"kk\": \"Өзен үстіндегі ескі көпір 2031 жылғы 2 мамырда жабылды.\"},\n"
	" \"when\": {\"from\": \"2031-05-02\", \"to\": \"2031-05-02\", \"precision\": \"day\"}, \"as_of\": \"2031-05-02\",\n"
	" \"sources\": [{\"id\": \"gazette\", \"paragraph\": 7}],\n"
	" \"questions\": {\"en\": [\"When was the bridge closed?\", \"is there a date of the bridge closure\", \"bridge closed date\", \"since when is the bridge shut\"],\n"
	"  \"ru\": [\"Когда закрыли мост?\", \"мост закрыт дата\", \"с какого дня не работает мост\"],\n"
	"  \"kk\": [\"Көпір қашан жабылды?\", \"көпір жабылған күн\", \"көпірді қай күні жапты\"]},\n"
	" \"keywords\": [\"bridge\", \"мост\", \"көпір\"], \"expects\": [\"when\"], \"entities\": [\"river\"], \"related\": [\"mayor-who\"]},\n"
	"{\"id\": \"unknown-damage\", \"unknown\": true,\n"
	" \"answer\": {\"en\": \"The sources do not say what the damage cost.\", \"ru\": \"Источники не говорят, во что обошёлся ущерб.\",\n"
	"  \"kk\": \"Дереккөздерде шығын көлемі айтылмаған.\"}, \"as_of\": \"2031-05-02\", \"sources\": [{\"id\": \"gazette\"}],\n"
	" \"questions\": {\"en\": [\"What did the damage cost?\", \"cost of the damage\", \"how expensive are the repairs\", \"damage in euros\"],\n"
	"  \"ru\": [\"Во что обошёлся ущерб?\", \"сумма ущерба\", \"сколько стоит ремонт\"],\n"
	"  \"kk\": [\"Шығын қанша болды?\", \"шығын көлемі\", \"жөндеу қанша тұрады\"]},\n"
	" \"keywords\": [\"damage\", \"cost\", \"ущерб\", \"шығын\"], \"expects\": [\"how-many\"]}\n"
	"]}\n";

static inline void fixture_write(const struct base_fixture *fixture, const char *name, const char *text, size_t bytes)
{
	struct error error = { 0 };
	char *path = file_join(fixture->directory, name);
	if (!file_write(path, text, bytes, 0600, &error))
		fprintf(stderr, "%s\n", error.text);
	free(path);
}

static inline void fixture_create(struct base_fixture *fixture)
{
	static const char *const folders[] = { "facts", "questions", "cache" };
	snprintf(fixture->directory, sizeof fixture->directory, "/tmp/qantar-test-XXXXXX");
	if (!mkdtemp(fixture->directory))
		abort();
	for (size_t i = 0; i < 3; i++) {
		char *path = file_join(fixture->directory, folders[i]);
		if (mkdir(path, 0700) != 0)
			abort();
		free(path);
	}
	fixture_write(fixture, "sources.json", fixture_sources, strlen(fixture_sources));
	fixture_write(fixture, "lexicon.json", fixture_lexicon, strlen(fixture_lexicon));
	fixture_write(fixture, "questions/unrelated.jsonl", fixture_unrelated, strlen(fixture_unrelated));
	fixture_write(fixture, "facts/flood.json", fixture_facts, strlen(fixture_facts));
}

/* Writes the file again with the first `old` in `text` replaced by `new`. */
static inline void fixture_change(const struct base_fixture *fixture, const char *name, const char *text, const char *old, const char *new)
{
	struct buffer changed;
	const char *at = strstr(text, old);
	if (!at)
		abort();
	buffer_init(&changed, 64u << 20);
	buffer_append(&changed, text, (size_t)(at - text));
	buffer_append_text(&changed, new);
	buffer_append_text(&changed, at + strlen(old));
	fixture_write(fixture, name, buffer_text(&changed), changed.bytes);
	buffer_finish(&changed);
}

static inline int fixture_remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status, (void)kind, (void)walk;
	return remove(path);
}

static inline void fixture_destroy(struct base_fixture *fixture)
{
	nftw(fixture->directory, fixture_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
