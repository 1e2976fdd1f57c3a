/* link: platform */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zstd.h>

#include "platform/discord/closing.h"
#include "platform/discord/identifies.h"
#include "platform/discord/inflate.h"
#include "platform/discord/payload.h"
#include "platform/discord/post.h"
#include "platform/discord/session.h"

static int64_t now_us, now_ms;

static int64_t read_us(const struct clock *clock)
{
	(void)clock;
	return now_us;
}

static int64_t read_ms(const struct clock *clock)
{
	(void)clock;
	return now_ms;
}

static const struct clock still = { .monotonic_us = read_us, .wall_ms = read_ms };

static struct json *parse(const char *text)
{
	struct json *json = json_parse(text, strlen(text), &json_limits_message, NULL);
	assert_non_null(json);
	return json;
}

/* ---- session ---- */

static void session_write_is_read_back(void **state)
{
	(void)state;
	struct json *ready = parse("{\"session_id\":\"a\\\"b\","
				   "\"resume_gateway_url\":\"wss://x.example\",\"user\":{\"id\":\"900\"}}");
	struct discord_session session = { 0 }, read = { 0 };
	assert_true(discord_session_begin(&session, json_root(ready)));
	assert_false(discord_session_can_resume(&session)); /* no sequence yet */
	session.sequence = 41;
	char *text = discord_session_write(&session);
	discord_session_read(&read, text);
	assert_true(discord_session_can_resume(&read));
	assert_string_equal(read.id, "a\"b");
	assert_string_equal(read.resume_url, "wss://x.example");
	assert_string_equal(read.user, "900");
	assert_int_equal(read.sequence, 41);
	free(text);
	json_destroy(ready);
}

static void session_read_takes_damaged_text_for_none(void **state)
{
	(void)state;
	static const char *const texts[] = {
		NULL, "", "{", "[]", "{\"session_id\":\"a\"}",
		"{\"session_id\":\"a\",\"resume_gateway_url\":\"wss://x\",\"user\":\"900\"}",
		"{\"session_id\":\"a\",\"resume_gateway_url\":\"wss://x\",\"user\":\"me\",\"sequence\":1}",
		"{\"session_id\":\"\",\"resume_gateway_url\":\"wss://x\",\"user\":\"900\",\"sequence\":1}",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct discord_session session = { .id = "old", .resume_url = "wss://old", .user = "1", .sequence = 5 };
		discord_session_read(&session, texts[i]);
		assert_false(discord_session_can_resume(&session));
	}
}

static void session_begin_refuses_what_does_not_fit(void **state)
{
	(void)state;
	char json[1024] = "{\"session_id\":\"a\",\"user\":{\"id\":\"900\"},\"resume_gateway_url\":\"wss://";
	size_t used = strlen(json);
	memset(json + used, 'x', SESSION_URL_BYTES);
	memcpy(json + used + SESSION_URL_BYTES, "\"}", 3);
	struct json *ready = parse(json);
	struct discord_session session = { 0 };
	assert_false(discord_session_begin(&session, json_root(ready)));
	assert_false(discord_session_can_resume(&session));
	json_destroy(ready);
}

/* ---- identifies ---- */

static struct discord_identifies fresh(void)
{
	struct discord_identifies identifies;
	now_us = 5000000000;
	now_ms = 1700000000000;
	discord_identifies_read(&identifies, NULL);
	return identifies;
}

static void identifies_wait_spaces_two_by_over_five_seconds(void **state)
{
	(void)state;
	struct discord_identifies identifies = fresh();
	assert_int_equal(discord_identifies_wait_ms(&identifies, &still), 0);
	discord_identifies_take(&identifies, &still);
	now_us += 1000000;
	assert_int_equal(discord_identifies_wait_ms(&identifies, &still), IDENTIFIES_SPACING_MS - 1000);
	now_us += 5000000;
	assert_int_equal(discord_identifies_wait_ms(&identifies, &still), 0);
}

static void identifies_wait_stops_before_the_token_is_reset(void **state)
{
	(void)state;
	struct discord_identifies identifies = fresh();
	for (int i = 0; i < IDENTIFIES_A_DAY; i++) {
		assert_int_equal(discord_identifies_wait_ms(&identifies, &still), 0);
		discord_identifies_take(&identifies, &still);
		now_us += 60000000;
		now_ms += 60000;
	}
	char *text = discord_identifies_write(&identifies);
	discord_identifies_read(&identifies, text); /* a restart does not forget */
	free(text);
	assert_int_equal(discord_identifies_wait_ms(&identifies, &still), 24 * 3600 * 1000 - IDENTIFIES_A_DAY * 60000);
	now_ms += 24 * 3600 * 1000;
	assert_int_equal(discord_identifies_wait_ms(&identifies, &still), 0);
}

