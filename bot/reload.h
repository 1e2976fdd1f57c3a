/* reload: new facts into a running bot.
 *
 * A process of its own trains them; the model is then mapped and swapped between two messages. When anything is wrong
 * with the base, the old one goes on serving and the reply says what and where. */
#ifndef QANTAR_RELOAD_H
#define QANTAR_RELOAD_H

#include <stdbool.h>

struct bot;
struct message;
struct reload;

enum {
	RELOAD_IDS = 20,      /* of facts, named for each sort of change */
	RELOAD_PROBLEMS = 10, /* told */
	RELOAD_TIMEOUT_MS = 600000,
};

struct reload *reload_create(struct bot *bot);
void reload_destroy(struct reload *reload);

bool reload_is_running(const struct reload *reload);
/* Begins one, for the person who asked or (NULL) for the operator's signal, who reads the log. The outcome is told in
 * a later turn. A second one while the first runs is refused in a line. */
void reload_start(struct reload *reload, const struct message *message);

#endif
