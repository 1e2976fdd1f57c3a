#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range4 {
	uint32_t first; /* host order */
	unsigned bits;
};

static const struct range4 special4[] = {
	{ 0x00000000, 8 },  /* 0.0.0.0/8: this network */
	{ 0x0A000000, 8 },  /* 10.0.0.0/8: private */
	{ 0x64400000, 10 }, /* 100.64.0.0/10: shared by carriers */
	{ 0x7F000000, 8 },  /* 127.0.0.0/8: loopback */
	{ 0xA9FE0000, 16 }, /* 169.254.0.0/16: link-local, clouds' metadata */
	{ 0xAC100000, 12 }, /* 172.16.0.0/12: private */
	{ 0xC0000000, 24 }, /* 192.0.0.0/24: protocol assignments */
	{ 0xC0000200, 24 }, /* 192.0.2.0/24: documentation */
	{ 0xC0A80000, 16 }, /* 192.168.0.0/16: private */
	{ 0xC6120000, 15 }, /* 198.18.0.0/15: benchmarks */
	{ 0xC6336400, 24 }, /* 198.51.100.0/24: documentation */
	{ 0xCB007100, 24 }, /* 203.0.113.0/24: documentation */
	{ 0xE0000000, 3 },  /* 224.0.0.0/3: multicast and reserved */
};

static bool is_public4(uint32_t address)
{
	for (size_t i = 0; i < sizeof special4 / sizeof *special4; i++)
		if ((address ^ special4[i].first) >> (32 - special4[i].bits) == 0)
			return false;
	return true;
}

static uint32_t read4(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool is_public6(const uint8_t bytes[16])
{
	static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xFF, 0x9B };
	if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, nat64, 12) == 0)
		return is_public4(read4(bytes + 12));
	if (bytes[0] == 0x20 && bytes[1] == 0x02) /* 2002::/16: 6to4 */
		return is_public4(read4(bytes + 2));
	if (memcmp(bytes, (const uint8_t[]){ 0x20, 0x01, 0x0D, 0xB8 }, 4) == 0) /* 2001:db8::/32: documentation */
		return false;
	if (bytes[0] == 0x20 && bytes[1] == 0x01 && (bytes[2] & 0xFE) == 0) /* 2001::/23: Teredo and protocols */
		return false;
	return (bytes[0] & 0xE0) == 0x20; /* 2000::/3 is all that is given out as global unicast */
}

bool address_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return is_public4(ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
	if (address->sa_family == AF_INET6)
		return is_public6(((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr);
	return false;
}
