// The fixed parts of a report's page: its HTML with places for what differs (fmt's), its style
// sheet and its script, which shows a run's line when the pointer is on its row, and the other way
// round.
#pragma once

namespace backtest {

// Symbol, facts, id, style, charts, rows, script.
inline constexpr char kPage[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Backtest of {0}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{3}</style></head><body>
<header><h1>Backtest of {0}</h1><p>{1}</p><p class="id"><code>{2}</code></p></header>
{4}<section><h2>Runs</h2><div class="wide"><table>
<thead><tr><th>run</th><th>return</th><th>a year</th><th>drawdown</th><th>Sharpe</th><th>invested</th><th>fills</th><th>run_id</th></tr></thead>
<tbody>
{5}</tbody></table></div></section>
<footer>Past prices, made-up trades: an example of reproducible runs, no advice.</footer>
<script>{6}</script></body></html>
)";

// Legend, equity, title of the best run, drawdown.
inline constexpr char kCharts[] =
    R"(<section><h2>Equity <small>each line a run, the thick one the best by Sharpe ratio</small></h2><div class="legend">{0}</div>
{1}</section>
<section><h2>Drawdown <small>loss since the last high: {2}, and buy and hold</small></h2>
{3}</section>
)";

inline constexpr char kStyle[] = R"(
:root { color-scheme: light dark; --page: #f9f9f7; --card: #fcfcfb; --ink: #0b0b0b; --soft: #52514e;
  --grid: #e1e0d9; --crossover: #2a78d6; --breakout: #eb6834; --hold: #898781; --bad: #d03b3b; }
@media (prefers-color-scheme: dark) { :root { --page: #0d0d0d; --card: #1a1a19; --ink: #ffffff;
  --soft: #c3c2b7; --grid: #2c2c2a; --crossover: #3987e5; --breakout: #d95926; --bad: #e66767; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem;
  background: var(--page); color: var(--ink); }
h1 { margin: 0; font-size: 1.7rem; } h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
h2 small { font-weight: normal; color: var(--soft); margin-left: .4rem; font-size: .85rem; }
header p { margin: .2rem 0; color: var(--soft); } footer { color: var(--soft); font-size: .85rem; }
section { background: var(--card); border: 1px solid var(--grid); border-radius: .6rem;
  padding: 1rem 1.2rem; margin: 1.2rem 0; }
code { font: .82rem ui-monospace, monospace; }
svg { width: 100%; height: auto; display: block; }
.grid { stroke: var(--grid); stroke-width: 1; }
.tick { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.line { fill: none; stroke-width: 1.2; stroke-linejoin: round; opacity: .5; }
.line.crossover { stroke: var(--crossover); } .line.breakout { stroke: var(--breakout); }
.line.hold { stroke: var(--hold); opacity: 1; stroke-width: 1.5; stroke-dasharray: 5 4; }
.line.best { opacity: 1; stroke-width: 2.2; }
.line.hot, .line:hover { opacity: 1; stroke-width: 3; }
.legend { display: flex; gap: 1.2rem; color: var(--soft); font-size: .85rem; margin-bottom: .4rem; }
i { display: inline-block; width: .7rem; height: .7rem; border-radius: .2rem; margin-right: .45rem; }
i.crossover { background: var(--crossover); } i.breakout { background: var(--breakout); }
i.hold { height: 0; width: 1.1rem; border-radius: 0; border-top: 2px dashed var(--hold);
  vertical-align: middle; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .32rem .7rem; text-align: right; white-space: nowrap; border-top: 1px solid var(--grid); }
th { color: var(--soft); font-weight: 500; border: 0; font-size: .85rem; }
th:first-child, td:first-child, th:last-child, td:last-child { text-align: left; }
tr.hot td, tbody tr:hover td { background: color-mix(in srgb, var(--grid) 45%, transparent); }
.failed td:nth-child(2) { color: var(--bad); text-align: left; white-space: normal; }
td code { color: var(--soft); font-size: .74rem; }
)";

inline constexpr char kScript[] = R"(
for (const part of document.querySelectorAll('[data-run]:not([data-run=""])')) {
  const same = document.querySelectorAll(`[data-run="${part.dataset.run}"]`);
  part.onmouseenter = () => same.forEach((one) => one.classList.add('hot'));
  part.onmouseleave = () => same.forEach((one) => one.classList.remove('hot'));
}
)";

}  // namespace backtest
