/* render: a reply's blocks as the JSON bodies of Discord messages. */
#ifndef QANTAR_DISCORD_RENDER_H
#define QANTAR_DISCORD_RENDER_H

#include "platform/platform.h"

enum { RENDER_UNITS = 2000 }; /* Discord's limit of a message's content */

/* At most PLATFORM_PARTS bodies of {"content", "flags", "allowed_mentions", "message_reference"}; the reference
 * stands in the first. What does not fit into the last is cut and ends in an ellipsis. False, and nothing in
 * `out`, when there is nothing to show. */
bool discord_render(const struct target *target, const struct block *blocks, size_t count, struct rendered *out);

#endif
