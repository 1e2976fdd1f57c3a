/* link: bot */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/log.h"
#include "config.h"

/* One load: the file's text and the environment in, config and report out. */
struct load {
	char directory[64];
	char *path;
	struct config config;
	struct config_report report;
};

static bool load(struct load *load, const char *text, char *const environment[], bool needs_platform)
{
	struct error error;
	*load = (struct load){ .directory = "/tmp/test_config.XXXXXX" };
	assert_non_null(mkdtemp(load->directory));
	load->path = file_join(load->directory, "qantar.conf");
	if (text)
		assert_true(file_write(load->path, text, strlen(text), 0600, &error));
	struct config_source source = { .file = text ? load->path : NULL,
					.environment = environment,
					.needs_platform = needs_platform };
	return config_load(&source, &load->config, &load->report);
}

static void finish(struct load *load)
{
	unlink(load->path);
	rmdir(load->directory);
	free(load->path);
	config_finish(&load->config);
	config_report_finish(&load->report);
}

static char *const home[] = { "HOME=/home/anna", NULL };

static void config_load_takes_defaults(void **state)
{
	(void)state;
	struct load one;
	assert_true(load(&one, NULL, home, false));
	assert_int_equal(one.config.log_level, LOG_INFO);
	assert_string_equal(one.config.state_dir, "/home/anna/.local/state/qantar");
	assert_string_equal(one.config.cache_dir, "/home/anna/.cache/qantar");
	assert_true(one.config.discord.compress);
	assert_false(one.config.discord.message_content);
	assert_int_equal(one.config.matrix.prefixes.count, 2);
	assert_string_equal(one.config.matrix.prefixes.items[1], "!q");
	assert_int_equal(one.config.limits.answer_age_minutes, 15);
	finish(&one);
}

static void config_load_prefers_the_environment_to_the_file(void **state)
{
	(void)state;
	char *const environment[] = { "HOME=/h", "QANTAR_LOG_LEVEL=error", "STATE_DIRECTORY=/var/lib/q:/other", NULL };
	struct load one;
	assert_true(load(&one, "# comment\n\nQANTAR_LOG_LEVEL=debug\r\n  QANTAR_LANGUAGE=kk  \n", environment, false));
	assert_int_equal(one.config.log_level, LOG_ERROR);
	assert_int_equal(config_language(&one.config), LANGUAGE_KK);
	assert_string_equal(one.config.state_dir, "/var/lib/q");
	finish(&one);
}

static void assert_errors(const char *text, char *const environment[], const char *const expected[])
{
	struct load one;
	assert_false(load(&one, text, environment, true));
	for (size_t i = 0; expected[i]; i++)
		if (!strstr(buffer_text(&one.report.errors), expected[i]))
			fail_msg("no \"%s\" in:\n%s", expected[i], buffer_text(&one.report.errors));
	finish(&one);
}

static void config_load_lists_every_error_with_its_line(void **state)
{
	(void)state;
	const char *text = "QANTAR_MATRIX_USER=qantar\n"
			   "QANTAR_COLOUR=red\n"
			   "QANTAR_LOG_LEVEL=loud\n"
			   "QANTAR_CONTACT=\"anna\"\n"
			   "QANTAR_LIMIT_ROOM_BURST=-1\n"
			   "QANTAR_LIMIT_PERSON_BURST=3 # three\n"
			   "QANTAR_ADMINS=@anna:example.org, bert\n"
			   "QANTAR_LANGUAGE = ru\n"
			   "export QANTAR_CACHE_DIR=/x\n"
			   "QANTAR_MATRIX_HOMESERVER=example.org\n"
			   "QANTAR_DISCORD_COMPRESS=yes\n"
			   "QANTAR_SAFETY_TEXT_EN=a\\nb\n"
			   "QANTAR_LOG_LEVEL=info\n"
			   "words\n"
			   "QANTAR_CA_FILE=/nonexistent/ca.pem\n";
	const char *const expected[] = {
		"QANTAR_MATRIX_USER (", "is \"qantar\"; write a full Matrix user id",
		"qantar.conf:2: QANTAR_COLOUR is not a setting",
		"is \"loud\"; write one of debug|info|warning|error",
		"is quoted; write the value without quotes",
		"is \"-1\"; write a whole number from 0 to 100000",
		"is \"3 # three\"; write a whole number",
		"holds \"bert\"; write full ids",
		"qantar.conf:8: write KEY=VALUE without spaces around the =",
		"qantar.conf:9: write KEY=VALUE without \"export\"",
		"is \"example.org\"; write an address like https://",
		"is \"yes\"; write on or off",
		"qantar.conf:12: QANTAR_SAFETY_TEXT_EN holds a backslash",
		"qantar.conf:13: QANTAR_LOG_LEVEL is set twice",
		"qantar.conf:14: this is not KEY=VALUE",
		"is \"/nonexistent/ca.pem\"; write the path of a file that can be read",
		NULL,
	};
	assert_errors(text, home, expected);
}

