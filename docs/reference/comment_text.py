"""The text of a comment, as Doxygen wants it: paragraphs escaped, indented lines as code."""

import re

# What is kept as Markdown: `code` and *emphasis*.
_SPAN = re.compile(r"(`[^`]*`|(?<!\w)\*\w+\*(?!\w))")
_LOOKS_LIKE_CODE = re.compile(r"[;{})]\s*(//.*)?$|//|^\s*(#|template|co_)", re.MULTILINE)
_LIST_ITEM = re.compile(r"^\s*([-*]|\d+\.)\s")


def escaped(text):
    """Text in which Doxygen finds no commands, tags, references or Markdown but code in backquotes."""
    parts = _SPAN.split(text)
    parts[::2] = [re.sub(r"([\\@&$#<>%~|*_\[\]])", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def to_doxygen(comment):
    """Lines without comment marks. `comment`: the lines behind `//`, each with the space that follows it."""
    out, paragraph, code = [], [], []

    def end_paragraph():
        if paragraph:
            out.extend(escaped("\n".join(paragraph)).split("\n"))
            paragraph.clear()

    def end_code():
        while code and not code[-1].strip():
            code.pop()
        if code:
            margin = min(len(line) - len(line.lstrip()) for line in code if line.strip())
            kind = "{.cpp}" if _LOOKS_LIKE_CODE.search("\n".join(code)) else "{.unparsed}"
            out.extend(["@code" + kind, *(line[margin:] for line in code), "@endcode"])
            code.clear()

    in_list = False
    for line in comment:
        indented = line.startswith("   ")
        if not line.strip():
            if code:
                code.append("")
            else:
                end_paragraph()
                out.append("")
            in_list = False
        elif indented and not in_list:
            end_paragraph()
            code.append(line)
        else:
            end_code()
            in_list = in_list or bool(_LIST_ITEM.match(line))
            paragraph.append(line[1:] if line.startswith(" ") else line)
    end_paragraph()
    end_code()
    return out or [""]
