// landscape-draw: one picture, without the system around it.
//
//   landscape-draw --zip 98101 --date 01-15 --format rgb_light -o out.png [--data DIR]

#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/error.h>

#include "observations.h"
#include "scene.h"
#include "zip_codes.h"

namespace {

using waybill::Error;

constexpr std::string_view kUsage =
    "usage: landscape-draw --zip ZIP --date [YYYY-]MM-DD [--format rgb_light|rgb_dark|bw|eink]\n"
    "                      [--kind drizzle|fog|rain|snow|sun] [--data DIR] -o FILE\n"
    "  --kind  draw that weather, whatever was observed\n"
    "  --data  the folder with zipcodes.csv and weather.csv\n";

struct Options {
  std::string zip;
  std::string date;
  std::string format = "rgb_light";
  std::string kind;
  std::string data = LANDSCAPE_DATA_DIR;
  std::string out;
};

Options parse(int argc, char** argv) {
  Options options;
  const std::map<std::string_view, std::string*> known{
      {"--zip", &options.zip},   {"--date", &options.date}, {"--format", &options.format},
      {"--kind", &options.kind}, {"--data", &options.data}, {"-o", &options.out}};
  for (int i = 1; i < argc; i += 2) {
    const auto found = known.find(argv[i]);
    if (found == known.end()) throw Error("unknown option '" + std::string(argv[i]) + "'");
    if (i + 1 == argc) throw Error("option '" + std::string(argv[i]) + "' needs a value");
    *found->second = argv[i + 1];
  }
  if (options.zip.empty() || options.date.empty() || options.out.empty()) {
    throw Error("--zip, --date and -o are needed");
  }
  return options;
}

landscape::Weather weather_for(const Options& options, const landscape::Location& place) {
  const auto observations =
      landscape::Observations::load(std::filesystem::path(options.data) / "weather.csv");
  const bool any_year = options.date.size() == 5;
  // A leap year, so that 02-29 is a day.
  const auto date = landscape::parse_iso_date((any_year ? "2012-" : "") + options.date);
  if (!date) throw Error::bad_option("--date", options.date, "01-15 or 2015-01-15");
  std::optional<int> year;
  if (!any_year) year = static_cast<int>(date->year());
  const auto weather = observations.nearest(place, static_cast<unsigned>(date->month()),
                                            static_cast<unsigned>(date->day()), year);
  if (!weather) throw Error::bad_option("--date", options.date, "a day from 2012 to 2015");
  return *weather;
}

void run(const Options& options) {
  const auto format = landscape::format_from(options.format);
  if (!format) {
    throw Error::bad_option("--format", options.format, "rgb_light, rgb_dark, bw or eink");
  }
  const auto zips = landscape::ZipCodes::load(std::filesystem::path(options.data) / "zipcodes.csv");
  const auto place = zips.find(options.zip);
  if (!place) throw Error::bad_option("--zip", options.zip, "a United States ZIP code");
  landscape::Weather weather = weather_for(options, *place);
  if (!options.kind.empty()) {
    const auto kind = landscape::weather_kind_from(options.kind);
    if (!kind) throw Error::bad_option("--kind", options.kind, "drizzle, fog, rain, snow or sun");
    weather.kind = *kind;
  }
  landscape::draw_to(options.out, weather, *place, *format);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(parse(argc, argv));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "landscape-draw: " << error.what() << "\n" << kUsage;
    return 1;
  }
}
