/* fake_websocket: the server's side of RFC 6455 by hand, so that tests can break its rules. On top of fake_peer. */
#ifndef QANTAR_TESTS_FAKE_WEBSOCKET_H
#define QANTAR_TESTS_FAKE_WEBSOCKET_H

#include <openssl/evp.h>

#include "fake_peer.h"

enum { /* the first byte of a frame */
	FAKE_FINAL = 0x80,
	FAKE_CONTINUATION = 0x0,
	FAKE_TEXT = 0x1,
	FAKE_BINARY = 0x2,
	FAKE_CLOSE = 0x8,
	FAKE_PING = 0x9,
	FAKE_PONG = 0xA,
};

/* Takes the upgrade; `request` holds it then. */
static inline bool fake_websocket_accept(int fd, char request[PEER_REQUEST_BYTES])
{
	if (!peer_read_request(fd, request))
		return false;
	const char *key = strcasestr(request, "\r\nSec-WebSocket-Key: ");
	if (!key)
		return false;
	char joined[128], head[256];
	unsigned char digest[20], encoded[32];
	snprintf(joined, sizeof joined, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 21);
	EVP_Digest(joined, strlen(joined), digest, NULL, EVP_sha1(), NULL);
	EVP_EncodeBlock(encoded, digest, sizeof digest);
	snprintf(head, sizeof head, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Accept: %s\r\n\r\n", (const char *)encoded);
	return peer_write(fd, head);
}

static inline bool fake_websocket_frame(int fd, int first, const void *data, size_t bytes)
{
	unsigned char head[10] = { (unsigned char)first };
	size_t used = 2;
	if (bytes < 126) {
		head[1] = (unsigned char)bytes;
	} else if (bytes < 65536) {
		head[1] = 126;
		head[2] = (unsigned char)(bytes >> 8);
		head[3] = (unsigned char)bytes;
		used = 4;
	} else {
		head[1] = 127;
		for (size_t i = 0; i < 8; i++)
			head[2 + i] = (unsigned char)((uint64_t)bytes >> (56 - 8 * i));
		used = 10;
	}
	return peer_write_bytes(fd, head, used) && peer_write_bytes(fd, data, bytes);
}

static inline bool fake_websocket_close(int fd, int code, const char *reason)
{
	unsigned char data[125] = { (unsigned char)(code >> 8), (unsigned char)code };
	size_t bytes = strnlen(reason, sizeof data - 2);
	memcpy(data + 2, reason, bytes);
	return fake_websocket_frame(fd, FAKE_CLOSE | FAKE_FINAL, data, bytes + 2);
}

/* Reads one frame of the client, unmasked and terminated; returns its first byte, -1 at the end. */
static inline int fake_websocket_read(int fd, char *data, size_t size, size_t *bytes)
{
	unsigned char head[2], longer[8], mask[4];
	if (!peer_read_bytes(fd, head, 2))
		return -1;
	uint64_t length = head[1] & 0x7F;
	size_t extra = length == 127 ? 8 : length == 126 ? 2 : 0;
	if (!peer_read_bytes(fd, longer, extra))
		return -1;
	if (extra)
		length = 0;
	for (size_t i = 0; i < extra; i++)
		length = length << 8 | longer[i];
	if (!(head[1] & 0x80) || !peer_read_bytes(fd, mask, 4) || length >= size || !peer_read_bytes(fd, data, length))
		return -1;
	for (size_t i = 0; i < length; i++)
		data[i] = (char)(data[i] ^ mask[i % 4]);
	data[length] = '\0';
	*bytes = length;
	return head[0];
}

/* Until the client has gone. */
static inline void fake_websocket_wait(int fd)
{
	char data[4096];
	while (recv(fd, data, sizeof data, 0) > 0)
		continue;
}

#endif
