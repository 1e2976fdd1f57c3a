#include "conversation.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "recent.h"

struct conversation {
	int64_t at_us; /* last sign of life; 0: new */
	struct knowledge_context context;
};

struct conversations {
	struct recent *recent;
	int64_t expire_us;
};

struct conversations *conversations_create(size_t most, int64_t expire_us)
{
	struct conversations *conversations = memory_zeroed(1, sizeof *conversations);
	conversations->recent = recent_create(most, sizeof(struct conversation));
	conversations->expire_us = expire_us;
	return conversations;
}

void conversations_destroy(struct conversations *conversations)
{
	if (!conversations)
		return;
	recent_destroy(conversations->recent);
	free(conversations);
}

struct knowledge_context *conversation_of(struct conversations *conversations, const char *platform, const char *room,
					  const char *person, int64_t now_us)
{
	char *key = recent_key(platform, room, person);
	struct conversation *conversation = recent_get(conversations->recent, key);
	free(key);
	if (conversation->at_us && now_us - conversation->at_us > conversations->expire_us)
		conversation->context = (struct knowledge_context){ 0 };
	conversation->at_us = now_us;
	return &conversation->context;
}
