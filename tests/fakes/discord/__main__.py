"""A pretended Discord for tests: `python tests/fakes/discord [--port N] [--set KEY=JSON ...]`.

Prints one line of JSON, {"port", "api", "token"}, on stdout once it listens, and serves until it is ended.
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
    "heartbeat_interval": 41250,     # ms
    "hello": True, "ack": True,      # whether HELLO and heartbeat acknowledgements are sent
    "silent": False,                 # events are numbered and kept, but not sent
    "message_content": False,        # whether the privileged intent is enabled for the bot
    "identify_spacing": 5,           # s
    "identifies_remaining": 1000, "identifies_reset_after": 86400000,
    "refuse_identify": 0,            # a close code
    "rate_limits": True, "bucket_limit": 5, "bucket_window": 5, "global_limit": 50,
    "nonce_window": 120,             # s
    "forbidden": [],                 # channels in which the bot may not write
    "channel_type": True,            # whether MESSAGE_CREATE says it
}


async def serve(port, changes):
    settings = {**SETTINGS, **changes}
    world, journal = World(), Journal()
    gateway = Gateway(world, settings, journal)
    rest = Rest(world, gateway, settings, journal)
    control = Control(world, gateway, rest, settings, journal)
    app = web.Application(client_max_size=1 << 24)
    app.add_routes(control.routes() + rest.routes())
    app.add_routes([web.get(path, gateway.serve) for path in ("/", "/resume", "/resume/")])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, reuse_address=True)
    await site.start()
    port = runner.addresses[0][1]
    settings["gateway_url"] = f"ws://127.0.0.1:{port}"
    print(json.dumps({"port": port, "api": f"http://127.0.0.1:{port}/api/v10", "token": settings["token"],
                      "bot": world.bot["id"], "channels": world.channels_by_name}), flush=True)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    for connection in gateway.live():
        connection.drop()
    await runner.cleanup()


def main():
    parser = argparse.ArgumentParser(prog="discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=JSON")
    arguments = parser.parse_args()
    changes = {}
    for change in arguments.set:
        key, value = change.split("=", 1)
        if key not in SETTINGS:
            parser.error(f"unknown setting {key}; there are {', '.join(SETTINGS)}")
        changes[key] = json.loads(value)
    asyncio.run(serve(arguments.port, changes))


main()
