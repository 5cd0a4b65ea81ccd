// jobs-credit: the service that jobs depend on, and that is not always to be had. The first calls
// for each lead are answered 503, then the lead's rating; leads from 1000 on are not known.
//
//   POST /credit/17    200 {"rating": "good"}
#include <charconv>
#include <map>
#include <mutex>

#include <waybill/http/server.h>
#include <waybill/log/log.h>

#include "options.h"

namespace jobs {
namespace {

using waybill::http::Request;
using waybill::http::Response;

const waybill::Logger logger = waybill::logger("credit");

class CreditBureau {
 public:
  explicit CreditBureau(unsigned failures) : failures_(failures) {}

  Response rate(const Request& request) {
    const std::string text = request.param("lead").value_or("");
    int lead = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), lead);
    if (error != std::errc() || end != text.data() + text.size() || lead >= 1000) {
      logger.warn("no lead {}", text);
      return Response::error(404, "no such lead");
    }
    if (count(lead) <= failures_) {
      logger.warn("overloaded: lead {} is to come back later", lead);
      return Response::error(503, "overloaded");
    }
    logger.info("lead {} is good", lead);
    return Response::json(200, R"({"rating": "good"})");
  }

 private:
  unsigned count(int lead) {
    const std::lock_guard lock(mutex_);
    return ++calls_[lead];
  }

  const unsigned failures_;
  std::mutex mutex_;
  std::map<int, unsigned> calls_;
};

int run(int argc, char** argv) {
  const StopSignals stop;
  const Options options = start("jobs-credit", argc, argv);
  CreditBureau bureau(options.failures);
  waybill::http::Server server({.port = options.port});
  server.route("POST", "/credit/{lead}",
               [&bureau](const Request& request) { return bureau.rate(request); });
  serve(server, options);
  stop.wait();
  server.stop();
  return 0;
}

}  // namespace
}  // namespace jobs

int main(int argc, char** argv) {
  return jobs::guarded(jobs::run, argc, argv);
}
