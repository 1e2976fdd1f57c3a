/* link: platform */
#include "matrix_world.h"

static char *const prefixes[] = { "!ask" };
static const struct matrix_options options = {
	.homeserver = "https://hs", .user = "@qantar:hs", .access_token = "t", .prefixes = prefixes, .prefixes_count = 1,
	.admin_power_level = 50,
};

#define MESSAGE(id, sender, content) \
	"{\"type\":\"m.room.message\",\"event_id\":\"" id "\",\"sender\":\"" sender "\",\"origin_server_ts\":1641499990000,\"content\":" content "}"
#define ASK(id, text) MESSAGE(id, "@ann:hs", "{\"msgtype\":\"m.text\",\"body\":\"!ask " text "\"}")
#define SAY(id, text) MESSAGE(id, "@ann:hs", "{\"msgtype\":\"m.text\",\"body\":\"" text "\"}")
#define MEMBER(id, membership, more) \
	"{\"type\":\"m.room.member\",\"event_id\":\"" id "\",\"sender\":\"@ann:hs\",\"state_key\":\"@qantar:hs\"," \
	"\"origin_server_ts\":1641499980000,\"content\":{\"membership\":\"" membership "\"}" more "}"
#define INVITED_DIRECTLY ",\"unsigned\":{\"prev_content\":{\"membership\":\"invite\",\"is_direct\":true}}"
#define TIMELINE(events) "\"timeline\":{\"events\":[" events "]}"
#define GAPPY(events) "\"timeline\":{\"limited\":true,\"prev_batch\":\"p1\",\"events\":[" events "]}"
#define ROOM(id, inside) "\"" id "\":{" inside "}"
#define SUMMARY(joined, invited) "\"summary\":{\"m.joined_member_count\":" joined ",\"m.invited_member_count\":" invited "}"
#define SYNC(next, rooms) "{\"next_batch\":\"" next "\",\"rooms\":{\"join\":{" rooms "}}}"

static void begin(void)
{
	world_begin(&options);
	world_connect();
}

/* The news of one more batch. */
static const char *batch(const char *body)
{
	world_answer("/sync", 200, body);
	return world_news();
}

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
	world_answer("/versions", 200, "{\"versions\":[]}");
	world_answer("/whoami", 200, "{\"user_id\":\"@qantar:hs\"}");
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
	world_answer("/versions", 200, "{\"versions\":[]}");
	world_answer("/whoami", 200, "{\"user_id\":\"@qantar:hs\"}");
	world_answer("/displayname", 200, "{}");
	assert_non_null(strstr(world_call("/sync")->url, "full_state=true&since=s1"));
	world_news();
	/* What was asked while it was down is answered. */
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(ASK("$1", "who?"))))),
			    "state connected\nmessage !r:hs @ann:hs $1 addressed: who?\n");
	world_end();
}

static void sync_passes_over_what_is_not_asked_by_people(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, "{\"next_batch\":\"s2\",\"account_data\":{\"events\":[{\"type\":\"m.ignored_user_list\","
				   "\"content\":{\"ignored_users\":{\"@bad:hs\":{}}}}]}}");
	assert_string_equal(
		batch(SYNC("s3", ROOM("!r:hs", TIMELINE(
			MESSAGE("$1", "@qantar:hs", "{\"msgtype\":\"m.text\",\"body\":\"!ask own?\"}") ","
			MESSAGE("$2", "@bad:hs", "{\"msgtype\":\"m.text\",\"body\":\"!ask ignored?\"}") ","
			MESSAGE("$3", "@bot:hs", "{\"msgtype\":\"m.notice\",\"body\":\"!ask notice?\"}") ","
			MESSAGE("$4", "@ann:hs", "{}") ","
			"{\"type\":\"m.room.message\",\"sender\":\"@ann:hs\",\"content\":{\"msgtype\":\"m.text\",\"body\":\"!ask no id\"}},"
			"{\"type\":\"m.room.message\",\"event_id\":\"$6\",\"sender\":\"@ann:hs\",\"origin_server_ts\":1641490000000,"
			"\"content\":{\"msgtype\":\"m.text\",\"body\":\"!ask too old\"}},"
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
			"{\"type\":\"m.room.message\",\"event_id\":\"$1\",\"sender\":\"@ann:hs\",\"origin_server_ts\":1000,"
			"\"unsigned\":{\"age\":500},\"content\":{\"msgtype\":\"m.text\",\"body\":\"!ask now\"}},"
			"{\"type\":\"m.room.message\",\"event_id\":\"$2\",\"sender\":\"@ann:hs\",\"origin_server_ts\":1641500000000,"
			"\"unsigned\":{\"age\":99999999},\"content\":{\"msgtype\":\"m.text\",\"body\":\"!ask old\"}}")))),
		"message !r:hs @ann:hs $1 addressed: now\n");
	world_end();
}

