"""A pretended Discord for tests: `python tests/fakes/discord [--port N] [--set KEY=JSON ...]`.

Prints one line of JSON, {"port", "api", "token", "bot", "channels"}, on stdout once it listens, and serves until it is ended.
POST /control/another {"port", "settings"} starts one more beside it in the same process, apart from it in everything, and
returns the same about that one; POST /control/end there ends it.
"""

import argparse
import asyncio
import json
import signal

from aiohttp import web

from control import Control, Journal
from gateway import Gateway
from rest import Rest
from world import World

SETTINGS = {
    "token": "fake.token.of-nobody",
    "gateway_url": "",               # set when it listens
    "resume_url": "",                # instead of its own
    "heartbeat_interval": 41250,     # ms
    "hello": True, "ready": True, "ack": True,  # whether HELLO, READY and heartbeat acknowledgements are sent
    "silent": False,                 # events are numbered and kept, but not sent
    "message_content": False,        # whether the privileged intent is enabled for the bot
    "identify_spacing": 5,           # s
    "identifies_remaining": 1000, "identifies_reset_after": 86400000,
    "refuse_identify": 0,            # a close code
    "rate_limits": True, "bucket_limit": 5, "bucket_window": 5, "global_limit": 50,
    "nonce_window": 120,             # s
    "forbidden": [],                 # channels in which the bot may not write
    "no_history": [],                # channels in which it may not refer to messages
    "channel_type": True,            # whether MESSAGE_CREATE says it
}


class Server:
    """One Discord with a world of its own."""

    async def start(self, port, changes):
        unknown = set(changes) - set(SETTINGS)
        if unknown:
            raise SystemExit(f"unknown settings {sorted(unknown)}; there are {', '.join(SETTINGS)}")
        settings = {**SETTINGS, **changes}
        world, journal = World(), Journal()
        self.gateway = Gateway(world, settings, journal)
        rest = Rest(world, self.gateway, settings, journal)
        control = Control(world, self.gateway, rest, settings, journal)
        app = web.Application(client_max_size=1 << 24)
        app.add_routes(control.routes() + rest.routes())
        app.add_routes([web.get(path, self.gateway.serve) for path in ("/", "/resume", "/resume/")])
        app.router.add_post("/control/another", self.another)
        app.router.add_post("/control/end", self.end)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", port, reuse_address=True).start()
        port = self.runner.addresses[0][1]
        settings["gateway_url"] = f"ws://127.0.0.1:{port}"
        return {"port": port, "api": f"http://127.0.0.1:{port}/api/v10", "token": settings["token"], "bot": world.bot["id"],
                "channels": world.channels_by_name}

    async def another(self, request):
        body = await request.json()
        return web.json_response(await Server().start(body.get("port", 0), body.get("settings", {})))

    async def end(self, request):
        self.ending = asyncio.create_task(self.stop())  # after this answer
        return web.json_response({})

    async def stop(self):
        for connection in self.gateway.live():
            connection.drop()
        await self.runner.cleanup()


async def serve(port, changes):
    server, ended = Server(), asyncio.Event()
    print(json.dumps(await server.start(port, changes)), flush=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await server.stop()


def main():
    parser = argparse.ArgumentParser(prog="discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=JSON")
    arguments = parser.parse_args()
    pairs = [change.split("=", 1) for change in arguments.set]
    asyncio.run(serve(arguments.port, {key: json.loads(value) for key, value in pairs}))


main()
