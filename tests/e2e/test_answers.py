"""What people get who ask the shipped base: one lever of the matcher a test, by questions that stand in no fact.

A test names the lever; its table says which fact (or which kind of answer) must beat its neighbours.
"""

import json

import pytest

LANGUAGES = {"en", "ru", "kk"}


@pytest.fixture
def ask(release):
    """Asks questions, each alone; returns the objects of the batch."""
    def run(*questions):
        lines = []
        for number, question in enumerate(questions):
            question = {"q": question} if isinstance(question, str) else question
            lines.append(json.dumps({"id": str(number)} | question).encode() + b"\n")
        done = release.run("ask", "--batch", stdin=b"".join(lines))
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.decode("utf-8").split("\n") if line]
    return run


@pytest.fixture
def ask_after(ask):
    """The facts told to the last of several messages of one person."""
    return lambda *messages: ask({"turns": list(messages[:-1]), "q": messages[-1]})[0]["facts"]


def facts(answers):
    return [answer["facts"] for answer in answers]


def test_typos_do_not_hide_the_fact(ask):
    assert facts(ask("how mnay solders did rusia sned", "hwo old is nazarbaev")) == [
        ["troops-russia-number"], ["nazarbayev-age"]]


def test_a_misspelt_word_is_corrected_to_the_right_one_not_to_another_misspelling(ask):
    """Own questions are written with slips: "protestrs", "дисантников"."""
    assert facts(ask("how many protestrs were killd", "сколько пратестующих убили",
                     "скока росийских дисантников отправили")) == [
        ["deaths-protesters"], ["deaths-protesters"], ["troops-russia-number"]]


def test_latin_letters_are_read_as_russian_and_kazakh(ask):
    answers = ask("skolko soldat otpravila rossiya k nam", "Qazaqstanga qansha resei askeri keldi")
    assert facts(answers) == [["troops-russia-number"]] * 2
    assert [answer["lang"] for answer in answers] == ["ru", "kk"]


def test_kazakh_without_its_letters_is_kazakh(ask):
    answer, = ask("Казакстанга канша орыс аскери келди")
    assert answer["facts"] == ["troops-russia-number"] and answer["lang"] == "kk"


def test_languages_may_be_mixed_in_one_question(ask):
    assert facts(ask("сколько troops прислала Россия", "а Белоруссия сколько сарбаз жіберді")) == [
        ["troops-russia-number"], ["troops-belarus"]]


def test_common_words_are_no_names_by_a_short_stem(ask):
    """After is no ambassador (посол), and plain (қарапайым) no quarantine."""
    assert facts(ask("Что сделал Токаев после протестов?", "Қарапайым халықтан қанша адам мерт болды?")) == [
        ["tokayev-actions"], ["deaths-protesters"]]


def test_numbers_in_words_are_numbers(ask):
    answers = ask("Did ten thousand Russian soldiers come?", "Russia sent 3 thousand troops, right?",
                  "Ресей он мың сарбаз жіберді ме?", "did thirty five policemen die")
    leads = [answer["answer"].split(".")[0].replace("\u00a0", " ") for answer in answers]
    assert leads[0] == "No, not 10,000" and not leads[1].startswith("No")
    assert leads[2:] == ["Жоқ, 10 000 емес", "No, not 35"]


def test_yes_and_no_are_not_said_to_requests_lies_and_swapped_figures(ask):
    for answer in ask("I should be grateful for some background on the Collective Security Treaty Organization.",
                      "ҰҚШҰ деген ұйымды таныстырып өтіңізші.", "Әуежайды шерушілер алып қойды деген өтірік шығар?",
                      "Верно ли я записал: Белоруссия дала три тысячи бойцов, Россия пятьсот?",
                      "were people killed on wednesday"):
        assert not answer["answer"].startswith(("Yes", "No.", "Да.", "Нет.", "Иә.", "Жоқ.")), answer["answer"]


def test_and_the_other_side_is_no_yes_no_question(ask):
    answer, = ask({"turns": ["how many died"], "q": "and on the other side?"})
    assert not answer["answer"].startswith(("Yes", "No")), answer["answer"]


def test_another_year_is_not_answered_with_this_one(ask):
    for answer in ask("Что произошло в Жанаозене в 2011 году?", "what happened in zhanaozen back in 2011"):
        assert not answer["answered"], answer["facts"]


