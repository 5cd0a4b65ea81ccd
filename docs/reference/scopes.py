"""Where in a C++ header one is: among declarations, or in the body of a function."""

import copy
import re

_BLANKED = re.compile(r"\([^()]*\)|<[^<>()]*>")
_OPENS_DECLARATIONS = re.compile(r"\b(namespace|class|struct|union|enum)\b|\bextern\s*$")


class Scopes:
    """Is fed with lines, in their order."""

    def __init__(self):
        self.stack = []  # of "namespace", "class", "function", "value": what the braces are of
        self.statement = ""  # since the last `;`, `{` or `}`
        self.continues_macro = False
        self.raw_end = None  # what ends the raw string that goes on

    def copy(self):
        return copy.deepcopy(self)

    def documents(self):
        """Whether declarations stand here, and comments are about them."""
        return not {"function", "value"} & set(self.stack) and self.raw_end is None

    def within_statement(self):
        return self.statement.strip() != ""

    def comment_column(self, line):
        """Where the comment behind the code of this line begins, or None."""
        for at, part in self._code_of(line):
            if part is None:
                return at
        return None

    def feed(self, line):
        """Goes on behind the line."""
        if self.raw_end is None and (self.continues_macro or line.lstrip().startswith("#")):
            self.continues_macro = line.rstrip().endswith("\\")
            return
        for _, character in self._code_of(line, feeding=True):
            if character is None:
                break
            if character == "{":
                self.stack.append(self._kind())
                self.statement = ""
            elif character == "}":
                kind = self.stack.pop() if self.stack else None
                # A function's body ends its declaration; a value's braces and a class have a `;` behind them.
                self.statement = "}" if kind in ("class", "value") else ""
            elif character == ";":
                self.statement = ""
            else:
                self.statement += character
        self.statement = re.sub(r"\s*\b(public|protected|private)\s*:(?!:)", "", self.statement) + " "

    def _kind(self):
        statement = self.statement
        while _BLANKED.search(statement):
            statement = _BLANKED.sub(" ", statement)
        match = _OPENS_DECLARATIONS.search(statement)
        if match and "=" not in statement and self.documents():
            return "namespace" if match.group(1) in ("namespace", None) else "class"
        return "function" if "(" in self.statement and "=" not in statement.replace("operator", "") else "value"

    def _code_of(self, line, feeding=False):
        """The positions and characters of code, without texts; (position, None) where a comment begins."""
        at, raw_end = 0, self.raw_end
        while at < len(line):
            if raw_end is not None:
                end = line.find(raw_end, at)
                if end < 0:
                    break
                at, raw_end = end + len(raw_end), None
                continue
            rest = line[at:]
            if rest.startswith("//"):
                yield at, None
                break
            raw = re.match(r'R"([^(]*)\(', rest)
            text = re.match(r'"(?:\\.|[^"\\])*"', rest) or (
                re.match(r"'(?:\\.|[^'\\])+'", rest) if not line[:at][-1:].isalnum() else None)
            if raw:
                raw_end, at = f'){raw.group(1)}"', at + raw.end()
            elif text:
                yield at, "_"
                at += text.end()
            else:
                yield at, line[at]
                at += 1
        if feeding:
            self.raw_end = raw_end
