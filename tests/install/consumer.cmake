# How an installed tree is tested, wherever it comes from: a project that knows it through CMake alone, and programs
# that know it through pkg-config alone. For scripts that are given SOURCE_DIR, BUILD_DIR, CXX and CXX_FLAGS.
cmake_policy(VERSION 3.24)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}\nended with ${status}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# Runs what must fail, saying what matches the pattern.
function(run_refused pattern)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0 OR NOT output MATCHES "${pattern}")
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}\nshould fail and say '${pattern}', but ended with ${status}\n${output}")
  endif()
endfunction()

# The example that the README shows, as a reader would copy it.
function(write_readme_example file)
  file(READ ${SOURCE_DIR}/README.md readme)
  string(REGEX MATCH "```cpp\n(#include[^`]*)```" found "${readme}")
  if(NOT found)
    message(FATAL_ERROR "README.md has no C++ example that begins with #include")
  endif()
  file(WRITE ${file} "${CMAKE_MATCH_1}")
endfunction()

function(run_readme_example program)
  run(${program})
  string(REGEX MATCHALL "\\[batch-job-2025-10-21\\] INFO - [^\n]*job_id=42 account_id=acme" lines "${output}")
  list(LENGTH lines count)
  if(NOT count EQUAL 2)
    message(FATAL_ERROR "the README's example should print two records of its trace and job:\n${output}")
  endif()
endfunction()

# Configures, builds and runs the consumer against the tree under `prefix`, in the folder `work`.
function(test_cmake_consumer prefix work)
  write_readme_example(${work}/readme_example.cc)
  run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/tests/install -B ${work}/build -G Ninja -DCMAKE_BUILD_TYPE=Debug
      -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${CXX_FLAGS} -DCMAKE_PREFIX_PATH=${prefix}
      -DREADME_EXAMPLE=${work}/readme_example.cc)
  file(STRINGS ${work}/build/CMakeCache.txt found REGEX "^waybill_DIR:")
  string(FIND "${found}" "${prefix}/" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "the consumer found another waybill than that in ${prefix}: ${found}")
  endif()
  run(${CMAKE_COMMAND} --build ${work}/build)
  foreach(program core_only async_plain async_tracked all_rooms)
    run(${work}/build/${program})
  endforeach()
  run_readme_example(${work}/build/readme_example)

  # Not part of `all`: the room http was compiled without the tracking that this program asks for.
  run_refused("built without handler tracking" ${CMAKE_COMMAND} --build ${work}/build --target mixed_asio)
endfunction()

# Builds programs with nothing but what pkg-config says of the files in `folder`, and runs them.
function(test_pkg_config_consumer folder work)
  separate_arguments(compile UNIX_COMMAND "${CXX} -std=c++20 ${CXX_FLAGS}")
  set(ENV{PKG_CONFIG_PATH} ${folder})
  write_readme_example(${work}/readme_example.cc)

  function(build program source)
    run(pkg-config --cflags --libs ${ARGN})
    separate_arguments(flags UNIX_COMMAND "${output}")
    run(${compile} ${source} -o ${work}/${program} ${flags})
  endfunction()
  build(readme_with_pkg_config ${work}/readme_example.cc waybill-log)
  run_readme_example(${work}/readme_with_pkg_config)
  build(tracked_with_pkg_config ${SOURCE_DIR}/tests/install/async_tracked.cc waybill-asio waybill-asio_tracking)
  run(${work}/tracked_with_pkg_config)

  # All of each room is linked, so that nothing may be missing of what it needs.
  file(WRITE ${work}/empty.cc "int main() {}\n")
  run(${compile} -c ${work}/empty.cc -o ${work}/empty.o)
  file(GLOB files ${folder}/waybill-*.pc)
  list(LENGTH files count)
  if(count LESS 15)
    message(FATAL_ERROR "${folder} should have a file for each room, not ${count}")
  endif()
  foreach(file IN LISTS files)
    cmake_path(GET file STEM LAST_ONLY module)
    run(pkg-config --libs ${module})
    separate_arguments(libs UNIX_COMMAND "${output}")
    run(${compile} ${work}/empty.o -o ${work}/whole -Wl,--no-as-needed -Wl,--whole-archive ${libs} -Wl,--no-whole-archive)
    run(${work}/whole)
  endforeach()
endfunction()
