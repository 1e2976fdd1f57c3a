/* link: platform */
#include "matrix_world.h"

static char *const allowed[] = { "@*:hs", "!open:far", "friend.org" };
static const struct matrix_options options = {
	.homeserver = "https://hs", .user = "@qantar:hs", .access_token = "t", .invite_allow = allowed,
	.invite_allow_count = 3,
};

#define INVITE(room, inviter, more) \
	"'" room "':{'invite_state':{'events':[{'type':'m.room.member','sender':'" inviter "','state_key':'@qantar:hs'," \
	"'content':{'membership':'invite'" more "}}]}}"
#define INVITES(next, invites) "{'next_batch':'" next "','rooms':{'invite':{" invites "}}}"
#define JOINED(next, room, more) \
	"{'next_batch':'" next "','rooms':{'join':{'" room "':{" more "'timeline':{'events':[" \
	"{'type':'m.room.member','event_id':'$j','sender':'@qantar:hs','state_key':'@qantar:hs'," \
	"'content':{'membership':'join'}}" \
	"]}}}}}"
#define SUMMARY(joined, invited) "'summary':{'m.joined_member_count':" joined ",'m.invited_member_count':" invited "},"

static void begin(void)
{
	world_begin(&options);
	world_connect();
}

static void start_again(void)
{
	struct error error;
	world_restart(&options);
	world.platform->impl->start(world.platform, &error);
	world_answer("/versions", 200, "{'versions':[]}");
	world_answer("/whoami", 200, "{'user_id':'@qantar:hs'}");
	world_answer("/displayname", 200, "{}");
}

static void invitation_is_accepted_by_the_list(void **state)
{
	(void)state;
	const char *const bodies[] = { INVITES("s2", INVITE("!r:hs", "@ann:hs", "")),
				       INVITES("s2", INVITE("!open:far", "@eve:evil", "")),
				       INVITES("s2", INVITE("!r:far", "@bob:friend.org", "")) };
	for (size_t i = 0; i < 3; i++) {
		begin();
		world_answer("/sync", 200, bodies[i]);
		assert_string_equal(world_call("/v3/join/")->method, "POST");
		assert_false(world_is_asked("/leave"));
		world_end();
	}
}

static void invitation_of_a_stranger_is_declined(void **state)
{
	(void)state;
	const char *const bodies[] = { INVITES("s2", INVITE("!r:hs", "@eve:evil", "")),
				       INVITES("s2", INVITE("!r:hs", "@ann:hs.evil", "")),
				       INVITES("s2", INVITE("!r:hs", "@friend.org:evil", "")) };
	for (size_t i = 0; i < 3; i++) {
		begin();
		world_answer("/sync", 200, bodies[i]);
		assert_true(world_is_asked("/v3/rooms/!r:hs/leave"));
		assert_false(world_is_asked("/join/"));
		world_end();
	}
}

static void join_names_a_server_that_knows_the_room(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, INVITES("s2", INVITE("!roomwithoutserver", "@bob:friend.org", "")));
	assert_non_null(strstr(world_call("/join/!roomwithoutserver")->url, "?via=friend.org&server_name=friend.org"));
	world_end();
}

static void join_is_tried_again_until_it_is_refused(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, INVITES("s2", INVITE("!r:hs", "@ann:hs", "")));
	world_answer("/join/", 502, "");
	world_fire_timers();
	world_fail("/join/", HTTP_LOST);
	world_fire_timers();
	world_answer("/join/", 429, "{'retry_after_ms':100}");
	world_fire_timers();
	world_answer("/join/", 403, "{'errcode':'M_FORBIDDEN'}");
	world_fire_timers();
	assert_false(world_is_asked("/join/"));
	assert_null(world_value("joins"));
	world_end();
}

static void join_outlasts_any_outage(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, INVITES("s2", INVITE("!r:hs", "@ann:hs", "")));
	for (int i = 0; i < 30; i++) {
		world_fail("/join/", HTTP_NOT_SENT);
		world_fire_timers();
	}
	assert_true(world_is_asked("/join/"));
	world_fail("/join/", HTTP_LOST); /* it did get there, and nothing came of it */
	world_fire_timers();
	assert_false(world_is_asked("/join/"));
	world_end();
}

static void join_survives_a_restart(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, INVITES("s2", INVITE("!r:hs", "@ann:hs", ",'is_direct':true")));
	start_again();
	world_answer("/join/!r:hs", 200, "{'room_id':'!r:hs'}");
	world_news();
	world_answer("/sync", 200, JOINED("s3", "!r:hs", SUMMARY("2", "0")));
	assert_string_equal(world_news(), "state connected\nentered !r:hs direct\n");
	assert_null(world_value("joins"));
	world_end();
}

