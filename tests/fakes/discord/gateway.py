"""The pretended Discord's gateway: HELLO, IDENTIFY, RESUME, heartbeats, events, compression, close codes."""

import asyncio
import json
import secrets
import time
import zlib

import zstandard
from aiohttp import WSMsgType, web

GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15
KNOWN_INTENTS = (1 << 26) - 1
PAYLOAD_BYTES, SENDS_MOST, SENDS_WINDOW_S = 4096, 120, 60


class Session:
    """What outlives a connection: events with their numbers, kept for a resume."""

    def __init__(self, intents):
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.sequence = 0
        self.events = []
        self.connection = None

    def add(self, name, data):
        self.sequence += 1
        event = {"op": 0, "s": self.sequence, "t": name, "d": data}
        self.events.append(event)
        return event


class Connection:
    """One websocket."""

    def __init__(self, gateway, socket, request):
        self.gateway, self.socket, self.request = gateway, socket, request
        self.session = None
        self.is_open = True
        self.sends = []
        self.compression = request.query.get("compress")
        if self.compression == "zstd-stream":
            self.compressor = zstandard.ZstdCompressor(level=6).compressobj()
        elif self.compression == "zlib-stream":
            self.compressor = zlib.compressobj()

    async def send_text(self, text):
        """One gateway message, whatever it is."""
        if not self.is_open or self.socket.closed:
            return
        data = text.encode() if isinstance(text, str) else text
        if self.compression == "zstd-stream":
            data = self.compressor.compress(data) + self.compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
            await self.socket.send_bytes(data)
        elif self.compression == "zlib-stream":
            await self.socket.send_bytes(self.compressor.compress(data) + self.compressor.flush(zlib.Z_SYNC_FLUSH))
        else:
            await self.socket.send_str(text if isinstance(text, str) else text.decode("utf-8", "surrogateescape"))

    async def send(self, message):
        try:
            await self.send_text(json.dumps(message, ensure_ascii=False))
        except (ConnectionError, RuntimeError):
            self.is_open = False

    async def close(self, code, reason=""):
        self.detach()
        await self.socket.close(code=code, message=reason.encode())

    def drop(self):
        """The network is gone: no close frame."""
        self.detach()
        if self.request.transport:
            self.request.transport.abort()

    def detach(self):
        self.is_open = False
        if self.session and self.session.connection is self:
            self.session.connection = None

    def is_too_fast(self):
        now = time.monotonic()
        self.sends = [sent for sent in self.sends if sent > now - SENDS_WINDOW_S] + [now]
        return len(self.sends) > SENDS_MOST


