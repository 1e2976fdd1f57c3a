/* link: net */
/* discord: a Discord that does nothing but ask, so that it is never what the bench waits for.
 *
 *   bench_discord CHANNELS < commands
 *
 * Prints {"port":N}, then {"ready":true} for each bot that has identified itself. The command "go MESSAGES WINDOW"
 * sends that many questions that mention the bot, at most WINDOW of them unanswered at a time, and prints
 * {"replies":N,"seconds":S,"cpu":C} with its own processor time. "quit" or the end of the input ends it. Questions are
 * those of stdin's "ask TEXT" lines, in turn. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "wire.h"

enum { PEERS = 256, OUT_BYTES = 64 << 20, IN_BYTES = 1 << 20, QUESTIONS = 4096, MESSAGES = 1 << 22 };

struct peer {
	int fd; /* 0: free */
	bool is_websocket;
	struct buffer in, out;
};

struct server {
	int epoll, listener;
	unsigned port, channels;
	struct peer peers[PEERS];
	struct peer *gateway;  /* the bot's, once identified */
	char *questions[QUESTIONS];
	size_t questions_count;
	struct buffer commands;
	long sequence;
	/* the run */
	unsigned char *answered; /* [MESSAGES] by the number in a message's id */
	size_t next, wanted, replies, first, window;
	double began;
};

