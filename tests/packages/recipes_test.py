#!/usr/bin/env python3
"""The Conan recipe and the vcpkg port name the rooms that there are, and what those link.

    recipes_test.py SOURCE_FOLDER PKG_CONFIG_FOLDER OPTIONAL_ROOM...    the pkg-config files are those of a static build
"""

import ast
import json
import re
import sys
import unittest
from pathlib import Path

SOURCE, PKG_CONFIG, OPTIONAL_ROOMS = None, None, set()


def conan_table(name):
    """A table of the recipe, which is read and not imported: Conan need not be installed."""
    tree = ast.parse((SOURCE / "packaging/conan/conanfile.py").read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"conanfile.py has no {name}")


def links_of_others(file):
    """Whether a room's pkg-config file names anything that is not Waybill's."""
    text = file.read_text()
    required = re.search(r"^Requires: (.*)", text, re.MULTILINE)
    libraries = re.search(r"^Libs: (.*)", text, re.MULTILINE)
    return any(not name.startswith("waybill-") for name in (required.group(1).split() if required else [])) or any(
        not name.startswith("-lwaybill_") for name in (libraries.group(1).split() if libraries else [])
        if name.startswith("-l"))


class RecipesTest(unittest.TestCase):
    def setUp(self):
        self.port = json.loads((SOURCE / "packaging/vcpkg/vcpkg.json").read_text())

    def test_conan_has_an_option_for_each_optional_room(self):
        self.assertEqual(set(conan_table("OPTIONAL")) - {"cli"}, OPTIONAL_ROOMS)

    def test_conan_says_what_each_room_links(self):
        rooms = {file.stem.removeprefix("waybill-") for file in PKG_CONFIG.glob("*.pc") if links_of_others(file)}
        linked = set(conan_table("LINKED")) - {"asio"}  # Boost's headers have no pkg-config file
        built = {file.stem.removeprefix("waybill-") for file in PKG_CONFIG.glob("*.pc")}
        self.assertEqual(linked & built, rooms)
        self.assertLessEqual(linked - built, OPTIONAL_ROOMS)

    def test_vcpkg_has_a_feature_for_each_optional_room(self):
        features = {name.replace("-", "_") for name in self.port["features"]}
        self.assertEqual(features - {"asio_tracking", "cli"}, OPTIONAL_ROOMS)
        portfile = (SOURCE / "packaging/vcpkg/portfile.cmake").read_text()
        self.assertEqual(set(re.search(r"foreach\(room ([^)]*)\)", portfile).group(1).split()), OPTIONAL_ROOMS)

    def test_the_port_has_the_projects_version(self):
        project = re.search(r"project\(waybill VERSION ([\d.]+)", (SOURCE / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(self.port["version"], project)


if __name__ == "__main__":
    SOURCE, PKG_CONFIG, OPTIONAL_ROOMS = Path(sys.argv[1]), Path(sys.argv[2]), set(sys.argv[3:])
    unittest.main(argv=sys.argv[:1])
