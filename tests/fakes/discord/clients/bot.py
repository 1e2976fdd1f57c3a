"""A bot by discord.py that knows nothing of Qantar: shows that the pretended Discord is one that real libraries can use.

`bot.py API TOKEN`: replies "pong: TEXT" to whoever mentions it or writes to it directly, and tells what happens as JSON lines.
"""

import json
import sys

import discord
import yarl


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


class Bot(discord.Client):
    async def setup_hook(self):
        _, _, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = None, None, yarl.URL((await self.http.get_bot_gateway())[1])

    async def on_ready(self):
        tell("ready", user=str(self.user.id), guilds=len(self.guilds))

    async def on_resumed(self):
        tell("resumed")

    async def on_disconnect(self):
        tell("disconnected")

    async def on_message_edit(self, before, after):
        tell("edited", id=str(after.id), content=after.content)

    async def on_raw_message_delete(self, event):
        tell("deleted", id=str(event.message_id))

    async def on_message(self, message):
        tell("message", id=str(message.id), author=message.author.name, content=message.content, own=message.author == self.user,
             direct=message.guild is None)
        if message.author.bot or not (message.guild is None or self.user in message.mentions):
            return
        text = message.content.replace(f"<@{self.user.id}>", "").strip()
        for part in text.split("|"):
            reply = await message.reply("pong: " + part, mention_author=False, allowed_mentions=discord.AllowedMentions.none())
            tell("replied", id=str(reply.id), content=reply.content)


discord.http.Route.BASE = sys.argv[1]
bot = Bot(intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
bot.run(sys.argv[2], log_handler=None)
