"""A real Matrix homeserver for tests: Synapse with SQLite on 127.0.0.1, and people on it who speak plain HTTP.

`Homeserver.start` writes a configuration of its own, so that nothing of a test outlives its directory. Rate limits are
lifted unless asked for: the defaults are there to be met in one test.
"""

import base64
import hashlib
import hmac
import itertools
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

NAME = "qantar.test"
SECRET = "only for tests"
START_SECONDS = 60
WAIT_SECONDS = 30

CONFIG = """
server_name: {name}
pid_file: {folder}/pid
listeners:
  - {{port: {port}, type: http, tls: false, bind_addresses: ["127.0.0.1"], x_forwarded: false,
      resources: [{{names: [client], compress: false}}]}}
database: {{name: sqlite3, args: {{database: {folder}/db}}}}
log_config: {folder}/log.yaml
media_store_path: {folder}/media
signing_key_path: {folder}/key
macaroon_secret_key: "{secret}"
registration_shared_secret: "{secret}"
report_stats: false
trusted_key_servers: []
bcrypt_rounds: 4
enable_registration: false
presence: {{enabled: false}}
refreshable_access_token_lifetime: 4s
"""

LOG = """
version: 1
formatters: {{plain: {{format: "%(asctime)s %(levelname)s %(name)s %(message)s"}}}}
handlers: {{file: {{class: logging.FileHandler, filename: {folder}/log, formatter: plain}}}}
root: {{level: WARNING, handlers: [file]}}
"""

FREE = "{per_second: 10000, burst_count: 10000}"
LIFTED = f"""
rc_message: {FREE}
rc_registration: {FREE}
rc_admin_redaction: {FREE}
rc_login: {{address: {FREE}, account: {FREE}, failed_attempts: {FREE}}}
rc_joins: {{local: {FREE}, remote: {FREE}}}
rc_joins_per_room: {FREE}
rc_invites: {{per_room: {FREE}, per_user: {FREE}, per_issuer: {FREE}}}
rc_room_creation: {FREE}
"""


