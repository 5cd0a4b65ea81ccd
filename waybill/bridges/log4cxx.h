// log4cxx: existing loggers print the ids and fields of the context that is current at the call.
//
//   #include <waybill/bridges/log4cxx.h>
//   waybill::log4cxx_bridge::install();
//
//   log4j.appender.A.layout.ConversionPattern=%d [%X{trace_id}] [%X{job_id}] %-5p %c - %m%n
//   LOG4CXX_INFO(logger, "Fetching weather for ZIP " << zip);          // as before
//   // 2026-11-20 12:00:01,042 [batch-job-2025-10-21] [42] INFO  weather - Fetching weather …
//
// Each event finds these in its MDC, where %X{key}, %X and JSONLayout look: trace_id (the trace's
// name where it has one, else 32 hex digits), span_id, parent_span_id (16 hex digits), and all
// fields under their own names. What the context does not have is not there, and prints nothing.
// They are taken in the thread that logs, before the event enters any queue: AsyncAppender is
// right, too. The thread's own MDC stays as it was; where both have a key, the event has the
// context's value. Control characters and the like are escaped.
//
// For programs that use log4cxx 1.0 (pkg-config: liblog4cxx). Uses core alone.
#pragma once

#include <memory>

#include <log4cxx/appenderskeleton.h>
#include <log4cxx/logger.h>
#include <log4cxx/logmanager.h>
#include <log4cxx/spi/loggerrepository.h>

#include <waybill/bridges/log4cxx/context_filter.h>
#include <waybill/bridges/log4cxx/new_appenders.h>

namespace waybill::log4cxx_bridge {

// Has the events of this appender carry the context of their call: puts a filter, that lets
// everything pass, in front of those that it has. For an appender that is attached to a logger;
// what an AsyncAppender hands events to needs nothing. Set-up: not while other threads log to it.
// Twice is as good as once.
inline void add_context(::log4cxx::Appender& appender) {
  detail::put_filter_first(appender);
}

// add_context() for all appenders of all loggers, and for those that are attached later, also when
// a configuration is read again. To be called at the start of a program; twice is as good as once.
inline void install() {
  const auto add_to_all = [](const ::log4cxx::LoggerPtr& logger) {
    for (const ::log4cxx::AppenderPtr& appender : logger->getAllAppenders()) add_context(*appender);
  };
  detail::NewAppenders::watch(*::log4cxx::LogManager::getLoggerRepository());
  add_to_all(::log4cxx::LogManager::getRootLogger());
  for (const ::log4cxx::LoggerPtr& logger : ::log4cxx::LogManager::getCurrentLoggers()) {
    add_to_all(logger);
  }
}

}  // namespace waybill::log4cxx_bridge
