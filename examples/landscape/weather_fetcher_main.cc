// landscape-weather-fetcher: fetch-jobs -> where the ZIP is and what the weather was ->
// weather-ready.
#include <chrono>
#include <stdexcept>

#include <waybill/log/log.h>

#include "observations.h"
#include "options.h"
#include "worker.h"
#include "zip_codes.h"

namespace landscape {
namespace {

using nlohmann::json;

struct MonthAndDay {
  unsigned month;
  unsigned day;
};

// The job's "date", MM-DD, or today's.
MonthAndDay date_of(const json& job) {
  if (job.contains("date")) {
    const auto date = parse_iso_date("2012-" + job.at("date").get<std::string>());  // a leap year
    if (!date) throw std::runtime_error("date is not MM-DD: " + job.at("date").dump());
    return {unsigned{date->month()}, unsigned{date->day()}};
  }
  const std::chrono::year_month_day today{
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  return {unsigned{today.month()}, unsigned{today.day()}};
}

int fetch(int argc, char** argv) {
  const Options options = start("landscape-weather-fetcher", argc, argv);
  const waybill::Logger log =
      waybill::logger("weather-fetcher").with({{"worker", "weather-fetcher"}});
  const ZipCodes zips = ZipCodes::load(options.data + "/zipcodes.csv");
  const Observations observations = Observations::load(options.data + "/weather.csv");
  const auto input = open_queue(options, kFetchJobs);
  const auto output = open_queue(options, kWeatherReady);

  const auto work = [&](const json& job) {
    const std::string zip = job.at("zip").get<std::string>();
    const auto place = zips.find(zip);
    if (!place) throw std::runtime_error("ZIP " + zip + " is not in the table");
    log.info({{"action", "locate"}, {"latitude", place->latitude}, {"longitude", place->longitude}},
             "{} is {}, {}", zip, place->city, place->state);

    const auto [month, day] = date_of(job);
    const auto weather = observations.nearest(*place, month, day);
    if (!weather) throw std::runtime_error("no weather was observed on that day");
    log.info({{"action", "fetch"},
              {"kind", name_of(weather->kind)},
              {"temp_max_c", weather->temp_max_c},
              {"wind_m_s", weather->wind_m_s},
              {"station", weather->station}},
             "weather of {}, observed {:.0f} km away", iso_date(weather->date),
             weather->distance_km);

    output->send(to_message({{"location", *place}, {"weather", *weather}}));
    log.info({{"action", "send"}, {"queue", kWeatherReady}}, "weather ready");
  };
  return run_worker("weather-fetcher", *input, options, work);
}

}  // namespace
}  // namespace landscape

int main(int argc, char** argv) {
  return landscape::guarded(landscape::fetch, argc, argv);
}
