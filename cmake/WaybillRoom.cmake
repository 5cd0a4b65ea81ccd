# waybill_room(NAME [USES room...] [LINK target...] [PACKAGES name...] [PKG_CONFIG module...] [DEBIAN package...]
#              [PRIVATE_LINK target...] [PRIVATE_PACKAGES name...] [PRIVATE_PKG_CONFIG module...]
#              [TESTS_AS_PROGRAMS_ARE] [TESTS_IN_ONE_RUN])
#
# Declares one room of the library from the folder that calls it: every x.cc is compiled into the
# target waybill::NAME, every x_test.cc into the test program NAME_test, and every header is
# installed but those under internal/. A room with headers alone becomes an INTERFACE target.
# Install components: NAME_runtime is the shared library, NAME what one needs to compile and link.
#
#   USES          rooms this one builds on; the architecture page fixes who may use whom
#   LINK          third-party targets that appear in the room's public headers
#   PACKAGES, PKG_CONFIG, DEBIAN
#                 what a user of the installed room needs for them: find_package() names, pkg-config
#                 modules, Debian packages
#   PRIVATE_LINK  third-party targets that do not appear there. Names of libraries (`hiredis`) need
#                 no more; for targets of packages:
#   PRIVATE_PACKAGES, PRIVATE_PKG_CONFIG
#                 what a user of a static library needs for them
#   TESTS_AS_PROGRAMS_ARE, TESTS_IN_ONE_RUN  see waybill_test()
function(waybill_room name)
  cmake_parse_arguments(ROOM "TESTS_AS_PROGRAMS_ARE;TESTS_IN_ONE_RUN" ""
    "USES;LINK;PACKAGES;PKG_CONFIG;DEBIAN;PRIVATE_LINK;PRIVATE_PACKAGES;PRIVATE_PKG_CONFIG" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc internal/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")

  set(target waybill_${name})
  set(uses ${ROOM_USES})
  list(TRANSFORM ROOM_USES PREPEND waybill_)
  if(sources)
    add_library(${target} ${sources})
    target_link_libraries(${target} PUBLIC ${ROOM_USES} ${ROOM_LINK} PRIVATE ${ROOM_PRIVATE_LINK}
                                    PRIVATE $<BUILD_INTERFACE:waybill_warnings>)
    # What one file of a room calls in itself is that, in a shared library too: nobody replaces it from outside, and
    # GCC may inline it. Clang takes that for granted.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
    if(WAYBILL_UNITY_BUILD STREQUAL "ALL")
      waybill_unity(${target})
    endif()
    set(scope PUBLIC)
    # Whoever links a room that has compiled Asio compiles it likewise; asio_tracking.h refuses otherwise, since no
    # linker would notice with a shared library.
    if(async IN_LIST uses AND NOT WAYBILL_ASIO_TRACKING)
      target_compile_definitions(${target} INTERFACE WAYBILL_ASIO_UNTRACKED)
    endif()
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ROOM_USES} ${ROOM_LINK})
    set(scope INTERFACE)
  endif()
  add_library(waybill::${name} ALIAS ${target})
  # While the major version is 0, a minor one may change what programs were compiled against.
  set(abi ${PROJECT_VERSION_MAJOR})
  if(abi EQUAL 0)
    set(abi 0.${PROJECT_VERSION_MINOR})
  endif()
  # No definition that only shared libraries are compiled with: so both kinds are the same objects.
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name} DEFINE_SYMBOL "" VERSION ${PROJECT_VERSION}
                                             SOVERSION ${abi})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

  install(TARGETS ${target} EXPORT waybill
          LIBRARY COMPONENT ${name}_runtime NAMELINK_COMPONENT ${name} ARCHIVE COMPONENT ${name})
  install(DIRECTORY . DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/waybill/${name} COMPONENT ${name}
          FILES_MATCHING PATTERN "*.h" PATTERN internal EXCLUDE PATTERN conformance EXCLUDE
          PATTERN tracking EXCLUDE PATTERN standalone EXCLUDE PATTERN parallel_runtimes EXCLUDE)

  # For the package config: the packages of a room are its own and those of the rooms it uses. A shared library has
  # found what it links privately; an archive has not.
  set(packages ${ROOM_PACKAGES})
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    list(APPEND packages ${ROOM_PRIVATE_PACKAGES})
  endif()
  foreach(used IN LISTS ROOM_USES)
    get_property(inherited GLOBAL PROPERTY WAYBILL_PACKAGES_${used})
    list(APPEND packages ${inherited})
  endforeach()
  list(REMOVE_DUPLICATES packages)
  set_property(GLOBAL PROPERTY WAYBILL_PACKAGES_${target} "${packages}")
  set_property(GLOBAL APPEND PROPERTY WAYBILL_ROOMS ${name})
  set_property(GLOBAL APPEND_STRING PROPERTY WAYBILL_ROOM_PACKAGES
               "set(_waybill_packages_${name} ${packages})\n")
  # For packaging/, and for the room's pkg-config file.
  set_property(GLOBAL APPEND PROPERTY WAYBILL_DEBIAN_PACKAGES ${ROOM_DEBIAN})
  waybill_pkg_config(${target} USES ${uses} LINK ${ROOM_LINK} PKG_CONFIG ${ROOM_PKG_CONFIG}
                     PRIVATE_LINK ${ROOM_PRIVATE_LINK} PRIVATE_PKG_CONFIG ${ROOM_PRIVATE_PKG_CONFIG})

  if(tests AND WAYBILL_BUILD_TESTS)
    set(options)
    if(ROOM_TESTS_AS_PROGRAMS_ARE)
      list(APPEND options AS_PROGRAMS_ARE)
    endif()
    if(ROOM_TESTS_IN_ONE_RUN)
      list(APPEND options IN_ONE_RUN)
    endif()
    waybill_test(${name}_test SOURCES ${tests} LINK ${target} LABEL ${name} ${options})
  endif()
