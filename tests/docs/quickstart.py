"""Follows docs/quickstart.md literally, in an empty folder: writes its files, applies its changes, runs its commands.

    quickstart.py PAGE.md FOLDER PREFIX

PREFIX is where Waybill is installed. What a command prints must fit the page's output: each line that is shown has to appear, in
whatever order, with numbers and ids of the same shape; "..." stands for further lines.
"""

import os
import re
import shutil
import subprocess
import sys


def blocks(page):
    """(marker, text) of each block that a marker stands before."""
    text = open(page, encoding="utf-8").read()
    for match in re.finditer(r"<!-- (file: \S+|patch: \S+|run|output) -->\n+```\w*\n(.*?)```", text, flags=re.S):
        yield match[1], match[2]


def apply_patch(path, patch):
    old = "".join(line[1:] + "\n" for line in patch.splitlines() if line[:1] in " -")
    new = "".join(line[1:] + "\n" for line in patch.splitlines() if line[:1] in " +")
    # The last line may be cut short.
    old, new = old.removesuffix("\n"), new.removesuffix("\n")
    text = open(path, encoding="utf-8").read()
    if text.count(old) != 1:
        sys.exit(f"{path} has this {text.count(old)} times, not once:\n{old}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))


def shape(line):
    """Ids, numbers, durations and bars as what they are; blanks as one."""
    line = re.sub(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{16}\b", "<id>", line)
    line = re.sub(r"\d+(\.\d+)? (µs|ms|s)\b", "<time>", line)
    line = re.sub(r"\d+(\.\d+)?", "<n>", line)
    return re.sub(r"[\s━]+", " ", line).strip()


def check(shown, printed):
    have = {shape(line) for line in printed.splitlines()}
    missing = [line for line in shown.splitlines() if line.strip() not in ("", "...") and shape(line) not in have]
    if missing:
        sys.exit("the page shows what is not printed:\n" + "\n".join(missing) + "\n\nprinted:\n" + printed)
    return len(shown.splitlines())


def main(page, folder, prefix):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.chdir(folder)
    environment = dict(os.environ, CMAKE_PREFIX_PATH=prefix, PATH=f"{prefix}/bin:{os.environ['PATH']}", NO_COLOR="1")
    printed, checked = "", 0
    for marker, text in blocks(page):
        kind, _, path = marker.partition(": ")
        if kind == "file":
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        elif kind == "patch":
            apply_patch(path, text)
        elif kind == "run":
            result = subprocess.run(["bash", "-euo", "pipefail", "-c", text], env=environment, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True, timeout=300)
            printed = result.stdout
            print(printed)
            if result.returncode != 0:
                sys.exit(f"exit status {result.returncode} of\n{text}")
        else:
            checked += check(text, printed)
    if checked == 0:
        sys.exit(f"{page} shows no output")


if __name__ == "__main__":
    main(*sys.argv[1:])
