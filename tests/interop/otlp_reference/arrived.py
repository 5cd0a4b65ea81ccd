"""What has arrived, in the form of recorded.py."""

import struct


def double(number):
    return ("double", struct.pack(">d", number).hex())


def value(any_value):
    kind = any_value.WhichOneof("value")
    if kind == "double_value":
        return double(any_value.double_value)
    if kind == "array_value":
        return ("list", tuple(value(element) for element in any_value.array_value.values))
    return (kind.removesuffix("_value"), getattr(any_value, kind))


def attributes(key_values):
    return [(it.key, value(it.value)) for it in key_values]


def scope_of(scope):
    return (scope.name, scope.version)


def span(scope, it):
    return {
        "scope": scope_of(scope),
        "trace_id": it.trace_id.hex(),
        "span_id": it.span_id.hex(),
        "parent_span_id": it.parent_span_id.hex(),
        "tracestate": it.trace_state,
        "flags": it.flags,
        "name": it.name,
        "kind": it.kind,
        "start": it.start_time_unix_nano,
        "end": it.end_time_unix_nano,
        "attributes": sorted(attributes(it.attributes)),
        "events": [(event.name, event.time_unix_nano, sorted(attributes(event.attributes))) for event in it.events],
        "links": [
            (link.trace_id.hex(), link.span_id.hex(), link.trace_state, link.flags & 0xFF, sorted(attributes(link.attributes)))
            for link in it.links
        ],
        "status": (it.status.code, it.status.message),
        "dropped": (it.dropped_attributes_count, it.dropped_events_count, it.dropped_links_count),
    }


def log_record(scope, it):
    return {
        "scope": scope_of(scope),
        "time": it.time_unix_nano,
        "observed_time": it.observed_time_unix_nano,
        "severity": (it.severity_number, it.severity_text),
        "body": value(it.body),
        "attributes": sorted(attributes(it.attributes)),
        "trace_id": it.trace_id.hex(),
        "span_id": it.span_id.hex(),
        "flags": it.flags,
        "dropped": it.dropped_attributes_count,
    }


def number(it):
    return ("int", it.as_int) if it.WhichOneof("value") == "as_int" else double(it.as_double)


def exemplar(it):
    return {
        "time": it.time_unix_nano,
        "value": number(it),
        "trace_id": it.trace_id.hex(),
        "span_id": it.span_id.hex(),
        "attributes": attributes(it.filtered_attributes),
    }


def point(kind, it):
    seen = {
        "attributes": attributes(it.attributes),
        "start": it.start_time_unix_nano,
        "time": it.time_unix_nano,
        "exemplars": [exemplar(part) for part in it.exemplars],
        "flags": it.flags,
    }
    if kind in ("gauge", "sum"):
        seen["value"] = number(it)
        return seen
    seen["count"] = it.count
    for name in ("sum", "min", "max"):
        seen[name] = double(getattr(it, name)) if it.HasField(name) else None
    if kind == "histogram":
        seen["bounds"] = [double(bound) for bound in it.explicit_bounds]
        seen["buckets"] = list(it.bucket_counts)
    else:
        seen["scale"] = it.scale
        seen["zero"] = (it.zero_count, double(it.zero_threshold))
        for name in ("positive", "negative"):
            side = getattr(it, name)
            seen[name] = (side.offset, list(side.bucket_counts))
    return seen


def metric(scope, it):
    kind = it.WhichOneof("data")
    data = getattr(it, kind)
    return {
        "scope": scope_of(scope),
        "name": it.name,
        "unit": it.unit,
        "description": it.description,
        "kind": kind,
        "monotonic": getattr(data, "is_monotonic", False),
        "temporality": getattr(data, "aggregation_temporality", 0),
        "points": [point(kind, part) for part in data.data_points],
    }
