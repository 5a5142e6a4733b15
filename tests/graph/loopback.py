"""A server on this machine in place of Graph, which records what is posted to it."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Posted:
    """One request."""

    path: str
    content_type: str
    body: bytes


class Graph:
    """Answers 204 as `resume` does, or 400 with `refusal` where that is set."""

    def __init__(self):
        self.posted: list[Posted] = []
        self.refusal: bytes | None = None
        graph = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                graph.posted.append(Posted(self.path, self.headers["Content-Type"], body))
                if graph.refusal is None:
                    self.send_response(204)
                    self.end_headers()
                else:
                    self.send_response(400)
                    self.send_header("Content-Type", "application/json")
                    self.end_headers()
                    self.wfile.write(graph.refusal)

            def log_message(self, *_):
                """Says nothing on standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
