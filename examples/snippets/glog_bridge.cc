// An existing glog program: its lines get the ids of the request that they belong to.
#include <ostream>

#include <glog/logging.h>

#include <waybill/bridges/glog.h>
#include <waybill/core/core.h>

namespace {

void fetch_weather(int zip) {
  LOG(INFO) << "Fetching weather for ZIP " << zip;
}

// Of one's own, as is shown here, or glog's own with the context behind it, which is
// waybill::glog_bridge::prefix.
void prefix(std::ostream& out, const google::LogMessageInfo& line, void*) {
  out << '[' << line.time.timestamp() << "] [" << line.thread_id << "] " << line.severity << ' ';
  waybill::glog_bridge::write_context(out);
}

}  // namespace

int main(int, char** argv) {
  google::InitGoogleLogging(argv[0], prefix);
  FLAGS_logtostderr = true;

  const waybill::Context trace = waybill::Context::new_trace(
      {.name = "batch-job-2025-10-21", .span_id = waybill::SpanId::from_hex("00f067aa0ba902b7")});
  const waybill::Scope scope{trace.with({{"job_id", 42}})};
  fetch_weather(98101);

  // Or all in one log: glog's messages as records of Waybill's own.
  const waybill::glog_bridge::Forwarding forwarding({.only = true});
  waybill::configure_logging(
      {.outputs = {
           {waybill::text_format({.pattern = "[{time}] [-] {level} [{trace_id}] {message}"}),
            waybill::stderr_sink()}}});
  fetch_weather(98102);
}

// Prints
//   INFO [batch-job-2025-10-21] [00f067aa0ba902b7] job_id=42 Fetching weather for ZIP 98101
//   INFO [batch-job-2025-10-21] Fetching weather for ZIP 98102