static void sync_knows_replies_to_its_own_messages(void **state)
{
	(void)state;
	begin();
	world.platform->impl->send(world.platform, &(struct post){ .room = "!r:hs", .payload = "{}", .key = "k" });
	world_answer("/k", 200, "{\"event_id\":\"$ours\"}");
	world_news();
#define REPLY_TO(id, original) \
	MESSAGE(id, "@ann:hs", "{\"msgtype\":\"m.text\",\"body\":\"why?\",\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":\"" original "\"}}}")
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(SAY("$1", "x") "," REPLY_TO("$2", "$ours") "," REPLY_TO("$3", "$1"))))),
			    "message !r:hs @ann:hs $1: x\nmessage !r:hs @ann:hs $2 addressed: why?\nmessage !r:hs @ann:hs $3: why?\n");
	/* One from before this process: the homeserver knows whose it was; nothing comes up before it has said so. */
	assert_string_equal(batch(SYNC("s3", ROOM("!r:hs", TIMELINE(REPLY_TO("$4", "$old") "," REPLY_TO("$5", "$gone"))))), "");
	assert_string_equal(world_value("since"), "s2");
	world_answer("/v3/rooms/!r:hs/event/$old", 200, "{\"sender\":\"@qantar:hs\"}");
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
			"{\"msgtype\":\"m.text\",\"body\":\"!ask who?\",\"m.relates_to\":{\"rel_type\":\"m.thread\",\"event_id\":\"$root\","
			"\"is_falling_back\":true,\"m.in_reply_to\":{\"event_id\":\"$0\"}}}"))))),
		"message !r:hs @ann:hs $1 addressed in $root: who?\n");
	world_end();
}

/* ---- gaps ---- */

static void gap_is_filled_before_anything_is_handed_up(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", GAPPY(ASK("$5", "five"))) "," ROOM("!q:hs", TIMELINE(ASK("$9", "nine"))))), "");
	const char *url = world_call("/v3/rooms/!r:hs/messages?dir=b")->url;
	assert_non_null(strstr(url, "from=p1"));
	assert_non_null(strstr(url, "to=s1"));
	world_answer("/messages", 200, "{\"chunk\":[" ASK("$4", "four") "," ASK("$3", "three") "],\"end\":\"p2\"}");
	assert_string_equal(world_value("since"), "s1");
	assert_non_null(strstr(world_call("/messages")->url, "from=p2"));
	world_answer("/messages", 200, "{\"chunk\":[" ASK("$2", "two") "]}");
	assert_string_equal(world_news(),
			    "message !r:hs @ann:hs $2 addressed: two\nmessage !r:hs @ann:hs $3 addressed: three\n"
			    "message !r:hs @ann:hs $4 addressed: four\nmessage !r:hs @ann:hs $5 addressed: five\n"
			    "message !q:hs @ann:hs $9 addressed: nine\n");
	assert_string_equal(world_value("since"), "s2");
	world_end();
}

static void gap_is_bounded(void **state)
{
	(void)state;
	begin();
	batch(SYNC("s2", ROOM("!r:hs", GAPPY(ASK("$5", "five")))));
	size_t pages = 0;
	for (; world_is_asked("/messages"); pages++)
		world_answer("/messages", 200, "{\"chunk\":[" SAY("$x", "x") "],\"end\":\"again\"}");
	assert_int_equal(pages, 10);
	assert_string_equal(world_value("since"), "s2");
	world_end();
}

static void gap_ends_where_messages_are_too_old(void **state)
{
	(void)state;
	begin();
	batch(SYNC("s2", ROOM("!r:hs", GAPPY(ASK("$5", "five")))));
	world_answer("/messages", 200, "{\"chunk\":[{\"type\":\"m.room.message\",\"event_id\":\"$1\",\"sender\":\"@ann:hs\","
				       "\"origin_server_ts\":1641400000000,\"content\":{\"msgtype\":\"m.text\",\"body\":\"!ask old\"}}],\"end\":\"p2\"}");
	assert_false(world_is_asked("/messages"));
	assert_string_equal(world_news(), "message !r:hs @ann:hs $5 addressed: five\n");
	world_end();
}

