/* matrix_batches: answers to /sync, in short, for the tests of what comes up. */
#ifndef QANTAR_TESTS_MATRIX_BATCHES_H
#define QANTAR_TESTS_MATRIX_BATCHES_H

#include "matrix_world.h"

static char *const prefixes[] = { "!ask" };
static const struct matrix_options options = {
	.homeserver = "https://hs", .user = "@qantar:hs", .access_token = "t", .prefixes = prefixes, .prefixes_count = 1,
	.admin_power_level = 50,
};

#define MESSAGE(id, sender, content) \
	"{'type':'m.room.message','event_id':'" id "','sender':'" sender "','origin_server_ts':1641499990000," \
	"'content':" content "}"
#define ASK(id, text) MESSAGE(id, "@ann:hs", "{'msgtype':'m.text','body':'!ask " text "'}")
#define SAY(id, text) MESSAGE(id, "@ann:hs", "{'msgtype':'m.text','body':'" text "'}")
#define MEMBER(id, membership, more) \
	"{'type':'m.room.member','event_id':'" id "','sender':'@ann:hs','state_key':'@qantar:hs'," \
	"'origin_server_ts':1641499980000,'content':{'membership':'" membership "'}" more "}"
#define INVITED_DIRECTLY ",'unsigned':{'prev_content':{'membership':'invite','is_direct':true}}"
#define TIMELINE(events) "'timeline':{'events':[" events "]}"
#define GAPPY(events) "'timeline':{'limited':true,'prev_batch':'p1','events':[" events "]}"
#define ROOM(id, inside) "'" id "':{" inside "}"
#define SUMMARY(joined, invited) "'summary':{'m.joined_member_count':" joined ",'m.invited_member_count':" invited "}"
#define SYNC(next, rooms) "{'next_batch':'" next "','rooms':{'join':{" rooms "}}}"

static inline void begin(void)
{
	world_begin(&options);
	world_connect();
}

/* The news of one more batch. */
static inline const char *batch(const char *body)
{
	world_answer("/sync", 200, body);
	return world_news();
}

#endif
