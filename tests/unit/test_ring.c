/* link: knowledge base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "engine/ring.h"

enum { EXAMPLES = 1000, CHOSEN = 50 };

static void add(struct examples *examples, uint32_t number)
{
	struct example example = { .index = number, .hash = number * 2654435761u };
	buffer_append(&examples->items, &example, sizeof example);
}

/* All but one of the examples: EXAMPLES, to leave out none. */
static void fill(struct examples *examples, struct ring *ring, uint32_t but)
{
	*examples = (struct examples){ 0 };
	buffer_init(&examples->items, 1 << 20);
	for (uint32_t i = 0; i < EXAMPLES; i++)
		if (i != but)
			add(examples, i);
	ring_init(ring, examples, 0, examples_count(examples));
}

static void empty(struct examples *examples, struct ring *ring)
{
	ring_finish(ring);
	buffer_finish(&examples->items);
}

static uint32_t chosen(const struct ring *ring, const struct examples *examples, uint32_t point, uint32_t i)
{
	return examples_list(examples)[ring_at(ring, ring_place(ring, examples, point), i)].index;
}

static void ring_begins_at_the_point_and_goes_round(void **state)
{
	(void)state;
	struct examples examples;
	struct ring ring;
	fill(&examples, &ring, EXAMPLES);
	for (uint32_t i = 1; i < ring.count; i++)
		assert_true(examples_list(&examples)[ring.items[i - 1]].hash < examples_list(&examples)[ring.items[i]].hash);
	uint32_t place = ring_place(&ring, &examples, 1u << 31);
	assert_true(examples_list(&examples)[ring.items[place]].hash >= 1u << 31);
	assert_true(examples_list(&examples)[ring.items[place - 1]].hash < 1u << 31);
	assert_int_equal(ring_place(&ring, &examples, UINT32_MAX), 0);
	assert_int_equal(ring_at(&ring, EXAMPLES - 1, 1), ring.items[0]);
	empty(&examples, &ring);
}

/* So that a question taken out of one fact does not change what the others learn from. */
static void ring_chooses_the_same_but_for_what_was_taken_out(void **state)
{
	(void)state;
	struct examples all, fewer;
	struct ring before, after;
	fill(&all, &before, EXAMPLES);
	fill(&fewer, &after, 500);
	for (uint32_t point = 0; point < UINT32_MAX - (1u << 28); point += 1u << 28) {
		uint32_t missing = 0, at = 0;
		for (uint32_t i = 0; i < CHOSEN; i++) {
			bool same = chosen(&before, &all, point, i) == chosen(&after, &fewer, point, at);
			missing += !same;
			at += same;
		}
		assert_true(missing <= 1);
	}
	empty(&all, &before);
	empty(&fewer, &after);
}

static void ring_may_be_empty(void **state)
{
	(void)state;
	struct examples examples;
	struct ring ring;
	fill(&examples, &ring, EXAMPLES);
	ring_finish(&ring);
	ring_init(&ring, &examples, 3, 3);
	assert_int_equal(ring.count, 0);
	assert_int_equal(ring_place(&ring, &examples, 7), 0);
	empty(&examples, &ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ring_begins_at_the_point_and_goes_round),
		cmocka_unit_test(ring_chooses_the_same_but_for_what_was_taken_out),
		cmocka_unit_test(ring_may_be_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