static void identifies_learn_believes_discord(void **state)
{
	(void)state;
	struct discord_identifies identifies = fresh();
	struct json *limit = parse("{\"total\":1000,\"remaining\":3,\"reset_after\":7000,\"max_concurrency\":1}");
	discord_identifies_learn(&identifies, &still, json_root(limit));
	assert_int_equal(discord_identifies_wait_ms(&identifies, &still), 7000);
	discord_identifies_learn(&identifies, &still, NULL);
	assert_int_equal(discord_identifies_wait_ms(&identifies, &still), 0);
	json_destroy(limit);
}

/* ---- payloads ---- */

static void payload_identify_asks_for_the_privileged_intent_only_when_told(void **state)
{
	(void)state;
	for (int privileged = 0; privileged < 2; privileged++) {
		struct buffer out;
		int64_t intents;
		buffer_init(&out, PAYLOAD_BYTES);
		assert_true(discord_payload_identify(&out, "to\"ken", privileged));
		struct json *json = parse(buffer_text(&out));
		const cJSON *data = json_object(json_root(json), "d");
		assert_string_equal(json_string(data, "token"), "to\"ken");
		assert_true(json_integer(data, "intents", &intents));
		assert_int_equal(intents, (1 << 0 | 1 << 9 | 1 << 12) + (privileged ? 1 << 15 : 0));
		json_destroy(json);
		buffer_finish(&out);
	}
}

static void payload_heartbeat_says_null_before_the_first_event(void **state)
{
	(void)state;
	struct buffer out;
	buffer_init(&out, PAYLOAD_BYTES);
	assert_true(discord_payload_heartbeat(&out, -1));
	assert_string_equal(buffer_text(&out), "{\"op\":1,\"d\":null}");
	buffer_clear(&out);
	assert_true(discord_payload_heartbeat(&out, 251));
	assert_string_equal(buffer_text(&out), "{\"op\":1,\"d\":251}");
	buffer_finish(&out);
}

static void payload_fails_when_it_would_pass_the_gateways_cap(void **state)
{
	(void)state;
	char token[PAYLOAD_BYTES + 1];
	struct buffer out;
	memset(token, 'x', PAYLOAD_BYTES);
	token[PAYLOAD_BYTES] = '\0';
	buffer_init(&out, PAYLOAD_BYTES);
	assert_false(discord_payload_identify(&out, token, false));
	buffer_finish(&out);
}

/* ---- close codes ---- */

static void closing_find_follows_the_documentation(void **state)
{
	(void)state;
	static const int fatal[] = { 4004, 4010, 4011, 4012, 4013, 4014 };
	static const int resumed[] = { 0, 1000, 1001, 1002, 1006, 4000, 4001, 4002, 4003, 4005, 4008, 4999 };
	for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) {
		assert_int_equal(discord_closing_find(fatal[i])->action, CLOSING_FATAL);
		assert_int_equal(discord_closing_find(fatal[i])->code, fatal[i]);
	}
	for (size_t i = 0; i < sizeof resumed / sizeof *resumed; i++)
		assert_int_equal(discord_closing_find(resumed[i])->action, CLOSING_RESUME);
	assert_int_equal(discord_closing_find(4007)->action, CLOSING_NEW_SESSION);
	assert_int_equal(discord_closing_find(4009)->action, CLOSING_NEW_SESSION);
}

static void closing_find_says_what_to_switch_on_for_4014(void **state)
{
	(void)state;
	assert_non_null(strstr(discord_closing_find(4014)->why, "Message Content"));
	assert_non_null(strstr(discord_closing_find(4014)->why, "QANTAR_DISCORD_MESSAGE_CONTENT"));
	assert_non_null(strstr(discord_closing_find(4004)->why, "QANTAR_DISCORD_TOKEN"));
}

/* ---- zstd-stream ---- */