def test_days_are_asked_for_in_many_words(ask):
    assert facts(ask("what went down on thursday", "Please recount the events of Wednesday.",
                     "бейсенбиде не боп кетти ози, тусиндирип жибериниздерши")) == [
        ["thursday-events"], ["wednesday-events"], ["thursday-events"]]


def test_who_gives_a_figure_is_told_with_it(ask):
    for answer in ask({"turns": ["сколько российских солдат летит в Казахстан"], "q": "откуда эта цифра взята"},
                      {"turns": ["how many soldiers did russia send"], "q": "where does that number come from?"}):
        assert answer["facts"] == ["troops-russia-number"] and answer["claimant"], answer["answer"]


def test_neighbours_are_told_apart_by_their_one_word(ask):
    assert facts(ask("how many protesters died", "how many police died", "when was the csto founded",
                     "which countries are in the csto")) == [
        ["deaths-protesters"], ["deaths-security"], ["csto-founded"], ["csto-members"]]


def test_a_false_premise_is_corrected_by_the_fact_that_shows_it(ask):
    why, did = ask("Why did NATO send troops to Kazakhstan?", "did nato send troops?")
    assert why["facts"] == did["facts"] == ["troops-flag"]
    assert why["answer"].startswith("The sources say otherwise. ") and did["answer"].startswith("No. ")
    asked = {"why did belarus refuse to send anyone": "The sources say otherwise. ",
             "Почему НАТО ввело войска в Казахстан?": "В источниках сказано иначе. ",
             "НАТО Қазақстанға неге әскер кіргізді?": "Дереккөздерде басқаша айтылған. "}
    for answer, begin in zip(ask(*asked), asked.values()):
        assert answer["answer"].startswith(begin), answer["answer"]
    for answer in ask("Why did Russia send troops?", "when was the csto founded", "почему люди вышли на улицы",
                      "what does russia want from nato", "who sent troops"):
        assert not answer["answer"].startswith(("The sources say", "В источниках")), answer["answer"]


def test_a_wrong_figure_is_put_right(ask):
    answer, = ask("Was the CSTO founded in 1991?")
    assert answer["facts"] == ["csto-founded"] and answer["answer"].startswith("No, not 1991")


def test_yes_and_no_come_first_as_the_own_yes_no_questions_have_it(ask):
    asked = {"Was the cabinet dismissed?": "Yes. ", "has the csto ever used this clause before": "No. ",
             "is nazarbayev still president": "No. ", "Россия отправила войска?": "Да. ",
             "Үкімет отставкаға кетті ме?": "Иә. ", "was everyone calm after the prices were lowered": "No. "}
    for answer, begin in zip(ask(*asked), asked.values()):
        assert answer["answer"].startswith(begin), answer["answer"]
    for answer in ask("statue?", "отставка кабинета?", "Was it Tokayev or Nazarbayev who asked for troops?"):
        assert not answer["answer"].startswith(("Yes", "No", "Да", "Нет")), answer["answer"]


def test_yes_is_not_said_to_another_length_of_time(ask):
    month, = ask("Is the state of emergency for a month?")
    assert not month["answer"].startswith("Yes")


def test_no_is_not_said_to_an_amount_where_it_was_meant_for_something_else(ask):
    answer, = ask("2.5k troops came, right?")
    assert not answer["answer"].startswith("No"), answer["answer"]
    answer, = ask("did 10000 troops come?")
    assert answer["answer"].startswith("No, not 10,000"), answer["answer"]


def test_a_weekday_is_no_other_day_than_that_of_the_next_week(ask):
    answer, = ask("Should the programme for Wednesday's Russia-NATO meeting give Geneva as the venue?")
    assert answer["facts"] == ["talks-brussels"] and not answer["answer"].startswith(("No", "Not"))
    answer, = ask("Did Nazarbayev resign on Tuesday?")
    assert answer["answer"].startswith("No, not on Tuesday. "), answer["answer"]


def test_two_yes_no_questions_get_no_one_yes(ask):
    answer, = ask("did they fire the ministers?? and did it help at all")
    assert "cabinet-dismissed" in answer["facts"] and not answer["answer"].startswith(("Yes", "No"))


