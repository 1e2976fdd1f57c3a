/* link: bot */
#include "fake_platform.h"

#include <sys/stat.h>

#include "health.h"

static void health_read_follows_the_bots_life(void **state)
{
	(void)state;
	char *directory = fake_directory(), *path = file_join(directory, "heartbeat");
	struct error why;
	struct stat status;
	assert_false(health_read(directory, 0, &why));
	assert_non_null(strstr(why.text, "no bot is running"));
	health_beat(directory, NULL);
	assert_int_equal(stat(path, &status), 0);
	int64_t at_ms = (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
	assert_true(health_read(directory, at_ms + HEALTH_STALE_MS, &why));
	assert_false(health_read(directory, at_ms + HEALTH_STALE_MS + 1, &why));
	assert_non_null(strstr(why.text, "20 s ago"));
	health_beat(directory, "discord has failed");
	assert_false(health_read(directory, at_ms, &why));
	assert_string_equal(why.text, "discord has failed");
	health_end(directory);
	assert_false(health_read(directory, at_ms, &why));
	free(path);
	fake_directory_remove(directory);
}

static void health_read_goes_stale_when_nothing_can_be_written(void **state)
{
	(void)state;
	struct error why;
	health_beat("/nonexistent/qantar", NULL);
	assert_false(health_read("/nonexistent/qantar", 0, &why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(health_read_follows_the_bots_life),
		cmocka_unit_test(health_read_goes_stale_when_nothing_can_be_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