static double seconds(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void say(struct server *server, const char *json)
{
	wire_frame(&server->gateway->out, json, strlen(json));
}

/* Discord documentation, Reference > Snowflakes: milliseconds since 2015 above 22 bits, which here hold the message's
 * number. */
static void send_question(struct server *server)
{
	size_t number = server->next++;
	struct timespec wall;
	clock_gettime(CLOCK_REALTIME, &wall);
	unsigned long long ms = (unsigned long long)wall.tv_sec * 1000 + (unsigned long long)wall.tv_nsec / 1000000;
	unsigned long long id = (ms - 1420070400000ull) << 22 | number % MESSAGES;
	struct tm day;
	char stamp[64];
	gmtime_r(&wall.tv_sec, &day);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S.000000+00:00", &day);
	struct buffer text;
	buffer_init(&text, 1 << 16);
	buffer_format(&text,
		      "{\"op\":0,\"t\":\"MESSAGE_CREATE\",\"s\":%ld,\"d\":{\"id\":\"%llu\",\"type\":0,\"channel_id\":\"%zu\","
		      "\"channel_type\":0,\"guild_id\":\"77\",\"timestamp\":\"%s\",\"author\":{\"id\":\"%zu\",\"username\":\"u\","
		      "\"bot\":false},\"mentions\":[{\"id\":\"1\",\"username\":\"qantar\",\"bot\":true}],\"content\":",
		      ++server->sequence, id, 1000 + number % server->channels, stamp, 500000 + number % server->channels);
	char question[4096];
	snprintf(question, sizeof question, "<@1> %s", server->questions[number % server->questions_count]);
	json_append_string(&text, question);
	buffer_append_text(&text, "}}");
	wire_frame(&server->gateway->out, text.data, text.bytes);
	buffer_finish(&text);
}

static void send_more(struct server *server)
{
	while (server->gateway && server->next - server->first < server->wanted &&
	       server->next - server->first - server->replies < server->window)
		send_question(server);
}

static void on_reply(struct server *server, const struct wire_request *request)
{
	static const char field[] = "\"message_id\":\"";
	const char *reference = memmem(request->body, request->body_bytes, field, sizeof field - 1);
	if (!reference || server->wanted == 0)
		return;
	size_t number = strtoull(reference + sizeof field - 1, NULL, 10) & (MESSAGES - 1);
	if (server->answered[number])
		return; /* a later part of the same reply */
	server->answered[number] = 1;
	if (++server->replies == server->wanted) {
		printf("{\"replies\":%zu,\"seconds\":%.4f,\"cpu\":%.4f}\n", server->replies, seconds(CLOCK_MONOTONIC) - server->began,
		       seconds(CLOCK_PROCESS_CPUTIME_ID));
		fflush(stdout);
		server->wanted = 0;
		return;
	}
	send_more(server);
}

static void on_request(struct server *server, struct peer *peer, const struct wire_request *request)
{
	char json[512];
	if (request->is_upgrade) {
		wire_upgrade(&peer->out, request);
		peer->is_websocket = true;
		static const char hello[] = "{\"op\":10,\"d\":{\"heartbeat_interval\":41250}}";
		wire_frame(&peer->out, hello, sizeof hello - 1);
		return;
	}
	size_t line = strcspn(request->head, "\r");
	if (memmem(request->head, line, "/gateway/bot", 12))
		snprintf(json, sizeof json,
			 "{\"url\":\"ws://127.0.0.1:%u\",\"shards\":1,\"session_start_limit\":{\"total\":1000,"
			 "\"remaining\":999,\"reset_after\":1000,\"max_concurrency\":1}}",
			 server->port);
	else if (memmem(request->head, line, "/messages", 9) && request->head[0] == 'P')
		snprintf(json, sizeof json, "{\"id\":\"%ld\",\"channel_id\":\"1000\",\"content\":\"\"}",
			 9000000000 + ++server->sequence);
	else
		snprintf(json, sizeof json, "{\"id\":\"1\",\"username\":\"qantar\",\"bot\":true}");
	wire_answer(&peer->out, 200, json, strlen(json));
	if (request->head[0] == 'P' && memmem(request->head, line, "/messages", 9))
		on_reply(server, request);
}

static void on_frame(struct server *server, struct peer *peer, const char *text, size_t bytes)
{
	struct json *json = json_parse(text, bytes, &json_limits_message, NULL);
	int64_t opcode = -1;
	if (json)
		json_integer(json_root(json), "op", &opcode);
	json_destroy(json);
	static const char ack[] = "{\"op\":11}";
	if (opcode == 1)
		wire_frame(&peer->out, ack, sizeof ack - 1);
	if (opcode != 2 && opcode != 6)
		return;
	server->gateway = peer;
	char ready[512];
	snprintf(ready, sizeof ready,
		 "{\"op\":0,\"t\":\"READY\",\"s\":%ld,\"d\":{\"v\":10,\"user\":{\"id\":\"1\",\"username\":\"qantar\",\"bot\":true},"
		 "\"guilds\":[],\"session_id\":\"s\",\"resume_gateway_url\":\"ws://127.0.0.1:%u\",\"application\":{\"id\":\"1\"}}}",
		 ++server->sequence, server->port);
	say(server, ready);
	printf("{\"ready\":true}\n");
	fflush(stdout);
}

static void flush(struct server *server, struct peer *peer)
{
	while (peer->out.bytes > 0) {
		ssize_t sent = send(peer->fd, peer->out.data, peer->out.bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent <= 0)
			break;
		memmove(peer->out.data, peer->out.data + sent, peer->out.bytes - (size_t)sent);
		peer->out.bytes -= (size_t)sent;
	}
	struct epoll_event event = { .events = EPOLLIN | (peer->out.bytes > 0 ? EPOLLOUT : 0u), .data.ptr = peer };
	epoll_ctl(server->epoll, EPOLL_CTL_MOD, peer->fd, &event);
}

static void hang_up(struct server *server, struct peer *peer)
{
	close(peer->fd);
	buffer_finish(&peer->in);
	buffer_finish(&peer->out);
	if (server->gateway == peer)
		server->gateway = NULL;
	*peer = (struct peer){ 0 };
}

static void digest(struct server *server, struct peer *peer)
{
	size_t used = 0, took;
	do {
		char *at = peer->in.data + used, *text;
		size_t left = peer->in.bytes - used, bytes;
		struct wire_request request;
		int opcode;
		if (peer->is_websocket) {
			took = wire_read_frame(at, left, &opcode, &text, &bytes);
			if (took > 0 && opcode == 1)
				on_frame(server, peer, text, bytes);
		} else {
			took = wire_read_request(at, left, &request);
			if (took > 0)
				on_request(server, peer, &request);
		}
		used += took;
	} while (took > 0 && used < peer->in.bytes);
	memmove(peer->in.data, peer->in.data + used, peer->in.bytes - used);
	peer->in.bytes -= used;
}

static void on_peer(struct server *server, struct peer *peer)
{
	char bytes[65536];
	ssize_t count = recv(peer->fd, bytes, sizeof bytes, MSG_DONTWAIT);
	if (count == 0) {
		hang_up(server, peer);
		return;
	}
	if (count > 0 && buffer_append(&peer->in, bytes, (size_t)count))
		digest(server, peer);
	flush(server, peer);
	if (server->gateway && server->gateway != peer && server->gateway->out.bytes > 0)
		flush(server, server->gateway);
}

static void on_connection(struct server *server)
{
	int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
	for (size_t i = 0; fd > 0 && i < PEERS; i++) {
		struct peer *peer = &server->peers[i];
		if (peer->fd != 0)
			continue;
		int on = 1;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		*peer = (struct peer){ .fd = fd };
		buffer_init(&peer->in, IN_BYTES);
		buffer_init(&peer->out, OUT_BYTES);
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };
		epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event);
		return;
	}
	if (fd > 0)
		close(fd);
}

