/* link: platform */
#include "matrix_batches.h"

static void sync_hands_up_then_stores_the_token(void **state)
{
	(void)state;
	begin();
	assert_string_equal(world_value("since"), "s1");
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(ASK("$1", "who?") "," SAY("$2", "hello"))))),
			    "message !r:hs @ann:hs $1 addressed: who?\nmessage !r:hs @ann:hs $2: hello\n");
	assert_string_equal(world_value("since"), "s2");
	assert_true(world_is_asked("since=s2"));
	world_end();
}

static void sync_answers_nothing_of_the_very_first_batch(void **state)
{
	(void)state;
	world_begin(&options);
	struct error error;
	world.platform->impl->start(world.platform, &error);
	world_answer("/versions", 200, "{'versions':[]}");
	world_answer("/whoami", 200, "{'user_id':'@qantar:hs'}");
	world_answer("/displayname", 200, "{}");
	world_news();
	assert_string_equal(batch(SYNC("s1", ROOM("!r:hs", GAPPY(ASK("$1", "old?"))))), "state connected\n");
	assert_false(world_is_asked("/messages"));
	world_end();
}

static void sync_after_a_restart_asks_for_the_whole_state(void **state)
{
	(void)state;
	begin();
	assert_null(strstr(world_call("/sync")->url, "full_state=true"));
	world_restart(&options);
	struct error error;
	world.platform->impl->start(world.platform, &error);
	world_answer("/versions", 200, "{'versions':[]}");
	world_answer("/whoami", 200, "{'user_id':'@qantar:hs'}");
	world_answer("/displayname", 200, "{}");
	assert_non_null(strstr(world_call("/sync")->url, "full_state=true&since=s1"));
	world_news();
	/* What was asked while it was down is answered. */
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(ASK("$1", "who?"))))),
			    "state connected\nmessage !r:hs @ann:hs $1 addressed: who?\n");
	world_end();
}

static void sync_goes_without_the_whole_state_when_it_is_too_large(void **state)
{
	(void)state;
	begin();
	world_restart(&options);
	struct error error;
	world.platform->impl->start(world.platform, &error);
	world_answer("/versions", 200, "{'versions':[]}");
	world_answer("/whoami", 200, "{'user_id':'@qantar:hs'}");
	world_answer("/displayname", 200, "{}");
	for (int limit = 50; limit >= 1; limit /= 2) {
		assert_non_null(strstr(world_call("/sync")->url, "full_state=true"));
		world_fail("/sync", HTTP_TOO_LARGE);
		world_fire_timers();
	}
	assert_non_null(strstr(world_call("/sync")->url, "full_state=false&since=s1"));
	world_end();
}

static void sync_passes_over_what_is_not_asked_by_people(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, "{'next_batch':'s2','account_data':{'events':[{'type':'m.ignored_user_list',"
				   "'content':{'ignored_users':{'@bad:hs':{}}}}]}}");
	assert_string_equal(
		batch(SYNC("s3", ROOM("!r:hs", TIMELINE(
			MESSAGE("$1", "@qantar:hs", "{'msgtype':'m.text','body':'!ask own?'}") ","
			MESSAGE("$2", "@bad:hs", "{'msgtype':'m.text','body':'!ask ignored?'}") ","
			MESSAGE("$3", "@bot:hs", "{'msgtype':'m.notice','body':'!ask notice?'}") ","
			MESSAGE("$4", "@ann:hs", "{}") ","
			"{'type':'m.room.message','sender':'@ann:hs','content':{'msgtype':'m.text','body':'!ask no id'}},"
			"{'type':'m.room.message','event_id':'$6','sender':'@ann:hs','origin_server_ts':1641490000000,"
			"'content':{'msgtype':'m.text','body':'!ask too old'}},"
			"7,null,[],{}")))), "");
	world_end();
}

/* The sending server's clock may be wrong; ours tells by the age. */
static void sync_reckons_age_by_the_homeserver(void **state)
{
	(void)state;
	begin();
	assert_string_equal(
		batch(SYNC("s2", ROOM("!r:hs", TIMELINE(
			"{'type':'m.room.message','event_id':'$1','sender':'@ann:hs','origin_server_ts':1000,"
			"'unsigned':{'age':500},'content':{'msgtype':'m.text','body':'!ask now'}},"
			"{'type':'m.room.message','event_id':'$2','sender':'@ann:hs','origin_server_ts':1641500000000,"
			"'unsigned':{'age':99999999},'content':{'msgtype':'m.text','body':'!ask old'}}")))),
		"message !r:hs @ann:hs $1 addressed: now\n");
	world_end();
}

