/* address: which addresses are a public server's. */
#ifndef QANTAR_NET_ADDRESS_H
#define QANTAR_NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* False for loopback, private, link-local, shared, documentation, multicast and reserved addresses, also where an IPv6
 * address carries such an IPv4 one (mapped, NAT64, 6to4), and for other families. IANA IPv4 and IPv6
 * Special-Purpose Address Registries. */
bool address_is_public(const struct sockaddr *address);

#endif