def test_no_to_a_number_is_no_no_to_the_rest(ask):
    answer, = ask("Orys askeri Qazaqstanga kirgeni ras pa?")  # an own question is denied for the ten thousand in it
    assert not answer["answer"].startswith("Жоқ"), answer["answer"]


def test_no_to_a_name_is_no_no_to_the_rest(ask):
    answer, = ask("Қырымды Ресей 2014-те тартып алған ба еді")  # an own question is denied for Turkey
    assert answer["facts"] == ["crimea"] and not answer["answer"].startswith("Жоқ"), answer["answer"]


def test_why_in_latin_kazakh_gets_no_yes_or_no(ask):
    answer, = ask("Toqaev ne ushin UQShU-ny shaqyrdy?")
    assert answer["facts"] == ["troops-request-reason"] and not answer["answer"].startswith(("Жоқ", "Иә"))


def test_who_sent_no_troops_is_not_told_what_they_were_for(ask):
    for answer in ask("Зачем американцы ввели войска в Казахстан?", "НАТО сарбаздары Қазақстанға не үшін келді?",
                      "why did the americans send soldiers in to back the protesters"):
        assert answer["facts"] in (["troops-countries"], ["troops-flag"]), answer["facts"]
        assert answer["answer"].startswith(("The sources say otherwise", "В источниках сказано иначе",
                                            "Дереккөздерде басқаша")), answer["answer"]


def test_and_the_police_asks_for_a_part_of_what_was_told(ask_after):
    assert ask_after("how many ppl killed", "and police?") == ["deaths-security"]
    assert ask_after("how many soldiers came", "and from belarus") == ["troops-belarus"]


def test_a_plain_question_stands_for_itself_after_another(ask_after):
    assert ask_after("how many ppl killed", "полициядан ше?", "сколько погибло") == ["deaths-total"]


def test_yes_confirms_no_numeral_that_the_fact_has_not(ask):
    for answer in ask("did thousands of protesters die?", "were dozens of police killed?", "мыңдаған адам өлді ме",
                      "правда что погибли тысячи протестующих?", "Did Armenia send 500 soldiers?",
                      "did 18 protesters die?"):
        assert answer["answered"] and not answer["answer"].startswith(("Yes", "Да", "Иә")), answer["answer"]
    for answer in ask("were dozens of protesters killed?", "правда что погибли десятки протестующих?"):
        assert answer["answer"].startswith(("Yes. ", "Да. ")), answer["answer"]


def test_yes_to_what_was_is_none_to_what_still_is(ask):
    held, president = ask("Do protesters still hold the airport?", "Is Tokayev still president?")
    assert held["facts"] == ["almaty-seizures"] and not held["answer"].startswith("Yes"), held["answer"]
    assert president["answer"].startswith("Yes. "), president["answer"]


def test_yes_is_not_said_by_a_fact_that_is_merely_likely_or_merely_near(ask):
    for answer in ask("these so called peacekeepers, are THEY the ones killing people?!",
                      "Was the decision to send troops announced before Tokayev had appealed for help?",
                      "Since these soldiers are called peacekeepers, may I report that they are neutral?",
                      "tokaev govorit eto terroristy, a na samom dele?"):
        assert not answer["answer"].startswith(("Yes", "Да", "No", "Нет")), answer["answer"]


def test_plain_questions_take_nothing_for_granted(ask):
    for answer in ask("why were the roads blocked by people", "what takes place on monday then"):
        assert answer["answered"] and not answer["answer"].startswith("The sources say otherwise"), answer["answer"]


def test_the_plainest_questions_are_about_the_whole(ask):
    """Without a name none is meant; who names a country gets that one."""
    assert facts(ask("how many troops have come", "сколько солдат прислали", "қанша сарбаз келді",
                     "сколько войск прислала россия")) == [["troops-total"]] * 3 + [["troops-russia-number"]]


def test_a_polite_request_is_no_yes_no_question(ask):
    answer, = ask("Could you state the size of the Russian contingent?")
    assert answer["facts"] == ["troops-russia-number"] and answer["answer"].startswith("Russia sent"), answer["answer"]


def test_how_old_is_no_yes_no_question(ask):
    answer, = ask("Елбасының жасы сол кезде нешеде болған?")
    assert answer["facts"] == ["nazarbayev-age"] and not answer["answer"].startswith("Жоқ"), answer["answer"]