static void direct_invitation_is_added_to_m_direct(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200,
		     "{'next_batch':'s2','account_data':{'events':[{'type':'m.direct','content':{'@bob:hs':['!b:hs'],"
		     "'@ann:hs':['!a:hs']}}]},'rooms':{'invite':{" INVITE("!r:hs", "@ann:hs", ",'is_direct':true") "}}}");
	world_answer("/join/", 200, "{}");
	world_answer("/sync", 200, JOINED("s3", "!r:hs", SUMMARY("2", "0")));
	assert_string_equal(world_call("/account_data/m.direct")->body,
			    "{\"@bob:hs\":[\"!b:hs\"],\"@ann:hs\":[\"!a:hs\",\"!r:hs\"]}");
	world_end();
}

/* The list as it stands is not known before the first sync. */
static void direct_invitation_joined_after_a_restart_keeps_the_others_in_m_direct(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, INVITES("s2", INVITE("!r:hs", "@ann:hs", ",'is_direct':true")));
	start_again();
	world_answer("/join/!r:hs", 200, "{'room_id':'!r:hs'}");
	assert_false(world_is_asked("/account_data/m.direct"));
	world_answer("/sync", 200,
		     "{'next_batch':'s3','account_data':{'events':[{'type':'m.direct','content':{'@bob:hs':['!b:hs']}}]},"
		     "'rooms':{'join':{'!r:hs':{}}}}");
	assert_string_equal(world_call("/account_data/m.direct")->body,
			    "{\"@bob:hs\":[\"!b:hs\"],\"@ann:hs\":[\"!r:hs\"]}");
	world_end();
}

static void second_invitation_during_a_join_changes_nothing(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, INVITES("s2", INVITE("!r:hs", "@ann:hs", "")));
	world_answer("/sync", 200, INVITES("s3", INVITE("!r:hs", "@ann:hs", "")));
	world_answer("/join/", 200, "{}");
	assert_false(world_is_asked("/join/"));
	world_end();
}

static void deserted_room_is_left(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, JOINED("s2", "!r:hs", SUMMARY("2", "0")));
	assert_false(world_is_asked("/leave"));
	world_answer("/sync", 200, "{'next_batch':'s3','rooms':{'join':{'!r:hs':{'summary':{'m.joined_member_count':1,"
				   "'m.invited_member_count':1}}}}}");
	assert_false(world_is_asked("/leave")); /* somebody is to come */
	world_answer("/sync", 200, "{'next_batch':'s4','rooms':{'join':{'!r:hs':{'summary':{'m.invited_member_count':0}}}}}");
	assert_true(world_is_asked("/v3/rooms/!r:hs/leave"));
	world_end();
}

#define TOMBSTONE(next, replacement) \
	"{'next_batch':'" next "','rooms':{'join':{'!r:hs':{'timeline':{'events':[" \
	"{'type':'m.room.tombstone','event_id':'$t'," \
	"'sender':'@maker:far','state_key':'','content':{'replacement_room':" replacement "}}]}}}}}"

static void tombstone_is_followed_by_way_of_its_sender(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, TOMBSTONE("s2", "'!next'"));
	assert_non_null(strstr(world_call("/v3/join/!next")->url, "via=far"));
	world_end();
}

static void tombstone_to_where_we_are_or_to_nowhere_is_passed_over(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, JOINED("s2", "!next", ""));
	world_answer("/sync", 200, TOMBSTONE("s3", "'!next'"));
	world_answer("/sync", 200, TOMBSTONE("s4", "7"));
	world_answer("/sync", 200, TOMBSTONE("s5", "'#alias:hs'"));
	assert_false(world_is_asked("/join/"));
	world_end();
}

static void upgraded_direct_room_stays_direct(void **state)
{
	(void)state;
	begin();
	world_answer("/sync", 200, "{'next_batch':'s2','account_data':{'events':[{'type':'m.direct','content':"
				   "{'@maker:far':['!r:hs']}}]}}");
	world_answer("/sync", 200, TOMBSTONE("s3", "'!next'"));
	world_answer("/joined_members", 200, "{'joined':{'@maker:far':{},'@qantar:hs':{}}}");
	world_answer("/join/!next", 200, "{}");
	world_answer("/sync", 200, JOINED("s4", "!next", SUMMARY("2", "0")));
	assert_string_equal(world_call("/account_data/m.direct")->body, "{\"@maker:far\":[\"!r:hs\",\"!next\"]}");
	world_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(invitation_is_accepted_by_the_list),
		cmocka_unit_test(invitation_of_a_stranger_is_declined),
		cmocka_unit_test(join_names_a_server_that_knows_the_room),
		cmocka_unit_test(join_is_tried_again_until_it_is_refused),
		cmocka_unit_test(join_outlasts_any_outage),
		cmocka_unit_test(join_survives_a_restart),
		cmocka_unit_test(direct_invitation_is_added_to_m_direct),
		cmocka_unit_test(direct_invitation_joined_after_a_restart_keeps_the_others_in_m_direct),
		cmocka_unit_test(second_invitation_during_a_join_changes_nothing),
		cmocka_unit_test(deserted_room_is_left),
		cmocka_unit_test(tombstone_is_followed_by_way_of_its_sender),
		cmocka_unit_test(tombstone_to_where_we_are_or_to_nowhere_is_passed_over),
		cmocka_unit_test(upgraded_direct_room_stays_direct),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
