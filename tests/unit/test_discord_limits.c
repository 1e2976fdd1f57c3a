/* link: platform */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "platform/discord/denied.h"
#include "platform/discord/limits.h"

static int64_t now_us;

static int64_t read_us(const struct clock *clock)
{
	(void)clock;
	return now_us;
}

static const struct clock still = { .monotonic_us = read_us };

static int64_t wait_ms(const struct discord_limits *limits, const char *channel)
{
	return discord_limits_wait_ms(limits, ROUTE_POST, channel);
}

/* An answer to a post in `channel`. */
static void answer(struct discord_limits *limits, const char *channel, long status, struct discord_headers headers,
		   const char *body)
{
	struct json *json = body ? json_parse(body, strlen(body), &json_limits_message, NULL) : NULL;
	discord_limits_learn(limits, ROUTE_POST, channel, status, &headers, json ? json_root(json) : NULL);
	json_destroy(json);
}

static struct discord_limits *begin(unsigned per_s)
{
	now_us = 1000000000;
	return discord_limits_create(&still, per_s);
}

static void limits_wait_lets_the_first_request_go(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	assert_int_equal(wait_ms(limits, "1"), 0);
	discord_limits_destroy(limits);
}

static void limits_wait_holds_an_exhausted_bucket_until_its_reset(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	struct discord_headers told = { .bucket = "abc", .remaining = "1", .reset_after = "1.5" };
	answer(limits, "1", 200, told, "{}");
	assert_int_equal(wait_ms(limits, "1"), 0);
	discord_limits_take(limits, ROUTE_POST, "1");
	assert_int_equal(wait_ms(limits, "1"), 1500);
	now_us += 1499000;
	assert_int_equal(wait_ms(limits, "1"), 1);
	now_us += 1000;
	assert_int_equal(wait_ms(limits, "1"), 0);
	discord_limits_destroy(limits);
}

static void limits_wait_keeps_channels_apart(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	answer(limits, "1", 200, (struct discord_headers){ .bucket = "abc", .remaining = "0", .reset_after = "5" }, "{}");
	assert_int_equal(wait_ms(limits, "1"), 5000);
	assert_int_equal(wait_ms(limits, "2"), 0);
	discord_limits_destroy(limits);
}

static void limits_wait_shares_a_bucket_between_routes_of_one_name(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	struct discord_headers told = { .bucket = "same", .remaining = "3", .reset_after = "5" };
	discord_limits_learn(limits, ROUTE_EDIT, "1", 200, &told, NULL);
	told.remaining = "0";
	answer(limits, "1", 200, told, "{}");
	assert_int_equal(discord_limits_wait_ms(limits, ROUTE_EDIT, "1"), 5000);
	assert_int_equal(discord_limits_wait_ms(limits, ROUTE_DELETE, "1"), 0);
	discord_limits_destroy(limits);
}

static void limits_learn_obeys_retry_after_of_a_429(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	answer(limits, "1", 429, (struct discord_headers){ .retry_after = "9" }, "{\"retry_after\":0.25,\"global\":false}");
	assert_int_equal(wait_ms(limits, "1"), 250);
	assert_int_equal(wait_ms(limits, "2"), 0);
	discord_limits_destroy(limits);
}

static void limits_learn_stops_everything_at_a_global_429(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	answer(limits, "1", 429, (struct discord_headers){ 0 }, "{\"retry_after\":2,\"global\":true}");
	assert_int_equal(wait_ms(limits, "2"), 2000);
	assert_int_equal(discord_limits_wait_ms(limits, ROUTE_GATEWAY, ""), 2000);
	discord_limits_destroy(limits);
}

static void limits_learn_takes_a_429_that_is_no_json_for_the_whole_address(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	answer(limits, "1", 429, (struct discord_headers){ .retry_after = "3" }, NULL);
	assert_int_equal(wait_ms(limits, "2"), 3000);
	discord_limits_destroy(limits);
}