class Gateway:
    def __init__(self, world, settings, journal):
        self.world, self.settings, self.journal = world, settings, journal
        self.sessions = {}
        self.connections = []
        self.last_identify = 0

    # ---- events out ----

    def withheld(self, session, data):
        """The message as this session may see it: content only with the intent, in direct messages, when mentioned, or its own."""
        bot = self.world.bot["id"]
        if session.intents & MESSAGE_CONTENT or "guild_id" not in data or data["author"]["id"] == bot:
            return data
        if any(user["id"] == bot for user in data["mentions"]):
            return data
        return {**data, "content": "", "embeds": [], "attachments": [], "components": []}

    def wants(self, session, name, data):
        if name.startswith("MESSAGE_"):
            return bool(session.intents & (GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES))
        return True

    async def dispatch(self, name, data, times=1):
        for session in list(self.sessions.values()):
            if not self.wants(session, name, data):
                continue
            seen = self.withheld(session, data) if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE") else data
            for _ in range(times):
                event = session.add(name, seen)
                if session.connection and not self.settings["silent"]:
                    await session.connection.send(event)

    # ---- one connection ----

    async def serve(self, request):
        # A frame may be larger than the rule, so that the rule can be checked here.
        socket = web.WebSocketResponse(max_msg_size=1 << 20, compress=False, autoping=True)
        await socket.prepare(request)
        connection = Connection(self, socket, request)
        self.connections.append(connection)
        self.journal.add("connections", {"path": request.path, "query": dict(request.query),
                                         "user_agent": request.headers.get("User-Agent", "")})
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            await connection.close(4012, "Invalid API version")
            return socket
        if self.settings["hello"]:
            await connection.send({"op": 10, "d": {"heartbeat_interval": self.settings["heartbeat_interval"], "_trace": []}})
        try:
            async for frame in socket:
                if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY) or not await self.on_frame(connection, frame.data):
                    break
            if connection.is_open:
                self.journal.add("client_closes", socket.close_code)
                if socket.close_code in (1000, 1001) and connection.session:
                    self.sessions.pop(connection.session.id, None)
        finally:
            connection.detach()
            self.connections.remove(connection)
        return socket

    async def refuse(self, connection, code, reason):
        self.journal.add("refusals", {"code": code, "reason": reason})
        await connection.close(code, reason)
        return False

    async def on_frame(self, connection, data):
        if len(data if isinstance(data, bytes) else data.encode()) > PAYLOAD_BYTES:
            self.journal.violation("a gateway payload over 4096 bytes")
            return await self.refuse(connection, 4002, "Error while decoding payload.")
        if connection.is_too_fast():
            self.journal.violation("more than 120 gateway sends in 60 s")
            return await self.refuse(connection, 4008, "Rate limited.")
        try:
            frame = json.loads(data)
            opcode, body = frame["op"], frame["d"]
        except (ValueError, KeyError, TypeError):
            self.journal.violation("a gateway payload that is no JSON")
            return await self.refuse(connection, 4002, "Error while decoding payload.")
        handler = {1: self.on_heartbeat, 2: self.on_identify, 3: self.on_ignored, 4: self.on_ignored, 6: self.on_resume,
                   8: self.on_ignored}.get(opcode)
        if not handler:
            self.journal.violation(f"gateway opcode {opcode}")
            return await self.refuse(connection, 4001, "Unknown opcode.")
        if not connection.session and opcode not in (1, 2, 6):
            return await self.refuse(connection, 4003, "Not authenticated.")
        return await handler(connection, body)

    async def on_ignored(self, connection, body):
        return True

    async def on_heartbeat(self, connection, body):
        self.journal.add("heartbeats", body)
        if body is not None and not isinstance(body, int):
            self.journal.violation("a heartbeat whose sequence is no number")
        if self.settings["ack"]:
            await connection.send({"op": 11})
        return True

    def token_is_right(self, body):
        return isinstance(body, dict) and body.get("token") in (self.settings["token"], "Bot " + self.settings["token"])

    async def on_identify(self, connection, body):
        self.journal.add("identifies", {key: value for key, value in body.items() if key != "token"})
        if connection.session:
            return await self.refuse(connection, 4005, "Already authenticated.")
        if self.settings["refuse_identify"]:
            return await self.refuse(connection, self.settings["refuse_identify"], "As told.")
        if not self.token_is_right(body):
            return await self.refuse(connection, 4004, "Authentication failed.")
        intents = body.get("intents")
        if not isinstance(intents, int) or intents < 0 or intents & ~KNOWN_INTENTS:
            return await self.refuse(connection, 4013, "Invalid intent(s).")
        if intents & MESSAGE_CONTENT and not self.settings["message_content"]:
            return await self.refuse(connection, 4014, "Disallowed intent(s).")
        if body.get("shard", [0, 1]) != [0, 1]:
            return await self.refuse(connection, 4010, "Invalid shard.")
        if not isinstance(body.get("properties"), dict):
            self.journal.violation("IDENTIFY without properties")
        now = time.monotonic()
        too_soon, self.last_identify = now - self.last_identify < self.settings["identify_spacing"], now
        if too_soon:
            self.journal.violation("two IDENTIFY within 5 s")
            await connection.send({"op": 9, "d": False})
            return True
        if self.settings["ready"]:
            await self.begin(connection, intents)
        return True

    async def begin(self, connection, intents):
        session = Session(intents)
        self.sessions[session.id] = session
        connection.session, session.connection = session, connection
        bot = {**self.world.bot, "verified": True, "mfa_enabled": False, "email": None}
        await connection.send(session.add("READY", {
            "v": 10, "user": bot, "guilds": [{"id": self.world.guild, "unavailable": True}], "session_id": session.id,
            "session_type": "normal", "shard": [0, 1], "resume_gateway_url": self.settings["resume_url"] or self.settings["gateway_url"] + "/resume",
            "application": {"id": self.world.bot["id"], "flags": 0}, "private_channels": [], "relationships": [],
            "presences": [], "user_settings": {}, "_trace": []}))
        if intents & GUILDS:
            await connection.send(session.add("GUILD_CREATE", self.world.guild_create()))

    async def on_resume(self, connection, body):
        sequence = body.get("seq") if isinstance(body, dict) else None
        self.journal.add("resumes", {"session_id": body.get("session_id"), "seq": sequence, "path": connection.request.path})
        if not connection.request.path.startswith("/resume"):
            self.journal.violation("RESUME elsewhere than on resume_gateway_url")
        if not self.token_is_right(body):
            return await self.refuse(connection, 4004, "Authentication failed.")
        session = self.sessions.get(body.get("session_id"))
        if not session:
            await connection.send({"op": 9, "d": False})
            return True
        if not isinstance(sequence, int) or sequence > session.sequence:
            return await self.refuse(connection, 4007, "Invalid seq.")
        if session.connection:
            session.connection.drop()
        connection.session, session.connection = session, connection
        for event in [event for event in session.events if event["s"] > sequence]:
            await connection.send(event)
        await connection.send(session.add("RESUMED", {"_trace": []}))
        return True

    def live(self):
        return [connection for connection in self.connections if connection.is_open]

    async def each(self, call):
        await asyncio.gather(*(call(connection) for connection in self.live()))