def test_a_fact_that_tells_of_two_years_gives_no_one_date(ask):
    answer, = ask({"turns": ["what is this being compared to"], "q": "ok and when was that"})
    assert answer["facts"] == ["prague-comparison"] and not answer["answer"].startswith("January 6")


def test_a_follow_up_is_no_small_talk(ask):
    answer, = ask({"turns": ["why did the russians come"], "q": "will it work?"})
    assert answer["kind"] != "smalltalk", answer["answer"]


def test_the_question_beside_a_remark_is_what_is_answered(ask):
    assert facts(ask("ive been offline all week, what happened wednesday over there",
                     "morning all! my uncle drove there last year. how many police died")) == [
        ["wednesday-events"], ["deaths-security"]]


def test_who_killed_whom_is_never_turned_round(ask):
    for answer in ask("did police kill protesters", "did protesters kill police", "убивала ли полиция протестующих"):
        assert not answer["answered"]


def test_words_are_taken_for_the_synonyms_that_they_are_forms_of(release):
    meant = {"әскерлерді": "soldier", "аскерлер": "soldier", "бағаны": "price", "шеруге": "protest",
             "протестов": "protest", "митингах": "protest", "дорогу": "road", "убивали": "kill", "гибнут": "die"}
    other = ("дорогой", "хотя", "рано", "другие", "дать", "қарапайым")  # dear, although, early, others, give, plain
    for word in (*meant, *other):
        read, = json.loads(release.run("explain", "--json", word).stdout)["tokens"]
        assert read.get("synonym") == meant.get(word), read


def test_who_asks_for_all_that_is_known_of_a_name_gets_who_that_is(ask):
    questions = ("spill everything u got on nazarbayev", "Give an account of everything known about Mr Tokayev.",
                 "Tokaev jaily ne aita alasyn", "вкратце про Токаева")
    told = [answer["facts"] for answer in ask(*questions)]
    assert told == [["nazarbayev-who"], ["tokayev-who"], ["tokayev-who"], ["tokayev-who"]]


def test_a_thing_that_no_fact_holds_is_not_answered_by_a_neighbour(ask):
    for answer in ask("how many tanks did russia send", "what did Biden say about the protests",
                      "who is the new prime minister?", "what did Erdogan tell Tokayev",
                      "кто теперь премьер-министр", "жаңа премьер-министр кім"):
        assert not answer["answered"], answer["facts"]


def test_far_questions_are_not_answered(ask):
    for answer in ask("how do I bake bread", "best pizza in rome", "какая погода в Париже", "доллар бағамы қанша"):
        assert not answer["answered"], answer["facts"]


def test_candidates_are_offered_where_one_is_likely_right_not_where_all_are_far(ask):
    for answer in ask("how do i get a girl to text back lol", "is it gonna rain in toronto tmrw", "recipe for plov pls"):
        assert answer["kind"] == "unknown", answer["candidates"]
    answer, = ask("casualties protesters police")
    assert answer["answered"] or "deaths-total" in answer["candidates"]


def test_little_words_within_names_tell_the_language(ask):
    answer, = ask("how old iz the ex presidant")  # "old" and "president" are names' words, "iz" is Russian in Latin letters
    assert answer["lang"] == "en"


def test_words_that_the_base_must_not_answer_tell_the_language_too(ask):
    asked = {"Реши уравнение 3х+7=22": "ru", "iphone ekrany syndy, qaida zhondetem arzan": "kk",
             "газ багасын тусирдима токаев": "kk"}
    assert [answer["lang"] for answer in ask(*asked)] == list(asked.values())


def test_in_doubt_the_fact_that_tells_the_other_one_too_is_told(ask):
    for answer in ask("casualties protesters police", "death toll police protesters", "how many killed",
                      "how many were killed"):
        assert answer["facts"] == ["deaths-total"], answer["facts"] or answer["candidates"]
    narrow, = ask("how many police officers were killed")
    assert narrow["facts"] == ["deaths-security"]


