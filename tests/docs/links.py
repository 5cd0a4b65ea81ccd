"""Checks that what the pages link to, files and headings, is there.

    links.py ROOT PAGE.md...
"""

import os
import re
import sys


def without_code(text):
    return re.sub(r"```.*?```", "", text, flags=re.S)


def anchors(path):
    headings = re.findall(r"^#+ (.*)$", without_code(open(path, encoding="utf-8").read()), flags=re.M)
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}


def main(root, pages):
    problems, links = [], 0
    for page in pages:
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(open(page, encoding="utf-8").read())):
            if re.match(r"[a-z]+:", target):
                continue
            links += 1
            file, _, anchor = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(page), file)) if file else page
            if not os.path.exists(path):
                problems.append(f"{os.path.relpath(page, root)}: no file '{target}'")
            elif anchor and path.endswith(".md") and anchor not in anchors(path):
                problems.append(f"{os.path.relpath(page, root)}: no heading '#{anchor}' in {os.path.relpath(path, root)}")
    print("\n".join(problems) or f"{links} links of {len(pages)} pages lead somewhere")
    return 1 if problems or links == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
