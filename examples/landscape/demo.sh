# shellcheck shell=bash disable=SC2154 # sourced by scripts/demo, which sets run, bin, once, zip
# One request through a web service, three workers and three queues; four pictures come out.

build waybill_cli landscape-web landscape-weather-fetcher landscape-dispatcher landscape-generator

common=(--queues "$run/queues.db" --pictures "$run/pictures")
for program in landscape-generator landscape-dispatcher landscape-weather-fetcher; do
  start "$program" "${common[@]}" --log "$run/logs/$program.log"
done
start landscape-web "${common[@]}" --log "$run/logs/landscape-web.log" --port 0 --port-file "$run/port"
wait_for "landscape-web to listen" 20 test -f "$run/port"
url=http://127.0.0.1:$(cat "$run/port")

echo "POST $url/admin/generate?zip=$zip"
code=$(curl -sS -m 10 -o "$run/answer.json" -w '%{http_code}' -X POST "$url/admin/generate?zip=$zip")
cat "$run/answer.json"
echo
[ "$code" = 200 ] || fail "the web service answered $code; a ZIP code is five digits"
trace=$(jq -r .trace_id "$run/answer.json")

finished() {  # all four pictures, or the job given up
  [ "$(cat "$run"/logs/* | jq -Rr --arg trace "$trace" 'fromjson? | select(.trace_id == $trace and .action == "save") | .file' | sort -u | wc -l)" -eq 4 ] ||
    grep -hF "$trace" "$run"/logs/* | grep -q '"action":"dead-letter"'
}
wait_for "four pictures" 60 finished

echo
"$bin/waybill" trace "$trace" "$run/logs"
echo
pictures=$(find "$run/pictures" -name "*-${trace:0:8}.png" | sort)
if [ -n "$pictures" ]; then
  echo "The pictures:"
  sed 's/^/  /' <<<"$pictures"
else
  fail "no pictures: the job was given up, as the story says. Its message is kept in $run/queues.db, among the dead letters"
fi
echo
echo "Look further:"
echo "  $bin/waybill query 'zip=$zip action=save' $run/logs"
echo "  $bin/waybill trace $trace $run/logs --json"
$once || echo "  open $url/ in a browser, or: curl -X POST '$url/admin/generate?zip=10001'"
