/* batch: one answer to /sync on its way up. Nothing of it is handed up before what it lacks was fetched, so that a
 * room's events come in order; its token is stored after that, so that a crash in between loses nothing. */
#ifndef QANTAR_PLATFORM_MATRIX_BATCH_H
#define QANTAR_PLATFORM_MATRIX_BATCH_H

#include "platform/matrix/internal.h"

enum {
	BATCH_PAGES = 20,       /* of a room's gap */
	BATCH_PAGES_ALL = 100,  /* of all gaps together: they are held until the batch is handed up */
	BATCH_PAGE_EVENTS = 50, /* at most 64 KiB each, so a page always fits its cap */
	BATCH_GAPS = 200,       /* rooms whose gaps are filled; the others go on without */
	BATCH_LOOKUPS = 32,     /* events looked up because somebody replied to them, and member counts */
	BATCH_TRIES = 6,        /* of one request, with back-off in between */
};

struct batch_room {
	struct matrix_room *room;
	const cJSON *joined;              /* of rooms.join */
	char *from;                       /* where the next page of the gap ends; NULL: no gap, or filled */
	bool is_to_invite;                /* the gap reaches back to our invitation */
	bool is_counted;                  /* members were asked for */
	struct json *pages[BATCH_PAGES];  /* the newest first, and so in each page */
	size_t pages_count;
	const cJSON **events; /* pages and timeline together, the oldest first; made when there is no gap left */
	size_t events_count;
	size_t start;                     /* the first one that is for us */
	bool is_new;                      /* we joined in these events */
};

struct matrix_batch {
	struct matrix *matrix;
	struct json *document;
	bool is_first;
	struct batch_room *rooms;
	size_t count;
	size_t gaps, pages, lookups; /* begun */
	unsigned tries;
	struct matrix_request *request;
	struct loop_timer retry;
	const char *looked_up; /* the event under way; borrowed from the document */
	struct batch_room *asked; /* whose page or members are under way */
};

/* Fetches the next thing that is lacking; calls batch_hand_up when there is none. */
void batch_fetch(struct matrix_batch *batch);
void batch_hand_up(struct matrix_batch *batch);

/* Puts the room's events in a row and finds where those for us begin. */
void batch_room_arrange(const struct matrix_batch *batch, struct batch_room *room);

/* The index of the last event in which our membership became `membership`; -1: none. */
long batch_find_own(const struct matrix *matrix, const cJSON *const *events, size_t count, const char *membership);
bool batch_is_own(const struct matrix *matrix, const cJSON *event, const char *membership);

#endif
