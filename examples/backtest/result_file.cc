#include "result_file.h"

#include <fstream>
#include <sstream>

#include <waybill/error/error.h>

#include "config_error.h"

namespace backtest {
namespace {

using nlohmann::json;

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw waybill::make_error("cannot write {}", path.string());
}

std::string csv_of(const std::vector<EquityPoint>& curve) {
  std::string csv = "date,equity\n";
  for (const EquityPoint& point : curve) csv += fmt::format("{},{}\n", point.date, point.equity);
  return csv;
}

}  // namespace

void save_result(const waybill::ReproContext& run, const Result& result,
                 const std::filesystem::path& folder) {
  const std::filesystem::path curve = folder / (run.run_id + ".csv");
  write(curve, csv_of(result.outcome.curve));
  const json saved = {
      {"run", json::parse(run.to_json())},
      {"trace_id", result.trace_id},
      {"configuration", result.configuration},
      {"statistics", result.outcome.statistics},
      {"curve",
       {{"file", curve.filename().string()}, {"sha256", waybill::fingerprint(curve).sha256}}}};
  write(folder / (run.run_id + ".json"), saved.dump(2) + "\n");
}

SavedResult load_result(const std::filesystem::path& file) {
  try {
    std::ifstream stream(file);
    if (!stream) throw ConfigError("cannot read it");
    const json saved = json::parse(stream);
    return {.run = waybill::ReproContext::from_json(saved.at("run").dump()),
            .configuration = saved.at("configuration").get<Configuration>(),
            .statistics = saved.at("statistics").get<Statistics>(),
            .curve_sha256 = saved.at("curve").at("sha256").get<std::string>()};
  } catch (const std::exception& error) {
    throw waybill::make_error<ConfigError>("{} is no result: {}", file.string(), error.what());
  }
}

}  // namespace backtest
