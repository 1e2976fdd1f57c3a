/* link: net */
#include "http_world.h"

#include "net/address.h"

/* In place of net/'s own: a test has only loopback, which counts as public here. */
bool address_is_public(const struct sockaddr *address)
{
	return address->sa_family == AF_INET;
}

static struct call *get_public(struct world *world)
{
	struct call *call = send_call(world, (struct http_call){ .no_redirect_private = true }, "/ok");
	run(world);
	assert_int_equal(call->status, 200);
	return call;
}

static void http_send_to_public_addresses_only_keeps_its_connection(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	get_public(world);
	get_public(world);
	assert_int_equal(world->peer.connections, 1);
}

static void http_send_to_public_addresses_only_uses_no_connection_made_for_any(void **state)
{
	struct world *world = *state;
	peer_start(&world->peer, serve_paths, NULL);
	get(world, "/ok");
	run(world);
	get_public(world);
	assert_int_equal(world->peer.connections, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST(http_send_to_public_addresses_only_keeps_its_connection),
		HTTP_TEST(http_send_to_public_addresses_only_uses_no_connection_made_for_any),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
