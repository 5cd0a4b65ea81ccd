"""Conan 2 recipe, for a checkout: `conan create packaging/conan --build=missing`.

There is an option for each room that is built only where it is asked for, because of what it links, and `cli` for the
command. Programs write what they write elsewhere: find_package(waybill), waybill::log.
"""

import re
from pathlib import Path

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir

# Optional rooms, and the command: what they need.
OPTIONAL = {
    "otlp_grpc": ["grpc/[>=1.50 <2]"],
    "queue_redis": ["hiredis/[>=1 <2]"],
    "queue_nats": ["cnats/[>=3.4 <4]"],
    "queue_kafka": ["librdkafka/[>=2 <3]"],
    "outbox_postgres": ["libpq/[>=14 <18]"],
    "cli": ["cli11/[>=2.3 <3]", "simdjson/[>=2 <4]"],
}

# What is linked with a room, beside the rooms it uses, which its pkg-config file names.
LINKED = {
    "log": ["fmt::fmt"],
    "otlp": ["libcurl::libcurl", "zlib::zlib"],
    "otlp_grpc": ["grpc::grpc++"],
    "asio": ["boost::headers"],
    "queue": ["sqlite3::sqlite3"],
    "queue_redis": ["hiredis::hiredis"],
    "queue_nats": ["cnats::cnats"],
    "queue_kafka": ["librdkafka::librdkafka"],
    "worker": ["nlohmann_json::nlohmann_json", "openssl::crypto"],
    "outbox": ["sqlite3::sqlite3"],
    "outbox_postgres": ["libpq::libpq"],
}


class Waybill(ConanFile):
    name = "waybill"
    description = "Context that travels with a request, and the story it tells"
    license = "Apache-2.0"
    topics = ("tracing", "logging", "context", "opentelemetry")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "asio_tracking": [True, False],
               **{name: [True, False] for name in OPTIONAL}}
    default_options = {"shared": False, "fPIC": True, "asio_tracking": False, **{name: False for name in OPTIONAL}}
    implements = ["auto_shared_fpic"]
    generators = "CMakeDeps"

    def set_version(self):
        text = load(self, Path(self.recipe_folder) / "../../CMakeLists.txt")
        self.version = re.search(r"project\(waybill VERSION ([\d.]+)", text).group(1)

    def export_sources(self):
        root = Path(self.recipe_folder) / "../.."
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "waybill/*", "cli/*"):
            copy(self, pattern, root, self.export_sources_folder)

    def requirements(self):
        # In public headers.
        self.requires("fmt/[>=9 <10]", transitive_headers=True, transitive_libs=True)
        self.requires("boost/1.81.0", transitive_headers=True)
        self.requires("nlohmann_json/[>=3.11 <4]", transitive_headers=True)
        # Linked.
        self.requires("libcurl/[>=7.88 <9]")
        self.requires("zlib/[>=1.2.11 <2]")
        self.requires("sqlite3/[>=3.40 <4]")
        self.requires("openssl/[>=3 <4]")
        # Compiled in.
        self.requires("protozero/[>=1.7 <2]", visible=False)
        self.requires("tomlplusplus/[>=3.3 <4]", visible=False)
        for name, references in OPTIONAL.items():
            if self.options.get_safe(name):
                for reference in references:
                    self.requires(reference, visible=name != "cli")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        for part in ("TESTS", "BENCH", "EXAMPLES"):
            toolchain.cache_variables[f"WAYBILL_BUILD_{part}"] = False
        toolchain.cache_variables["WAYBILL_BUILD_CLI"] = bool(self.options.cli)
        # Conan's profile says for which processors.
        toolchain.cache_variables["WAYBILL_X86_64_V2"] = False
        toolchain.cache_variables["WAYBILL_ASIO_TRACKING"] = bool(self.options.asio_tracking)
        left_out = [name for name in OPTIONAL if name != "cli" and not self.options.get_safe(name)]
        toolchain.cache_variables["WAYBILL_WITHOUT"] = ";".join(left_out)
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder) / "licenses")
        # Conan writes these for the program, with what it has found for the third-party packages; package_info() reads the
        # pkg-config files.
        rmdir(self, Path(self.package_folder) / "lib/cmake")

    def package_info(self):
        for file in sorted(Path(self.package_folder, "lib/pkgconfig").glob("waybill-*.pc")):
            room = file.stem.removeprefix("waybill-")
            lines = dict(line.split(": ", 1) for line in file.read_text().splitlines() if ": " in line)
            component = self.cpp_info.components[room]
            component.set_property("cmake_target_name", f"waybill::{room}")
            component.set_property("pkg_config_name", f"waybill-{room}")
            component.requires = [used.removeprefix("waybill-") for used in lines.get("Requires", "").split()
                                  if used.startswith("waybill-")] + LINKED.get(room, [])
            component.libs = re.findall(r"-l(waybill_\w+)", lines.get("Libs", ""))
            component.defines = re.findall(r"-D(\w+)", lines.get("Cflags", ""))
            component.bindirs = []
            if self.settings.os == "Linux":
                component.system_libs = ["pthread"]
        self.cpp_info.components["asio_tracking"].defines = [
            "BOOST_ASIO_CUSTOM_HANDLER_TRACKING=<waybill/async/asio_tracking.h>",
            "ASIO_CUSTOM_HANDLER_TRACKING=<waybill/async/asio_tracking.h>"]
