/* link: platform */
#include "matrix_world.h"

static const struct matrix_options by_token = {
	.homeserver = "https://hs/", .user = "@qantar:hs", .access_token = "secret-token",
};
static const struct matrix_options by_password = {
	.homeserver = "https://hs", .user = "@qantar:hs", .password = "pass",
};

static void begin(const struct matrix_options *options)
{
	struct error error;
	world_begin(options);
	assert_true(world.platform->impl->start(world.platform, &error));
}

static void probe(void)
{
	world_answer("https://hs/_matrix/client/versions", 200, "{'versions':['v1.12']}");
}

static void assert_failed_with(const char *part)
{
	const char *news = world_news();
	assert_non_null(strstr(news, "state failed: "));
	if (!strstr(news, part))
		fail_msg("'%s' does not say '%s'", news, part);
	for (size_t i = 0; i < TIMERS; i++)
		assert_null(world.timers[i]);
}

static void start_refuses_options_that_cannot_be_right(void **state)
{
	(void)state;
	const struct matrix_options wrong[] = {
		{ .homeserver = "https://hs" },
		{ .homeserver = "https://hs", .user = "qantar" },
		{ .homeserver = "https://hs", .user = "@qantar" },
		{ .homeserver = "hs", .user = "@qantar:hs", .access_token = "t" },
		{ .access_token = "t" },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct error error;
		world_begin(&wrong[i]);
		assert_false(world.platform->impl->start(world.platform, &error));
		world_end();
	}
}

static void login_sends_the_token_in_the_header_only(void **state)
{
	(void)state;
	world_begin(&by_token);
	world_connect();
	assert_string_equal(world_call("/sync")->authorization, "Bearer secret-token");
	for (size_t i = 0; i < world.calls_count; i++) {
		assert_null(strstr(world.calls[i].url, "secret"));
		assert_false(world.calls[i].body && strstr(world.calls[i].body, "secret"));
	}
	assert_null(world.calls[0].authorization); /* /versions */
	world_end();
}

static void login_with_password_uses_one_device_across_restarts(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	assert_non_null(strstr(world_call("/login")->body, "\"device_id\":\"HHHHHHHHHH\""));
	/* Killed before the answer: the device is the same at the next try. */
	world_restart(&by_password);
	struct error error;
	world.platform->impl->start(world.platform, &error);
	probe();
	assert_non_null(strstr(world_call("/login")->body, "\"device_id\":\"HHHHHHHHHH\""));
	world_answer("/login", 200,
		     "{'user_id':'@qantar:hs','access_token':'given','device_id':'HHHHHHHHHH'}");
	assert_string_equal(world_call("/whoami")->authorization, "Bearer given");
	/* And then there is no login any more. */
	world_restart(&by_password);
	world.platform->impl->start(world.platform, &error);
	probe();
	assert_false(world_is_asked("/login"));
	assert_string_equal(world_call("/whoami")->authorization, "Bearer given");
	world_end();
}

static void login_does_not_use_the_token_of_another_user(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	world_answer("/login", 200, "{'user_id':'@qantar:hs','access_token':'given'}");
	on_state_set(NULL, NULL, "since", "s9");
	const struct matrix_options other = { .homeserver = "https://hs", .user = "@other:hs", .password = "pass" };
	world_restart(&other);
	struct error error;
	world.platform->impl->start(world.platform, &error);
	probe();
	assert_non_null(strstr(world_call("/login")->body, "@other:hs"));
	assert_null(world_value("since"));
	world_end();
}

static void login_says_what_the_operator_must_change(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	world_answer("/login", 403, "{'errcode':'M_FORBIDDEN'}");
	assert_failed_with("password of @qantar:hs");
	world_end();

	begin(&by_token);
	probe();
	world_answer("/whoami", 401, "{'errcode':'M_UNKNOWN_TOKEN'}");
	assert_failed_with("access token");
	world_end();

	begin(&by_token);
	probe();
	world_answer("/whoami", 200, "{'user_id':'@someone:hs'}");
	assert_failed_with("another user");
	world_end();

	begin(&by_token);
	world_answer("/versions", 404, "<html>");
	assert_failed_with("no Matrix homeserver");
	world_end();

	const struct matrix_options nothing = { .homeserver = "https://hs", .user = "@qantar:hs" };
	begin(&nothing);
	probe();
	assert_failed_with("no access token and no password");
	world_end();
}

/* What a homeserver writes is shown to the operator: only if it is a name. */
static void login_shows_no_foreign_text(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	world_answer("/login", 403, "{'errcode':'M_EVIL\\u001b[31m sentence'}");
	assert_failed_with("(no errcode)");
	world_end();
}