/* False: quit. */
static bool on_command(struct server *server, char *line)
{
	if (strncmp(line, "ask ", 4) == 0 && server->questions_count < QUESTIONS)
		server->questions[server->questions_count++] = memory_text(line + 4);
	else if (strncmp(line, "go ", 3) == 0 && server->questions_count > 0) {
		char *rest = line + 3;
		server->wanted = strtoul(rest, &rest, 10);
		server->window = strtoul(rest, &rest, 10);
		server->first = server->next;
		server->replies = 0;
		memset(server->answered, 0, MESSAGES);
		server->began = seconds(CLOCK_MONOTONIC);
		send_more(server);
		if (server->gateway)
			flush(server, server->gateway);
	}
	return strcmp(line, "quit") != 0;
}

static bool on_stdin(struct server *server)
{
	char bytes[4096];
	ssize_t count = read(STDIN_FILENO, bytes, sizeof bytes);
	if (count <= 0 || !buffer_append(&server->commands, bytes, (size_t)count))
		return false;
	char *line = server->commands.data, *end;
	bool on = true;
	while (on && (end = strchr(line, '\n'))) {
		*end = '\0';
		on = on_command(server, line);
		line = end + 1;
	}
	server->commands.bytes -= (size_t)(line - server->commands.data);
	memmove(server->commands.data, line, server->commands.bytes + 1);
	return on;
}

static bool listen_on_loopback(struct server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t bytes = sizeof address;
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = &server->listener };
	struct epoll_event commands = { .events = EPOLLIN, .data.ptr = &server->commands };
	bool good = bind(server->listener, (struct sockaddr *)&address, bytes) == 0 && listen(server->listener, 128) == 0 &&
		    getsockname(server->listener, (struct sockaddr *)&address, &bytes) == 0 &&
		    epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->listener, &event) == 0 &&
		    epoll_ctl(server->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &commands) == 0;
	server->port = ntohs(address.sin_port);
	printf("{\"port\":%u}\n", server->port);
	fflush(stdout);
	return good;
}

int main(int argc, char **argv)
{
	static struct server server;
	server.channels = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 64;
	server.answered = memory_zeroed(MESSAGES, 1);
	buffer_init(&server.commands, 1 << 20);
	if (server.channels == 0 || !listen_on_loopback(&server)) {
		perror("bench_discord");
		return 1;
	}
	for (bool on = true; on;) {
		struct epoll_event events[64];
		int count = epoll_wait(server.epoll, events, 64, -1);
		for (int i = 0; i < count && on; i++) {
			if (events[i].data.ptr == &server.listener)
				on_connection(&server);
			else if (events[i].data.ptr == &server.commands)
				on = on_stdin(&server);
			else
				on_peer(&server, events[i].data.ptr);
		}
	}
	return 0;
}
