# shellcheck shell=bash disable=SC2154 # sourced by scripts/demo, which sets run, bin, once
# Two incidents in a trading system of three services: an order that is rejected, and one that takes seconds.

build waybill_cli execution-gateway risk-manager signal-service

service() {  # PROGRAM [ARGUMENT...]: starts it; its URL is in $url then
  local program=$1
  start "$@" --port-file "$run/$program.port" --log "$run/logs/$program.log"
  wait_for "$program to listen" 20 test -f "$run/$program.port"
  url=http://127.0.0.1:$(cat "$run/$program.port")
}
service signal-service --slow-symbol TITN --slow-ms 2500
service risk-manager --signal-service "$url"
service execution-gateway --risk-manager "$url" --orders "$run/orders.db"

place() {  # STATUS ORDER: places it, and says what was answered; the trace id is in $trace then
  echo "POST $url/orders $2"
  code=$(curl -sS -m 30 -o "$run/answer.json" -w '%{http_code}' -d "$2" "$url/orders")
  echo "$code $(cat "$run/answer.json")"
  [ "$code" = "$1" ] || fail "expected $1; logs are under $run/logs"
  trace=$(jq -r .trace_id "$run/answer.json")
}
in_logs() {  # TRACE: whether the request's last record is there
  jq -e --arg trace "$1" 'select(.trace_id == $trace and .logger == "http.access")' "$run/logs/execution-gateway.log"
}
tell() { wait_for "the end of the story" 20 in_logs "$1"; echo; "$bin/waybill" trace "$1" "$run/logs"; }

echo "An order"
place 201 '{"symbol": "ACME", "side": "buy", "quantity": 100, "price": 42.5}'

echo
echo "First incident: a client asks why this order was rejected"
place 422 '{"symbol": "VOLT", "side": "buy", "quantity": 5000, "price": 61.2}'
tell "$trace"

echo
echo "Second incident: somebody had to wait"
place 201 '{"symbol": "TITN", "side": "sell", "quantity": 200, "price": 118}'
wait_for "the end of the story" 20 in_logs "$trace"
slow='{service="execution-gateway"} | json | duration_ms > 500'
echo
echo "waybill query '$slow'"
"$bin/waybill" query "$slow" "$run/logs"
tell "$trace"

echo
echo "The orders, as $run/orders.db has them:"
sqlite3 -box "$run/orders.db" 'SELECT id, symbol, status, reason, trace_id FROM orders'
echo
echo "Look further:"
echo "  $bin/waybill query '{} | json | order_id = \"2\"' $run/logs --sort"
echo "  $bin/waybill query 'severity>=WARN' $run/logs"
$once || echo "  curl $url/orders/2"
