"""The stubs say what the module says: the documentation is written in Rust, and stands in both.

`BLESS=1 pytest tests/test_stubs.py` writes it into the stubs.
"""

import ast
import inspect
import os
from pathlib import Path

import admit
from admit import _admit

STUB = Path(admit.__file__).with_name("_admit.pyi")
SOURCE = Path(__file__).parent.parent / "python" / "admit" / "_admit.pyi"
DOCUMENTED = (ast.ClassDef, ast.FunctionDef)


def items(tree):
    """Every class, function and property of the stub, with what it stands for."""
    for node in tree.body:
        if isinstance(node, DOCUMENTED):
            runtime = getattr(_admit, node.name)
            yield node.name, node, runtime
            if isinstance(node, ast.ClassDef):
                for member in node.body:
                    if isinstance(member, DOCUMENTED) and not member.name.startswith("_"):
                        yield f"{node.name}.{member.name}", member, getattr(runtime, member.name)


def bless():
    text = SOURCE.read_text()
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    edits = []
    for _, node, runtime in items(ast.parse(text)):
        indent = " " * (node.col_offset + 4)
        said = inspect.getdoc(runtime).replace("\n", "\n" + indent).replace(f"\n{indent}\n", "\n\n")
        end = f"\n{indent}" if "\n" in said else ""
        doc = f'"""{said}{end}"""'
        first = node.body[0]
        start = starts[first.lineno - 1] + first.col_offset
        is_doc = isinstance(first, ast.Expr)
        stop = starts[first.end_lineno - 1] + first.end_col_offset if is_doc else start
        if isinstance(node, ast.ClassDef) and not is_doc:
            line = min([first.lineno, *(known.lineno for known in first.decorator_list)])
            start = stop = starts[line - 1] + len(indent)
            doc += f"\n\n{indent}"
        elif text[starts[first.lineno - 1] : start].strip():
            start -= 1
            doc = f"\n{indent}{doc}"
        edits.append((start, stop, doc))
    for start, stop, doc in sorted(edits, reverse=True):
        text = text[:start] + doc + text[stop:]
    SOURCE.write_text(text)


def test_stubs_say_what_the_module_says():
    if os.environ.get("BLESS"):
        bless()
        return
    for name, node, runtime in items(ast.parse(STUB.read_text())):
        assert ast.get_docstring(node) == inspect.getdoc(runtime), name


def test_everything_is_documented():
    for name in admit.__all__:
        item = getattr(admit, name)
        if isinstance(item, type):
            assert item.__doc__, name
            assert item.__module__ == "admit", name
            for member, value in vars(item).items():
                if not member.startswith("_"):
                    assert inspect.getdoc(value), f"{name}.{member}"
        elif callable(item):
            assert item.__doc__, name


def test_functions_say_what_they_take_and_give():
    for name, node, runtime in items(ast.parse(STUB.read_text())):
        if not isinstance(node, ast.FunctionDef) or node.decorator_list:
            continue
        doc = inspect.getdoc(runtime)
        assert "Returns:" in doc, name
        for argument in [*node.args.args, *node.args.kwonlyargs]:
            if argument.arg != "self":
                assert f"    {argument.arg}: " in doc, f"{name}: {argument.arg}"
