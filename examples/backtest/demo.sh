# shellcheck shell=bash disable=SC2154 # sourced by scripts/demo, which sets run, bin, once
# A sweep of trading strategies over real prices: each run has a run_id, one of them cannot be, and any can be had again.

build waybill_cli backtest
examples/backtest/data/fetch build/release/backtest_data >"$run/fetch.log" 2>&1 ||
  { cat "$run/fetch.log" >&2; fail "the prices could not be fetched; npm has to reach a registry that has vega-datasets"; }

shown() {  # PROGRAM ARGUMENT...: says what it runs
  printf '$ %s' "$bin/$1"
  printf ' %q' "${@:2}"
  echo
  "$bin/$1" "${@:2}"
}

shown backtest --out "$run" sweep --config examples/backtest/config/sweep.toml | tee "$run/sweep.txt"
sweep=$(sed -n 's/^trace  *//p' "$run/sweep.txt")
best=$(sed -n '/^run /,$ { /^run /d; p; q }' "$run/sweep.txt" | grep -o 'backtest-[^ ]*$')
failed=$(grep -A 1 'failed: ' "$run/sweep.txt" | grep -om 1 'backtest-[^ ]*$')

echo
echo "The story of the sweep, and of all runs in it:"
echo
"$bin/waybill" trace "$sweep" "$run/logs"

echo
echo "The best one once more, from what it has saved:"
echo
shown backtest --out "$run" again "$run/$best.json"

span=$(sed -n 's/.*strategy="crossover".*# {trace_id="[0-9a-f]*",span_id="\([0-9a-f]*\)".*/\1/p' "$run/$sweep.metrics.txt" | head -n 1)
echo
echo "Look further:"
echo "  the report, for a browser:                $run/$sweep.html"
echo "  all of one run:                           $bin/waybill query 'run_id=\"$best\"' $run/logs"
echo "  why one could not be:                     $bin/waybill query 'error.run_id=\"$failed\"' $run/logs"
echo "  the run that a metric's exemplar names:   $bin/waybill query 'span_id=\"$span\"' $run/logs"
echo "  each trade of a single run:               WAYBILL_LOG=debug $bin/backtest --out $run run --config examples/backtest/config/run.toml"
echo "                                            $bin/waybill query 'logger=engine' $run/logs"