static void login_waits_as_long_as_the_homeserver_says(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	world.retry_after = "7";
	world_answer("/login", 429, "{'errcode':'M_LIMIT_EXCEEDED','retry_after_ms':1000}");
	assert_int_equal(world.delays[0], 7000);
	world_fire_timers();
	world_answer("/login", 429, "{'errcode':'M_LIMIT_EXCEEDED','retry_after_ms':1500}");
	assert_int_equal(world.delays[0], 1500);
	world_fire_timers();
	assert_true(world_is_asked("/login"));
	world_end();
}

static void login_goes_on_through_an_outage(void **state)
{
	(void)state;
	begin(&by_token);
	for (int i = 0; i < 40; i++) {
		if (i % 2)
			world_fail("/versions", HTTP_NOT_SENT);
		else
			world_answer("/versions", 502, "<html>");
		world_fire_timers();
	}
	probe();
	assert_true(world_is_asked("/whoami"));
	world_end();
}

static void soft_logout_renews_the_token_and_goes_on(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	world_answer("/login", 200, "{'user_id':'@qantar:hs','access_token':'one','refresh_token':'r1'}");
	world_answer("/whoami", 200, "{'user_id':'@qantar:hs','device_id':'D'}");
	world_answer("/displayname", 404, "{}");
	world_answer("/sync", 200, "{'next_batch':'s1'}");
	world_answer("/sync", 401, "{'errcode':'M_UNKNOWN_TOKEN','soft_logout':true}");
	assert_non_null(strstr(world_call("/refresh")->body, "\"r1\""));
	world_answer("/refresh", 200, "{'access_token':'two','refresh_token':'r2'}");
	world_answer("/whoami", 200, "{'user_id':'@qantar:hs'}");
	world_answer("/displayname", 200, "{}");
	assert_string_equal(world_call("since=s1")->authorization, "Bearer two");
	assert_string_equal(world_value("secret.access_token"), "two");
	assert_string_equal(world_value("secret.refresh_token"), "r2");
	world_end();
}

static void token_is_renewed_before_it_runs_out(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	world_answer("/login", 200,
		     "{'user_id':'@qantar:hs','access_token':'one','refresh_token':'r1',"
		     "'expires_in_ms':400000}");
	world_answer("/whoami", 200, "{'user_id':'@qantar:hs'}");
	world_answer("/displayname", 200, "{}");
	world_answer("/sync", 200, "{'next_batch':'s1'}");
	world_news();
	assert_int_equal(world.delays[0], 300000);
	world_fire_timers();
	world_answer("/refresh", 502, "");
	world_fire_timers();
	world_answer("/refresh", 200, "{'access_token':'two','refresh_token':'r2','expires_in_ms':400000}");
	assert_string_equal(world_news(), ""); /* the connection stands all the time */
	/* With the token before: tried again with this one. */
	world_answer("/sync", 401, "{'errcode':'M_UNKNOWN_TOKEN','soft_logout':true}");
	assert_string_equal(world_value("secret.refresh_token"), "r2");
	assert_false(world_is_asked("/refresh"));
	world_fire_timers();
	assert_string_equal(world_call("/sync")->authorization, "Bearer two");
	/* A restart knows when. */
	world_restart(&by_password);
	struct error error;
	world.platform->impl->start(world.platform, &error);
	probe();
	world_fire_timers();
	assert_non_null(strstr(world_call("/refresh")->body, "\"r2\""));
	world_end();
}

static void soft_logout_without_renewal_logs_in_on_the_same_device(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	world_answer("/login", 200, "{'user_id':'@qantar:hs','access_token':'one','device_id':'DEV'}");
	world_answer("/whoami", 401, "{'errcode':'M_UNKNOWN_TOKEN','soft_logout':true}");
	assert_non_null(strstr(world_call("/login")->body, "\"device_id\":\"DEV\""));
	world_end();
}

/* One dead token, three answers that say so: one login. */
static void a_proxys_401_costs_no_token(void **state)
{
	(void)state;
	begin(&by_token);
	world_connect();
	world_answer("/sync", 401, "<html>Authorization Required</html>");
	world_fire_timers();
	assert_string_equal(world_call("/sync")->authorization, "Bearer secret-token");
	world_end();
}

