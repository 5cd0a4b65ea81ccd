"""Reads random requests that Waybill has encoded with the classes that OpenTelemetry's own definitions generate.

otlp_reference.py PROGRAM [COUNT [SEED]]: starts otlp_samples and checks, for each request, that all of its bytes are
known to the reference, that it says what was recorded, and that its JSON is the same message.
"""

import json
import subprocess
import sys
from base64 import b64encode

from google.protobuf import json_format
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

import arrived
import recorded

# The type of the request, its two levels of groups, and how a record is described and seen.
SIGNALS = {
    "traces": (ExportTraceServiceRequest, "resource_spans", "scope_spans", "spans", recorded.span, arrived.span),
    "logs": (ExportLogsServiceRequest, "resource_logs", "scope_logs", "log_records", recorded.log_record, arrived.log_record),
    "metrics": (ExportMetricsServiceRequest, "resource_metrics", "scope_metrics", "metrics", recorded.metric, arrived.metric),
}


def unknown_fields(message):
    count = len(UnknownFieldSet(message))
    for field, content in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for part in content if field.is_repeated else [content]:
                count += unknown_fields(part)
    return count


def with_base64_ids(node):
    """OTLP has ids in hexadecimal where protobuf's mapping has base64."""
    if isinstance(node, list):
        return [with_base64_ids(it) for it in node]
    if not isinstance(node, dict):
        return node
    return {
        key: b64encode(bytes.fromhex(it)).decode() if key in ("traceId", "spanId", "parentSpanId") else with_base64_ids(it)
        for key, it in node.items()
    }


def refuse_twice(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key is there twice: {keys}"
    return dict(pairs)


def check(described, request, request_json):
    message_type, groups_name, scopes_name, records_name, expect, describe = SIGNALS[described["signal"]]
    message = message_type.FromString(request)
    assert unknown_fields(message) == 0, "there are fields that the reference does not know"

    groups = getattr(message, groups_name)
    assert len(groups) == 1, f"{len(groups)} resources"
    resource = arrived.attributes(groups[0].resource.attributes)
    assert resource == recorded.resource_attributes(described["resource"])
    scopes = getattr(groups[0], scopes_name)
    seen = [describe(scope.scope, it) for scope in scopes for it in getattr(scope, records_name)]
    expected = [expect(it) for it in described["records"]]
    assert len(seen) == len(expected), f"{len(seen)} records of {len(expected)}"
    for a, b in zip(seen, expected):
        for key in b:
            assert a[key] == b[key], f"{key}: {a[key]!r}, but recorded was {b[key]!r}"
    runs = sum(1 for i, it in enumerate(expected) if i == 0 or it["scope"] != expected[i - 1]["scope"])
    assert len(scopes) == runs, "records of one scope do not share its message"

    assert b"\n" not in request_json
    parsed = json_format.ParseDict(
        with_base64_ids(json.loads(request_json, object_pairs_hook=refuse_twice)), message_type()
    )
    assert parsed.SerializeToString(deterministic=True) == message.SerializeToString(deterministic=True), "JSON differs"


def read(stream):
    size = stream.read(4)
    return stream.read(int.from_bytes(size, "little")) if size else None


def main(program, count="300", *seed):
    checked = dict.fromkeys(SIGNALS, 0)
    with subprocess.Popen([program, count, *seed], stdout=subprocess.PIPE) as samples:
        while (description := read(samples.stdout)) is not None:
            request, request_json = read(samples.stdout), read(samples.stdout)
            described = json.loads(description)
            try:
                check(described, request, request_json)
            except Exception:
                print(f"{request.hex()}\n{json.dumps(described, indent=1)}", file=sys.stderr)
                raise
            checked[described["signal"]] += 1
    assert samples.returncode == 0, f"{program} ended with {samples.returncode}"
    assert all(it == int(count) for it in checked.values()), checked
    print(f"the same: {checked}")


main(*sys.argv[1:])
