"""A service with OpenTelemetry's Python SDK, for the interop tests; peer.mjs is its like.

Prints its port and serves until it is ended, or who started it is gone. POST /?propagators=b3,baggage: reads the caller's context
with these propagators, opens a span, and answers as JSON what the context of that span is. When the body, a JSON
object, has a "url", it is first called with that context; "baggage" in the body is put into it before.
"""

import json
import os
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from urllib.parse import parse_qs, urlsplit

from opentelemetry import baggage, trace
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import Getter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased

tracer = TracerProvider(sampler=ParentBased(ALWAYS_ON)).get_tracer("interop")


class HeaderGetter(Getter):
    def get(self, carrier, key):
        return carrier.get_all(key)

    def keys(self, carrier):
        return [key.lower() for key in carrier.keys()]


def propagator(names):
    # As the SDK itself resolves OTEL_PROPAGATORS.
    return CompositePropagator(
        [next(iter(entry_points(group="opentelemetry_propagator", name=name))).load()() for name in names.split(",")]
    )


def call(url, context, speaks):
    headers = {"Content-Type": "application/json"}
    speaks.inject(headers, context=context)
    request = urllib.request.Request(url, data=b"{}", headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


class Peer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        speaks = propagator(parse_qs(urlsplit(self.path).query)["propagators"][0])
        context = speaks.extract(self.headers, getter=HeaderGetter())
        for name, value in asked.get("baggage", {}).items():
            context = baggage.set_baggage(name, value, context)
        parent = trace.get_current_span(context).get_span_context()
        span = tracer.start_span("request", context)
        mine = span.get_span_context()
        context = trace.set_span_in_context(span, context)
        answer = {
            "trace_id": f"{mine.trace_id:032x}",
            "span_id": f"{mine.span_id:016x}",
            "parent_span_id": f"{parent.span_id:016x}",
            "sampled": mine.trace_flags.sampled,
            "tracestate": mine.trace_state.to_header(),
            "baggage": baggage.get_all(context),
        }
        if "url" in asked:
            answer["called"] = call(asked["url"], context, speaks)
        span.end()
        body = json.dumps(answer, default=dict).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


parent = os.getppid()
server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("port", server.server_port, flush=True)
while os.getppid() == parent:
    time.sleep(1)
