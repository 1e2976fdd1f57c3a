/* link: bot */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "conversation.h"

static struct knowledge_context *of(struct conversations *conversations, const char *platform, const char *room,
				    const char *person)
{
	return conversation_of(conversations, platform, room, person, 1);
}

static void conversation_of_is_each_ones_own(void **state)
{
	(void)state;
	struct conversations *conversations = conversations_create(10, 1000);
	of(conversations, "matrix", "!r", "@a")->language = LANGUAGE_RU;
	assert_int_equal(of(conversations, "matrix", "!r", "@a")->language, LANGUAGE_RU);
	assert_int_equal(of(conversations, "matrix", "!r", "@b")->language, LANGUAGE_NONE);
	assert_int_equal(of(conversations, "matrix", "!other", "@a")->language, LANGUAGE_NONE);
	assert_int_equal(of(conversations, "discord", "!r", "@a")->language, LANGUAGE_NONE);
	conversations_destroy(conversations);
}

static void conversation_of_expires(void **state)
{
	(void)state;
	struct conversations *conversations = conversations_create(10, 1000);
	conversation_of(conversations, "matrix", "!r", "@a", 5)->language = LANGUAGE_KK;
	assert_int_equal(conversation_of(conversations, "matrix", "!r", "@a", 1005)->language, LANGUAGE_KK);
	assert_int_equal(conversation_of(conversations, "matrix", "!r", "@a", 2005)->language, LANGUAGE_KK);
	assert_int_equal(conversation_of(conversations, "matrix", "!r", "@a", 3006)->language, LANGUAGE_NONE);
	conversations_destroy(conversations);
}

static void conversation_of_forgets_the_longest_silent_past_its_cap(void **state)
{
	(void)state;
	struct conversations *conversations = conversations_create(2, 1000);
	of(conversations, "matrix", "!r", "@a")->language = LANGUAGE_RU;
	of(conversations, "matrix", "!r", "@b")->language = LANGUAGE_RU;
	of(conversations, "matrix", "!r", "@a");
	of(conversations, "matrix", "!r", "@c");
	assert_int_equal(of(conversations, "matrix", "!r", "@a")->language, LANGUAGE_RU);
	assert_int_equal(of(conversations, "matrix", "!r", "@b")->language, LANGUAGE_NONE);
	conversations_destroy(conversations);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversation_of_is_each_ones_own),
		cmocka_unit_test(conversation_of_expires),
		cmocka_unit_test(conversation_of_forgets_the_longest_silent_past_its_cap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
