// An existing Boost.Log program: its records get the ids of the request that they belong to, also
// behind an asynchronous sink.
#include <iostream>
#include <string>

#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/sinks.hpp>
#include <boost/log/trivial.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#include <boost/smart_ptr/shared_ptr.hpp>

#include <waybill/bridges/boost_log.h>
#include <waybill/core/core.h>

namespace expr = boost::log::expressions;
namespace sinks = boost::log::sinks;

int main() {
  waybill::boost_log_bridge::add_attributes({"job_id"});

  const auto sink = boost::make_shared<sinks::asynchronous_sink<sinks::text_ostream_backend>>();
  sink->locked_backend()->add_stream(boost::shared_ptr<std::ostream>(&std::clog, [](auto*) {}));
  sink->set_formatter(expr::stream
                      << boost::log::trivial::severity << " ["
                      << expr::attr<std::string>("TraceId").or_default(std::string("-")) << "] ["
                      << expr::attr<std::string>("job_id").or_default(std::string("-")) << "] "
                      << expr::smessage);
  boost::log::core::get()->add_sink(sink);

  BOOST_LOG_TRIVIAL(info) << "Ready";
  {
    const waybill::Context trace = waybill::Context::new_trace({.name = "batch-job-2025-10-21"});
    const waybill::Scope scope{trace.with({{"job_id", 42}})};
    BOOST_LOG_TRIVIAL(info) << "Fetching weather for ZIP " << 98101;
  }
  sink->stop();
  sink->flush();
}

// Prints
//   info [-] [-] Ready
//   info [batch-job-2025-10-21] [42] Fetching weather for ZIP 98101