def until(ready, what, seconds=WAIT_SECONDS, pause=0.02):
    """Calls `ready` until it is true and returns that; `what` (a text or a function) tells what was waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = ready()
        if result:
            return result
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status, self.body = status, body


def call(url, method="GET", body=None, token=None, seconds=WAIT_SECONDS):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=seconds) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refused(error.code, error.read().decode(errors="replace")) from None


class Homeserver:
    def __init__(self, folder, limits=False):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"http://127.0.0.1:{self.port}"
        fields = {"name": NAME, "folder": folder, "port": self.port, "secret": SECRET}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "homeserver.yaml").write_text(CONFIG.format(**fields) + ("" if limits else LIFTED))
        (folder / "log.yaml").write_text(LOG.format(**fields))
        seed = base64.b64encode(os.urandom(32)).decode().rstrip("=")
        (folder / "key").write_text(f"ed25519 a_test {seed}\n")  # what --generate-keys would take five seconds for

    def start(self):
        command = [sys.executable, "-m", "synapse.app.homeserver", "--config-path", str(self.folder / "homeserver.yaml")]
        with open(self.folder / "output", "ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                                            cwd=self.folder)  # not here, where this file would be taken for Synapse
        return self

    def wait_ready(self):
        until(self.is_ready, lambda: "Synapse answers\n" + (self.folder / "output").read_text()[-3000:], START_SECONDS, 0.1)
        return self

    def is_ready(self):
        assert self.process.poll() is None, "Synapse ended\n" + (self.folder / "output").read_text()[-3000:]
        try:
            return "versions" in call(f"{self.url}/_matrix/client/versions", seconds=5)
        except (OSError, Refused):
            return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(20)

    def register(self, name, password="pass", admin=False, logged_in=True):
        """A person, by the shared secret (Synapse's admin API, which no rate limit concerns)."""
        url = f"{self.url}/_synapse/admin/v1/register"
        nonce = call(url)["nonce"]
        fields = [nonce, name, password, "admin" if admin else "notadmin"]
        mac = hmac.new(SECRET.encode(), "\0".join(fields).encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac, "inhibit_login": not logged_in}
        return User(self, call(url, "POST", body))


class User:
    """Somebody with a client. What the server tells by /sync is kept in `events`, room by room."""

    def __init__(self, homeserver, session):
        self.homeserver, self.id = homeserver, session["user_id"]
        self.token, self.device = session.get("access_token"), session.get("device_id")
        self.since, self.events, self.invites, self.receipts = None, {}, {}, {}
        self.counter = itertools.count()

    def call(self, method, path, body=None, seconds=WAIT_SECONDS):
        return call(f"{self.homeserver.url}/_matrix/client/v3{path}", method, body, self.token, seconds)

    # ---- rooms ----

    def create_room(self, *invited, **more):
        return self.call("POST", "/createRoom", {"preset": "private_chat", "invite": [user.id for user in invited], **more})["room_id"]

    def direct_room(self, user):
        return self.create_room(user, is_direct=True, preset="trusted_private_chat")

    def room_path(self, room, rest):
        return f"/rooms/{urllib.parse.quote(room)}/{rest}"

    def join(self, room):
        return self.call("POST", f"/join/{urllib.parse.quote(room)}", {})

    def leave(self, room):
        return self.call("POST", self.room_path(room, "leave"), {})

    def invite(self, room, user):
        return self.call("POST", self.room_path(room, "invite"), {"user_id": user.id})

    def state(self, room, kind, body, key=""):
        return self.call("PUT", self.room_path(room, f"state/{kind}/{key}"), body)

    def membership(self, room, user):
        """What `user` is in the room: "invite", "join", "leave"; None: never was there."""
        try:
            return self.call("GET", self.room_path(room, f"state/m.room.member/{urllib.parse.quote(user.id)}"))["membership"]
        except Refused:
            return None

    def wait_member(self, room, user, membership="join"):
        until(lambda: self.membership(room, user) == membership, f"{user.id} is {membership} in {room}")

    # ---- messages ----

    def send(self, room, content, kind="m.room.message"):
        """Like every proper client: the same transaction id until the server took it."""
        transaction = f"t{time.time_ns()}.{next(self.counter)}"
        while True:
            try:
                return self.call("PUT", self.room_path(room, f"send/{kind}/{transaction}"), content)["event_id"]
            except Refused as refused:
                if refused.status != 429:
                    raise
                time.sleep(json.loads(refused.body).get("retry_after_ms", 500) / 1000)

    def say(self, room, text, **content):
        return self.send(room, {"msgtype": "m.text", "body": text, **content})

    def mention(self, room, user, text, **content):
        return self.say(room, f"{user.id}: {text}", **{"m.mentions": {"user_ids": [user.id]}, **content})

    def edit(self, room, event, text):
        return self.say(room, "* " + text, **{"m.new_content": {"msgtype": "m.text", "body": text},
                                              "m.relates_to": {"rel_type": "m.replace", "event_id": event}})

    def redact(self, room, event):
        return self.call("PUT", self.room_path(room, f"redact/{urllib.parse.quote(event)}/r{next(self.counter)}"), {})

    # ---- what others wrote ----

    def sync(self, timeout_ms=0):
        query = {"timeout": timeout_ms, "filter": json.dumps({"room": {"timeline": {"limit": 500}}})}
        if self.since:
            query["since"] = self.since
        answer = self.call("GET", "/sync?" + urllib.parse.urlencode(query))
        self.since = answer["next_batch"]
        for room, joined in answer.get("rooms", {}).get("join", {}).items():
            self.events.setdefault(room, []).extend(joined["timeline"]["events"])
            for event in joined.get("ephemeral", {}).get("events", []):
                if event["type"] == "m.receipt":
                    for read, by in event["content"].items():
                        self.receipts.setdefault(room, {}).setdefault(read, set()).update(by.get("m.read", {}))
        self.invites.update(answer.get("rooms", {}).get("invite", {}))

    def find(self, room, matches):
        return [event for event in self.events.get(room, []) if matches(event)]

    def wait(self, room, matches, what, count=1, seconds=WAIT_SECONDS):
        """The first `count` events that match, as soon as there are so many."""
        deadline = time.monotonic() + seconds
        while len(found := self.find(room, matches)) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not within {seconds} s: {what}; there is {self.events.get(room, [])[-10:]}")
            self.sync(int(min(left, 5) * 1000))
        return found[:count]

    def answers(self, room, event):
        """What was written in reply to `event` (no edits)."""
        return self.find(room, lambda found: answered(found) == event)

    def wait_answer(self, room, event, seconds=WAIT_SECONDS):
        return self.wait(room, lambda found: answered(found) == event, f"an answer to {event}", seconds=seconds)[0]


def relation(event):
    found = event.get("content", {}).get("m.relates_to")
    return found if isinstance(found, dict) else {}


def answered(event):
    if event["type"] != "m.room.message":
        return None
    return relation(event).get("m.in_reply_to", {}).get("event_id")


def replaced(event):
    return relation(event).get("event_id") if relation(event).get("rel_type") == "m.replace" else None


def redacted(event):
    return event["type"] == "m.room.redaction" and (event["content"].get("redacts") or event.get("redacts"))