static void sync_knows_replies_to_its_own_messages(void **state)
{
	(void)state;
	begin();
	world.platform->impl->send(world.platform, &(struct post){ .room = "!r:hs", .payload = "{}", .key = "k" });
	world_answer("/k", 200, "{'event_id':'$ours'}");
	world_news();
#define REPLY_TO(id, original) \
	MESSAGE(id, "@ann:hs", "{'msgtype':'m.text','body':'why?'," \
			       "'m.relates_to':{'m.in_reply_to':{'event_id':'" original "'}}}")
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(SAY("$1", "x") "," REPLY_TO("$2", "$ours") ","
								    REPLY_TO("$3", "$1"))))),
			    "message !r:hs @ann:hs $1: x\nmessage !r:hs @ann:hs $2 addressed: why?\nmessage !r:hs @ann:hs $3: why?\n");
	/* One from before this process: the homeserver knows whose it was; nothing comes up before it has said so. */
	batch(SYNC("s3", ROOM("!r:hs", TIMELINE(REPLY_TO("$4", "$old") "," REPLY_TO("$5", "$gone")))));
	assert_int_equal(world.news_count, 0);
	assert_string_equal(world_value("since"), "s2");
	world_answer("/v3/rooms/!r:hs/event/$old", 200, "{'sender':'@qantar:hs'}");
	world_answer("/v3/rooms/!r:hs/event/$gone", 404, "{}");
	assert_string_equal(world_news(), "message !r:hs @ann:hs $4 addressed: why?\nmessage !r:hs @ann:hs $5: why?\n");
	assert_string_equal(world_value("since"), "s3");
	world_end();
}

static void sync_names_the_thread(void **state)
{
	(void)state;
	begin();
	assert_string_equal(
		batch(SYNC("s2", ROOM("!r:hs", TIMELINE(MESSAGE("$1", "@ann:hs",
			"{'msgtype':'m.text','body':'!ask who?','m.relates_to':{'rel_type':'m.thread','event_id':'$root',"
			"'is_falling_back':true,'m.in_reply_to':{'event_id':'$0'}}}"))))),
		"message !r:hs @ann:hs $1 addressed in $root: who?\n");
	world_end();
}

/* ---- edits, redactions, encryption ---- */

#define EDIT(id, sender, text) \
	MESSAGE(id, sender, "{'msgtype':'m.text','body':'* " text "','m.new_content':{'msgtype':'m.text','body':'" text "'}," \
			    "'m.relates_to':{'rel_type':'m.replace','event_id':'$1'}}")

static void edit_comes_up_as_an_edit_of_the_question(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(EDIT("$2", "@ann:hs", "!ask when?"))))), "");
	world_answer("/v3/rooms/!r:hs/event/$1", 200, "{'type':'m.room.message','sender':'@ann:hs','content':{}}");
	assert_string_equal(world_news(), "edited !r:hs @ann:hs $1 addressed: when?\n");
	world_end();
}

static void edit_of_somebody_else_is_ignored(void **state)
{
	(void)state;
	const char *const originals[] = {
		"{'type':'m.room.message','sender':'@bob:hs','content':{}}",
		"{'type':'m.room.topic','state_key':'','sender':'@ann:hs','content':{}}",
		"{'type':'m.room.message','sender':'@ann:hs','content':{'m.relates_to':{'rel_type':'m.replace','event_id':'$0'}}}",
	};
	for (size_t i = 0; i < 3; i++) {
		begin();
		batch(SYNC("s2", ROOM("!r:hs", TIMELINE(EDIT("$2", "@ann:hs", "!ask when?")))));
		world_answer("/event/$1", 200, originals[i]);
		assert_string_equal(world_news(), "");
		world_end();
	}
}

static void edits_under_way_are_bounded(void **state)
{
	(void)state;
	begin();
	for (int i = 0; i < 65; i++) {
		char body[1024];
		snprintf(body, sizeof body, SYNC("e%d", ROOM("!r:hs", TIMELINE(EDIT("$2", "@ann:hs", "!ask when?")))), i);
		batch(body);
	}
	int lookups = 0;
	for (; world_is_asked("/event/$1"); lookups++)
		world_answer("/event/$1", 404, "{}");
	assert_int_equal(lookups, 64);
	batch(SYNC("s3", ROOM("!r:hs", TIMELINE(EDIT("$2", "@ann:hs", "!ask when?")))));
	assert_true(world_is_asked("/event/$1"));
	world_end();
}

