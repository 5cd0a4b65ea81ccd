#include <cli/help.h>

namespace waybill::cli {

const std::string_view kHelp =
    R"(waybill - the story of a request, from the logs of all who handled it

Usage: waybill COMMAND ...

Commands:
  trace ID FILE|DIR...        the story of one trace, as a tree of hops
  query [FILTER] FILE|DIR...  the records that a filter means
  queue ACTION URL            what is in a queue, and its dead letters

Options:
  -h, --help     this text; also after a command
      --version  the version

Input is JSON, one object a line, as Waybill's logger and most others write it.

Examples:
  waybill trace batch-job-2025-10-21 /var/log/weather/
  waybill query 'severity>=WARN zip=98101' logs/
  journalctl -u web -o cat | waybill query timeout -

Exit status: 0 found, 1 nothing found, 2 wrong usage or unreadable input.
)";

const std::string_view kTraceHelp = R"(waybill trace - the story of one trace, as a tree of hops

Usage: waybill trace [OPTIONS] ID FILE|DIR...

  ID        trace id (32 hex digits or UUID), trace name, or an id's first 8 digits or more
  FILE|DIR  JSON lines; in a DIR all *.log, *.json, *.jsonl, *.ndjson below it; - is standard input

Options:
      --json         the trace's records as JSON lines, in time order
      --ascii        draw with ASCII characters only
      --color WHEN   auto (default), always or never; NO_COLOR is respected
      --wide         whole lines: wrap and cut nothing
  -h, --help         this text

Examples:
  waybill trace 4bf92f3577b34da6a3ce929d0e0e4736 logs/
  waybill trace 4bf92f35 web.log worker.log
  waybill trace batch-job-2025-10-21 --color always logs/ | less -R
  kubectl logs -l app=weather | waybill trace abc-123 -
)";

const std::string_view kQueryHelp = R"(waybill query - the records that a filter means

Usage: waybill query [OPTIONS] [FILTER] FILE|DIR...

  FILTER    see below; left out: every record. What exists as a file is read, not filtered by
  FILE|DIR  JSON lines; in a DIR all *.log, *.json, *.jsonl, *.ndjson below it; - is standard input

Options:
  -e, --filter FILTER  the filter, where it could be mistaken for an option or a file
      --trace ID       only records of this trace, in any spelling, or its first 8 digits or more
      --level LEVEL    only records of this level and above
      --since TIME     only records from then on: 2026-11-20T23:58:00Z, or 15m, 2h, 1d ago
      --until TIME     only records before then
      --limit N        stop after N records
      --sort           by time over all files, instead of file by file
      --format FORMAT  text (default) or json: the lines as they were read
      --ascii          ASCII characters only, but for what the records hold
      --color WHEN     auto (default), always or never; NO_COLOR is respected
      --wide           whole lines: cut nothing
  -h, --help           this text

Filters:
  zip=98101            equal; also != < <= > >=, of numbers where both are
  url~forecast         contains, whatever the case
  timeout              the message contains it; "in quotes" with spaces
  severity>=WARN       by rank; levels in any spelling
  time>=2026-11-20     or time>15m: less than so long ago
  http.status=503      nested objects have dotted keys
  a=1 b=2              both; OR, NOT (or a leading -) and parentheses as usual

Filters in LogQL begin with a "{":
  {service="web", zip="98101"}           a selector: = and != of texts; {} is every record
  {...} |= "timeout" != "health"         the line contains it, or does not; the case counts
  {...} | json | duration_ms > 500       a field: = != < <= > >=, "and" or "or", parentheses
  {...} | http_status >= 500             nested and dotted keys have _
  No regular expressions, no parsers but json, no metric queries

Examples:
  waybill query 'severity>=ERROR' --since 1h --sort logs/
  waybill query 'worker="weather-fetcher" (zip=98101 OR zip=98102)' logs/
  waybill query --trace abc-123 --format json web.log | jq .message
  waybill query '{service="web"} | json | duration_ms > 500' logs/
  tail -f web.log | waybill query 'NOT path~health' -
)";

const std::string_view kQueueHelp = R"(waybill queue - what is in a queue, and its dead letters

Usage: waybill queue ACTION URL [ID...] [OPTIONS]

  ACTION  depth    how many messages are ready, delayed, in flight, dead
          peek     the messages that are there; none is taken
          dead     the dead letters, the oldest first
          show     one of them, with its headers and body
          retry    puts dead letters back in line, their attempts counted anew
          remove   forgets dead letters
  URL     sqlite:PATH?queue=NAME, redis://HOST?queue=NAME, nats://HOST?queue=NAME,
          kafka://HOST?queue=NAME
  ID      of a dead letter

Options:
      --trace ID   only of this trace, in any spelling, or its first 8 digits or more
      --all        of retry and remove: all of them
      --limit N    of peek and dead: at most so many (default 20)
      --json       one JSON object a line
  -h, --help       this text

Examples:
  waybill queue depth 'sqlite:work.db?queue=jobs'
  waybill queue dead 'sqlite:work.db?queue=jobs' --trace 4bf92f35
  waybill queue retry 'sqlite:work.db?queue=jobs' 17 18

Exit status: 0 done, 1 nothing there, 2 wrong usage or a queue that cannot be used.
)";

}  // namespace waybill::cli
