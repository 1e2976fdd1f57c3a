"""The pretended Discord's REST API, version 10: what a text bot needs, strict about keys and lengths, with rate limits."""

import asyncio
import json
import time

from aiohttp import web

MESSAGE_KEYS = {"content", "nonce", "enforce_nonce", "tts", "embeds", "allowed_mentions", "message_reference", "components",
                "sticker_ids", "attachments", "flags", "poll"}
EDIT_KEYS = {"content", "embeds", "flags", "allowed_mentions", "components", "attachments"}
CONTENT_CHARACTERS, NONCE_CHARACTERS = 2000, 25


class Limits:
    """A bucket a route and channel, and one over all."""

    def __init__(self, settings):
        self.settings = settings
        self.buckets, self.all = {}, []

    def take(self, name, channel):
        """The headers, and how long to wait with its scope when the request comes too early."""
        if not self.settings["rate_limits"]:
            return {}, None, None
        now, most, window = time.monotonic(), self.settings["bucket_limit"], self.settings["bucket_window"]
        self.all = [sent for sent in self.all if sent > now - 1]
        if len(self.all) >= self.settings["global_limit"]:
            return {"X-RateLimit-Global": "true"}, self.all[0] + 1 - now, "global"
        start, used = self.buckets.get((name, channel), (now, 0))
        if now >= start + window:
            start, used = now, 0
        left = start + window - now
        headers = {"X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": str(max(0, most - used - 1)),
                   "X-RateLimit-Reset": f"{time.time() + left:.3f}", "X-RateLimit-Reset-After": f"{left:.3f}",
                   "X-RateLimit-Bucket": f"hash-{name}"}
        if used >= most:
            return headers, left, "user"
        self.all.append(now)
        self.buckets[(name, channel)] = (start, used + 1)
        return headers, None, None


class Refused(Exception):
    def __init__(self, status, code, text):
        super().__init__(text)
        self.status, self.body = status, {"code": code, "message": text}


