/* fake_peer: a server for tests of clients: real sockets on 127.0.0.1, a port the system chose, a thread a connection.
 * What it answers is a function of the test. */
#ifndef QANTAR_TESTS_FAKE_PEER_H
#define QANTAR_TESTS_FAKE_PEER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEER_CONNECTIONS = 256, PEER_REQUEST_BYTES = 65536 };

struct peer {
	int listener, port;
	void (*serve)(struct peer *peer, int fd); /* in a thread of its own; the descriptor is closed after it */
	void *context;
	pthread_t thread, threads[PEER_CONNECTIONS];
	int fds[PEER_CONNECTIONS]; /* -1: closed */
	int connections;           /* all there have been */
	pthread_mutex_t lock;      /* of all that threads share, the test's own counters included */
	int serving, serving_most; /* requests answered at one time, for the test's use */
	char log[4096];            /* what the test's function noted, in order */
};

struct peer_connection {
	struct peer *peer;
	int index;
};

static inline void peer_note(struct peer *peer, const char *text)
{
	pthread_mutex_lock(&peer->lock);
	size_t used = strlen(peer->log);
	snprintf(peer->log + used, sizeof peer->log - used, "%s", text);
	pthread_mutex_unlock(&peer->lock);
}

static inline void *peer_serve(void *context)
{
	struct peer_connection *connection = context;
	struct peer *peer = connection->peer;
	int index = connection->index;
	free(connection);
	peer->serve(peer, peer->fds[index]);
	pthread_mutex_lock(&peer->lock);
	close(peer->fds[index]);
	peer->fds[index] = -1;
	pthread_mutex_unlock(&peer->lock);
	return NULL;
}

static inline void *peer_accept(void *context)
{
	struct peer *peer = context;
	int fd;
	while ((fd = accept(peer->listener, NULL, NULL)) >= 0 && peer->connections < PEER_CONNECTIONS) {
		struct peer_connection *connection = malloc(sizeof *connection);
		if (!connection)
			abort();
		/* Counted before it is served: who has the answer may ask how many there were. */
		pthread_mutex_lock(&peer->lock);
		int index = peer->connections++;
		*connection = (struct peer_connection){ peer, index };
		peer->fds[index] = fd;
		pthread_mutex_unlock(&peer->lock);
		pthread_create(&peer->threads[index], NULL, peer_serve, connection);
	}
	return NULL;
}

static inline void peer_start(struct peer *peer, void (*serve)(struct peer *, int), void *context)
{
	memset(peer, 0, sizeof *peer);
	pthread_mutex_init(&peer->lock, NULL);
	peer->serve = serve;
	peer->context = context;
	peer->listener = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t bytes = sizeof address;
	if (bind(peer->listener, (struct sockaddr *)&address, bytes) != 0 || listen(peer->listener, 128) != 0 ||
	    getsockname(peer->listener, (struct sockaddr *)&address, &bytes) != 0)
		abort();
	peer->port = ntohs(address.sin_port);
	if (serve)
		pthread_create(&peer->thread, NULL, peer_accept, peer);
}

static inline void peer_stop(struct peer *peer)
{
	shutdown(peer->listener, SHUT_RDWR);
	if (peer->serve)
		pthread_join(peer->thread, NULL);
	close(peer->listener);
	for (int i = 0; i < peer->connections; i++) {
		pthread_mutex_lock(&peer->lock);
		if (peer->fds[i] >= 0)
			shutdown(peer->fds[i], SHUT_RDWR);
		pthread_mutex_unlock(&peer->lock);
		pthread_join(peer->threads[i], NULL);
	}
	pthread_mutex_destroy(&peer->lock);
}

static inline bool peer_write_bytes(int fd, const void *data, size_t bytes)
{
	const char *at = data;
	while (bytes > 0) {
		ssize_t put = send(fd, at, bytes, MSG_NOSIGNAL);
		if (put <= 0)
			return false;
		at += put;
		bytes -= (size_t)put;
	}
	return true;
}

static inline bool peer_write(int fd, const char *text)
{
	return peer_write_bytes(fd, text, strlen(text));
}

static inline bool peer_read_bytes(int fd, void *data, size_t bytes)
{
	char *at = data;
	while (bytes > 0) {
		ssize_t got = recv(fd, at, bytes, 0);
		if (got <= 0)
			return false;
		at += got;
		bytes -= (size_t)got;
	}
	return true;
}

/* One HTTP request, head and body, terminated; false when the connection ended before. */
static inline bool peer_read_request(int fd, char request[PEER_REQUEST_BYTES])
{
	size_t used = 0;
	request[0] = '\0';
	char *end;
	while (!(end = strstr(request, "\r\n\r\n"))) {
		if (used + 1 >= PEER_REQUEST_BYTES || !peer_read_bytes(fd, request + used, 1))
			return false;
		request[++used] = '\0';
	}
	const char *length = strcasestr(request, "\r\nContent-Length:");
	size_t body = length ? strtoul(length + 17, NULL, 10) : 0;
	if (used + body >= PEER_REQUEST_BYTES || !peer_read_bytes(fd, request + used, body))
		return false;
	request[used + body] = '\0';
	return true;
}

/* An answer of `status` with a body, over a connection that stays open. */
static inline bool peer_answer(int fd, int status, const char *headers, const char *body)
{
	char head[2048];
	snprintf(head, sizeof head, "HTTP/1.1 %d Status\r\n%sContent-Length: %zu\r\n\r\n", status, headers,
		 strlen(body));
	return peer_write(fd, head) && peer_write(fd, body);
}

#endif
