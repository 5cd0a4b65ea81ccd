// core: what travels with a request.
//
// Ids (trace_id, span_id), fields, the immutable Context that holds them, and the ambient context:
// what is current where the code runs. Every other room builds on this one; it uses none of them
// and no third-party code.
//
// Start with context.h (the value) and scope.h (making it current).
#pragma once

#include <waybill/core/bind.h>
#include <waybill/core/context.h>
#include <waybill/core/field.h>
#include <waybill/core/ids.h>
#include <waybill/core/sampling.h>
#include <waybill/core/scope.h>