static void many_401_bring_one_login(void **state)
{
	(void)state;
	begin(&by_password);
	probe();
	world_answer("/login", 200, "{'user_id':'@qantar:hs','access_token':'one','device_id':'DEV'}");
	world_answer("/whoami", 200, "{'user_id':'@qantar:hs'}");
	world_answer("/displayname", 200, "{}");
	world_answer("/sync", 200, "{'next_batch':'s1'}");
	world.platform->impl->send(world.platform, &(struct post){ .room = "!a:hs", .payload = "{}", .key = "k1" });
	world.platform->impl->send(world.platform, &(struct post){ .room = "!b:hs", .payload = "{}", .key = "k2" });
	world_news();
	world_answer("k1", 401, "{'errcode':'M_UNKNOWN_TOKEN','soft_logout':true}");
	world_answer("k2", 401, "{'errcode':'M_UNKNOWN_TOKEN','soft_logout':true}");
	assert_string_equal(world_news(), "sent k1 unreached \nstate connecting\nsent k2 unreached \n");
	assert_false(world_is_asked("/sync"));
	struct http_request *login = world_call("/login");
	login->is_open = false;
	assert_false(world_is_asked("/login"));
	world_end();
}

static void discovery_follows_the_well_known_file(void **state)
{
	(void)state;
	const struct matrix_options options = { .user = "@qantar:example.org", .access_token = "t" };
	begin(&options);
	assert_true(world_call("https://example.org/.well-known/matrix/client")->refuses_private);
	world_answer("/.well-known/", 200, "{'m.homeserver':{'base_url':'https://matrix.example.org/'}}");
	assert_true(world_call("https://matrix.example.org/_matrix/client/versions")->refuses_private);
	world_answer("/versions", 200, "{'versions':[]}");
	assert_true(world_call("/whoami")->refuses_private);
	world_end();

	begin(&options);
	world_answer("/.well-known/", 404, "nothing here");
	assert_true(world_is_asked("https://example.org/_matrix/client/versions"));
	world_end();
}

static void discovery_follows_redirects_to_public_servers(void **state)
{
	(void)state;
	const struct matrix_options options = { .user = "@qantar:example.org", .access_token = "t" };
	begin(&options);
	world.location = "https://www.example.org/matrix-client";
	world_answer("https://example.org/.well-known/", 301, "");
	assert_true(world_call("https://www.example.org/matrix-client")->refuses_private);
	assert_null(world_call("https://www.example.org/matrix-client")->authorization);
	world_answer("https://www.example.org/", 200, "{'m.homeserver':{'base_url':'https://matrix.example.org/'}}");
	assert_true(world_is_asked("https://matrix.example.org/_matrix/client/versions"));
	world_end();
	/* Round and round, to a place without TLS, nowhere. */
	const char *const locations[] = { "https://www.example.org/", "http://www.example.org/", NULL };
	for (size_t i = 0; i < 3; i++) {
		begin(&options);
		world.location = locations[i];
		for (int round = 0; world_is_asked("example.org/") && round < 20; round++)
			world_answer("example.org/", 302, "");
		assert_failed_with("set the homeserver");
		world_end();
	}
}

static void discovery_takes_no_address_without_tls(void **state)
{
	(void)state;
	const struct matrix_options options = { .user = "@qantar:example.org", .access_token = "t" };
	const char *const bodies[] = { "{'m.homeserver':{'base_url':'http://matrix.example.org'}}", "{}",
				       "{'m.homeserver':{'base_url':7}}" };
	for (size_t i = 0; i < 3; i++) {
		begin(&options);
		world_answer("/.well-known/", 200, bodies[i]);
		assert_failed_with("set the homeserver");
		world_end();
	}
}

static void configured_homeserver_may_be_private(void **state)
{
	(void)state;
	begin(&by_token);
	assert_false(world_call("/versions")->refuses_private);
	world_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_refuses_options_that_cannot_be_right),
		cmocka_unit_test(login_sends_the_token_in_the_header_only),
		cmocka_unit_test(login_with_password_uses_one_device_across_restarts),
		cmocka_unit_test(login_does_not_use_the_token_of_another_user),
		cmocka_unit_test(login_says_what_the_operator_must_change),
		cmocka_unit_test(login_shows_no_foreign_text),
		cmocka_unit_test(login_waits_as_long_as_the_homeserver_says),
		cmocka_unit_test(login_goes_on_through_an_outage),
		cmocka_unit_test(soft_logout_renews_the_token_and_goes_on),
		cmocka_unit_test(token_is_renewed_before_it_runs_out),
		cmocka_unit_test(soft_logout_without_renewal_logs_in_on_the_same_device),
		cmocka_unit_test(a_proxys_401_costs_no_token),
		cmocka_unit_test(many_401_bring_one_login),
		cmocka_unit_test(discovery_follows_the_well_known_file),
		cmocka_unit_test(discovery_follows_redirects_to_public_servers),
		cmocka_unit_test(discovery_takes_no_address_without_tls),
		cmocka_unit_test(configured_homeserver_may_be_private),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
