/* link: base */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

struct place {
	char directory[64];
	char path[96];
};

static int set_up(void **state)
{
	struct place *place = memory_zeroed(1, sizeof *place);
	snprintf(place->directory, sizeof place->directory, "/tmp/test_base_file.XXXXXX");
	assert_non_null(mkdtemp(place->directory));
	snprintf(place->path, sizeof place->path, "%s/file", place->directory);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char command[128];
	snprintf(command, sizeof command, "rm -r '%s'", place->directory);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

static size_t entries(const char *directory)
{
	size_t count = 0;
	DIR *listing = opendir(directory);
	assert_non_null(listing);
	while (readdir(listing))
		count++;
	closedir(listing);
	return count - 2; /* . and .. */
}

static void expect_content(const char *path, const char *content)
{
	struct buffer buffer;
	assert_true(file_read(path, 1000, &buffer, NULL));
	assert_string_equal(buffer_text(&buffer), content);
	buffer_finish(&buffer);
}

static void file_write_replaces_the_whole_and_sets_the_mode(void **state)
{
	struct place *place = *state;
	struct stat status;
	assert_true(file_write(place->path, "first, and longer", 17, 0644, NULL));
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0644);
	assert_true(file_write(place->path, "second", 6, 0600, NULL));
	expect_content(place->path, "second");
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_true(file_write(place->path, "", 0, 0600, NULL));
	expect_content(place->path, "");
	assert_int_equal(entries(place->directory), 1);
}

/* The disk is full, as far as this process goes: a limit on the size of its files. */
static void file_write_without_room_leaves_the_old_file_alone(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	struct rlimit old, small;
	static const char large[5000];
	assert_true(file_write(place->path, "old", 3, 0600, NULL));
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 1000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool written = file_write(place->path, large, sizeof large, 0600, &error);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_false(written);
	assert_non_null(strstr(error.text, place->path));
	expect_content(place->path, "old");
	assert_int_equal(entries(place->directory), 1);
}

static void file_write_where_a_directory_stands_leaves_nothing_behind(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	assert_int_equal(mkdir(place->path, 0700), 0);
	assert_false(file_write(place->path, "x", 1, 0600, &error));
	assert_string_not_equal(error.text, "");
	assert_int_equal(entries(place->directory), 1);
}

static void file_write_without_its_directory_fails(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	char *path = file_join(place->directory, "absent/file");
	assert_false(file_write(path, "x", 1, 0600, &error));
	assert_non_null(strstr(error.text, "absent"));
	free(path);
}

static void file_write_with_a_path_too_long_fails(void **state)
{
	(void)state;
	char path[5000];
	memset(path, 'a', sizeof path);
	path[sizeof path - 1] = '\0';
	assert_false(file_write(path, "x", 1, 0600, NULL));
}

static void file_read_takes_a_file_at_the_cap_only(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	struct buffer buffer;
	assert_true(file_write(place->path, "12345", 5, 0600, NULL));
	assert_true(file_read(place->path, 5, &buffer, &error));
	assert_string_equal(buffer_text(&buffer), "12345");
	buffer_finish(&buffer);
	assert_false(file_read(place->path, 4, &buffer, &error));
	assert_non_null(strstr(error.text, "larger than 4"));
	buffer_finish(&buffer);
}

static void file_read_says_what_is_wrong(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	struct buffer buffer;
	assert_false(file_read(place->path, 5, &buffer, &error));
	assert_non_null(strstr(error.text, place->path));
	buffer_finish(&buffer);
	assert_false(file_read(place->directory, 5, &buffer, &error));
	assert_non_null(strstr(error.text, "not a regular file"));
	buffer_finish(&buffer);
	assert_int_equal(mkfifo(place->path, 0600), 0);
	assert_false(file_read(place->path, 5, &buffer, &error)); /* and does not wait for a writer */
	buffer_finish(&buffer);
}

static void file_make_directory_makes_parents_and_takes_what_is_there(void **state)
{
	struct place *place = *state;
	struct stat status;
	char *path = file_join(place->directory, "a/b/c");
	assert_true(file_make_directory(path, NULL));
	assert_true(file_make_directory(path, NULL));
	assert_int_equal(stat(path, &status), 0);
	assert_true(S_ISDIR(status.st_mode));
	assert_int_equal(status.st_mode & 0777, 0700);
	free(path);
	path = file_join(place->directory, "d/e/");
	assert_true(file_make_directory(path, NULL));
	free(path);
	assert_true(file_make_directory("/", NULL));
}

static void file_make_directory_refuses_a_file_in_the_way_and_no_name(void **state)
{
	struct place *place = *state;
	struct error error = { 0 };
	assert_true(file_write(place->path, "x", 1, 0600, NULL));
	char *path = file_join(place->path, "below");
	assert_false(file_make_directory(path, &error));
	assert_non_null(strstr(error.text, place->path));
	free(path);
	assert_false(file_make_directory("", &error));
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(file_write_replaces_the_whole_and_sets_the_mode),
		FILE_TEST(file_write_without_room_leaves_the_old_file_alone),
		FILE_TEST(file_write_where_a_directory_stands_leaves_nothing_behind),
		FILE_TEST(file_write_without_its_directory_fails),
		FILE_TEST(file_write_with_a_path_too_long_fails),
		FILE_TEST(file_read_takes_a_file_at_the_cap_only),
		FILE_TEST(file_read_says_what_is_wrong),
		FILE_TEST(file_make_directory_makes_parents_and_takes_what_is_there),
		FILE_TEST(file_make_directory_refuses_a_file_in_the_way_and_no_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
