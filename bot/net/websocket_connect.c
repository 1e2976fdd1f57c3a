#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/loop_internal.h"
#include "net/websocket_internal.h"

/* ---- the URL ---- */

static bool copy_part(char *to, size_t size, const char *from, size_t bytes)
{
	if (bytes == 0 || bytes >= size)
		return false;
	memcpy(to, from, bytes);
	to[bytes] = '\0';
	return true;
}

/* host, host:port, [address] or [address]:port */
static bool parse_authority(struct websocket_url *url, const char *text, size_t bytes)
{
	if (!copy_part(url->authority, sizeof url->authority, text, bytes) || strchr(url->authority, '@'))
		return false;
	const char *host = url->authority;
	size_t host_bytes;
	const char *rest;
	if (*host == '[') {
		host_bytes = strcspn(++host, "]");
		rest = host + host_bytes;
		if (*rest++ != ']')
			return false;
	} else {
		host_bytes = strcspn(host, ":");
		rest = host + host_bytes;
	}
	url->port = url->tls ? 443 : 80;
	if (*rest == ':') {
		char *end;
		long port = strtol(rest + 1, &end, 10);
		if (rest[1] < '0' || rest[1] > '9' || *end || port < 1 || port > 65535)
			return false;
		url->port = (int)port;
	} else if (*rest) {
		return false;
	}
	return copy_part(url->host, sizeof url->host, host, host_bytes);
}

bool websocket_url_parse(struct websocket_url *url, const char *text, struct error *error)
{
	*url = (struct websocket_url){ 0 };
	url->tls = strncasecmp(text, "wss://", 6) == 0;
	if (!url->tls && strncasecmp(text, "ws://", 5) != 0)
		return error_set(error, "the websocket's URL begins with neither ws:// nor wss://");
	for (const char *at = text; *at; at++)
		if (*at <= ' ' || *at >= 0x7F)
			return error_set(error, "the websocket's URL holds a space or a byte beyond ASCII");
	const char *authority = strstr(text, "//") + 2;
	size_t bytes = strcspn(authority, "/?#");
	if (!parse_authority(url, authority, bytes))
		return error_set(error, "the websocket's URL has no usable host and port (at most %d bytes)",
				 WEBSOCKET_HOST_BYTES - 1);
	const char *path = authority + bytes;
	int used = snprintf(url->path, sizeof url->path, "%s%.*s", *path == '/' ? "" : "/", (int)strcspn(path, "#"),
			    path);
	if (used < 0 || (size_t)used >= sizeof url->path)
		return error_set(error, "the path of the websocket's URL is longer than %d bytes",
				 WEBSOCKET_PATH_BYTES - 1);
	return true;
}

/* ---- the connection ---- */

static void connect_to(struct websocket *websocket, const char *address)
{
	websocket_set_state(websocket, WEBSOCKET_CONNECTING);
	struct lws_vhost *vhost =
		loop_client_vhost(websocket->loop, websocket->url.tls, websocket->ca_file, websocket_protocols);
	if (!vhost) {
		websocket_end(websocket, 0, "no memory for the connection");
		return;
	}
	struct lws_client_connect_info info = {
		.context = loop_lws(websocket->loop),
		.vhost = vhost,
		.address = address,
		.port = websocket->url.port,
		.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (websocket->url.tls ? LCCSCF_USE_SSL : 0),
		.path = websocket->url.path,
		.host = websocket->url.authority,
		.local_protocol_name = websocket_protocols[0].name,
		.ietf_version_or_minus_one = -1,
		.alpn = "http/1.1",
		.opaque_user_data = websocket,
	};
	websocket->wsi = lws_client_connect_via_info(&info);
	if (!websocket->wsi)
		websocket_end(websocket, 0, "the connection cannot be made");
}

/* ---- the name: libwebsockets would block the loop on it, so curl connects once and says to which address ---- */

static void on_found(void *context, struct transfer *transfer, CURLcode result)
{
	struct websocket *websocket = context;
	char address[INET6_ADDRSTRLEN] = "";
	const char *found = NULL;
	if (result == CURLE_OK)
		curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &found);
	snprintf(address, sizeof address, "%s", found ? found : "");
	websocket_stop_lookup(websocket);
	if (address[0])
		connect_to(websocket, address);
	else
		websocket_end(websocket, 0, result == CURLE_OK ? "no address" : curl_easy_strerror(result));
}

void websocket_stop_lookup(struct websocket *websocket)
{
	if (!websocket->transfers)
		return;
	transfers_remove(websocket->transfers, &websocket->lookup);
	transfer_finish(&websocket->lookup);
	transfers_destroy(websocket->transfers);
	websocket->transfers = NULL;
}

static void look_up(struct websocket *websocket)
{
	struct error error = { 0 };
	char url[WEBSOCKET_HOST_BYTES + 32];
	websocket_set_state(websocket, WEBSOCKET_RESOLVING);
	websocket->transfers = transfers_create(websocket->loop, on_found, websocket, &error);
	if (!websocket->transfers) {
		websocket_end(websocket, 0, error.text);
		return;
	}
	if (!transfer_init(&websocket->lookup, websocket->transfers, NULL)) {
		transfers_destroy(websocket->transfers);
		websocket->transfers = NULL;
		websocket_end(websocket, 0, "libcurl has no handle");
		return;
	}
	snprintf(url, sizeof url, "http://%s:%d/", websocket->url.host, websocket->url.port);
	curl_easy_setopt(websocket->lookup.easy, CURLOPT_URL, url);
	curl_easy_setopt(websocket->lookup.easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(websocket->lookup.easy, CURLOPT_CONNECTTIMEOUT_MS, (long)websocket->connect_timeout_ms);
	if (!transfers_add(websocket->transfers, &websocket->lookup))
		websocket_end(websocket, 0, "libcurl took no request");
}

void websocket_connect(struct websocket *websocket)
{
	unsigned char binary[sizeof(struct in6_addr)];
	const char *host = websocket->url.host;
	if (inet_pton(AF_INET, host, binary) == 1 || inet_pton(AF_INET6, host, binary) == 1)
		connect_to(websocket, host);
	else
		look_up(websocket);
}
