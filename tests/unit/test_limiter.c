/* link: bot */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "limiter.h"

enum { SECOND_US = 1000000 };

static enum limiter_verdict take(struct limiter *limiter, const char *room, const char *person, int64_t now_us)
{
	return limiter_take(limiter, "matrix", room, person, now_us);
}

static void limiter_take_passes_a_burst_then_tells_once(void **state)
{
	(void)state;
	struct limiter *limiter = limiter_create(&(struct limiter_options){ 2, 60, 0, 1 });
	assert_int_equal(take(limiter, "!r", "@a", 0), LIMITER_PASS);
	assert_int_equal(take(limiter, "!r", "@a", 0), LIMITER_PASS);
	assert_int_equal(take(limiter, "!r", "@a", 0), LIMITER_TELL);
	assert_int_equal(take(limiter, "!r", "@a", 0), LIMITER_DROP);
	assert_int_equal(take(limiter, "!r", "@a", SECOND_US), LIMITER_PASS);
	assert_int_equal(take(limiter, "!r", "@a", SECOND_US), LIMITER_TELL);
	limiter_destroy(limiter);
}

static void limiter_take_counts_persons_and_rooms_apart(void **state)
{
	(void)state;
	struct limiter *limiter = limiter_create(&(struct limiter_options){ 1, 1, 2, 1 });
	assert_int_equal(take(limiter, "!r", "@a", 0), LIMITER_PASS);
	assert_int_equal(take(limiter, "!r", "@a", 0), LIMITER_TELL);
	assert_int_equal(take(limiter, "!other", "@a", 0), LIMITER_PASS);
	assert_int_equal(take(limiter, "!r", "@b", 0), LIMITER_PASS);
	assert_int_equal(take(limiter, "!r", "@c", 0), LIMITER_TELL); /* the room is over its limit */
	assert_int_equal(take(limiter, "!r", "@d", 0), LIMITER_DROP);
	limiter_destroy(limiter);
}

static void limiter_take_never_fills_past_the_burst(void **state)
{
	(void)state;
	struct limiter *limiter = limiter_create(&(struct limiter_options){ 2, 60, 0, 1 });
	assert_int_equal(take(limiter, "!r", "@a", 0), LIMITER_PASS);
	for (int i = 0; i < 2; i++)
		assert_int_equal(take(limiter, "!r", "@a", 1000 * (int64_t)SECOND_US), LIMITER_PASS);
	assert_int_equal(take(limiter, "!r", "@a", 1000 * (int64_t)SECOND_US), LIMITER_TELL);
	limiter_destroy(limiter);
}

static void limiter_take_has_no_limit_at_a_burst_of_0(void **state)
{
	(void)state;
	struct limiter *limiter = limiter_create(&(struct limiter_options){ 0, 1, 0, 1 });
	for (int i = 0; i < 1000; i++)
		assert_int_equal(take(limiter, "!r", "@a", 0), LIMITER_PASS);
	limiter_destroy(limiter);
}

static void limiter_take_forgets_the_longest_silent_past_its_cap(void **state)
{
	(void)state;
	char person[32];
	struct limiter *limiter = limiter_create(&(struct limiter_options){ 1, 1, 0, 1 });
	for (int i = 0; i < LIMITER_BUCKETS; i++) {
		snprintf(person, sizeof person, "@%d", i);
		assert_int_equal(take(limiter, "!r", person, 0), LIMITER_PASS);
	}
	assert_int_equal(take(limiter, "!r", "@0", 0), LIMITER_TELL);
	assert_int_equal(take(limiter, "!r", "@new", 0), LIMITER_PASS); /* in the place of @1 */
	assert_int_equal(take(limiter, "!r", "@0", 0), LIMITER_DROP);
	assert_int_equal(take(limiter, "!r", "@1", 0), LIMITER_PASS);
	limiter_destroy(limiter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limiter_take_passes_a_burst_then_tells_once),
		cmocka_unit_test(limiter_take_counts_persons_and_rooms_apart),
		cmocka_unit_test(limiter_take_never_fills_past_the_burst),
		cmocka_unit_test(limiter_take_has_no_limit_at_a_burst_of_0),
		cmocka_unit_test(limiter_take_forgets_the_longest_silent_past_its_cap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