endfunction()

# waybill_test(NAME SOURCES file... [LINK target...] [LABEL label] [AS_PROGRAMS_ARE] [IN_ONE_RUN])
# One GoogleTest program; each of its tests becomes a CTest test, or all together are one where they are IN_ONE_RUN
# because they share a server. The target LABEL_tests builds all programs of a label. Tests share one precompiled header
# and are compiled with WAYBILL_TEST_OPTIONS, for a shorter build; those AS_PROGRAMS_ARE are compiled like any program
# that uses the library, as it matters to them, and with WAYBILL_PROGRAM_TEST_OPTIONS.
function(waybill_test name)
  cmake_parse_arguments(TEST "AS_PROGRAMS_ARE;IN_ONE_RUN" "LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  if(TEST_AS_PROGRAMS_ARE)
    target_compile_options(${name} PRIVATE ${WAYBILL_PROGRAM_TEST_OPTIONS})
  else()
    waybill_compile_as_tests(${name})
  endif()
  target_link_libraries(${name} PRIVATE ${TEST_LINK} GTest::gtest GTest::gmock GTest::gtest_main rapidcheck
                                        waybill_warnings)
  if(WAYBILL_UNITY_BUILD)
    waybill_unity(${name})
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(TEST_IN_ONE_RUN)
    add_test(NAME ${TEST_LABEL}.${name} COMMAND ${name})
    set_tests_properties(${TEST_LABEL}.${name} PROPERTIES LABELS "${TEST_LABEL}" TIMEOUT 900)
  else()
    gtest_discover_tests(${name} TEST_PREFIX "${TEST_LABEL}." PROPERTIES LABELS "${TEST_LABEL}" TIMEOUT 300
                         DISCOVERY_MODE PRE_TEST)
  endif()
  # What scripts/test builds for a label.
  if(NOT TARGET ${TEST_LABEL}_tests)
    add_custom_target(${TEST_LABEL}_tests)
  endif()
  add_dependencies(${TEST_LABEL}_tests ${name})
endfunction()

# waybill_test_objects(NAME SOURCES file... [LINK target...])
# Tests that several test programs link.
function(waybill_test_objects name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${TEST_SOURCES})
  # As programs are: the precompiled header is made for those.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIE)
  waybill_compile_as_tests(${name})
  target_link_libraries(${name} PUBLIC ${TEST_LINK} GTest::gtest GTest::gmock rapidcheck waybill_warnings)
  if(WAYBILL_UNITY_BUILD)
    waybill_unity(${name})
  endif()
endfunction()

function(waybill_compile_as_tests target)
  target_compile_options(${target} PRIVATE ${WAYBILL_TEST_OPTIONS})
  target_precompile_headers(${target} REUSE_FROM waybill_test_headers)
endfunction()

# Once: the program that waybill_test_headers' precompiled header is made with.
function(waybill_precompile_test_headers)
  file(WRITE ${PROJECT_BINARY_DIR}/test_headers.cc "int main() {}\n")
  add_executable(waybill_test_headers EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/test_headers.cc)
  target_link_libraries(waybill_test_headers PRIVATE GTest::gtest GTest::gmock rapidcheck waybill_warnings)
  target_compile_options(waybill_test_headers PRIVATE ${WAYBILL_TEST_OPTIONS})
  target_precompile_headers(waybill_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h> <algorithm> <atomic> <chrono>
                            <functional> <memory> <mutex> <optional> <span> <string> <string_view> <thread> <vector>)
endfunction()