def test_a_likely_gap_is_told_though_it_is_not_sure(ask):
    for answer in ask("Что заявил Пекин по поводу январских событий?", "do the protesters have a leader",
                      "how old is tokayev btw"):
        assert answer["kind"] == "known_unknown" and not answer["answered"], answer
    for answer in ask("who wrote pride and prejudice", "recipe for banana bread without eggs"):
        assert answer["kind"] == "unknown", answer["facts"]


def test_two_questions_are_answered_one_by_one(ask):
    assert facts(ask("How many people died and who sent soldiers?",
                     "Where did the protests begin? And who is Erica Marat?")) == [
        ["deaths-total", "troops-countries"], ["protest-start-place", "marat-who"]]


def test_two_questions_may_be_joined_by_a_sign_or_a_comma(ask):
    assert facts(ask("who is tokayev & how many troops did russia send", "ұқшұ қашан құрылды ж/е қанша мемлекет мүше?",
                     "Қашан құрылды ҰҚШҰ, Ресей қанша десантшы жіберді?")) == [
        ["tokayev-who", "troops-russia-number"], ["csto-founded", "csto-members"], ["csto-founded", "troops-russia-number"]]


def test_a_remark_is_no_second_question(ask):
    assert facts(ask("any trouble in the capital too? got friends there",
                     "Алматыда не болып жатыр? туыстарым сонда тұрады")) == [["video-capital"], ["almaty-scenes"]]


def test_a_part_with_a_question_mark_is_a_question_if_it_fits(ask):
    assert facts(ask("Год создания ОДКБ? И сколько государств туда входит?")) == [["csto-founded", "csto-members"]]


def test_two_questions_that_one_fact_tells_get_that_one(ask):
    assert facts(ask("Алматы деген қандай қала, онда шерушілер қай жерлерді алып қойды?")) == [["almaty-what"]]


def test_a_half_is_believed_sooner_when_the_whole_message_points_to_it_too(ask):
    answer, = ask("Is Kazakhstan rich in oil, and how big is it in relation to its neighbours?")
    assert answer["facts"] == ["country-oil", "country-what"]


def test_what_is_said_about_a_name_is_told_by_who_it_is(ask):
    assert facts(ask("Назарбаев туралы не жазылған?", "what does it say about Almaty")) == [["nazarbayev-who"], ["almaty-what"]]


def test_the_rest_is_told_to_who_asks_whether_it_was_only_so(ask):
    answer, = ask("did they only kill cops")
    assert answer["facts"] != ["deaths-security"], answer["facts"]


def test_a_half_that_is_barely_known_is_not_told_as_the_answer(ask):
    for answer in ask("How large is the Kazakh army, and why was it not considered adequate to the task?",
                      "Who founded the Prague reform movement and what became of Alexander Dubček?"):
        assert not answer["answered"], answer["facts"]


def test_what_the_sources_do_not_say_is_not_offered_to_pick_from(ask):
    for answer in ask("my cat wont eat her food help", "how many kids died", "skolko stoit novaya lada"):
        assert not [fact for fact in answer["candidates"] if fact.startswith("unknown-")], answer["candidates"]


def test_follow_ups_take_over_what_was_spoken_of(ask):
    assert facts(ask({"turns": ["who is nazarbayev?"], "q": "how old is he?"},
                     {"turns": ["How many soldiers did Russia send?"], "q": "and Belarus?"})) == [
        ["nazarbayev-age"], ["troops-belarus"]]


def test_a_bare_question_word_asks_about_what_was_told_last(ask_after):
    assert ask_after("Is it true the airport in Almaty got taken?", "when was that?") == ["almaty-seizures"]
    assert ask_after("Когда встречаются русские с американцами?", "где?") == ["talks-geneva"]
    assert ask_after("армения тоже послала?", "сколько") == ["troops-tajikistan-armenia"]
    assert ask_after("Шетел әскерін халық қалай қабылдайды?", "неге?") == ["marat-unpopular"]
    assert ask_after("what set off the protests", "when?") == ["protest-start-time"]  # its neighbour tells that
    assert ask_after("who invaded czechoslovakia", "when") == ["warsaw-pact-1968"]  # of another day than its neighbours


def test_a_question_that_says_next_to_nothing_is_read_with_what_was_told_last(ask_after):
    assert ask_after("So this CSTO thing, what is it?", "How old is it?") == ["csto-founded"]
    assert ask_after("do the locals want the russian army there", "how come") == ["marat-unpopular"]


