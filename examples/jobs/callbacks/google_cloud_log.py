"""Log lines of a Django application that belong to the trace of the request they are written for.

TraceMiddleware takes the trace from the request's header `traceparent` (W3C Trace Context); GoogleCloudFormatter writes
each record as a JSON line for Google Cloud Logging, with that trace and with the fields that bind() has added.
"""

import contextvars
import datetime
import json
import logging
import re
import secrets

TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")
SEVERITIES = {"WARNING": "WARNING", "ERROR": "ERROR", "CRITICAL": "CRITICAL", "DEBUG": "DEBUG"}

_context = contextvars.ContextVar("request_context", default={})


def bind(**fields):
    """From here to the end of the request, every line has these fields."""
    _context.set({**_context.get(), **fields})


class TraceMiddleware:
    """A request is a span of its own, below the caller's; without a caller it begins a trace."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        caller = TRACEPARENT.match(request.headers.get("traceparent", ""))
        _context.set(
            {
                "trace": caller[1] if caller else secrets.token_hex(16),
                "span": secrets.token_hex(8),
                "parent": caller[2] if caller else None,
                "sampled": not caller or int(caller[3], 16) & 1 == 1,
            }
        )
        return self.get_response(request)


class GoogleCloudFormatter(logging.Formatter):
    def __init__(self, project, service):
        super().__init__()
        self.project = project
        self.service = service

    def format(self, record):
        time = datetime.datetime.fromtimestamp(record.created, datetime.timezone.utc)
        fields = dict(_context.get())
        line = {
            "severity": SEVERITIES.get(record.levelname, "INFO"),
            "time": time.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "message": record.getMessage(),
        }
        if "trace" in fields:
            line["logging.googleapis.com/trace"] = f"projects/{self.project}/traces/{fields.pop('trace')}"
            line["logging.googleapis.com/spanId"] = fields.pop("span")
            line["logging.googleapis.com/trace_sampled"] = fields.pop("sampled")
            parent = fields.pop("parent")
            if parent:
                line["parent_span_id"] = parent
        line["logging.googleapis.com/labels"] = {"logger": record.name, "service": self.service}
        if record.exc_info:
            line["stack_trace"] = self.formatException(record.exc_info)
        return json.dumps(line | fields)
