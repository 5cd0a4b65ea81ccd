// landscape-generator: landscape-jobs -> a picture in the folder.
#include <chrono>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include <waybill/core/core.h>
#include <waybill/log/log.h>

#include "options.h"
#include "picture_name.h"
#include "worker.h"

namespace landscape {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;
using waybill::Context;

int generate(int argc, char** argv) {
  const Options options = start("landscape-generator", argc, argv);
  const waybill::Logger log = waybill::logger("generator").with({{"worker", "generator"}});
  const auto input = open_queue(options, kLandscapeJobs);
  std::filesystem::create_directories(options.pictures);

  const auto work = [&](const json& job) {
    const auto place = job.at("location").get<Location>();
    const auto weather = job.at("weather").get<Weather>();
    const auto format = format_from(job.at("format").get<std::string>());
    if (!format) throw std::runtime_error("no such format: " + job.at("format").dump());

    const waybill::Scope scope{Context::current().with({{"format", name_of(*format)}})};
    log.info({{"action", "draw"}}, "drawing {}, {} in {}", place.city, place.state,
             name_of(weather.kind));
    const auto begin = steady_clock::now();
    const auto file = std::filesystem::path(options.pictures) /
                      picture_name(place.zip, *format, Context::current().trace_id());
    draw_to(file, weather, place, *format);
    const std::chrono::duration<double, std::milli> took = steady_clock::now() - begin;
    log.info({{"action", "save"},
              {"duration_ms", std::round(took.count() * 10) / 10},
              {"bytes", std::filesystem::file_size(file)},
              {"file", file.string()}},
             "picture saved");
  };
  return run_worker("generator", *input, options, work);
}

}  // namespace
}  // namespace landscape

int main(int argc, char** argv) {
  return landscape::guarded(landscape::generate, argc, argv);
}
