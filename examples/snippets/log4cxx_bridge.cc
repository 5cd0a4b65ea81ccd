// An existing log4cxx program: its events get the ids of the request that they belong to, also
// behind an AsyncAppender.
#include <memory>

#include <log4cxx/asyncappender.h>
#include <log4cxx/consoleappender.h>
#include <log4cxx/logger.h>
#include <log4cxx/patternlayout.h>

#include <waybill/bridges/log4cxx.h>
#include <waybill/core/core.h>

int main() {
  waybill::log4cxx_bridge::install();

  const auto console = std::make_shared<log4cxx::ConsoleAppender>(
      std::make_shared<log4cxx::PatternLayout>("%p [%X{trace_id}] [%X{job_id}] %c - %m%n"));
  const auto queue = std::make_shared<log4cxx::AsyncAppender>();
  queue->addAppender(console);
  log4cxx::Logger::getRootLogger()->addAppender(queue);

  const log4cxx::LoggerPtr logger = log4cxx::Logger::getLogger("weather");
  LOG4CXX_INFO(logger, "Ready");
  {
    const waybill::Context trace = waybill::Context::new_trace({.name = "batch-job-2025-10-21"});
    const waybill::Scope scope{trace.with({{"job_id", 42}})};
    LOG4CXX_INFO(logger, "Fetching weather for ZIP " << 98101);
  }
  queue->close();
}

// Prints
//   INFO [] [] weather - Ready
//   INFO [batch-job-2025-10-21] [42] weather - Fetching weather for ZIP 98101
