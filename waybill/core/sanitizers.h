// WAYBILL_ADDRESS_SANITIZER and WAYBILL_THREAD_SANITIZER: 1 where the program is compiled with it,
// else 0. GCC and clang say so in different ways.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define WAYBILL_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WAYBILL_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef WAYBILL_ADDRESS_SANITIZER
#define WAYBILL_ADDRESS_SANITIZER 0
#endif

#if defined(__SANITIZE_THREAD__)
#define WAYBILL_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WAYBILL_THREAD_SANITIZER 1
#endif
#endif
#ifndef WAYBILL_THREAD_SANITIZER
#define WAYBILL_THREAD_SANITIZER 0
#endif