/* One message as the gateway's endless frame carries it. The caller frees. */
static char *deflate(ZSTD_CCtx *stream, const char *text, size_t bytes, size_t *deflated)
{
	size_t room = ZSTD_compressBound(bytes) + 64;
	char *out = malloc(room);
	ZSTD_inBuffer in = { text, bytes, 0 };
	ZSTD_outBuffer target = { out, room, 0 };
	assert_int_equal(ZSTD_compressStream2(stream, &target, &in, ZSTD_e_flush), 0);
	*deflated = target.pos;
	return out;
}

static enum discord_inflate_result pass(struct discord_inflate *inflate, ZSTD_CCtx *stream, const char *text,
					size_t bytes)
{
	size_t deflated;
	char *data = deflate(stream, text, bytes, &deflated);
	enum discord_inflate_result result = discord_inflate_message(inflate, data, deflated);
	free(data);
	return result;
}

static void inflate_message_gives_each_message_of_one_frame(void **state)
{
	(void)state;
	static const char *const texts[] = { "{\"op\":10}", "", "{\"op\":11}", "{\"op\":0,\"t\":\"READY\"}" };
	struct discord_inflate inflate;
	ZSTD_CCtx *stream = ZSTD_createCCtx();
	discord_inflate_init(&inflate);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pass(&inflate, stream, texts[i], strlen(texts[i])), INFLATE_WHOLE);
		assert_string_equal(buffer_text(&inflate.text), texts[i]);
	}
	discord_inflate_finish(&inflate);
	ZSTD_freeCCtx(stream);
}

static void inflate_message_reads_over_one_past_the_cap_and_goes_on(void **state)
{
	(void)state;
	static const size_t sizes[] = { INFLATE_MESSAGE_BYTES, INFLATE_MESSAGE_BYTES + 1, 2 * INFLATE_MESSAGE_BYTES };
	static const enum discord_inflate_result results[] = { INFLATE_WHOLE, INFLATE_TOO_LARGE, INFLATE_TOO_LARGE };
	struct discord_inflate inflate;
	ZSTD_CCtx *stream = ZSTD_createCCtx();
	char *big = malloc(2 * INFLATE_MESSAGE_BYTES);
	memset(big, 'a', 2 * INFLATE_MESSAGE_BYTES);
	discord_inflate_init(&inflate);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(pass(&inflate, stream, big, sizes[i]), results[i]);
	assert_int_equal(pass(&inflate, stream, "{}", 2), INFLATE_WHOLE);
	assert_string_equal(buffer_text(&inflate.text), "{}");
	discord_inflate_finish(&inflate);
	ZSTD_freeCCtx(stream);
	free(big);
}

static void inflate_message_finds_a_bomb_corrupt(void **state)
{
	(void)state;
	struct discord_inflate inflate;
	ZSTD_CCtx *stream = ZSTD_createCCtx();
	size_t bytes = INFLATE_SKIP_BYTES + 1;
	char *big = calloc(1, bytes);
	discord_inflate_init(&inflate);
	assert_int_equal(pass(&inflate, stream, big, bytes), INFLATE_CORRUPT);
	assert_true(inflate.text.bytes <= INFLATE_MESSAGE_BYTES);
	discord_inflate_finish(&inflate);
	ZSTD_freeCCtx(stream);
	free(big);
}

static void inflate_message_refuses_garbage_and_a_window_past_the_cap(void **state)
{
	(void)state;
	struct discord_inflate inflate;
	ZSTD_CCtx *stream = ZSTD_createCCtx();
	discord_inflate_init(&inflate);
	assert_int_equal(discord_inflate_message(&inflate, "{\"op\":10}", 9), INFLATE_CORRUPT);
	discord_inflate_reset(&inflate);
	assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(stream, ZSTD_c_windowLog, INFLATE_WINDOW_LOG + 1)));
	assert_int_equal(pass(&inflate, stream, "{}", 2), INFLATE_CORRUPT);
	discord_inflate_reset(&inflate);
	ZSTD_CCtx_reset(stream, ZSTD_reset_session_and_parameters);
	assert_int_equal(pass(&inflate, stream, "{}", 2), INFLATE_WHOLE);
	discord_inflate_finish(&inflate);
	ZSTD_freeCCtx(stream);
}

/* ---- posts ---- */

