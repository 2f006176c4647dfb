#!/usr/bin/env python3
"""A little shop that Prometheus scrapes: how many orders wait, in a rhythm of half a minute.

POST /incident?seconds=15 lets the queue grow as if nobody packed parcels for so long.
"""

import math
import random
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

RHYTHM_SECONDS = 30
random.seed(7)
incident_ends = 0.0


def waiting():
    now = time.time()
    usual = 40 + 20 * math.sin(2 * math.pi * now / RHYTHM_SECONDS) + random.uniform(-2, 2)
    return usual + (80 if now < incident_ends else 0)


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        body = f'# TYPE shop_orders_waiting gauge\nshop_orders_waiting{{shop="north"}} {waiting():.2f}\n'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        global incident_ends
        incident_ends = time.time() + float(parse_qs(urlparse(self.path).query)["seconds"][0])
        self.send_response(204)
        self.end_headers()

    def log_message(self, format, *arguments):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
