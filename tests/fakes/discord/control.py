"""What tests may do to the pretended Discord, and what they may learn of it: HTTP under /control."""

import json

from aiohttp import web


class Journal:
    """What happened, by kind; and what a client did that Discord's documentation forbids."""

    def __init__(self):
        self.kinds = {}

    def add(self, kind, entry):
        self.kinds.setdefault(kind, []).append(entry)

    def violation(self, text):
        self.add("violations", text)


class Control:
    def __init__(self, world, gateway, rest, settings, journal):
        self.world, self.gateway, self.rest, self.settings, self.journal = world, gateway, rest, settings, journal

    def routes(self):
        handlers = {"message": self.message, "edit": self.edit, "delete": self.delete, "settings": self.change, "fault": self.fault,
                    "close": self.close, "drop": self.drop, "reconnect": self.reconnect, "invalid": self.invalid,
                    "heartbeat": self.heartbeat, "raw": self.raw, "dispatch": self.dispatch, "forget": self.forget}
        routes = [web.post("/control/" + name, self.wrap(handler)) for name, handler in handlers.items()]
        return routes + [web.get("/control/journal", self.read)]

    def wrap(self, handler):
        async def answer(request):
            result = await handler(await request.json() if request.can_read_body else {})
            return web.json_response(result if result is not None else {})
        return answer

    async def read(self, request):
        return web.json_response({**self.journal.kinds, "bot": self.world.bot, "channels": self.world.channels_by_name,
                                  "guild": self.world.guild, "sessions": len(self.gateway.sessions),
                                  "live": len([c for c in self.gateway.live() if c.session]),
                                  "open": len(self.gateway.live())})

    async def message(self, body):
        """A person writes: {author, content, channel | direct, reply_to, ping, times, ...}; returns the message object."""
        author = self.world.user_named(body.pop("author", "anna"))
        if body.pop("direct", False):
            channel = self.world.direct_channel(author)
        else:
            name = body.pop("channel", "general")
            channel = self.world.channels[self.world.channels_by_name.get(name, name)]
        times, reply_to = body.pop("times", 1), body.pop("reply_to", None)
        content, ping = body.pop("content", ""), body.pop("ping", True)
        if body.pop("bot", False):
            author = {**author, "bot": True}
        if reply_to:
            message = self.world.add_reply(channel, author, content, reply_to, ping, **body)
        else:
            message = self.world.add_message(channel, author, content, **body)
        await self.gateway.dispatch("MESSAGE_CREATE", self.world.event(message, self.settings["channel_type"]), times)
        return message

    async def edit(self, body):
        message = self.world.messages[body["id"]]
        message.update(content=body["content"], edited_timestamp=message["timestamp"])
        await self.gateway.dispatch("MESSAGE_UPDATE", self.world.event(message))
        return message

    async def delete(self, body):
        message = self.world.messages.pop(body["id"])
        channel = self.world.channels[message["channel_id"]]
        event = {"id": message["id"], "channel_id": channel["id"]}
        if "guild_id" in channel:
            event["guild_id"] = channel["guild_id"]
        await self.gateway.dispatch("MESSAGE_DELETE", event)

    async def change(self, body):
        unknown = set(body) - set(self.settings)
        if unknown:
            raise web.HTTPBadRequest(text=f"unknown settings {sorted(unknown)}")
        self.settings.update(body)

    async def fault(self, body):
        """The next requests that fit {method, path} are answered by {status, body, headers} or lost {before, after}."""
        self.rest.faults.append(body)

    async def close(self, body):
        await self.gateway.each(lambda connection: connection.close(body["code"], body.get("reason", "")))

    async def drop(self, body):
        for connection in self.gateway.live():
            connection.drop()

    async def reconnect(self, body):
        await self.gateway.each(lambda connection: connection.send({"op": 7, "d": None}))

    async def invalid(self, body):
        if not body["resumable"]:
            self.gateway.sessions.clear()
        await self.gateway.each(lambda connection: connection.send({"op": 9, "d": body["resumable"]}))

    async def heartbeat(self, body):
        await self.gateway.each(lambda connection: connection.send({"op": 1, "d": None}))

    async def raw(self, body):
        """Any bytes: as a gateway message {text}, or past the compression {hex} or {bytes: how many}."""
        if "text" in body:
            await self.gateway.each(lambda connection: connection.send_text(body["text"]))
        elif "fill" in body:
            text = json.dumps({"op": 0, "s": None, "t": "X", "d": "a" * body["fill"]})
            await self.gateway.each(lambda connection: connection.send_text(text))
        else:
            await self.gateway.each(lambda connection: connection.socket.send_bytes(bytes.fromhex(body["hex"])))

    async def dispatch(self, body):
        await self.gateway.dispatch(body["t"], body["d"], body.get("times", 1))

    async def forget(self, body):
        """The journal begins anew; the world stays."""
        self.journal.kinds.clear()
