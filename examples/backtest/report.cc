#include "report.h"

#include <fstream>

#include <fmt/format.h>

#include <waybill/error/error.h>

#include "chart.h"
#include "report_page.h"

namespace backtest {
namespace {

// What the same money would be worth if it had been in the market all the time.
Line buy_and_hold(const Prices& prices, double capital) {
  Line line{.title = "buy and hold", .classes = "line hold", .run = {}, .values = {}};
  for (const Bar& bar : prices.bars) {
    line.values.push_back(capital * bar.close / prices.bars.front().close);
  }
  return line;
}

std::vector<double> equity_of(const Result& result) {
  std::vector<double> values;
  for (const EquityPoint& point : result.outcome.curve) values.push_back(point.equity);
  return values;
}

// Below zero, as a loss is.
std::vector<double> losses_of(const std::vector<EquityPoint>& curve) {
  std::vector<double> values = drawdowns(curve);
  for (double& value : values) value = -value;
  return values;
}

// In `results` the best is first; in a chart it is last, and so above the others.
std::string equity_chart(const Report& report) {
  Chart chart{.label = "Equity of each run", .dates = {}, .lines = {}, .height = 360};
  for (const Bar& bar : report.prices.bars) chart.dates.push_back(bar.date);
  const Result& best = report.results.front();
  chart.lines.push_back(buy_and_hold(report.prices, best.configuration.capital));
  for (auto result = report.results.rbegin(); result != report.results.rend(); ++result) {
    if (!result->error.empty()) continue;
    const bool is_best = &*result == &best;
    const std::string& strategy = result->configuration.strategy;  // one that there is
    chart.lines.push_back({.title = result->configuration.title(),
                           .classes = "line " + strategy + (is_best ? " best" : ""),
                           .run = result->run_id,
                           .values = equity_of(*result)});
  }
  return svg(chart);
}

std::string drawdown_chart(const Report& report) {
  const Result& best = report.results.front();
  std::vector<EquityPoint> held;
  const std::vector<double> values = buy_and_hold(report.prices, 1).values;
  Chart chart{.label = "Loss since the last high, of the best run and of buy and hold",
              .dates = {},
              .lines = {},
              .height = 220,
              .per_cent = true};
  for (const EquityPoint& point : best.outcome.curve) {
    held.push_back({point.date, values[held.size()]});
    chart.dates.push_back(point.date);
  }
  chart.lines.push_back({"buy and hold", "line hold", "", losses_of(held)});
  chart.lines.push_back({best.configuration.title(), "line best " + best.configuration.strategy,
                         best.run_id, losses_of(best.outcome.curve)});
  return svg(chart);
}

std::string row(const Result& result) {
  const std::string title = escaped(result.configuration.title());
  const std::string ids = fmt::format("<code>{}</code>", escaped(result.run_id));
  if (!result.error.empty()) {
    return fmt::format(R"(<tr class="failed"><td>{}</td><td colspan="6">{}</td><td>{}</td></tr>)",
                       title, escaped(result.error), ids);
  }
  const Statistics& statistics = result.outcome.statistics;
  return fmt::format(
      R"(<tr data-run="{}"><td><i class="{}"></i>{}</td><td>{:.1f} %</td><td>{:.1f} %</td>)"
      R"(<td>{:.1f} %</td><td>{:.2f}</td><td>{:.0f} %</td><td>{}</td><td>{}</td></tr>)",
      escaped(result.run_id), result.configuration.strategy, title, 100 * statistics.total_return,
      100 * statistics.annual_return, -100 * statistics.max_drawdown, statistics.sharpe,
      100 * statistics.exposure, statistics.fills, ids);
}

std::string legend(const Report& report) {
  std::string entries;
  for (const char* const strategy : {"crossover", "breakout"}) {
    for (const Result& result : report.results) {
      if (!result.error.empty() || result.configuration.strategy != strategy) continue;
      entries += fmt::format(R"(<span><i class="{0}"></i>{0}</span>)", strategy);
      break;
    }
  }
  return entries + R"(<span><i class="hold"></i>buy and hold</span>)";
}

}  // namespace

std::string report_html(const Report& report) {
  const Configuration& configuration = report.results.front().configuration;
  std::string rows;
  for (const Result& result : report.results) rows += row(result) + "\n";
  std::string charts = "<p>No run could be made.</p>";
  if (report.results.front().error.empty()) {
    charts = fmt::format(kCharts, legend(report), equity_chart(report),
                         escaped(configuration.title()), drawdown_chart(report));
  }
  const std::string facts = fmt::format(
      "{} to {}, ${}k at the beginning; commission {} bps, slippage {} bps on average, seed {}",
      report.prices.bars.front().date, report.prices.bars.back().date, configuration.capital / 1000,
      configuration.commission_bps, configuration.slippage_bps, configuration.seed);
  return fmt::format(kPage, escaped(report.prices.symbol), escaped(facts), escaped(report.id),
                     kStyle, charts, rows, kScript);
}

void write_report(const std::filesystem::path& path, const Report& report) {
  std::ofstream file(path, std::ios::binary);
  file << report_html(report);
  file.close();
  if (!file) throw waybill::make_error("cannot write {}", path.string());
}

}  // namespace backtest
