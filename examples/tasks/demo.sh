# shellcheck shell=bash disable=SC2154 # sourced by scripts/demo, which sets run, bin, once
# One request whose coroutines are gathered, whose prices come from a second service, and whose report is written later.

build waybill_cli tasks-api tasks-prices

service() {  # PROGRAM [ARGUMENT...]: starts it; its URL is in $url then
  local program=$1
  start "$@" --port-file "$run/$program.port" --log "$run/logs/$program.log" --spans "$run/spans/$program.jsonl"
  wait_for "$program to listen" 20 test -f "$run/$program.port"
  url=http://127.0.0.1:$(cat "$run/$program.port")
}
mkdir -p "$run/spans"
service tasks-prices
service tasks-api --prices "$url" --reports "$run/reports"

trace=4bf92f3577b34da6a3ce929d0e0e4736
basket='{"items": ["apple", "bread", "cheese"]}'
echo "POST $url/baskets $basket"
echo "traceparent: 00-$trace-00f067aa0ba902b7-01"
curl -sS -m 30 --fail-with-body -H "traceparent: 00-$trace-00f067aa0ba902b7-01" -d "$basket" "$url/baskets" ||
  fail "no answer; logs are under $run/logs"
echo

written() { grep -F "$trace" "$run/logs/tasks-api.log" | grep -F "report written"; }
answered() { grep -F "$trace" "$run/logs/tasks-api.log" | grep -F "http.access"; }
wait_for "the report" 20 written
wait_for "the end of the story" 20 answered

echo
echo "The story of the request, which has the caller's trace id"
"$bin/waybill" trace "$trace" "$run/logs"

echo
echo "The report was written in the background, in a trace of its own that names the request"
report=$(written | jq -r .trace_id)
"$bin/waybill" trace "$report" "$run/logs"
jq -c '.resourceSpans[].scopeSpans[].spans[] | select(.name == "write report") | {traceId, name, links}' "$run/spans/tasks-api.jsonl"

echo
echo "What tasks-api has written on its standard output: [trace_id] [span_id] message"
cat "$run/tasks-api.out"

echo
echo "Look further:"
echo "  $bin/waybill query 'request_trace_id=$trace' $run/logs"
echo "  $bin/waybill query 'logger=http.client duration_ms>1' $run/logs"
echo "  cat $run/reports/$trace.txt"
$once || echo "  curl -d '{\"items\": [\"apple\", \"unicorn\"]}' $url/baskets"
