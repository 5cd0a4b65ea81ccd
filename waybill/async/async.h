// async: the ambient context, right in every thread, pool, future, coroutine, timer and Asio
// handler.
#pragma once

#include <waybill/core/core.h>