static void redaction_comes_up_in_both_forms(void **state)
{
	(void)state;
	begin();
	assert_string_equal(
		batch(SYNC("s2", ROOM("!r:hs", TIMELINE(
			"{'type':'m.room.redaction','event_id':'$2','sender':'@ann:hs','redacts':'$1','content':{}},"
			"{'type':'m.room.redaction','event_id':'$4','sender':'@ann:hs','content':{'redacts':'$3'}}")))),
		"redacted !r:hs $1\nredacted !r:hs $3\n");
	world_end();
}

static void encrypted_message_comes_up_unreadable(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(
		"{'type':'m.room.encrypted','event_id':'$1','sender':'@ann:hs','origin_server_ts':1641499990000,"
		"'content':{'algorithm':'m.megolm.v1.aes-sha2','ciphertext':'AAAA'}}")))),
		"message !r:hs @ann:hs $1 unreadable: \n");
	world_end();
}

/* ---- power ---- */

static void admins_are_those_with_the_power(void **state)
{
	(void)state;
	begin();
#define STATE(events) "'state':{'events':[" events "]}"
#define CREATE \
	"{'type':'m.room.create','state_key':'','sender':'@maker:hs','content':{'additional_creators':['@second:hs']}}"
#define LEVELS(users) \
	"{'type':'m.room.power_levels','event_id':'$p','sender':'@a:hs','state_key':''," \
	"'content':{'users':{" users "}}}"
	batch(SYNC("s2", ROOM("!old:hs", STATE(CREATE "," LEVELS("'@ann:hs':50,'@bob:hs':49,'@eve:hs':'100'"))) ","
		   ROOM("!newroomwithoutserver", STATE(CREATE "," LEVELS("'@ann:hs':50")))));
	const struct platform_impl *impl = world.platform->impl;
	assert_true(impl->is_room_admin(world.platform, "!old:hs", "@ann:hs"));
	assert_false(impl->is_room_admin(world.platform, "!old:hs", "@bob:hs"));
	assert_false(impl->is_room_admin(world.platform, "!old:hs", "@eve:hs"));
	assert_false(impl->is_room_admin(world.platform, "!old:hs", "@maker:hs"));
	assert_true(impl->is_room_admin(world.platform, "!newroomwithoutserver", "@maker:hs"));
	assert_true(impl->is_room_admin(world.platform, "!newroomwithoutserver", "@second:hs"));
	assert_false(impl->is_room_admin(world.platform, "!unknown:hs", "@ann:hs"));
	/* At the time of asking: the level was taken away. */
	batch(SYNC("s3", ROOM("!old:hs", TIMELINE(LEVELS("'@ann:hs':0")))));
	assert_false(impl->is_room_admin(world.platform, "!old:hs", "@ann:hs"));
	world_end();
}

/* ---- a homeserver in trouble ---- */

static void sync_goes_on_after_failures(void **state)
{
	(void)state;
	begin();
	world_fail("/sync", HTTP_LOST);
	assert_string_equal(world_news(), "state connecting\n");
	world_fire_timers();
	world_answer("/sync", 200, "garbage");
	world_fire_timers();
	world_answer("/sync", 200, "{'next_batch':7}");
	world_fire_timers();
	world_answer("/sync", 429, "{'retry_after_ms':10}");
	world_fire_timers();
	assert_non_null(strstr(world_call("/sync")->url, "timeout=0")); /* tells at once whether the server is back */
	assert_string_equal(batch("{\"next_batch\":\"s2\"}"), "state connected\n");
	assert_non_null(strstr(world_call("/sync")->url, "timeout=30000"));
	world_end();
}

static void sync_asks_for_less_when_an_answer_is_too_large(void **state)
{
	(void)state;
	begin();
	assert_non_null(strstr(world_call("/sync")->url, "\"limit\":50"));
	world_fail("/sync", HTTP_TOO_LARGE);
	world_fire_timers();
	assert_non_null(strstr(world_call("/sync")->url, "\"limit\":25"));
	world_answer("/sync", 200, "[more values than we take]");
	world_fire_timers();
	assert_non_null(strstr(world_call("/sync")->url, "\"limit\":12"));
	batch("{'next_batch':'s2'}");
	assert_non_null(strstr(world_call("/sync")->url, "\"limit\":24"));
	batch("{'next_batch':'s3'}");
	batch("{'next_batch':'s4'}");
	assert_non_null(strstr(world_call("/sync")->url, "\"limit\":50"));
	world_end();
}

