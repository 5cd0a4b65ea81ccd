// http: a server whose requests know their trace, and a client that hands it on.
//
//   waybill::http::Server server({.port = 8080});
//   server.route("POST", "/jobs", [&](Request request) -> boost::asio::awaitable<Response> {
//     auto result = co_await client.async_post(next_service, request.body);   // the same trace
//     co_return result.ok() ? result.response : Response::error(502, result.message);
//   });
//
// Start with server.h and client.h; message.h has what both speak of. Uses core, propagation and
// log, and Boost's Asio and Beast; Beast stays behind the headers.
#pragma once

#include <waybill/http/client.h>
#include <waybill/http/handler.h>
#include <waybill/http/headers.h>
#include <waybill/http/headers_carrier.h>
#include <waybill/http/message.h>
#include <waybill/http/middleware.h>
#include <waybill/http/router.h>
#include <waybill/http/server.h>
#include <waybill/http/tracing.h>
