/* link: net */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/un.h>

#include <cmocka.h>

#include "net/address.h"

static bool is_public(const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return address_is_public((const struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return address_is_public((const struct sockaddr *)&six);
}

static void address_is_public_takes_servers_of_the_world(void **state)
{
	(void)state;
	static const char *const addresses[] = {
		"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
		"169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8",
		"64:ff9b::8.8.8.8", "2002:808:808::1",
	};
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
		if (!is_public(addresses[i]))
			fail_msg("%s", addresses[i]);
}

static void address_is_public_refuses_what_leads_inside(void **state)
{
	(void)state;
	static const char *const addresses[] = {
		"0.0.0.0", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
		"127.255.255.255",
		"169.254.169.254", "172.16.0.0", "172.31.255.255", "192.168.0.1", "192.0.0.8", "192.0.2.1",
		"198.18.0.0",
		"198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::",
		"::1",
		"fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "2001::1", "::ffff:127.0.0.1",
		"::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "2002:7f00:1::1",
		"2002:a00:1::1",
		"64:ff9b:1::1",
	};
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
		if (is_public(addresses[i]))
			fail_msg("%s", addresses[i]);
}

static void address_is_public_refuses_other_families(void **state)
{
	(void)state;
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	assert_false(address_is_public((const struct sockaddr *)&local));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_is_public_takes_servers_of_the_world),
		cmocka_unit_test(address_is_public_refuses_what_leads_inside),
		cmocka_unit_test(address_is_public_refuses_other_families),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
