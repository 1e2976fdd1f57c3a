/* fake_tls: TLS in front of a fake_peer's function, with a certificate for "localhost" that only its own file knows. */
#ifndef QANTAR_TESTS_FAKE_TLS_H
#define QANTAR_TESTS_FAKE_TLS_H

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>

#include "fake_peer.h"

struct fake_tls {
	SSL_CTX *context;
	void (*serve)(struct peer *peer, int fd); /* sees what TLS carried */
	char ca_file[64];
};

static inline X509 *fake_tls_certificate(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	X509_EXTENSION *names = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost");
	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -86400);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_set_pubkey(certificate, key);
	X509_add_ext(certificate, names, -1);
	X509_EXTENSION_free(names);
	X509_sign(certificate, key, EVP_sha256());
	return certificate;
}

static inline void fake_tls_init(struct fake_tls *tls, void (*serve)(struct peer *, int))
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = fake_tls_certificate(key);
	tls->serve = serve;
	tls->context = SSL_CTX_new(TLS_server_method());
	SSL_CTX_use_certificate(tls->context, certificate);
	SSL_CTX_use_PrivateKey(tls->context, key);
	snprintf(tls->ca_file, sizeof tls->ca_file, "/tmp/test_tls.XXXXXX");
	FILE *file = fdopen(mkstemp(tls->ca_file), "w");
	if (!file || !PEM_write_X509(file, certificate))
		abort();
	fclose(file);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static inline void fake_tls_finish(struct fake_tls *tls)
{
	SSL_CTX_free(tls->context);
	unlink(tls->ca_file);
}

struct fake_tls_inner {
	struct peer *peer;
	int fd;
};

static inline void *fake_tls_inner(void *context)
{
	struct fake_tls_inner *inner = context;
	((struct fake_tls *)inner->peer->context)->serve(inner->peer, inner->fd);
	shutdown(inner->fd, SHUT_RDWR);
	return NULL;
}

/* Carries bytes between TLS and the plain end until either side is done. */
static inline void fake_tls_carry(SSL *ssl, int fd, int plain)
{
	char data[16384];
	int got = 1;
	while (got > 0) {
		struct pollfd ends[2] = { { .fd = fd, .events = POLLIN }, { .fd = plain, .events = POLLIN } };
		if (SSL_pending(ssl) == 0 && poll(ends, 2, -1) < 0)
			return;
		if (SSL_pending(ssl) > 0 || ends[0].revents) {
			got = SSL_read(ssl, data, sizeof data);
			if (got > 0 && !peer_write_bytes(plain, data, (size_t)got))
				return;
		} else if (ends[1].revents) {
			got = (int)recv(plain, data, sizeof data, 0);
			if (got > 0 && SSL_write(ssl, data, got) <= 0)
				return;
		}
	}
}

/* For peer_start, with the fake_tls as context. */
static inline void fake_tls_serve(struct peer *peer, int fd)
{
	struct fake_tls *tls = peer->context;
	SSL *ssl = SSL_new(tls->context);
	SSL_set_fd(ssl, fd);
	int ends[2];
	if (SSL_accept(ssl) == 1 && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) {
		struct fake_tls_inner inner = { peer, ends[1] };
		pthread_t thread;
		pthread_create(&thread, NULL, fake_tls_inner, &inner);
		fake_tls_carry(ssl, fd, ends[0]);
		shutdown(ends[0], SHUT_RDWR);
		pthread_join(thread, NULL);
		close(ends[0]);
		close(ends[1]);
	}
	SSL_free(ssl);
}

#endif
