#include "wire.h"

#include <libwebsockets.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of a header, NULL when absent; ends at \r. */
static const char *header(const char *head, size_t bytes, const char *name)
{
	size_t name_bytes = strlen(name);
	for (const char *at = head, *end = head + bytes; at + name_bytes + 1 < end;) {
		if (strncasecmp(at, name, name_bytes) == 0 && at[name_bytes] == ':')
			return at + name_bytes + 1 + strspn(at + name_bytes + 1, " ");
		at = memchr(at, '\n', (size_t)(end - at));
		if (!at)
			return NULL;
		at++;
	}
	return NULL;
}

size_t wire_read_request(const char *bytes, size_t count, struct wire_request *request)
{
	const char *end = memmem(bytes, count, "\r\n\r\n", 4);
	if (!end)
		return 0;
	*request = (struct wire_request){ .head = bytes, .head_bytes = (size_t)(end - bytes) + 4, .body = end + 4 };
	const char *length = header(bytes, request->head_bytes, "content-length");
	request->body_bytes = length ? strtoul(length, NULL, 10) : 0;
	request->is_upgrade = header(bytes, request->head_bytes, "upgrade") != NULL;
	size_t all = request->head_bytes + request->body_bytes;
	return all <= count ? all : 0;
}

size_t wire_read_frame(char *bytes, size_t count, int *opcode, char **text, size_t *text_bytes)
{
	const unsigned char *at = (const unsigned char *)bytes;
	if (count < 2)
		return 0;
	*opcode = at[0] & 15;
	size_t length = at[1] & 127, head = 2;
	if (length >= 126) {
		size_t wide = length == 126 ? 2 : 8;
		if (count < 2 + wide)
			return 0;
		length = 0;
		for (size_t i = 0; i < wide; i++)
			length = length << 8 | at[2 + i];
		head += wide;
	}
	if (count < head + 4 + length)
		return 0;
	for (size_t i = 0; i < length; i++)
		bytes[head + 4 + i] = (char)(bytes[head + 4 + i] ^ bytes[head + i % 4]);
	*text = bytes + head + 4;
	*text_bytes = length;
	return head + 4 + length;
}

void wire_answer(struct buffer *out, int status, const char *json, size_t json_bytes)
{
	buffer_format(out, "HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", status,
		      json_bytes);
	buffer_append(out, json, json_bytes);
}

void wire_upgrade(struct buffer *out, const struct wire_request *request)
{
	char text[128];
	unsigned char digest[20];
	const char *key = header(request->head, request->head_bytes, "sec-websocket-key");
	size_t bytes = key ? strcspn(key, "\r") : 0;
	if (bytes + 37 > sizeof text)
		return;
	memcpy(text, key, bytes);
	memcpy(text + bytes, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
	lws_SHA1((unsigned char *)text, bytes + 36, digest);
	lws_b64_encode_string((const char *)digest, sizeof digest, text, sizeof text);
	buffer_format(out,
		      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		      "Sec-WebSocket-Accept: %s\r\n\r\n",
		      text);
}

void wire_frame(struct buffer *out, const char *text, size_t bytes)
{
	char head[4] = { (char)0x81, (char)bytes };
	if (bytes >= 126) { /* the server's own messages are short of 64 KiB */
		head[1] = 126;
		head[2] = (char)(bytes >> 8);
		head[3] = (char)bytes;
	}
	buffer_append(out, head, bytes >= 126 ? 4 : 2);
	buffer_append(out, text, bytes);
}
