"""A Django application that receives the callbacks of jobs.

receiver.py JOURNAL UNAVAILABLE: serves on a free loopback port, which it prints, until it is ended. POST /jobs/done checks
the signature with the secret in WAYBILL_SECRET and appends a line of JSON to the journal: the body, and which trace the
headers name. The first UNAVAILABLE requests are answered by 503.
"""

import hashlib
import hmac
import json
import logging
import os
import sys
import time

import django
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

secret = os.environ["WAYBILL_SECRET"].encode()
journal = open(sys.argv[1], "a", buffering=1)
unavailable = int(sys.argv[2])


def is_ours(request):
    timestamp = request.headers.get("X-Waybill-Timestamp", "")
    digest = hmac.new(secret, timestamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    signature = request.headers.get("X-Waybill-Signature", "")
    return hmac.compare_digest("sha256=" + digest, signature) and abs(time.time() - int(timestamp)) < 300


@csrf_exempt
@require_POST
def done(request):
    global unavailable
    if not is_ours(request):
        return HttpResponseForbidden("not signed by the job's worker")
    if unavailable > 0:
        unavailable -= 1
        return HttpResponse(status=503)
    version, trace_id, span_id, flags = request.headers["traceparent"].split("-")
    received = {
        "body": json.loads(request.body),
        "trace_id": trace_id,
        "x_trace_id": request.headers.get("X-Trace-ID"),
        "content_type": request.content_type,
    }
    journal.write(json.dumps(received) + "\n")
    return JsonResponse({"received": True})


settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, DEBUG=False, LOGGING_CONFIG=None)
logging.disable(logging.WARNING)
urlpatterns = [path("jobs/done", done)]
django.setup()
server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
server.set_app(get_wsgi_application())
print(server.server_port, flush=True)
server.serve_forever()