static void config_load_warns_of_an_unknown_key_in_the_environment(void **state)
{
	(void)state;
	char *const environment[] = { "HOME=/h", "QANTAR_PORT=tcp://10.0.0.1:80", NULL };
	struct load one;
	assert_true(load(&one, NULL, environment, false));
	assert_non_null(strstr(buffer_text(&one.report.warnings), "QANTAR_PORT"));
	assert_null(strstr(buffer_text(&one.report.warnings), "10.0.0.1"));
	finish(&one);
}

static void config_load_asks_for_a_platform(void **state)
{
	(void)state;
	assert_errors(NULL, home, (const char *const[]){ "no platform is set", NULL });
}

static void config_load_wants_all_of_matrix(void **state)
{
	(void)state;
	assert_errors("QANTAR_MATRIX_USER=@q:example.org\n", home,
		      (const char *const[]){ "QANTAR_MATRIX_ACCESS_TOKEN is not set", NULL });
	assert_errors("QANTAR_MATRIX_USER=@q:example.org\nQANTAR_MATRIX_ACCESS_TOKEN=a\nQANTAR_MATRIX_PASSWORD=b\n", home,
		      (const char *const[]){ "both set", NULL });
}

static void config_load_reads_a_secret_from_a_file(void **state)
{
	(void)state;
	struct error error;
	char directory[] = "/tmp/test_secret.XXXXXX", setting[128], credentials[128];
	assert_non_null(mkdtemp(directory));
	char *path = file_join(directory, "QANTAR_DISCORD_TOKEN");
	assert_true(file_write(path, "s3cret\n", 7, 0600, &error));
	snprintf(setting, sizeof setting, "QANTAR_DISCORD_TOKEN_FILE=%s", path);
	snprintf(credentials, sizeof credentials, "CREDENTIALS_DIRECTORY=%s", directory);
	struct load one;
	assert_true(load(&one, NULL, (char *const[]){ "HOME=/h", setting, NULL }, true));
	assert_string_equal(one.config.discord.token, "s3cret");
	finish(&one);
	assert_true(load(&one, NULL, (char *const[]){ "HOME=/h", credentials, NULL }, true));
	assert_string_equal(one.config.discord.token, "s3cret");
	finish(&one);
	unlink(path);
	assert_errors(NULL, (char *const[]){ "HOME=/h", setting, NULL },
		      (const char *const[]){ "QANTAR_DISCORD_TOKEN_FILE", path, NULL });
	rmdir(directory);
	free(path);
}

static void config_load_never_shows_a_secret(void **state)
{
	(void)state;
	struct load one;
	assert_false(load(&one, "QANTAR_DISCORD_TOKEN=Bot abc.def\n", home, true));
	assert_non_null(strstr(buffer_text(&one.report.errors), "QANTAR_DISCORD_TOKEN"));
	assert_null(strstr(buffer_text(&one.report.errors), "abc.def"));
	finish(&one);
}