static void gap_that_cannot_be_had_holds_up_nothing_for_ever(void **state)
{
	(void)state;
	begin();
	batch(SYNC("s2", ROOM("!r:hs", GAPPY(ASK("$5", "five")))));
	world_answer("/messages", 403, "{}");
	assert_string_equal(world_news(), "message !r:hs @ann:hs $5 addressed: five\n");
	batch(SYNC("s3", ROOM("!r:hs", GAPPY(ASK("$6", "six")))));
	int tries = 0;
	for (; world_is_asked("/messages"); tries++) {
		world_answer("/messages", 502, "");
		world_fire_timers();
	}
	assert_int_equal(tries, 7);
	assert_string_equal(world_news(), "message !r:hs @ann:hs $6 addressed: six\n");
	world_end();
}

/* ---- rooms we came into ---- */

static void joined_room_shows_only_what_came_after(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", GAPPY(ASK("$1", "before?") "," MEMBER("$2", "join", "") "," ASK("$3", "after?"))))),
			    "entered !r:hs\nmessage !r:hs @ann:hs $3 addressed: after?\n");
	world_end();
}

static void joined_direct_room_shows_what_came_after_the_invitation(void **state)
{
	(void)state;
	begin();
	assert_string_equal(
		batch(SYNC("s2", ROOM("!r:hs", SUMMARY("2", "0") "," TIMELINE(SAY("$1", "before") "," MEMBER("$2", "invite", "") "," SAY("$3", "first question") ","
							 MEMBER("$4", "join", INVITED_DIRECTLY) "," SAY("$5", "second"))))),
		"entered !r:hs direct\nmessage !r:hs @ann:hs $3 direct addressed: first question\n"
		"message !r:hs @ann:hs $5 direct addressed: second\n");
	world_end();
}

static void joined_direct_room_is_read_back_to_the_invitation(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", SUMMARY("2", "0") "," GAPPY(MEMBER("$4", "join", INVITED_DIRECTLY))))), "");
	assert_null(strstr(world_call("/messages")->url, "to=")); /* the invitation may be older than the token */
	world_answer("/messages", 200, "{\"chunk\":[" SAY("$3", "first question") "," MEMBER("$2", "invite", "") "," SAY("$1", "before")
				       "],\"end\":\"p2\"}");
	assert_false(world_is_asked("/messages"));
	assert_string_equal(world_news(), "entered !r:hs direct\nmessage !r:hs @ann:hs $3 direct addressed: first question\n");
	world_end();
}

static void own_change_of_name_is_no_join(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(ASK("$1", "who?") ","
					MEMBER("$2", "join", ",\"unsigned\":{\"prev_content\":{\"membership\":\"join\"}}"))))),
			    "message !r:hs @ann:hs $1 addressed: who?\n");
	world_end();
}

/* ---- direct or not ---- */

#define DIRECT(next) \
	"{\"next_batch\":\"" next "\",\"account_data\":{\"events\":[{\"type\":\"m.direct\",\"content\":{\"@ann:hs\":[\"!d:hs\",7]}}]}}"

static void direct_is_what_m_direct_says(void **state)
{
	(void)state;
	begin();
	batch(DIRECT("s2"));
	assert_string_equal(batch(SYNC("s3", ROOM("!d:hs", SUMMARY("2", "0") "," TIMELINE(SAY("$1", "who?"))))),
			    "message !d:hs @ann:hs $1 direct addressed: who?\n");
	/* Two people alone do not make a room direct; a third one makes it a room like any. */
	assert_string_equal(batch(SYNC("s4", ROOM("!r:hs", SUMMARY("2", "0") "," TIMELINE(SAY("$2", "who?"))) ","
					     ROOM("!d:hs", SUMMARY("2", "1") "," TIMELINE(SAY("$3", "who?"))))),
			    "message !r:hs @ann:hs $2: who?\nmessage !d:hs @ann:hs $3: who?\n");
	world_end();
}

