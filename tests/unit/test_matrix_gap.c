/* link: platform */
#include "matrix_batches.h"

/* ---- gaps ---- */

static void gap_is_filled_before_anything_is_handed_up(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", GAPPY(ASK("$5", "five"))) ","
					     ROOM("!q:hs", TIMELINE(ASK("$9", "nine"))))), "");
	const char *url = world_call("/v3/rooms/!r:hs/messages?dir=b")->url;
	assert_non_null(strstr(url, "from=p1"));
	assert_non_null(strstr(url, "to=s1"));
	world_answer("/messages", 200, "{'chunk':[" ASK("$4", "four") "," ASK("$3", "three") "],'end':'p2'}");
	assert_string_equal(world_value("since"), "s1");
	assert_non_null(strstr(world_call("/messages")->url, "from=p2"));
	world_answer("/messages", 200, "{'chunk':[" ASK("$2", "two") "]}");
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
		world_answer("/messages", 200, "{'chunk':[" SAY("$x", "x") "],'end':'again'}");
	assert_int_equal(pages, 20);
	assert_string_equal(world_value("since"), "s2");
	world_end();
}

/* Six rooms of twenty pages each would be held at once: the last ones go without. */
static void gaps_are_bounded_together(void **state)
{
	(void)state;
	begin();
	struct buffer body;
	buffer_init(&body, 1 << 16);
	buffer_append_text(&body, "{'next_batch':'s2','rooms':{'join':{");
	for (int i = 0; i < 6; i++)
		buffer_format(&body, "%s" ROOM("!r%d:hs", GAPPY(ASK("$%d", "x"))), i ? "," : "", i, i);
	buffer_append_text(&body, "}}}");
	batch(buffer_text(&body));
	buffer_finish(&body);
	size_t pages = 0;
	for (; world_is_asked("/messages"); pages++)
		world_answer("/messages", 200, "{'chunk':[" MESSAGE("$x", "@ann:hs", "{}") "],'end':'again'}");
	assert_int_equal(pages, 5 * 20 + 1);
	assert_string_equal(world_value("since"), "s2");
	world_end();
}

static void gap_ends_where_messages_are_too_old(void **state)
{
	(void)state;
	begin();
	batch(SYNC("s2", ROOM("!r:hs", GAPPY(ASK("$5", "five")))));
	world_answer("/messages", 200, "{'chunk':[{'type':'m.room.message','event_id':'$1','sender':'@ann:hs',"
				       "'origin_server_ts':1641400000000,'content':{'msgtype':'m.text','body':'!ask old'}}],'end':'p2'}");
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
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", GAPPY(ASK("$1", "before?") "," MEMBER("$2", "join", "") ","
								 ASK("$3", "after?"))))),
			    "entered !r:hs\nmessage !r:hs @ann:hs $3 addressed: after?\n");
	world_end();
}

static void joined_direct_room_shows_what_came_after_the_invitation(void **state)
{
	(void)state;
	begin();
	assert_string_equal(
		batch(SYNC("s2", ROOM("!r:hs", SUMMARY("2", "0") ","
					       TIMELINE(SAY("$1", "before") "," MEMBER("$2", "invite", "") ","
							SAY("$3", "first question") "," MEMBER("$4", "join", INVITED_DIRECTLY) ","
							SAY("$5", "second"))))),
		"entered !r:hs direct\nmessage !r:hs @ann:hs $3 direct addressed: first question\n"
		"message !r:hs @ann:hs $5 direct addressed: second\n");
	world_end();
}

static void joined_direct_room_is_read_back_to_the_invitation(void **state)
{
	(void)state;
	begin();
	batch(SYNC("s2", ROOM("!r:hs", SUMMARY("2", "0") "," GAPPY(MEMBER("$4", "join", INVITED_DIRECTLY)))));
	assert_null(strstr(world_call("/messages")->url, "to=")); /* the invitation may be older than the token */
	world_answer("/messages", 200, "{'chunk':[" SAY("$3", "first question") "," MEMBER("$2", "invite", "") ","
				       SAY("$1", "before") "],'end':'p2'}");
	assert_false(world_is_asked("/messages"));
	assert_string_equal(world_news(), "entered !r:hs direct\nmessage !r:hs @ann:hs $3 direct addressed: first question\n");
	world_end();
}

static void own_change_of_name_is_no_join(void **state)
{
	(void)state;
	begin();
	assert_string_equal(batch(SYNC("s2", ROOM("!r:hs", TIMELINE(ASK("$1", "who?") ","
					MEMBER("$2", "join", ",'unsigned':{'prev_content':{'membership':'join'}}"))))),
			    "message !r:hs @ann:hs $1 addressed: who?\n");
	world_end();
}

