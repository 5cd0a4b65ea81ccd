# shellcheck shell=bash disable=SC2154 # sourced by scripts/demo, which sets run, bin, once, pids
# One request through an API, two workers, a service that fails twice, and a Django application that is called back.

build waybill_cli jobs-api jobs-worker jobs-credit
examples/jobs/callbacks/install build/demo/venv >"$run/install.log" 2>&1 ||
  { cat "$run/install.log" >&2; fail "Django could not be installed; pip has to reach an index that has it"; }

start_as() {  # NAME COMMAND...: as start does, and what it logs is NAME.log
  "${@:2}" --log "$run/logs/$1.log" >"$run/$1.out" 2>&1 9>&- &
  pids+=($!)
}
url_of() { echo "http://127.0.0.1:$(cat "$run/$1.port")"; }
has_port() { wait_for "$1 to listen" 60 test -f "$run/$1.port"; }

export JOBS_CALLBACK_SECRET
JOBS_CALLBACK_SECRET=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
mkdir -p "$run/logs"
queue=(--queue "sqlite:$run/jobs.db?queue=jobs")
start_as django build/demo/venv/bin/python examples/jobs/callbacks/app.py --port-file "$run/django.port"
start_as jobs-credit "$bin/jobs-credit" --port 0 --port-file "$run/jobs-credit.port"
has_port django
has_port jobs-credit
for name in a b; do
  start_as "jobs-worker-$name" "$bin/jobs-worker" "${queue[@]}" --name "worker-$name" --credit-url "$(url_of jobs-credit)"
done
start_as jobs-api "$bin/jobs-api" "${queue[@]}" --port 0 --port-file "$run/jobs-api.port" \
  --callback-url "$(url_of django)/jobs/done"
has_port jobs-api
url=$(url_of jobs-api)

lead='{"account_id": "acme", "lead_id": 17, "employees": 120, "visits": ["/", "/docs", "/pricing"]}'
echo "\$ curl -X POST $url/jobs -d '$lead'"
code=$(curl -sS -m 10 -o "$run/answer.json" -w '%{http_code}' -X POST "$url/jobs" -d "$lead")
cat "$run/answer.json"
echo
[ "$code" = 202 ] || fail "the API answered $code"
trace=$(jq -r .trace_id "$run/answer.json")

# Django has heard of the end of the child, of its success or that it was given up; and what has begun has ended.
heard() { jq -es 'any(.task_name == "check-credit" and (.message | test("^(done|given up)")))' "$run/logs/django.log"; }
ended() { jq -es 'def count(f): map(select(.action | f)) | length; count(. == "begin") == count(IN("done", "retry", "dead-letter"))' "$run"/logs/jobs-worker-*.log; }
wait_for "the callback to Django" 60 heard
wait_for "the workers" 60 ended

echo
"$bin/waybill" trace "$trace" "$run/logs"

echo
filter="trace_id=\"$trace\" severity>=WARNING"
echo "What went wrong on the way:"
echo
echo "\$ $bin/waybill query --sort '$filter' $run/logs"
"$bin/waybill" query --sort "$filter" "$run/logs"

echo
echo "Look further:"
echo "  all of an account:        $bin/waybill query --sort 'account_id=\"acme\"' $run/logs"
echo "  what Django has logged:   $bin/waybill query 'service=django' $run/logs"
echo "  the queue:                $bin/waybill queue depth 'sqlite:$run/jobs.db?queue=jobs'"
if ! $once; then
  echo "  a lead nobody knows:      curl -X POST $url/jobs -d '{\"account_id\": \"acme\", \"lead_id\": 1000, \"employees\": 500}'"
fi