static void direct_room_of_unknown_size_is_counted_once(void **state)
{
	(void)state;
	begin();
	batch(DIRECT("s2"));
	batch(SYNC("s3", ROOM("!d:hs", TIMELINE(SAY("$1", "who?")))));
	world_answer("/v3/rooms/!d:hs/joined_members", 200, "{\"joined\":{\"@ann:hs\":{},\"@bob:hs\":{},\"@qantar:hs\":{}}}");
	assert_string_equal(world_news(), "message !d:hs @ann:hs $1: who?\n");
	assert_string_equal(batch(SYNC("s4", ROOM("!d:hs", TIMELINE(SAY("$2", "who?"))))), "message !d:hs @ann:hs $2: who?\n");
	world_end();
}

/* ---- edits, redactions, encryption ---- */

#define EDIT(id, sender, text) \
	MESSAGE(id, sender, "{\"msgtype\":\"m.text\",\"body\":\"* " text "\",\"m.new_content\":{\"msgtype\":\"m.text\",\"body\":\"" text "\"}," \
			    "\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"$1\"}}")

static void edit_comes_up_as_an_edit_of_the_question(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(EDIT("$2", "@ann:hs", "!ask when?"))))), "");
	world_answer("/v3/rooms/!r:hs/event/$1", 200, "{\"type\":\"m.room.message\",\"sender\":\"@ann:hs\",\"content\":{}}");
	assert_string_equal(world_news(), "edited !r:hs @ann:hs $1 addressed: when?\n");
	world_end();
}

static void edit_of_somebody_else_is_ignored(void **state)
{
	(void)state;
	const char *const originals[] = {
		"{\"type\":\"m.room.message\",\"sender\":\"@bob:hs\",\"content\":{}}",
		"{\"type\":\"m.room.topic\",\"state_key\":\"\",\"sender\":\"@ann:hs\",\"content\":{}}",
		"{\"type\":\"m.room.message\",\"sender\":\"@ann:hs\",\"content\":{\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"$0\"}}}",
	};
	for (size_t i = 0; i < 3; i++) {
		begin();
		batch(SYNC("s2", ROOM("!r:hs", TIMELINE(EDIT("$2", "@ann:hs", "!ask when?")))));
		world_answer("/event/$1", 200, originals[i]);
		assert_string_equal(world_news(), "");
		world_end();
	}
}

static void redaction_comes_up_in_both_forms(void **state)
{
	(void)state;
	begin();
	assert_string_equal(
		batch(SYNC("s2", ROOM("!r:hs", TIMELINE(
			"{\"type\":\"m.room.redaction\",\"event_id\":\"$2\",\"sender\":\"@ann:hs\",\"redacts\":\"$1\",\"content\":{}},"
			"{\"type\":\"m.room.redaction\",\"event_id\":\"$4\",\"sender\":\"@ann:hs\",\"content\":{\"redacts\":\"$3\"}}")))),
		"redacted !r:hs $1\nredacted !r:hs $3\n");
	world_end();
}

static void encrypted_message_comes_up_unreadable(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(
		"{\"type\":\"m.room.encrypted\",\"event_id\":\"$1\",\"sender\":\"@ann:hs\",\"origin_server_ts\":1641499990000,"
		"\"content\":{\"algorithm\":\"m.megolm.v1.aes-sha2\",\"ciphertext\":\"AAAA\"}}")))),
		"message !r:hs @ann:hs $1 unreadable: \n");
	world_end();
}

/* ---- power ---- */

