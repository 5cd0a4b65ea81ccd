# Installs the build into a fresh prefix, then configures, builds and runs the consumer against it.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(work ${BUILD_DIR}/install-test)
file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${work}/prefix)

# The example that the README shows, as a reader would copy it.
file(READ ${SOURCE_DIR}/README.md readme)
string(REGEX MATCH "```cpp\n(#include[^`]*)```" found "${readme}")
if(NOT found)
  message(FATAL_ERROR "README.md has no C++ example that begins with #include")
endif()
file(WRITE ${work}/readme_example.cc "${CMAKE_MATCH_1}")

run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/tests/install -B ${work}/build -G Ninja -DCMAKE_BUILD_TYPE=Debug
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${CXX_FLAGS} -DCMAKE_PREFIX_PATH=${work}/prefix
    -DREADME_EXAMPLE=${work}/readme_example.cc)
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/core_only)
run(${work}/build/async_plain)
run(${work}/build/async_tracked)
run(${work}/build/all_rooms)
run(${work}/build/readme_example)
string(REGEX MATCHALL "\\[batch-job-2025-10-21\\] INFO - [^\n]*job_id=42 account_id=acme" lines "${output}")
list(LENGTH lines count)
if(NOT count EQUAL 2)
  message(FATAL_ERROR "the README's example should print two records of its trace and job:\n${output}")
endif()
run(${work}/prefix/bin/waybill --version)

file(GLOB_RECURSE private RELATIVE ${work}/prefix ${work}/prefix/include/*/internal/*)
if(private)
  message(FATAL_ERROR "private headers were installed: ${private}")
endif()
