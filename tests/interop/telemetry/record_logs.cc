#include <limits>
#include <source_location>

#include <waybill/core/scope.h>
#include <waybill/log/log.h>

#include "tests/interop/telemetry/recorded.h"

namespace waybill::telemetry_peer {
namespace {

using nlohmann::json;

// Of a record by the logger "stations".
json said_by(const std::source_location& where, int severity, const char* level, json body) {
  return {{"severityNumber", severity},
          {"severityText", level},
          {"body", std::move(body)},
          {"timeUnixNano", "*"},
          {"observedTimeUnixNano", "*"},
          {"scope", {{"name", "stations"}}},
          {"attributes",
           {{"code.file.path", text(where.file_name())},
            {"code.line.number", "*"},
            {"code.function.name", text(where.function_name())}}}};
}

}  // namespace

json record_logs() {
  const auto where = std::source_location::current();
  const Logger log = logger("stations");
  json logs = json::array();

  log.trace("level {}", 1);
  log.debug("level {}", 5);
  log.info("level {}", 9);
  log.warn("level {}", 13);
  log.error("level {}", 17);
  log.log(Level::kFatal, {}, "level {}", 21);
  int severity = 1;
  for (const char* level : {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}) {
    logs.push_back(said_by(where, severity, level, text("level " + std::to_string(severity))));
    severity += 4;
  }

  const Context request = remote_trace().with({{"job_id", "job 7"}, {"attempt", 3}});
  const Scope scope{request};
  log.with({{"station", "Fluntern"}})
      .info({{"attempt", std::numeric_limits<std::int64_t>::min()},
             {"temperature", 21.5},
             {"ok", true},
             {"most", std::numeric_limits<std::uint64_t>::max()}},
            "Über {} \"°C\"\nnext {line}", 21, fmt::arg("line", 2));
  json said = said_by(where, 9, "INFO", text("Über 21 \"°C\"\nnext 2"));
  said["traceId"] = request.trace_id().to_hex();
  said["spanId"] = request.span_id().to_hex();
  said["flags"] = 1;
  said["attributes"].update({{"job_id", text("job 7")},
                             {"attempt", integer(std::numeric_limits<std::int64_t>::min())},
                             {"station", text("Fluntern")},
                             {"temperature", number(21.5)},
                             {"ok", truth(true)},
                             {"most", text("18446744073709551615")},
                             {"line", integer(2)}});
  logs.push_back(said);
  return logs;
}

}  // namespace waybill::telemetry_peer
