"""Makes one C++ file of the ```cpp blocks of a page, so that a compiler can check what a reader would copy.

    extract.py PAGE.md OUT.cc

#include lines go to the top. Each block becomes the body of a function of its own, unless it defines main(). What a block
takes for granted, a logger say, stands in a comment that readers do not see, and counts for the whole page:

    <!-- given
    #include <string>
    extern std::string zip;
    -->

The line before a block may say how it is meant:

    <!-- code: file scope -->
    <!-- code: coroutine boost::asio::awaitable<void> -->
    <!-- code: continued -->       the block before goes on: same function, same names
"""

import re
import sys


class Block:
    def __init__(self, line, kind):
        self.line = line
        self.kind = kind
        self.text = []


def read(page):
    given, blocks = [], []
    block, kind, in_given = None, "", False
    for number, text in enumerate(open(page, encoding="utf-8").read().splitlines(), 1):
        if in_given:
            in_given = text != "-->"
            if in_given:
                given.append((number, text))
        elif block is not None:
            if text.strip() == "```":
                block = None
            else:
                block.text.append((number, text))
        elif text == "<!-- given":
            in_given = True
        elif match := re.fullmatch(r"<!-- code: (.*) -->", text.strip()):
            kind = match[1]
        elif text.strip() == "```cpp":
            block = Block(number, kind)
            blocks.append(block)
            kind = ""
        elif kind:
            sys.exit(f"{page}:{number}: no ```cpp after '<!-- code: {kind} -->'")
    return given, blocks


def is_include(text):
    return text.lstrip().startswith(("#include", "#define"))


def body(lines, page):
    lines = [(number, text) for number, text in lines if not is_include(text)]
    return [f'#line {lines[0][0]} "{page}"'] + [text for _, text in lines] if lines else []


def generate(page, given, blocks):
    out = [text for _, text in given + [line for block in blocks for line in block.text] if is_include(text)]
    out += ["namespace page {", *body(given, page)]
    is_open = False
    for block in blocks:
        if block.kind == "continued":
            if not is_open:
                sys.exit(f"{page}:{block.line}: no function to continue")
            out += body(block.text, page)
            continue
        if is_open:
            out.append("}")
        is_open = False
        if block.kind == "file scope" or any(re.match(r"int main\(", text) for _, text in block.text):
            out += [f"namespace block_{block.line} {{", *body(block.text, page), "}"]
        elif block.kind == "" or block.kind.startswith("coroutine "):
            result = block.kind.removeprefix("coroutine ") or "void"
            out += [f"[[maybe_unused]] {result} block_{block.line}() {{", *body(block.text, page)]
            is_open = True
        else:
            sys.exit(f"{page}:{block.line}: what is 'code: {block.kind}'?")
    out += ["}"] * is_open + ["}"]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    given, blocks = read(sys.argv[1])
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(generate(sys.argv[1], given, blocks))