/* ---- direct or not ---- */

#define DIRECT(next) \
	"{'next_batch':'" next "','account_data':{'events':[{'type':'m.direct','content':{'@ann:hs':['!d:hs',7]}}]}}"

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
	world_answer("/v3/rooms/!d:hs/joined_members", 200, "{'joined':{'@ann:hs':{},'@bob:hs':{},'@qantar:hs':{}}}");
	assert_string_equal(world_news(), "message !d:hs @ann:hs $1: who?\n");
	assert_string_equal(batch(SYNC("s4", ROOM("!d:hs", TIMELINE(SAY("$2", "who?"))))), "message !d:hs @ann:hs $2: who?\n");
	world_end();
}

/* ---- caps ---- */

/* Look-ups for replies to unknown messages are bounded: the ones past the cap count as not ours. */
static void lookups_are_bounded(void **state)
{
	(void)state;
	begin();
	struct buffer body;
	buffer_init(&body, 1 << 20);
	buffer_append_text(&body, "{'next_batch':'s2','rooms':{'join':{'!r:hs':{'timeline':{'events':[");
	for (int i = 0; i < 40; i++)
		buffer_format(&body, "%s{'type':'m.room.message','event_id':'$q%d','sender':'@ann:hs',"
			      "'origin_server_ts':1641499990000,'content':{'msgtype':'m.text','body':'why?',"
			      "'m.relates_to':{'m.in_reply_to':{'event_id':'$o%d'}}}}",
			      i ? "," : "", i, i);
	buffer_append_text(&body, "]}}}}}");
	batch(buffer_text(&body));
	int lookups = 0;
	for (; world_is_asked("/event/"); lookups++)
		world_answer("/event/", 200, "{'sender':'@qantar:hs'}");
	assert_int_equal(lookups, 32);
	const char *news = world_news();
	assert_non_null(strstr(news, "$q31 addressed"));
	assert_non_null(strstr(news, "$q32:"));
	buffer_finish(&body);
	world_end();
}

static void ids_past_the_cap_are_passed_over(void **state)
{
	(void)state;
	char id[PLATFORM_ID_BYTES + 1];
	for (size_t bytes = PLATFORM_ID_BYTES - 1; bytes <= PLATFORM_ID_BYTES; bytes++) {
		begin();
		memset(id, 'x', bytes);
		id[bytes] = '\0';
		struct buffer body;
		buffer_init(&body, 4096);
		buffer_format(&body, SYNC("s2", ROOM("!r:hs", TIMELINE("{'type':'m.room.message','event_id':'%s','sender':'@ann:hs',"
							      "'origin_server_ts':1641499990000,"
							      "'content':{'msgtype':'m.text','body':'!ask x'}}"))), id);
		batch(buffer_text(&body));
		buffer_clear(&body);
		buffer_format(&body, SYNC("s3", ROOM("%s", TIMELINE(ASK("$1", "x")))), id);
		const char *news = batch(buffer_text(&body));
		assert_int_equal(strstr(news, "addressed") != NULL, bytes < PLATFORM_ID_BYTES);
		assert_string_equal(world_value("since"), "s3");
		buffer_finish(&body);
		world_end();
	}
}

static void ignored_users_are_bounded(void **state)
{
	(void)state;
	struct names names = { 0 };
	char name[32];
	for (int i = 0; i < NAMES_MOST; i++) {
		snprintf(name, sizeof name, "@u%d:hs", i);
		assert_true(names_add(&names, name));
	}
	assert_false(names_add(&names, "@one:more"));
	assert_true(names_add(&names, "@u7:hs")); /* is there */
	assert_int_equal(names.count, NAMES_MOST);
	assert_false(names_has(&names, "@one:more"));
	names_finish(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gap_is_filled_before_anything_is_handed_up),
		cmocka_unit_test(gap_is_bounded),
		cmocka_unit_test(gaps_are_bounded_together),
		cmocka_unit_test(gap_ends_where_messages_are_too_old),
		cmocka_unit_test(gap_that_cannot_be_had_holds_up_nothing_for_ever),
		cmocka_unit_test(joined_room_shows_only_what_came_after),
		cmocka_unit_test(joined_direct_room_shows_what_came_after_the_invitation),
		cmocka_unit_test(joined_direct_room_is_read_back_to_the_invitation),
		cmocka_unit_test(own_change_of_name_is_no_join),
		cmocka_unit_test(direct_is_what_m_direct_says),
		cmocka_unit_test(direct_room_of_unknown_size_is_counted_once),
		cmocka_unit_test(lookups_are_bounded),
		cmocka_unit_test(ids_past_the_cap_are_passed_over),
		cmocka_unit_test(ignored_users_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
