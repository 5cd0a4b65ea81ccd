"""A Django application that hears how jobs went.

app.py --log FILE --port-file FILE: serves on a free loopback port until it is ended. POST /jobs/done takes the callbacks
of the workers, checks that they are signed with the secret in JOBS_CALLBACK_SECRET, and logs them under the trace of
their job. They may arrive more than once.
"""

import argparse
import hashlib
import hmac
import json
import logging
import os
import pathlib
import time

import django
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponseForbidden, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from google_cloud_log import GoogleCloudFormatter, bind

log = logging.getLogger("callbacks")
secret = os.environ["JOBS_CALLBACK_SECRET"].encode()


def is_ours(request):
    timestamp = request.headers.get("X-Waybill-Timestamp", "")
    digest = hmac.new(secret, timestamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    signature = request.headers.get("X-Waybill-Signature", "")
    fresh = timestamp.isdigit() and abs(time.time() - int(timestamp)) < 300
    return hmac.compare_digest(f"sha256={digest}".encode(), signature.encode()) and fresh


@csrf_exempt
@require_POST
def done(request):
    if not is_ours(request):
        log.warning("refused: not signed by a worker")
        return HttpResponseForbidden("not signed by a worker")
    job = json.loads(request.body)
    names = ("job_id", "account_id", "lead_id", "task_name", "attempt")
    bind(**{name: job[name] for name in names if name in job})
    if job["event"] == "success":
        log.info("done: %s", json.dumps(job.get("result")))
    elif job["event"] == "failure":
        log.warning("attempt %d of %d failed: %s", job["attempt"], job["max_attempts"], job["error"])
    else:
        log.error("given up: %s", job["error"])
    return JsonResponse({"received": True})


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


urlpatterns = [path("jobs/done", done)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--port-file", required=True, type=pathlib.Path)
    options = parser.parse_args()

    handler = logging.FileHandler(options.log)
    handler.setFormatter(GoogleCloudFormatter("jobs-example", "django"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DEBUG=False,
        LOGGING_CONFIG=None,
        MIDDLEWARE=["google_cloud_log.TraceMiddleware"],
    )
    django.setup()
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(get_wsgi_application())
    unfinished = options.port_file.with_suffix(".new")
    unfinished.write_text(f"{server.server_port}\n")
    unfinished.rename(options.port_file)
    server.serve_forever()


if __name__ == "__main__":
    main()