static void config_load_refuses_values_past_the_cap(void **state)
{
	(void)state;
	char at_cap[64 + SETTING_VALUE_BYTES], past[65 + SETTING_VALUE_BYTES];
	int prefix = snprintf(at_cap, sizeof at_cap, "QANTAR_CONTACT=");
	memset(at_cap + prefix, 'a', SETTING_VALUE_BYTES);
	at_cap[prefix + SETTING_VALUE_BYTES] = '\0';
	snprintf(past, sizeof past, "%sa", at_cap);
	struct load one;
	assert_true(load(&one, NULL, (char *const[]){ "HOME=/h", at_cap, NULL }, false));
	finish(&one);
	assert_false(load(&one, NULL, (char *const[]){ "HOME=/h", past, NULL }, false));
	finish(&one);
	prefix = snprintf(at_cap, sizeof at_cap, "QANTAR_HOMEPAGE=https://");
	memset(at_cap + prefix, 'a', SETTING_URL_BYTES);
	at_cap[prefix + SETTING_URL_BYTES - 8] = '\0';
	snprintf(past, sizeof past, "%sa", at_cap);
	assert_true(load(&one, NULL, (char *const[]){ "HOME=/h", at_cap, NULL }, false));
	finish(&one);
	assert_false(load(&one, NULL, (char *const[]){ "HOME=/h", past, NULL }, false));
	finish(&one);
}

static void config_is_admin_tells_platforms_apart(void **state)
{
	(void)state;
	struct load one;
	assert_true(load(&one,
			 "QANTAR_ADMINS=@anna:example.org,discord:1234\nQANTAR_ANSWER_ALL_ROOMS=!r:example.org\n",
			 home, false));
	assert_true(config_is_admin(&one.config, "matrix", "@anna:example.org"));
	assert_false(config_is_admin(&one.config, "matrix", "@anna:example.com"));
	assert_true(config_is_admin(&one.config, "discord", "1234"));
	assert_false(config_is_admin(&one.config, "matrix", "1234"));
	assert_false(config_is_admin(&one.config, "matrix", "discord:1234"));
	assert_true(config_answers_all(&one.config, "matrix", "!r:example.org"));
	assert_false(config_answers_all(&one.config, "discord", "!r:example.org"));
	finish(&one);
}

static void setting_example_is_the_file_in_the_tree(void **state)
{
	(void)state;
	struct buffer expected, found;
	struct error error;
	buffer_init(&expected, 65536);
	setting_print_example(&expected);
	assert_true(file_read(QANTAR_SOURCE "/deploy/qantar.conf.example", 65536, &found, &error));
	assert_string_equal(buffer_text(&found), buffer_text(&expected));
	buffer_finish(&expected);
	buffer_finish(&found);
}

static void setting_example_holds_once_uncommented(void **state)
{
	(void)state;
	struct buffer text;
	struct load one;
	buffer_init(&text, 65536);
	setting_print_example(&text);
	for (char *at = text.data; (at = strstr(at, "\n#QANTAR_")); at++)
		at[1] = ' ';
	assert_true(load(&one, text.data, home, false));
	finish(&one);
	buffer_finish(&text);
}

static void setting_table_fits_the_reader(void **state)
{
	(void)state;
	assert_true(setting_count <= 64);
	for (size_t i = 0; i < setting_count; i++) {
		bool is_file;
		assert_ptr_equal(setting_find(setting_table[i].name, &is_file), &setting_table[i]);
		assert_false(is_file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config_load_takes_defaults),
		cmocka_unit_test(config_load_prefers_the_environment_to_the_file),
		cmocka_unit_test(config_load_lists_every_error_with_its_line),
		cmocka_unit_test(config_load_warns_of_an_unknown_key_in_the_environment),
		cmocka_unit_test(config_load_asks_for_a_platform),
		cmocka_unit_test(config_load_wants_all_of_matrix),
		cmocka_unit_test(config_load_reads_a_secret_from_a_file),
		cmocka_unit_test(config_load_never_shows_a_secret),
		cmocka_unit_test(config_load_refuses_values_past_the_cap),
		cmocka_unit_test(config_is_admin_tells_platforms_apart),
		cmocka_unit_test(setting_example_is_the_file_in_the_tree),
		cmocka_unit_test(setting_example_holds_once_uncommented),
		cmocka_unit_test(setting_table_fits_the_reader),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
