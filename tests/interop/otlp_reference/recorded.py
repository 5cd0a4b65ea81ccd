"""What was recorded, as it has to arrive: made of the descriptions that otlp_samples writes."""

import re

SEVERITIES = {"TRACE": 1, "DEBUG": 5, "INFO": 9, "WARN": 13, "ERROR": 17, "FATAL": 21, "OFF": 0}


def text(digits):
    return bytes.fromhex(digits).decode(errors="replace")


def value(described):
    kind, content = described
    if kind == "string":
        return ("string", text(content))
    if kind == "uint":  # what OTLP's integers cannot hold is a text
        return ("int", int(content)) if int(content) < 2**63 else ("string", content)
    if kind == "int":
        return ("int", int(content))
    if kind == "list":
        return ("list", tuple(value(element) for element in content))
    return (kind, content)


def attributes(described):
    return [(text(key), value(content)) for key, content in described if key]


def resource_attributes(described):
    expected = {}
    if described["service_name"]:
        expected["service.name".encode().hex()] = ["string", described["service_name"]]
    for key, content in described["attributes"]:
        expected.setdefault(key, content)
    return attributes(expected.items())


def scope_of(described):
    return (text(described["name"]), text(described["version"]))


def span(described):
    own = {key for key, _ in described["attributes"]}
    context = {}
    if described["trace_name"]:
        context["waybill.trace_name".encode().hex()] = ["string", described["trace_name"]]
    for key, content in described["fields"]:
        context.setdefault(key, content)
    expected = [(key, content) for key, content in context.items() if key not in own]
    return {
        "scope": scope_of(described["scope"]),
        "trace_id": described["trace_id"],
        "span_id": described["span_id"],
        "parent_span_id": described["parent_span_id"],
        "tracestate": text(described["tracestate"]),
        "flags": described["flags"] | 0x100 | (0x200 if described["has_remote_parent"] else 0),
        "name": text(described["name"]),
        "kind": described["kind"],
        "start": int(described["start"]),
        "end": int(described["end"]),
        "attributes": sorted(attributes(expected) + attributes(described["attributes"])),
        "events": [
            (text(event["name"]), int(event["time"]), sorted(attributes(event["attributes"])))
            for event in described["events"]
        ],
        "links": [
            (link["trace_id"], link["span_id"], text(link["tracestate"]), link["flags"], sorted(attributes(link["attributes"])))
            for link in described["links"]
        ],
        "status": (described["status"], text(described["message"])),
        "dropped": (0, 0, 0),
    }


def log_record(described):
    own = {}
    if described["trace_id"] and described["trace_name"]:
        own["waybill.trace_name"] = ("string", text(described["trace_name"]))
    if described["line"]:
        own["code.file.path"] = ("string", text(described["file"]))
        own["code.line.number"] = ("int", described["line"])
        own["code.function.name"] = ("string", text(described["function"]))
    fields = {}
    for source in described["fields"]:  # the context's, the logger's, the call's
        for key, content in source:
            fields.pop(key, None)
            fields[key] = content
    expected = list(own.items())
    for key, content in attributes(fields.items()):
        bare = re.sub(r"^(field\.)+", "", key)
        expected.append(("field." + key if bare in own else key, content))
    return {
        "scope": (text(described["logger"]), ""),
        "time": int(described["time"]),
        "observed_time": int(described["time"]),
        "severity": (SEVERITIES[described["level"]], described["level"] if described["level"] != "OFF" else ""),
        "body": ("string", text(described["message"])),
        "attributes": sorted(expected),
        "trace_id": described["trace_id"],
        "span_id": described["span_id"],
        "flags": described["flags"] if described["trace_id"] else 0,
        "dropped": 0,
    }


def exemplar(described):
    return {
        "time": int(described["time"]),
        "value": value(described["value"]),
        "trace_id": described["trace_id"],
        "span_id": described["span_id"],
        "attributes": attributes(described["attributes"]),
    }


def point(described):
    expected = {
        "attributes": attributes(described["attributes"]),
        "start": int(described["start"]),
        "time": int(described["time"]),
        "exemplars": [exemplar(it) for it in described["exemplars"]],
        "flags": 0,
    }
    if "value" in described:
        expected["value"] = value(described["value"])
        return expected
    expected["count"] = int(described["count"])
    expected["sum"] = value(described["sum"])
    for name in ("min", "max"):
        expected[name] = value(described[name]) if expected["count"] else None
    if "scale" in described:
        expected["scale"] = described["scale"]
        expected["zero"] = (int(described["zero_count"]), value(described["zero_threshold"]))
        for name in ("positive", "negative"):
            side = described[name]
            expected[name] = (side["offset"], [int(count) for count in side["buckets"]])
    else:
        expected["bounds"] = [value(bound) for bound in described["bounds"]]
        expected["buckets"] = [int(count) for count in described["buckets"]]
    return expected


def metric(described):
    kind = described["kind"]
    return {
        "scope": scope_of(described["scope"]),
        "name": text(described["name"]),
        "unit": text(described["unit"]),
        "description": text(described["description"]),
        "kind": "sum" if kind.endswith("counter") else kind,
        "monotonic": kind == "counter",
        "temporality": 0 if kind == "gauge" else described["temporality"],
        "points": [point(it) for it in described["points"]],
    }
