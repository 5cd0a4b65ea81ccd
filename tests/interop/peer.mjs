// A service with OpenTelemetry's JavaScript SDK, for the interop tests; peer.py says what it does.
import { createServer } from 'node:http';

import { defaultTextMapGetter, defaultTextMapSetter, propagation, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray';
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3';
import { JaegerPropagator } from '@opentelemetry/propagator-jaeger';
import { AlwaysOnSampler, BasicTracerProvider, ParentBasedSampler } from '@opentelemetry/sdk-trace-base';

const propagators = {
  tracecontext: new W3CTraceContextPropagator(),
  baggage: new W3CBaggagePropagator(),
  b3: new B3Propagator({ injectEncoding: B3InjectEncoding.SINGLE_HEADER }),
  b3multi: new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER }),
  jaeger: new JaegerPropagator(),
  xray: new AWSXRayPropagator(),
};
const provider = new BasicTracerProvider({ sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }) });
const tracer = provider.getTracer('interop');

async function call(url, context, speaks) {
  const headers = { 'Content-Type': 'application/json' };
  speaks.inject(context, headers, defaultTextMapSetter);
  const response = await fetch(url, { method: 'POST', headers, body: '{}', signal: AbortSignal.timeout(20_000) });
  return response.json();
}

async function answer(request, asked) {
  const names = new URL(request.url, 'http://peer').searchParams.get('propagators').split(',');
  const speaks = new CompositePropagator({ propagators: names.map((name) => propagators[name]) });
  let context = speaks.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
  let baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  for (const [name, value] of Object.entries(asked.baggage ?? {})) baggage = baggage.setEntry(name, { value });
  context = propagation.setBaggage(context, baggage);
  const parent = trace.getSpanContext(context);
  const span = tracer.startSpan('request', {}, context);
  const mine = span.spanContext();
  context = trace.setSpan(context, span);
  const seen = {
    trace_id: mine.traceId,
    span_id: mine.spanId,
    parent_span_id: parent?.spanId ?? '0000000000000000',
    sampled: (mine.traceFlags & TraceFlags.SAMPLED) !== 0,
    tracestate: mine.traceState?.serialize() ?? '',
    baggage: Object.fromEntries(baggage.getAllEntries().map(([name, { value }]) => [name, value])),
  };
  if (asked.url) seen.called = await call(asked.url, context, speaks);
  span.end();
  return seen;
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  try {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(await answer(request, JSON.parse(body))));
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
server.listen(0, '127.0.0.1', () => console.log('port', server.address().port));
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(), 1000);
