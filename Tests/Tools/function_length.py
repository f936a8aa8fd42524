#!/usr/bin/env python3
"""Reports functions that are too long: Swift by matching braces, Python by its own parser.

Usage: function_length.py PATH...      Each finding is one line, file:line: what; exit status 1 if there is one.
"""

import ast
import pathlib
import re
import sys

LIMIT = 40
DECLARATION = re.compile(r"\b(func|init|deinit|subscript|var)\b")
STRING = re.compile(r'(#*)("""|")')


def skip_string(source, opening):
    """The index after the string literal that `opening` matched, interpolations with their own strings included."""
    hashes, quotes = opening.groups()
    index, end, escape = opening.end(), quotes + hashes, "\\" + hashes
    while index < len(source) and not source.startswith(end, index):
        if not source.startswith(escape, index):
            index += 1
            continue
        index += len(escape)
        if source.startswith("(", index):
            index = skip_parentheses(source, index)
        else:
            index += 1
    return index + len(end)


def skip_parentheses(source, index):
    """The index after the closing parenthesis of an interpolation."""
    depth = 0
    while index < len(source):
        opening = STRING.match(source, index)
        if opening:
            index = skip_string(source, opening)
            continue
        depth += {"(": 1, ")": -1}.get(source[index], 0)
        index += 1
        if depth == 0:
            break
    return index


def skip_comment(source, index):
    """The index after the comment that starts here; block comments nest."""
    if source.startswith("//", index):
        end = source.find("\n", index)
        return len(source) if end < 0 else end
    depth = 0
    for match in re.compile(r"/\*|\*/").finditer(source, index):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return len(source)


def code_only(source):
    """The source with comments, strings and raw identifiers blanked, every line where it was."""
    kept, index = [], 0
    while index < len(source):
        opening = STRING.match(source, index)
        if opening:
            end = skip_string(source, opening)
        elif source.startswith(("//", "/*"), index):
            end = skip_comment(source, index)
        elif source[index] == "`":
            end = source.find("`", index + 1) + 1 or len(source)
        else:
            kept.append(source[index])
            index += 1
            continue
        kept.append(re.sub(r"[^\n]", "_" if source[index] == "`" else " ", source[index:end]))
        index = end
    return "".join(kept)


def body_start(code, index, keyword):
    """Where the body of the declaration opens, or None if it has none (a requirement, a stored property)."""
    depth = 0
    for position in range(index, len(code)):
        character = code[position]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif depth == 0 and character == "{":
            return position
        elif depth < 0 or (depth == 0 and (character in "};" or (keyword == "var" and character == "="))):
            return None
        elif character == "\n" and depth == 0 and ends_declaration(code, position, keyword):
            return None
    return None


def ends_declaration(code, position, keyword):
    """Whether the declaration is over at this line end: nothing on the next line continues it."""
    before, after = code[:position].rstrip(), code[position:].lstrip()
    if keyword != "var" and before.endswith((",", "->", ":", "&", "where", "==")):
        return False
    return not after.startswith(("{", "->", "throws", "async", "rethrows", "where", "&", "("))


def body_end(code, start):
    """The index of the brace that closes the one at `start`."""
    depth = 0
    for position in range(start, len(code)):
        depth += {"{": 1, "}": -1}.get(code[position], 0)
        if depth == 0:
            return position
    return len(code)


def swift_functions(source):
    """(line, name, length) of every function, initialiser, subscript and computed property."""
    code = code_only(source)
    for match in DECLARATION.finditer(code):
        if match.start() and code[match.start() - 1] == ".":
            continue
        start = body_start(code, match.end(), match.group())
        if start is None:
            continue
        first = code.count("\n", 0, match.start()) + 1
        last = code.count("\n", 0, body_end(code, start)) + 1
        name = re.split(r"[\n{]", source[match.start():], maxsplit=1)[0].strip()
        yield first, name, last - first + 1


def python_functions(source):
    """(line, name, length) of every function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, f"def {node.name}", node.end_lineno - node.lineno + 1


def main(paths):
    readers = {".swift": swift_functions, ".py": python_functions}
    found = False
    for path in sorted(file for root in paths for file in pathlib.Path(root).rglob("*.*")):
        reader = readers.get(path.suffix)
        if reader is None or not path.is_file():
            continue
        for line, name, length in reader(path.read_text(encoding="utf-8")):
            if length > LIMIT:
                found = True
                print(f"{path}:{line}: {length} lines, at most {LIMIT}: {name}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