static void post_body_carries_the_key_as_enforced_nonce(void **state)
{
	(void)state;
	char *body = discord_post_body("{\"content\":\"x\"}", "1234567890123456789012345");
	assert_string_equal(body, "{\"nonce\":\"1234567890123456789012345\",\"enforce_nonce\":true,\"content\":\"x\"}");
	free(body);
	assert_null(discord_post_body("{\"content\":\"x\"}", "12345678901234567890123456"));
	assert_null(discord_post_body("{\"content\":\"x\"}", ""));
	assert_null(discord_post_body("content", "1"));
	assert_null(discord_post_body("", "1"));
}

static void post_plain_body_drops_the_reference_and_keeps_the_key(void **state)
{
	(void)state;
	char *payload = discord_post_payload("a", 4, "77"), *body = discord_post_body(payload, "k.0");
	char *plain = discord_post_plain_body(body);
	assert_non_null(strstr(body, "message_reference"));
	assert_non_null(strstr(plain, "\"nonce\":\"k.0\",\"enforce_nonce\":true"));
	assert_non_null(strstr(plain, "\"content\":\"a\",\"flags\":4,\"allowed_mentions\":{\"parse\":[]"));
	assert_null(strstr(plain, "message_reference"));
	assert_null(discord_post_plain_body(plain)); /* so that it is tried once */
	free(payload);
	free(body);
	free(plain);
}

static void post_edit_body_keeps_content_and_allows_no_mention(void **state)
{
	(void)state;
	char *body = discord_post_edit_body("{\"content\":\"a\\nb\",\"message_reference\":{\"message_id\":\"1\"}}");
	assert_string_equal(body, "{\"content\":\"a\\nb\",\"allowed_mentions\":{\"parse\":[],\"replied_user\":false}}");
	free(body);
	assert_null(discord_post_edit_body("{}"));
}

static void post_result_says_what_may_be_tried_again(void **state)
{
	(void)state;
	static const struct {
		struct discord_result result;
		enum send_result expected;
	} cases[] = {
		{ { .outcome = HTTP_DONE, .status = 200 }, SEND_DONE },
		{ { .outcome = HTTP_DONE, .status = 204 }, SEND_DONE },
		{ { .outcome = HTTP_DONE, .status = 400 }, SEND_REFUSED },
		{ { .outcome = HTTP_DONE, .status = 403 }, SEND_REFUSED },
		{ { .outcome = HTTP_DONE, .status = 404, .route = ROUTE_POST }, SEND_REFUSED },
		{ { .outcome = HTTP_DONE, .status = 404, .route = ROUTE_DELETE }, SEND_DONE },
		{ { .outcome = HTTP_DONE, .status = 401 }, SEND_UNREACHED },
		{ { .outcome = HTTP_DONE, .status = 500 }, SEND_LOST },
		{ { .outcome = HTTP_DONE, .status = 502 }, SEND_LOST },
		{ { .outcome = HTTP_LOST }, SEND_LOST },
		{ { .outcome = HTTP_TOO_LARGE }, SEND_LOST },
		{ { .outcome = HTTP_NOT_SENT }, SEND_UNREACHED },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(discord_post_result(&cases[i].result), cases[i].expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(session_write_is_read_back),
		cmocka_unit_test(session_read_takes_damaged_text_for_none),
		cmocka_unit_test(session_begin_refuses_what_does_not_fit),
		cmocka_unit_test(identifies_wait_spaces_two_by_over_five_seconds),
		cmocka_unit_test(identifies_wait_stops_before_the_token_is_reset),
		cmocka_unit_test(identifies_learn_believes_discord),
		cmocka_unit_test(payload_identify_asks_for_the_privileged_intent_only_when_told),
		cmocka_unit_test(payload_heartbeat_says_null_before_the_first_event),
		cmocka_unit_test(payload_fails_when_it_would_pass_the_gateways_cap),
		cmocka_unit_test(closing_find_follows_the_documentation),
		cmocka_unit_test(closing_find_says_what_to_switch_on_for_4014),
		cmocka_unit_test(inflate_message_gives_each_message_of_one_frame),
		cmocka_unit_test(inflate_message_reads_over_one_past_the_cap_and_goes_on),
		cmocka_unit_test(inflate_message_finds_a_bomb_corrupt),
		cmocka_unit_test(inflate_message_refuses_garbage_and_a_window_past_the_cap),
		cmocka_unit_test(post_body_carries_the_key_as_enforced_nonce),
		cmocka_unit_test(post_plain_body_drops_the_reference_and_keeps_the_key),
		cmocka_unit_test(post_edit_body_keeps_content_and_allows_no_mention),
		cmocka_unit_test(post_result_says_what_may_be_tried_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
