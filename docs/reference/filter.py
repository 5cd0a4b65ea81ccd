#!/usr/bin/env python3
"""Turns the plain comments of headers into those that Doxygen reads.

    filter.py FOLDER OUT    copies each public header in FOLDER to its place in OUT, for Doxygen alone

The comment at the top of a header becomes its file's page, and the page of the type that it is about; a comment before a
declaration becomes that declaration's, one that comes before several declarations without an empty line becomes
theirs; one behind a declaration becomes that one's. Lines that are indented in a comment are code. Everything else
in a comment is text: what Doxygen would take for a command or a tag is escaped. Comments in function bodies stay as
they are.
"""

import re
import sys
from pathlib import Path

from comment_text import to_doxygen
from scopes import Scopes


def comment_of(line):
    """The text behind `//`, for a line that is a comment and nothing else."""
    stripped = line.strip()
    return stripped[2:] if stripped.startswith("//") else None


def subject_of(opening):
    """What an opening is about: `Context` in `Context: what is known`, `task` in `task<T>: a lazy coroutine`."""
    match = re.match(r"\s*(\w+)(?:<[^>]*>)?:", opening[0]) if opening else None
    return match.group(1) if match else None


# Folders of what is not installed, and of what no user names.
NOT_PUBLIC = {"internal", "conformance", "detail", "tracking", "standalone", "parallel_runtimes"}


class Filter:
    def __init__(self, name, text):
        # Doxygen takes the mark between digits for the beginning of a character.
        self.lines = re.sub(r"(?<=\d)'(?=\d)", "", text).split("\n")
        self.scopes = Scopes()
        self.out = []
        opening = []
        for line in self.lines:
            comment = comment_of(line)
            if comment is None:
                break
            opening.append(comment)
        self.opening = opening
        self.subject = subject_of(opening)
        self.out += ["/// @file", *self.block(opening)] if opening else [f"/// @file {name}"]

    def block(self, comment, indent=""):
        return [f"{indent}/// {line}".rstrip() for line in to_doxygen(comment)]

    def run(self):
        at = len(self.opening)
        while at < len(self.lines):
            at = self.comment_block(at) if comment_of(self.lines[at]) is not None else self.code_line(at)
        return "\n".join(self.out)

    def comment_block(self, at):
        """Lines that are comments and nothing else: what they stand before is what they are about."""
        end = at
        while end < len(self.lines) and comment_of(self.lines[end]) is not None:
            end += 1
        comments = [comment_of(line) for line in self.lines[at:end]]
        following = self.lines[end].strip() if end < len(self.lines) else ""
        if self.scopes.documents() and following and not following.startswith(("#", "}", "public:", "private:")):
            indent = self.lines[at][: len(self.lines[at]) - len(self.lines[at].lstrip())]
            block = self.block(comments, indent)
            self.out += block
            return self.declarations(end, block)
        else:
            self.out += self.lines[at:end]
        return end

    def declaration_end(self, at):
        scopes = self.scopes.copy()
        while at < len(self.lines):
            scopes.feed(self.lines[at])
            at += 1
            if scopes.stack == self.scopes.stack and not scopes.within_statement():
                break
        return at

    def run_end(self, at):
        """Where the run of declarations that begins here ends: at an empty line, a comment, or what closes it."""
        scopes = self.scopes.copy()
        depth = len(scopes.stack)
        while at < len(self.lines):
            line = self.lines[at]
            if len(scopes.stack) == depth and not scopes.within_statement():
                if not line.strip() or comment_of(line) is not None or re.match(r"\s*([}#]|public:|protected:|private:)", line):
                    break
            scopes.feed(line)
            if len(scopes.stack) < depth:
                break
            at += 1
        return at

    def declarations(self, at, block):
        """What a comment stands before. It is also about the overloads that follow without an empty line, and about all
        functions that do where it begins with a word for several."""
        first = self.begun_function(at)
        if first is None:
            return at
        several = re.match(r"\s*/// (Each|Both|These|All)\b", block[0]) is not None
        end, depth = self.run_end(at), len(self.scopes.stack)
        at = self.code_line(at)
        while at < end:
            name = self.begun_function(at) if len(self.scopes.stack) == depth else None
            if name is not None and (several or name == first):
                self.out += block
            at = self.code_line(at)
        return at

    def begun_function(self, at):
        """The name of the function whose declaration begins in this line, if one does that people call."""
        if not self.scopes.documents() or self.scopes.within_statement() or not self.lines[at].strip():
            return None
        head = re.split(r"[;{]", " ".join(self.lines[at : at + 4]))[0]
        if re.search(r"= delete|= default|~|operator=|\b(using|class|struct|friend|enum)\b(?![^<]*>)|^[^(]*[^r]=", head):
            return None
        match = re.search(r"(operator\W+|\w+)\s*\(", re.sub(r"\brequires ?\([^)]*\)|\[\[.*?\]\]", "", head))
        return match.group(1) if match else None

    def code_line(self, at):
        """A line of code, perhaps with a comment behind it that goes on in the lines below."""
        line = self.lines[at]
        if self.specializes_anothers(at):
            return self.declaration_end(at)
        self.opening_again(line)
        documents = self.scopes.documents()
        comment_at = self.scopes.comment_column(line)
        self.scopes.feed(line)
        at += 1
        if comment_at is None or not documents or not self.scopes.documents():
            self.out.append(line)
            return at
        code, comments = line[:comment_at].rstrip(), [line[comment_at + 2 :]]
        while at < len(self.lines) and self.lines[at].find("//") == comment_at and comment_of(self.lines[at]) is not None:
            comments.append(comment_of(self.lines[at]))
            at += 1
        if not re.search(r"[;,{}\w]$", code) or code.startswith(("#", "}")) or not re.search(r"\w", code):
            self.out.append(code)
            return at
        text = to_doxygen(comments)
        if code.endswith("{"):  # of the scope that opens here; there is no place for it behind
            self.out.append(code)
        else:
            self.out += [code + " ///< " + text[0], *("  ///< " + part for part in text[1:])]
        return at

    def specializes_anothers(self, at):
        """Whether a specialization of another library's template begins here: nobody looks for it in this reference."""
        if self.scopes.stack or self.scopes.within_statement():
            return False
        return re.match(r"(template <.*>\s+)?(struct|class) (\w+::)+\w+<", " ".join(self.lines[at : at + 2])) is not None

    def opening_again(self, line):
        """The type that the header is about has its opening for a comment, if it has none of its own."""
        if self.subject is None or not self.scopes.documents() or self.scopes.within_statement():
            return
        head = "\n".join(self.lines[self.lines.index(line) :][:4])
        pattern = rf"(?:template <[^{{;]*>\s*(?:requires[^{{;]*)?)?(?:class|struct)\s+(?:\[\[\w+\]\]\s+)?{self.subject}\b[^;]*\{{"
        if re.match(pattern, head) and not (self.out and self.out[-1].lstrip().startswith("///")):
            self.out += self.block(self.opening)
            self.subject = None


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    for header in sorted(folder.rglob("*.h")):
        name = header.relative_to(folder)
        if NOT_PUBLIC.isdisjoint(name.parts):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text(Filter(name, header.read_text()).run())


if __name__ == "__main__":
    main()
