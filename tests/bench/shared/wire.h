/* wire: just enough of HTTP/1.1 and of WebSocket (RFC 6455) for a server that only a bench talks to, on loopback. */
#ifndef QANTAR_BENCH_WIRE_H
#define QANTAR_BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

struct wire_request { /* borrowed from the buffer it was read from */
	const char *head;     /* request line and headers; not terminated */
	size_t head_bytes;
	const char *body;
	size_t body_bytes;
	bool is_upgrade;
};

/* Whole requests at the start of `bytes`: how many bytes the first one takes, 0 when it is not all there yet. */
size_t wire_read_request(const char *bytes, size_t count, struct wire_request *request);
/* Likewise for a frame from a client. `text` is unmasked in place; opcode 8 is the close. */
size_t wire_read_frame(char *bytes, size_t count, int *opcode, char **text, size_t *text_bytes);

void wire_answer(struct buffer *out, int status, const char *json, size_t json_bytes);
void wire_upgrade(struct buffer *out, const struct wire_request *request);
void wire_frame(struct buffer *out, const char *text, size_t bytes);

#endif
