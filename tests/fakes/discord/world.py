"""The people, channels and messages of the pretended Discord, as the objects that its API shows."""

import datetime
import re
import time

EPOCH_MS = 1420070400000
TEXT, DIRECT = 0, 1
DEFAULT, REPLY = 0, 19


def iso(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).isoformat()


class World:
    """One server with a few channels, the bot, and persons; more are made on demand."""

    def __init__(self):
        self.last_id = 0
        self.users, self.channels, self.messages = {}, {}, {}
        self.bot = self.add_user("Qantar", bot=True)
        self.guild = self.snowflake()
        self.owner = self.add_user("owner")
        self.channels_by_name = {name: self.add_channel(name)["id"] for name in ("general", "other")}

    def snowflake(self):
        stamp = int(time.time() * 1000) - EPOCH_MS << 22
        self.last_id = max(stamp, self.last_id + 1)
        return str(self.last_id)

    def add_user(self, name, bot=False):
        user = {"id": self.snowflake(), "username": name, "discriminator": "0", "global_name": None, "avatar": None,
                "bot": bot, "system": False, "public_flags": 0, "flags": 0}
        self.users[user["id"]] = user
        return user

    def user_named(self, name):
        found = [user for user in self.users.values() if user["username"] == name]
        return found[0] if found else self.add_user(name)

    def add_channel(self, name):
        channel = {"id": self.snowflake(), "type": TEXT, "guild_id": self.guild, "name": name, "position": 0, "topic": None,
                   "nsfw": False, "permission_overwrites": [], "parent_id": None, "last_message_id": None,
                   "rate_limit_per_user": 0}
        self.channels[channel["id"]] = channel
        return channel

    def direct_channel(self, user):
        for channel in self.channels.values():
            if channel["type"] == DIRECT and channel["recipients"][0]["id"] == user["id"]:
                return channel
        channel = {"id": self.snowflake(), "type": DIRECT, "recipients": [user], "last_message_id": None}
        self.channels[channel["id"]] = channel
        return channel

    def member(self, user):
        return {"user": user, "nick": None, "roles": [], "joined_at": iso(EPOCH_MS), "deaf": False, "mute": False, "flags": 0,
                "avatar": None, "pending": False}

    def guild_create(self):
        everyone = {"id": self.guild, "name": "@everyone", "color": 0, "hoist": False, "position": 0, "permissions":
                    "1071698660929", "managed": False, "mentionable": False, "flags": 0,
                    "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}}
        return {"id": self.guild, "name": "A server", "icon": None, "owner_id": self.owner["id"], "roles": [everyone],
                "emojis": [], "stickers": [], "features": [], "threads": [], "presences": [], "voice_states": [],
                "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [], "large": False,
                "unavailable": False, "joined_at": iso(EPOCH_MS), "member_count": 2, "afk_timeout": 300,
                "afk_channel_id": None, "system_channel_id": None, "rules_channel_id": None, "verification_level": 0,
                "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0,
                "premium_tier": 0, "premium_progress_bar_enabled": False, "system_channel_flags": 0,
                "preferred_locale": "en-US", "nsfw": False, "region": "", "application_id": None, "splash": None,
                "discovery_splash": None, "banner": None, "description": None, "vanity_url_code": None,
                "public_updates_channel_id": None, "safety_alerts_channel_id": None, "max_members": 500000,
                "members": [self.member(self.bot), self.member(self.owner)],
                "channels": [{key: value for key, value in channel.items() if key != "guild_id"}
                             for channel in self.channels.values() if channel["type"] == TEXT]}

    def add_message(self, channel, author, content, **more):
        """A message object as REST shows it; `more` overrides (type, nonce, flags, webhook_id, ...)."""
        now = int(time.time() * 1000)
        ids = dict.fromkeys(re.findall(r"<@!?(\d+)>", content))
        message = {"id": self.snowflake(), "channel_id": channel["id"], "author": author, "content": content,
                   "timestamp": iso(now), "edited_timestamp": None, "tts": False, "mention_everyone": False,
                   "mentions": [self.users[i] for i in ids if i in self.users], "mention_roles": [], "attachments": [],
                   "embeds": [], "pinned": False, "type": DEFAULT, "flags": 0, "components": []}
        message.update(more)
        self.messages[message["id"]] = message
        channel["last_message_id"] = message["id"]
        return message

    def add_reply(self, channel, author, content, to, ping=True, **more):
        """A reply to the message with the id `to`; `ping` mentions its author, as the client's switch does."""
        original = self.messages.get(to)
        reference = {"type": 0, "message_id": to, "channel_id": channel["id"]}
        if "guild_id" in channel:
            reference["guild_id"] = channel["guild_id"]
        message = self.add_message(channel, author, content, type=REPLY, message_reference=reference,
                                   referenced_message=original, **more)
        if ping and original and all(user["id"] != original["author"]["id"] for user in message["mentions"]):
            message["mentions"].append(original["author"])
        return message

    def event(self, message, channel_type=True):
        """The message as MESSAGE_CREATE carries it."""
        channel = self.channels[message["channel_id"]]
        event = dict(message)
        if channel_type:
            event["channel_type"] = channel["type"]
        if channel["type"] == TEXT:
            event["guild_id"] = channel["guild_id"]
            member = self.member(message["author"])
            del member["user"]
            event["member"] = member
        return event
