"""What filter.py makes of a header. Run by CTest, or by `python3 -m unittest` in this folder."""

import unittest
from pathlib import Path

from filter import Filter


def filtered(*lines):
    return Filter(Path("x.h"), "\n".join(lines)).run().split("\n")


class FilterTest(unittest.TestCase):
    def test_the_comment_at_the_top_is_the_files(self):
        self.assertEqual(filtered("// X: a thing.", "//", "// More.", "#pragma once")[:4],
                         ["/// @file", "/// X: a thing.", "///", "/// More."])

    def test_it_is_also_that_of_the_type_it_is_about(self):
        out = filtered("// X: a thing.", "#pragma once", "template <class T>", "class X {", "};")
        self.assertEqual(out[3:5], ["/// X: a thing.", "template <class T>"])

    def test_but_not_where_the_type_has_its_own(self):
        out = filtered("// X: a thing.", "#pragma once", "// Own.", "class X {", "};")
        self.assertEqual(out[3:], ["/// Own.", "class X {", "};"])

    def test_a_comment_before_a_declaration_and_one_behind_it(self):
        out = filtered("#pragma once", "struct S {", "  // Before.", "  int a;", "  int b;  // behind", "          // and on", "};")
        self.assertEqual(out[2:], ["struct S {", "  /// Before.", "  int a;", "  int b; ///< behind", "  ///< and on", "};"])

    def test_indented_lines_are_code(self):
        out = filtered("// Text:", "//", "//   Scope scope{job};  // <here>", "//", "// More.")
        self.assertEqual(out[1:7], ["/// Text:", "///", "/// @code{.cpp}", "/// Scope scope{job};  // <here>", "/// @endcode", "/// More."])

    def test_commands_and_tags_in_text_are_escaped_but_not_in_code_spans(self):
        out = filtered("// A vector<T> or @param, 5 % of a_b, `vector<T>`, *never*.")
        self.assertEqual(out[1], "/// A vector\\<T\\> or \\@param, 5 \\% of a\\_b, `vector<T>`, *never*.")

    def test_what_is_in_function_bodies_stays(self):
        out = filtered("#pragma once", "inline int f() {", "  // Why.", "  return 1;  // one", "}", "// Doc.", "int g();")
        self.assertEqual(out[2:], ["inline int f() {", "  // Why.", "  return 1;  // one", "}", "/// Doc.", "int g();"])

    def test_a_comment_for_several_functions_goes_to_each(self):
        out = filtered("#pragma once", "class C {", "  // Each throws.", "  int f() const { return 1; }", "  int g();", "", "  int h();", "};")
        self.assertEqual(out.count("  /// Each throws."), 2)

    def test_one_for_one_function_goes_to_its_overloads_alone(self):
        out = filtered("#pragma once", "// Throws.", "void f(int);", "void f(double);", "void g();")
        self.assertEqual(out[2:], ["/// Throws.", "void f(int);", "/// Throws.", "void f(double);", "void g();"])

    def test_marks_between_digits_are_taken_out(self):
        self.assertIn("int limit{60000};", filtered("#pragma once", "int limit{60'000};"))

    def test_specializations_of_other_libraries_templates_are_left_out(self):
        out = filtered("#pragma once", "template <class T>", "struct fmt::formatter<X<T>> {", "  int f();", "};", "int g();")
        self.assertEqual(out[2:], ["int g();"])


if __name__ == "__main__":
    unittest.main()
