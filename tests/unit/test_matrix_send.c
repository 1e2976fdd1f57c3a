/* link: platform */
#include "matrix_world.h"

static const struct matrix_options options = { .homeserver = "https://hs", .user = "@qantar:hs", .access_token = "t" };

static void begin(void)
{
	world_begin(&options);
	world_connect();
}

static void send_to(const char *room, const char *key)
{
	world.platform->impl->send(world.platform, &(struct post){ .room = room, .payload = "{\"body\":\"x\"}", .key = key });
}

static void send_puts_the_payload_under_its_key(void **state)
{
	(void)state;
	begin();
	send_to("!r:hs", "key1");
	assert_string_equal(world_news(), ""); /* never from inside the call */
	const struct http_request *call = world_call("/v3/rooms/!r:hs/send/m.room.message/key1");
	assert_string_equal(call->method, "PUT");
	assert_string_equal(call->body, "{\"body\":\"x\"}");
	world_answer("key1", 200, "{'event_id':'$e'}");
	assert_string_equal(world_news(), "sent key1 done $e\n");
	world_end();
}

static void send_tells_what_became_of_it(void **state)
{
	(void)state;
	const struct {
		long status;
		const char *body, *news;
	} cases[] = {
		{ 403, "{'errcode':'M_FORBIDDEN'}", "sent k refused \n" },
		{ 413, "{'errcode':'M_TOO_LARGE'}", "sent k refused \n" },
		{ 500, "{}", "sent k lost \n" },
		{ 504, "<html>", "sent k lost \n" },
		{ 200, "garbage", "sent k lost \n" },
		{ 200, "{}", "sent k lost \n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin();
		send_to("!r:hs", "k");
		world_answer("/k", cases[i].status, cases[i].body);
		assert_string_equal(world_news(), cases[i].news);
		world_end();
	}
	begin();
	send_to("!r:hs", "k");
	world_fail("/k", HTTP_NOT_SENT);
	assert_string_equal(world_news(), "sent k unreached \n");
	send_to("!r:hs", "k");
	world_fail("/k", HTTP_LOST);
	assert_string_equal(world_news(), "sent k lost \n");
	world_end();
}

static void send_keeps_the_order_in_a_room(void **state)
{
	(void)state;
	begin();
	send_to("!a:hs", "a1");
	send_to("!a:hs", "a2");
	send_to("!b:hs", "b1");
	assert_true(world_is_asked("a1") && world_is_asked("b1"));
	assert_false(world_is_asked("a2"));
	world_answer("a1", 200, "{'event_id':'$1'}");
	assert_true(world_is_asked("a2"));
	world_end();
}

static void send_waits_out_a_limit_under_the_same_key(void **state)
{
	(void)state;
	begin();
	send_to("!a:hs", "a1");
	world_answer("a1", 429, "{'errcode':'M_LIMIT_EXCEEDED','retry_after_ms':5000}");
	assert_string_equal(world_news(), "");
	assert_false(world_is_asked("a1"));
	world_fire_timers();
	world_answer("/a1", 200, "{'event_id':'$1'}");
	assert_string_equal(world_news(), "sent a1 done $1\n");
	world_end();
}

/* While limited one send at a time, in the order of asking: a room's own order and that between rooms. */
static void send_goes_one_by_one_while_limited(void **state)
{
	(void)state;
	begin();
	send_to("!a:hs", "a1");
	send_to("!a:hs", "a2");
	send_to("!b:hs", "b1");
	world_answer("a1", 429, "{'retry_after_ms':5000}");
	world_answer("b1", 429, "{'retry_after_ms':5000}");
	send_to("!c:hs", "c1");
	assert_false(world_is_asked("c1"));
	world_fire_timers();
	size_t under_way = 0;
	const char *const keys[] = { "/a1", "/a2", "/b1", "/c1" };
	for (size_t round = 0; round < 4; round++) {
		size_t which = 0;
		under_way = 0;
		for (size_t i = 0; i < 4; i++) {
			if (world_is_asked(keys[i])) {
				under_way++;
				which = i;
			}
		}
		assert_int_equal(under_way, 1);
		world_answer(keys[which], 200, "{'event_id':'$1'}");
	}
	const char *news = world_news();
	assert_true(strstr(news, "sent a1") < strstr(news, "sent a2"));
	assert_non_null(strstr(news, "sent b1"));
	assert_non_null(strstr(news, "sent c1"));
	/* And then it is over. */
	send_to("!a:hs", "d1");
	send_to("!b:hs", "d2");
	assert_true(world_is_asked("d1") && world_is_asked("d2"));
	world_end();
}

static void send_limited_again_waits_again(void **state)
{
	(void)state;
	begin();
	send_to("!a:hs", "a1");
	send_to("!b:hs", "b1");
	world_answer("a1", 429, "{'retry_after_ms':100}");
	world_answer("b1", 200, "{'event_id':'$2'}");
	for (int i = 0; i < 5; i++) {
		world_fire_timers();
		world_answer("/a1", 429, "{}");
	}
	world_fire_timers();
	world_answer("/a1", 200, "{'event_id':'$1'}");
	assert_string_equal(world_news(), "sent b1 done $2\nsent a1 done $1\n");
	world_end();
}

static void edit_replaces_the_answer_itself(void **state)
{
	(void)state;
	begin();
	const struct post post = {
		.room = "!r:hs", .key = "e1",
		.payload = "{\"msgtype\":\"m.notice\",\"body\":\"new\",\"formatted_body\":\"<p>new</p>\",\"m.mentions\":{},"
			   "\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":\"$q\"}}}",
	};
	assert_true(world.platform->impl->edit(world.platform, "$answer", &post));
	assert_string_equal(world_call("/send/m.room.message/e1")->body,
			    "{\"msgtype\":\"m.notice\",\"body\":\"* new\",\"m.mentions\":{},"
			    "\"m.new_content\":{\"msgtype\":\"m.notice\",\"body\":\"new\","
			    "\"formatted_body\":\"<p>new</p>\",\"m.mentions\":{}},"
			    "\"m.relates_to\":{\"rel_type\":\"m.replace\",\"event_id\":\"$answer\"}}");
	world_answer("e1", 200, "{'event_id':'$edit'}");
	/* What is to be edited next time is still the answer. */
	assert_string_equal(world_news(), "sent e1 done $answer\n");
	world_end();
}

static void edit_refuses_what_is_no_message(void **state)
{
	(void)state;
	begin();
	const struct post posts[] = { { "!r:hs", "{}", "e" }, { "!r:hs", "[", "e" } };
	assert_false(world.platform->impl->edit(world.platform, "$a", &posts[0]));
	assert_false(world.platform->impl->edit(world.platform, "$a", &posts[1]));
	world_end();
}

static void redact_waits_for_what_was_sent_before(void **state)
{
	(void)state;
	begin();
	send_to("!r:hs", "k1");
	world.platform->impl->redact(world.platform, "!r:hs", "$answer", "k2");
	assert_false(world_is_asked("/redact/"));
	world_answer("k1", 200, "{'event_id':'$1'}");
	world_answer("/v3/rooms/!r:hs/redact/$answer/k2", 200, "{'event_id':'$2'}");
	assert_string_equal(world_news(), "sent k1 done $1\nsent k2 done $answer\n");
	world_end();
}

static void typing_and_receipt_ask_for_no_answer(void **state)
{
	(void)state;
	begin();
	world.platform->impl->typing(world.platform, "!r:hs", true);
	assert_string_equal(world_call("/v3/rooms/!r:hs/typing/@qantar:hs")->body, "{\"typing\":true,\"timeout\":30000}");
	world.platform->impl->receipt(world.platform, "!r:hs", "$q");
	world_answer("/typing/", 403, "{}");
	world_answer("/v3/rooms/!r:hs/receipt/m.read/$q", 500, "");
	assert_string_equal(world_news(), "");
	world_end();
}

static void send_before_the_login_is_reported_as_not_sent(void **state)
{
	(void)state;
	world_begin(&options);
	send_to("!r:hs", "k");
	assert_int_equal(world.calls_count, 0);
	assert_string_equal(world_news(), "");
	world_fire_timers();
	assert_string_equal(world_news(), "sent k unreached \n");
	world_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(send_puts_the_payload_under_its_key),
		cmocka_unit_test(send_tells_what_became_of_it),
		cmocka_unit_test(send_keeps_the_order_in_a_room),
		cmocka_unit_test(send_waits_out_a_limit_under_the_same_key),
		cmocka_unit_test(send_goes_one_by_one_while_limited),
		cmocka_unit_test(send_limited_again_waits_again),
		cmocka_unit_test(edit_replaces_the_answer_itself),
		cmocka_unit_test(edit_refuses_what_is_no_message),
		cmocka_unit_test(redact_waits_for_what_was_sent_before),
		cmocka_unit_test(typing_and_receipt_ask_for_no_answer),
		cmocka_unit_test(send_before_the_login_is_reported_as_not_sent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
