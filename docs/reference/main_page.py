#!/usr/bin/env python3
"""Writes the reference's first page, from the table of rooms in docs/architecture.md.

    main_page.py ARCHITECTURE WAYBILL_FOLDER    writes Markdown for Doxygen

Each room's line leads to its front door: its main header, or all it has where it has no main one. A room without a line in the table is an error.
"""

import re
import sys
from pathlib import Path

INTRODUCTION = """# Waybill {#mainpage}

Waybill follows a request through every thread, coroutine, timer, queue, retry and service of a C++ system, stamps each
log line and span with its ids and business fields, and tells the whole story under one id.

@code{.cpp}
auto log = waybill::logger("weather-fetcher");
waybill::Scope trace{waybill::Context::new_trace({.name = "batch-job-2025-10-21"})};
waybill::Scope job{waybill::Context::current().with({{"job_id", 42}, {"account_id", "acme"}})};
log.info("Fetching weather for ZIP {}", "98101");              // carries the trace, job_id, account_id
std::thread(waybill::bind([&] { log.info("so does this"); })).join();
@endcode

A room is one folder, one CMake target (`waybill::core`) and one pkg-config file (`waybill-core`). Each header's page opens
with what the thing is, how one gets it and how it ends, which calls may run together, and what goes wrong.

| room | what it holds | stands on |
|---|---|---|
"""


def link(folder, header, text):
    return f"[{text}](@ref {header.relative_to(folder.parent)})"


def front_doors(folder, room):
    main = folder / room / f"{room}.h"
    headers = [main] if main.exists() else sorted((folder / room).glob("*.h"))
    if len(headers) == 1:
        return link(folder, headers[0], room)
    return f"{room}: " + ", ".join(link(folder, header, header.stem) for header in headers)


def main():
    architecture, folder = Path(sys.argv[1]), Path(sys.argv[2])
    rows = re.findall(r"^\| `waybill/(\w+)` \|([^|]*)\|([^|]*)\|", architecture.read_text(), re.MULTILINE)
    rooms = {path.parent.name for path in folder.glob("*/CMakeLists.txt")}
    missing = rooms - {room for room, _, _ in rows}
    if missing:
        sys.exit(f"main_page.py: the table of rooms in {architecture} has no row for {', '.join(sorted(missing))}")

    lines = []
    for room, holds, uses in rows:
        lines.append(f"| {front_doors(folder, room)} |{holds}|{uses}|")
    print(INTRODUCTION + "\n".join(lines))


if __name__ == "__main__":
    main()