def test_he_and_she_are_the_person_spoken_of(ask):
    assert facts(ask({"turns": ["who is tokayev?"], "q": "how old is he?"},
                     {"turns": ["who is nazarbayev?"], "q": "how old is he?"},
                     {"turns": ["who is fyodor lukyanov"], "q": "what year was he born and is he married"},
                     {"turns": ["Эрика Марат кім?"], "q": "Ол қай жылы туған?"})) == [
        ["unknown-tokayev-bio"], ["nazarbayev-age"], ["unknown-expert-background"], ["unknown-expert-background"]]


def test_is_he_rich_is_not_about_the_country(ask_after):
    assert "country-oil" not in ask_after("why do they hate the old man", "is he rich")


def test_a_bare_name_is_told_by_the_fact_that_says_who_it_is(ask):
    assert facts(ask("rasskazhi pro Tokaeva", "tell me bout nazarbayev", "give me everything u got on almaty")) == [
        ["tokayev-who"], ["nazarbayev-who"], ["almaty-what"]]
    answer, = ask("what does putin want")
    assert answer["facts"] != ["putin-who"]


def test_what_is_counted_beats_the_rest_of_the_question(ask):
    soldiers, tanks, generals = ask("how many soldiers did russia send", "how many planes did russia send",
                                    "how many generals did russia send")
    assert soldiers["facts"] == ["troops-russia-number"]
    assert not tanks["answered"] and not generals["answered"]


def test_broad_questions_get_the_summary(ask):
    assert facts(ask("timeline", "what happened on Thursday?", "tell me about Nazarbayev")) == [
        ["timeline"], ["thursday-events"], ["nazarbayev-who"]]


def test_what_the_report_itself_calls_unclear_is_an_answer(ask):
    answer, = ask("did kyrgyzstan send soldiers?")
    assert answer["answered"] and answer["facts"] == ["troops-kyrgyzstan"]
    assert not answer["answer"].startswith(("Yes", "No."))


def test_the_wish_for_a_language_beats_the_language_of_the_question(ask):
    by_words, by_option = ask("Answer in Kazakh: how old is Nazarbayev?", {"q": "how old is Nazarbayev?", "lang": "ru"})
    assert (by_words["lang"], by_option["lang"]) == ("kk", "ru")
    again, = ask({"turns": ["how old is nazarbayev"], "q": "по-русски, пожалуйста"})
    assert again["facts"] == ["nazarbayev-age"] and again["lang"] == "ru"


def test_people_in_danger_are_told_first_that_this_is_no_emergency_service(ask):
    for answer in ask("they are shooting at our house, help us", "за окном стреляют помогите", "атып жатыр көмектесіңіздер"):
        assert answer["kind"] == "safety"
    equation, = ask("Помогите решить уравнение: 3x + 7 = 22")
    assert equation["kind"] != "safety"


def test_small_talk_states_nothing(ask):
    for answer in ask("who are you?", "what can you answer?", "thanks!", "привет", "рахмет"):
        assert answer["kind"] == "smalltalk" and answer["facts"] == []


def test_claims_name_who_makes_them(ask):
    answer, = ask("how many paratroopers came from russia")
    assert answer["claimant"] == "Russian media" and "Russian media" in answer["answer"]


def test_strangers_questions_are_answered_well_enough(release, root):
    """What people ask who never saw the facts. The gate is 85, 80, 80, 75, 90 and 5; two points are left for what another
    processor's rounding moves. A change that falls below is a step back."""
    done = release.run("eval", "--json", "--part", "report", str(root / "knowledge/questions/people.jsonl"))
    rows = {row["style"]: row for row in json.loads(done.stdout)["rows"]}
    asked = wrong = told = kept = 0
    for style, least in (("formal", 83), ("casual", 78), ("russian", 78), ("kazakh", 73)):
        row = rows[style]
        answerable = sum(row[key] for key in ("right", "wrong", "unsure, right candidate", "unsure", "silent"))
        assert 100 * row["right"] >= least * answerable, style
        asked += answerable + row["not answered"] + row["answered"]
        wrong += row["wrong"] + row["answered"]
        told, kept = told + row["answered"], kept + row["not answered"]
    assert 100 * wrong <= 6 * asked
    assert 100 * kept >= 89 * (kept + told)