static void admins_are_those_with_the_power(void **state)
{
	(void)state;
	begin();
#define STATE(events) "\"state\":{\"events\":[" events "]}"
#define CREATE "{\"type\":\"m.room.create\",\"state_key\":\"\",\"sender\":\"@maker:hs\",\"content\":{\"additional_creators\":[\"@second:hs\"]}}"
#define LEVELS(users) "{\"type\":\"m.room.power_levels\",\"event_id\":\"$p\",\"sender\":\"@a:hs\",\"state_key\":\"\",\"content\":{\"users\":{" users "}}}"
	batch(SYNC("s2", ROOM("!old:hs", STATE(CREATE "," LEVELS("\"@ann:hs\":50,\"@bob:hs\":49,\"@eve:hs\":\"100\""))) ","
		   ROOM("!newroomwithoutserver", STATE(CREATE "," LEVELS("\"@ann:hs\":50")))));
	const struct platform_impl *impl = world.platform->impl;
	assert_true(impl->is_room_admin(world.platform, "!old:hs", "@ann:hs"));
	assert_false(impl->is_room_admin(world.platform, "!old:hs", "@bob:hs"));
	assert_false(impl->is_room_admin(world.platform, "!old:hs", "@eve:hs"));
	assert_false(impl->is_room_admin(world.platform, "!old:hs", "@maker:hs"));
	assert_true(impl->is_room_admin(world.platform, "!newroomwithoutserver", "@maker:hs"));
	assert_true(impl->is_room_admin(world.platform, "!newroomwithoutserver", "@second:hs"));
	assert_false(impl->is_room_admin(world.platform, "!unknown:hs", "@ann:hs"));
	/* At the time of asking: the level was taken away. */
	batch(SYNC("s3", ROOM("!old:hs", TIMELINE(LEVELS("\"@ann:hs\":0")))));
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
	world_answer("/sync", 200, "{\"next_batch\":7}");
	world_fire_timers();
	world_answer("/sync", 429, "{\"retry_after_ms\":10}");
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
	world_end();
}

static void sync_token_that_the_homeserver_forgot_is_dropped(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 400, "{\"errcode\":\"M_UNKNOWN\"}");
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
	world_answer("/sync", 200, "{\"next_batch\":\"s1\"}");
	assert_false(world_is_asked("/sync"));
	world_fire_timers();
	assert_true(world_is_asked("/sync"));
	world_end();
}

static void sync_survives_nonsense_of_every_shape(void **state)
{
	(void)state;
	const char *const bodies[] = {
		"{\"next_batch\":\"a\",\"rooms\":7}", "{\"next_batch\":\"b\",\"rooms\":{\"join\":[1]}}",
		"{\"next_batch\":\"c\",\"rooms\":{\"join\":{\"!r\":7,\"!s\":{\"timeline\":[],\"state\":{\"events\":{}},\"summary\":[]}}}}",
		"{\"next_batch\":\"d\",\"rooms\":{\"invite\":{\"!r\":{\"invite_state\":{\"events\":[7,{}]}}},\"leave\":[]}}",
		"{\"next_batch\":\"e\",\"account_data\":{\"events\":[{\"type\":\"m.direct\",\"content\":{\"@a:b\":7}},7,{}]}}",
		"{\"next_batch\":\"f\",\"rooms\":{\"join\":{\"!r\":{\"timeline\":{\"limited\":true,\"prev_batch\":[],\"events\":7}}}}}",
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
		cmocka_unit_test(sync_passes_over_what_is_not_asked_by_people),
		cmocka_unit_test(sync_reckons_age_by_the_homeserver),
		cmocka_unit_test(sync_knows_replies_to_its_own_messages),
		cmocka_unit_test(sync_names_the_thread),
		cmocka_unit_test(gap_is_filled_before_anything_is_handed_up),
		cmocka_unit_test(gap_is_bounded),
		cmocka_unit_test(gap_ends_where_messages_are_too_old),
		cmocka_unit_test(gap_that_cannot_be_had_holds_up_nothing_for_ever),
		cmocka_unit_test(joined_room_shows_only_what_came_after),
		cmocka_unit_test(joined_direct_room_shows_what_came_after_the_invitation),
		cmocka_unit_test(joined_direct_room_is_read_back_to_the_invitation),
		cmocka_unit_test(own_change_of_name_is_no_join),
		cmocka_unit_test(direct_is_what_m_direct_says),
		cmocka_unit_test(direct_room_of_unknown_size_is_counted_once),
		cmocka_unit_test(edit_comes_up_as_an_edit_of_the_question),
		cmocka_unit_test(edit_of_somebody_else_is_ignored),
		cmocka_unit_test(redaction_comes_up_in_both_forms),
		cmocka_unit_test(encrypted_message_comes_up_unreadable),
		cmocka_unit_test(admins_are_those_with_the_power),
		cmocka_unit_test(sync_goes_on_after_failures),
		cmocka_unit_test(sync_asks_for_less_when_an_answer_is_too_large),
		cmocka_unit_test(sync_token_that_the_homeserver_forgot_is_dropped),
		cmocka_unit_test(sync_that_does_not_wait_is_slowed_down),
		cmocka_unit_test(sync_survives_nonsense_of_every_shape),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