static void limits_learn_caps_what_a_server_tells(void **state)
{
	(void)state;
	static const char *const bodies[] = {
		"{\"retry_after\":1e300}", "{\"retry_after\":-5}", "{\"retry_after\":\"x\"}", "[]",
	};
	static const int64_t expected[] = { LIMITS_WAIT_MOST_MS, 5000, 5000, 5000 };
	for (size_t i = 0; i < 4; i++) {
		struct discord_limits *limits = begin(0);
		answer(limits, "1", 429, (struct discord_headers){ 0 }, bodies[i]);
		assert_int_equal(wait_ms(limits, "1"), expected[i]);
		discord_limits_destroy(limits);
	}
}

static void limits_take_spaces_requests_over_all_channels(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(wait_ms(limits, "1"), 0);
		discord_limits_take(limits, ROUTE_POST, "1");
		now_us += 100000;
	}
	int64_t wait = wait_ms(limits, "2");
	assert_in_range(wait, 700, 800); /* a second after the first of the three */
	now_us += wait * 1000;
	assert_int_equal(wait_ms(limits, "2"), 0);
	discord_limits_destroy(limits);
}

static void limits_learn_rests_well_before_the_address_is_banned(void **state)
{
	(void)state;
	static const long statuses[] = { 401, 403, 429 };
	struct discord_limits *limits = begin(0);
	int i = 0;
	for (; i < 10000 && wait_ms(limits, "other") == 0; i++) {
		answer(limits, "1", statuses[i % 3], (struct discord_headers){ 0 }, "{\"retry_after\":0}");
		now_us += 1000;
	}
	assert_int_equal(i, LIMITS_INVALID_MOST);
	assert_true(wait_ms(limits, "other") > 500000);
	now_us += LIMITS_INVALID_WINDOW_MS * INT64_C(1000);
	assert_int_equal(wait_ms(limits, "other"), 0);
	discord_limits_destroy(limits);
}

static void limits_learn_does_not_count_a_shared_429(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	for (int i = 0; i < 2 * LIMITS_INVALID_MOST; i++)
		answer(limits, "1", 429, (struct discord_headers){ .scope = "shared" }, "{\"retry_after\":0.001,\"global\":false}");
	assert_int_equal(wait_ms(limits, "other"), 0);
	discord_limits_destroy(limits);
}

static void limits_learn_stays_bounded_with_more_channels_than_it_remembers(void **state)
{
	(void)state;
	struct discord_limits *limits = begin(0);
	char channel[24];
	for (int i = 0; i < 20000; i++) {
		snprintf(channel, sizeof channel, "%d", i);
		answer(limits, channel, 200, (struct discord_headers){ .bucket = "abc", .remaining = "0", .reset_after = "5" }, "{}");
		assert_int_equal(wait_ms(limits, channel), 5000); /* the latest is always known */
	}
	discord_limits_destroy(limits);
}

static void denied_has_a_channel_for_an_hour_and_until_rights_change(void **state)
{
	(void)state;
	static struct discord_denied denied;
	discord_denied_add(&denied, "12", 1000);
	assert_true(discord_denied_has(&denied, "12", 2000));
	assert_false(discord_denied_has(&denied, "13", 2000));
	assert_false(discord_denied_has(&denied, "12", 1000 + DENIED_FOR_MS * INT64_C(1000)));
	discord_denied_forget(&denied);
	assert_false(discord_denied_has(&denied, "12", 2000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_wait_lets_the_first_request_go),
		cmocka_unit_test(limits_wait_holds_an_exhausted_bucket_until_its_reset),
		cmocka_unit_test(limits_wait_keeps_channels_apart),
		cmocka_unit_test(limits_wait_shares_a_bucket_between_routes_of_one_name),
		cmocka_unit_test(limits_learn_obeys_retry_after_of_a_429),
		cmocka_unit_test(limits_learn_stops_everything_at_a_global_429),
		cmocka_unit_test(limits_learn_takes_a_429_that_is_no_json_for_the_whole_address),
		cmocka_unit_test(limits_learn_caps_what_a_server_tells),
		cmocka_unit_test(limits_take_spaces_requests_over_all_channels),
		cmocka_unit_test(limits_learn_rests_well_before_the_address_is_banned),
		cmocka_unit_test(limits_learn_does_not_count_a_shared_429),
		cmocka_unit_test(limits_learn_stays_bounded_with_more_channels_than_it_remembers),
		cmocka_unit_test(denied_has_a_channel_for_an_hour_and_until_rights_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
