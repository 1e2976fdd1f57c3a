/* outbox_row: the lanes and rows of an outbox, and what becomes of a row. For outbox.c only. */
#ifndef QANTAR_OUTBOX_ROW_H
#define QANTAR_OUTBOX_ROW_H

#include "outbox.h"

enum row_state {
	ROW_WAITING,   /* behind others of its lane */
	ROW_STARTING,  /* first of its lane, marked as under way; the mark is not committed yet */
	ROW_COMMITTED, /* the mark is on disk: may be handed over */
	ROW_HANDED,    /* the platform has it and will call `sent` */
	ROW_RETRYING,  /* waits for its lane's timer */
};

struct lane;

struct row {
	struct row *next;         /* in its lane */
	struct row *next_in_turn; /* in outbox->touched or outbox->due, never both */
	struct lane *lane;
	struct store_post post;   /* owns key, question and payload */
	enum row_state state;
	unsigned tries;
	bool is_touched;          /* in outbox->touched: written in this turn, not committed */
	bool is_stored;           /* committed at least once */
	bool is_maybe_seen;       /* an earlier try may have reached the service */
	bool is_new_post;         /* handed over as a post of its own, not as a change of another */
};

/* The posts of one room, the oldest first. Only the first is ever under way. */
struct lane {
	struct outbox *outbox;
	struct platform *platform;
	char *room;
	struct row *first, *last;
	struct loop_timer retry;
};

struct outbox {
	struct outbox_options options;
	struct platform *platforms[OUTBOX_PLATFORMS];
	size_t platforms_count;
	void *lanes; /* tsearch(3) tree of struct lane, by platform and room */
	void *rows;  /* tsearch(3) tree of struct row, by platform and key */
	size_t count;
	struct row *touched, *due;
	struct loop_timer turn;
	bool is_turn_set;
};

/* The lane of that room, NULL when nothing waits there. */
struct lane *outbox_lane(struct outbox *outbox, struct platform *platform, const char *room);
struct row *outbox_row(struct outbox *outbox, const char *platform, const char *key);

/* Puts a copy of `post` at the end of its room's lane; nothing is written. */
struct row *outbox_row_append(struct outbox *outbox, struct platform *platform, const struct store_post *post);
/* Out of memory and out of the store, with its lane when that is empty then; `why` (may be NULL) is logged. */
void outbox_row_drop(struct row *row, const char *why);
/* Drops it and lets the next of its lane go. */
void outbox_row_finish(struct row *row, const char *why);
/* The row was written in this turn. */
void outbox_row_touch(struct row *row);
void outbox_row_retry(struct row *row);

/* Lets the lane's first row go when it waits. */
void outbox_lane_start(struct lane *lane);
/* The same in the next turn. */
void outbox_lane_start_later(struct lane *lane);

/* For tdestroy(3). */
void outbox_row_free(void *row);
void outbox_lane_free(void *lane);

#endif
