/* link: base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

static uint32_t fixed_random(const struct clock *clock)
{
	return *(const uint32_t *)clock->context;
}

static int64_t backoff(uint32_t random, unsigned attempt, int64_t base_ms, int64_t cap_ms)
{
	struct clock clock = { .random = fixed_random, .context = &random };
	return clock_backoff_ms(&clock, attempt, base_ms, cap_ms);
}

static void clock_backoff_spans_half_the_base_to_the_doubled(void **state)
{
	(void)state;
	static const int64_t most[] = { 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
	for (unsigned attempt = 0; attempt < 7; attempt++) {
		assert_int_equal(backoff(0, attempt, 1000, 30000), 500);
		/* the remainder of the division that gives the last of the span */
		assert_int_equal(backoff((uint32_t)(most[attempt] - 500), attempt, 1000, 30000), most[attempt]);
		assert_int_equal(backoff((uint32_t)(most[attempt] - 499), attempt, 1000, 30000), 500);
	}
}

static void clock_backoff_stays_in_the_cap_for_any_attempt(void **state)
{
	(void)state;
	assert_true(backoff(UINT32_MAX, UINT32_MAX, 1000, 60000) <= 60000);
	assert_int_equal(backoff(5, 3, 1000, 100), 100); /* a cap below half the base */
	assert_int_equal(backoff(5, 3, 0, 0), 0);
	assert_true(backoff(UINT32_MAX, 200, 1, INT64_MAX / 2) >= 0);
}

static void clock_system_moves_forward(void **state)
{
	(void)state;
	const struct clock *clock = clock_system();
	int64_t before = clock->monotonic_us(clock);
	assert_true(clock->monotonic_us(clock) >= before);
	assert_true(clock->wall_ms(clock) > INT64_C(1640995200000)); /* 2022 */
}

static void clock_system_gives_random_numbers_that_differ(void **state)
{
	(void)state;
	const struct clock *clock = clock_system();
	uint32_t all = 0, none = UINT32_MAX;
	for (int i = 0; i < 200; i++) { /* every bit is seen set and clear: wrong once in 2^194 runs */
		uint32_t value = clock->random(clock);
		all |= value;
		none &= value;
	}
	assert_int_equal(all, UINT32_MAX);
	assert_int_equal(none, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clock_backoff_spans_half_the_base_to_the_doubled),
		cmocka_unit_test(clock_backoff_stays_in_the_cap_for_any_attempt),
		cmocka_unit_test(clock_system_moves_forward),
		cmocka_unit_test(clock_system_gives_random_numbers_that_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
