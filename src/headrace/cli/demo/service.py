"""One web service of the demo: ``python service.py PORT VERSION``. Standard library only.

It needs a moment to warm up, and version v3 is broken for good: that is what the demo repairs.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WARM_UP = 0.9  # seconds from the first question on, so that on a slow machine, too, somebody meets it cold
BROKEN = "v3"


class Handler(BaseHTTPRequestHandler):
    """GET /health: 200 once warm, 503 before, 500 where the version is broken."""

    version = "?"
    warm_at: float | None = None

    def do_GET(self) -> None:
        if Handler.warm_at is None:
            Handler.warm_at = time.monotonic() + WARM_UP
        status = 200
        if self.version == BROKEN:
            status = 500
        elif time.monotonic() < Handler.warm_at:
            status = 503
        body = json.dumps({"version": self.version, "ok": status == 200}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


if __name__ == "__main__":
    Handler.version = sys.argv[2]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
