#!/usr/bin/env python3
"""Hands out users in pages, on loopback: serve.py PORT USERS. With port 0, it takes a free one.

GET /users?page=TOKEN answers {"users": [...], "next": TOKEN or null}. The first line of output is the port, each later
one the page that was asked for.
"""
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = 100
PORT, USERS = int(sys.argv[1]), int(sys.argv[2])


class Users(BaseHTTPRequestHandler):
    def do_GET(self):
        token = parse_qs(urlsplit(self.path).query).get("page", ["p0"])[0]
        print(token, flush=True)
        start = int(token[1:])
        end = min(start + PAGE, USERS)
        users = [{"id": i, "name": f"User {i}", "email": f"user{i}@example.com"} for i in range(start + 1, end + 1)]
        body = json.dumps({"users": users, "next": f"p{end}" if end < USERS else None}).encode()
        time.sleep(0.01)  # a network is slower than loopback
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            pass  # the client was stopped

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", PORT), Users)
print(server.server_port, flush=True)
server.serve_forever()
