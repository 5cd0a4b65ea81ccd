// landscape-dispatcher: weather-ready -> one job for each format -> landscape-jobs.
#include <fmt/ranges.h>

#include <waybill/log/log.h>

#include "options.h"
#include "worker.h"

namespace landscape {
namespace {

using nlohmann::json;

int dispatch(int argc, char** argv) {
  const Options options = start("landscape-dispatcher", argc, argv);
  const waybill::Logger log = waybill::logger("dispatcher").with({{"worker", "dispatcher"}});
  const std::vector<Format> formats = formats_of(options);
  const auto input = open_queue(options, kWeatherReady);
  const auto output = open_queue(options, kLandscapeJobs);

  const auto work = [&](const json& job) {
    std::vector<waybill::queue::Message> messages;
    for (const Format format : formats) {
      json drawing = job;
      drawing["format"] = name_of(format);
      messages.push_back(to_message(drawing));
    }
    output->send(std::move(messages));
    log.info({{"action", "fan-out"}, {"queue", kLandscapeJobs}, {"jobs", formats.size()}},
             "to be drawn as {}", fmt::join(options.formats, ", "));
  };
  return run_worker("dispatcher", *input, options, work);
}

}  // namespace
}  // namespace landscape

int main(int argc, char** argv) {
  return landscape::guarded(landscape::dispatch, argc, argv);
}