static void sync_token_that_the_homeserver_forgot_is_dropped(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 400, "<html>Bad Request</html>"); /* a proxy's: says nothing of the token */
	world_fire_timers();
	assert_non_null(strstr(world_call("/sync")->url, "since=s1"));
	world_answer("/sync", 400, "{'errcode':'M_UNKNOWN'}");
	world_fire_timers();
	assert_null(strstr(world_call("/sync")->url, "since="));
	world_news();
	assert_string_equal(batch(SYNC("n1", ROOM("!r:hs", TIMELINE(ASK("$1", "answered before?"))))), "state connected\n");
	world_end();
}

static void sync_that_does_not_wait_is_slowed_down(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, "{'next_batch':'s1'}");
	assert_false(world_is_asked("/sync"));
	world_fire_timers();
	assert_true(world_is_asked("/sync"));
	world_end();
}

static void sync_brings_again_what_could_not_be_stored(void **state)
{
	(void)state;
	begin();
	world.is_disk_full = true;
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(ASK("$1", "who?"))))),
			    "message !r:hs @ann:hs $1 addressed: who?\n");
	assert_false(world_is_asked("/sync"));
	world_fire_timers();
	world.is_disk_full = false;
	assert_non_null(strstr(world_call("/sync")->url, "since=s1"));
	assert_string_equal(batch(SYNC("s3", ROOM("!r:hs", TIMELINE(ASK("$1", "who?") "," ASK("$2", "when?"))))),
			    "message !r:hs @ann:hs $1 addressed: who?\nmessage !r:hs @ann:hs $2 addressed: when?\n");
	assert_true(world_is_asked("since=s3"));
	world_end();
}

static void sync_survives_nonsense_of_every_shape(void **state)
{
	(void)state;
	const char *const bodies[] = {
		"{'next_batch':'a','rooms':7}", "{'next_batch':'b','rooms':{'join':[1]}}",
		"{'next_batch':'c','rooms':{'join':{'!r':7,'!s':{'timeline':[],'state':{'events':{}},'summary':[]}}}}",
		"{'next_batch':'d','rooms':{'invite':{'!r':{'invite_state':{'events':[7,{}]}}},'leave':[]}}",
		"{'next_batch':'e','account_data':{'events':[{'type':'m.direct','content':{'@a:b':7}},7,{}]}}",
		"{'next_batch':'f','rooms':{'join':{'!r':{'timeline':{'limited':true,'prev_batch':[],'events':7}}}}}",
	};
	begin();
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		assert_string_equal(batch(bodies[i]), "");
	assert_string_equal(world_value("since"), "f");
	world_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sync_hands_up_then_stores_the_token),
		cmocka_unit_test(sync_answers_nothing_of_the_very_first_batch),
		cmocka_unit_test(sync_after_a_restart_asks_for_the_whole_state),
		cmocka_unit_test(sync_goes_without_the_whole_state_when_it_is_too_large),
		cmocka_unit_test(sync_passes_over_what_is_not_asked_by_people),
		cmocka_unit_test(sync_reckons_age_by_the_homeserver),
		cmocka_unit_test(sync_knows_replies_to_its_own_messages),
		cmocka_unit_test(sync_names_the_thread),
		cmocka_unit_test(edit_comes_up_as_an_edit_of_the_question),
		cmocka_unit_test(edit_of_somebody_else_is_ignored),
		cmocka_unit_test(edits_under_way_are_bounded),
		cmocka_unit_test(redaction_comes_up_in_both_forms),
		cmocka_unit_test(encrypted_message_comes_up_unreadable),
		cmocka_unit_test(admins_are_those_with_the_power),
		cmocka_unit_test(sync_goes_on_after_failures),
		cmocka_unit_test(sync_asks_for_less_when_an_answer_is_too_large),
		cmocka_unit_test(sync_token_that_the_homeserver_forgot_is_dropped),
		cmocka_unit_test(sync_that_does_not_wait_is_slowed_down),
		cmocka_unit_test(sync_brings_again_what_could_not_be_stored),
		cmocka_unit_test(sync_survives_nonsense_of_every_shape),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
