"""A Matrix homeserver in which nothing happens: it logs the bot in and lets it wait in /sync."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

USER = "@qantar:localhost"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            self.close_connection = True  # the bot has gone

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path.endswith("/sync"):
            query = parse_qs(url.query)
            if "since" in query:
                self.server.synced.set()
                self.server.ended.wait(float(query.get("timeout", ["0"])[0]) / 1000)
            self.answer({"next_batch": "s1", "rooms": {}, "account_data": {"events": []}})
        elif url.path.endswith("/versions"):
            self.answer({"versions": ["v1.1", "v1.11"]})
        elif url.path.endswith("/whoami"):
            self.answer({"user_id": USER, "device_id": "BENCH"})
        else:
            self.answer({"errcode": "M_NOT_FOUND", "error": "nothing is here"}, 404)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer({"filter_id": "0", "user_id": USER, "device_id": "BENCH", "access_token": "bench"})

    do_PUT = do_POST


class Homeserver:
    """Serves from entering to leaving; `url` is where, `synced` is set once the bot waits."""

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.ended = threading.Event()
        self.server.synced = self.synced = threading.Event()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.ended.set()
        self.server.shutdown()
        self.server.server_close()