class Rest:
    def __init__(self, world, gateway, settings, journal):
        self.world, self.gateway, self.settings, self.journal = world, gateway, settings, journal
        self.limits = Limits(settings)
        self.faults = []
        self.nonces = {}
        self.under_way, self.most_under_way = {}, 0

    def routes(self, prefix="/api/v10"):
        me = prefix + "/users/@me"
        messages = prefix + "/channels/{channel}/messages"
        return [web.route(method, path, self.wrap(handler, name)) for method, path, handler, name in (
            ("GET", prefix + "/gateway", self.get_gateway, "gateway"),
            ("GET", prefix + "/gateway/bot", self.get_gateway, "gateway"),
            ("GET", me, self.get_me, "me"),
            ("POST", me + "/channels", self.open_direct, "open"),
            ("GET", prefix + "/oauth2/applications/@me", self.get_application, "application"),
            ("GET", prefix + "/applications/@me", self.get_application, "application"),
            ("GET", prefix + "/channels/{channel}", self.get_channel, "channel"),
            ("POST", messages, self.post_message, "messages"),
            ("GET", messages + "/{message}", self.get_message, "message"),
            ("PATCH", messages + "/{message}", self.patch_message, "edit"),
            ("DELETE", messages + "/{message}", self.delete_message, "delete"),
            ("POST", prefix + "/channels/{channel}/typing", self.post_typing, "typing"),
            ("*", prefix + "/{rest:.*}", self.unknown, "unknown"))]

    # ---- around every request ----

    def wrap(self, handler, name):
        async def answer(request):
            body, raw = None, await request.read()
            try:
                body = json.loads(raw) if raw else None
            except ValueError:
                self.journal.violation(f"{name}: a body that is no JSON")
            entry = {"method": request.method, "path": request.path, "route": name, "body": body, "status": 0,
                     "time": time.monotonic(), "user_agent": request.headers.get("User-Agent", "")}
            self.journal.add("requests", entry)
            channel = request.match_info.get("channel", "")
            self.under_way[channel] = self.under_way.get(channel, 0) + 1
            if name == "messages" and self.under_way[channel] > 1:
                self.journal.add("overlaps", channel)
            try:
                response = await self.respond(handler, name, request, body)
            finally:
                self.under_way[channel] -= 1
            entry["status"] = response.status if response else -1
            if response is None: # done, but the answer is lost
                request.transport.abort()
                return web.Response()
            return response
        return answer

    def fault_for(self, request):
        for fault in self.faults:
            if fault.get("method", request.method) == request.method and fault.get("path", "") in request.path:
                fault["times"] = fault.get("times", 1) - 1
                if fault["times"] <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    async def respond(self, handler, name, request, body):
        if not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
            self.journal.violation("a User-Agent that does not begin with 'DiscordBot ('")
        if request.headers.get("Authorization") != "Bot " + self.settings["token"]:
            self.journal.add("invalid", 401)
            return self.json(401, {"message": "401: Unauthorized", "code": 0})
        fault = self.fault_for(request)
        if fault and fault.get("delay"):
            await asyncio.sleep(fault["delay"])
        if fault and fault.get("lose") == "before":
            return None
        if fault and "status" in fault:
            if fault["status"] in (401, 403, 429):
                self.journal.add("invalid", fault["status"])
            if "text" in fault:
                return web.Response(status=fault["status"], text=fault["text"], headers=fault.get("headers"))
            return self.json(fault["status"], fault.get("body", {}), fault.get("headers"))
        headers, wait, scope = self.limits.take(name, request.match_info.get("channel", ""))
        if wait is not None:
            self.journal.add("invalid", 429)
            headers |= {"Retry-After": str(int(wait + 1)), "X-RateLimit-Scope": scope, "Via": "1.1 google"}
            return self.json(429, {"message": "You are being rate limited.", "retry_after": round(wait, 3),
                                   "global": scope == "global"}, headers)
        try:
            status, result = await handler(request, body)
        except Refused as refused:
            status, result = refused.status, refused.body
        if status in (401, 403):
            self.journal.add("invalid", status)
        if fault and fault.get("lose") == "after":
            return None
        return self.json(status, result, headers)

    def json(self, status, body, headers=None):
        headers = {"Via": "1.1 google", **(headers or {})}
        if status == 204:
            return web.Response(status=204, headers=headers)
        # As Discord writes it, without a charset: discord.py compares the whole value.
        return web.Response(status=status, body=json.dumps(body).encode(), headers={**headers, "Content-Type": "application/json"})

    # ---- routes ----

    async def unknown(self, request, body):
        self.journal.violation(f"{request.method} {request.path} is not pretended here")
        raise Refused(404, 0, "404: Not Found")

    async def get_gateway(self, request, body):
        limit = {"total": 1000, "remaining": self.settings["identifies_remaining"],
                 "reset_after": self.settings["identifies_reset_after"], "max_concurrency": 1}
        return 200, {"url": self.settings["gateway_url"], "shards": 1, "session_start_limit": limit}

    async def get_me(self, request, body):
        return 200, {**self.world.bot, "verified": True, "mfa_enabled": False, "email": None, "locale": "en-US"}

    async def get_application(self, request, body):
        return 200, {"id": self.world.bot["id"], "name": "Qantar", "icon": None, "description": "", "bot_public": True,
                     "bot_require_code_grant": False, "verify_key": "00", "flags": 0, "owner": self.world.owner, "team": None}

    async def open_direct(self, request, body):
        user = self.world.users.get(str((body or {}).get("recipient_id")))
        if not user:
            raise Refused(400, 50033, "Invalid Recipient(s)")
        return 200, self.world.direct_channel(user)

    def channel_of(self, request):
        channel = self.world.channels.get(request.match_info["channel"])
        if not channel:
            raise Refused(404, 10003, "Unknown Channel")
        if channel["id"] in self.settings["forbidden"]:
            raise Refused(403, 50013, "Missing Permissions")
        return channel

    def message_of(self, request):
        self.channel_of(request)
        message = self.world.messages.get(request.match_info["message"])
        if not message:
            raise Refused(404, 10008, "Unknown Message")
        return message

    async def get_channel(self, request, body):
        return 200, self.channel_of(request)

    async def get_message(self, request, body):
        return 200, self.message_of(request)

    def check(self, body, keys):
        """What the real API checks, and misspelt keys, which it silently ignores."""
        if not isinstance(body, dict):
            raise Refused(400, 50109, "The request body contains invalid JSON.")
        unknown = set(body) - keys
        if unknown:
            self.journal.violation(f"unknown keys in a message: {sorted(unknown)}")
        content = body.get("content") or ""
        if not isinstance(content, str) or len(content) > CONTENT_CHARACTERS:
            raise Refused(400, 50035, "Invalid Form Body: content must be 2000 or fewer in length.")
        if not content.strip() and not body.get("embeds"):
            raise Refused(400, 50006, "Cannot send an empty message")
        mentions = body.get("allowed_mentions")
        if mentions is not None and set(mentions) - {"parse", "users", "roles", "replied_user"}:
            self.journal.violation("unknown keys in allowed_mentions")

    async def post_message(self, request, body):
        channel = self.channel_of(request)
        self.check(body, MESSAGE_KEYS)
        nonce = body.get("nonce")
        if nonce is not None and len(str(nonce)) > NONCE_CHARACTERS:
            raise Refused(400, 50035, "Invalid Form Body: nonce must be 25 or fewer in length.")
        known = self.nonces.get((channel["id"], str(nonce))) if nonce is not None and body.get("enforce_nonce") else None
        if known and time.monotonic() - known[0] < self.settings["nonce_window"]:
            self.journal.add("deduplicated", nonce)
            return 200, known[1]
        more = {"flags": body.get("flags", 0), "embeds": body.get("embeds", []), "components": body.get("components", [])}
        if nonce is not None:
            more["nonce"] = nonce
        reference = body.get("message_reference")
        if reference:
            if channel["id"] in self.settings["no_history"]:
                raise Refused(403, 160002, "Cannot reply without permission to read message history")
            if set(reference) - {"type", "message_id", "channel_id", "guild_id", "fail_if_not_exists"}:
                self.journal.violation("unknown keys in message_reference")
            if str(reference.get("message_id")) not in self.world.messages:
                if reference.get("fail_if_not_exists", True):
                    raise Refused(400, 50035, "Invalid Form Body: Unknown message")
                reference = None
        if reference:
            ping = (body.get("allowed_mentions") or {}).get("replied_user", True)
            message = self.world.add_reply(channel, self.world.bot, body["content"], str(reference["message_id"]), ping, **more)
        else:
            message = self.world.add_message(channel, self.world.bot, body["content"], **more)
        if nonce is not None:
            self.nonces[(channel["id"], str(nonce))] = (time.monotonic(), message)
        self.journal.add("posts", message)
        await self.gateway.dispatch("MESSAGE_CREATE", self.world.event(message))
        return 200, message

    async def patch_message(self, request, body):
        message = self.message_of(request)
        if message["author"]["id"] != self.world.bot["id"]:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        self.check(body, EDIT_KEYS)
        message.update(content=body["content"], edited_timestamp=message["timestamp"])
        self.journal.add("edits", dict(message))
        await self.gateway.dispatch("MESSAGE_UPDATE", self.world.event(message))
        return 200, message

    async def delete_message(self, request, body):
        message = self.message_of(request)
        del self.world.messages[message["id"]]
        self.journal.add("deletes", message["id"])
        return 204, None

    async def post_typing(self, request, body):
        self.channel_of(request)
        return 204, None
