"""The stub of the C++ module says what the module has, no more and no less."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import memstack_migrate
from memstack_migrate import _engine

# What pybind11 puts into each class by itself.
OWN_OF_PYBIND11 = {"_pybind11_conduit_v1_"}


def of_stub(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    names: dict[str, ast.stmt] = {}
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            names[statement.name] = statement
        elif isinstance(statement, ast.AnnAssign):
            assert isinstance(statement.target, ast.Name)
            names[statement.target.id] = statement
    return {name: statement for name, statement in names.items() if not name.startswith("__")}


def of_module(thing: object) -> set[str]:
    return {name for name in vars(thing) if not name.startswith("__")} - OWN_OF_PYBIND11


def is_typed_dict(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ClassDef) and any(ast.unparse(base) == "TypedDict" for base in statement.bases)


def test_the_stub_has_the_names_of_the_module() -> None:
    stub = of_stub(ast.parse(Path(memstack_migrate.__file__).with_name("_engine.pyi").read_text(encoding="utf-8")).body)
    stub = {name: statement for name, statement in stub.items() if not is_typed_dict(statement)}
    assert set(stub) == of_module(_engine)
    for name, statement in stub.items():
        if isinstance(statement, ast.ClassDef):
            assert set(of_stub(statement.body)) == of_module(getattr(_engine, name)), name


def test_the_stub_has_the_arguments_of_the_functions() -> None:
    stub = of_stub(ast.parse(Path(memstack_migrate.__file__).with_name("_engine.pyi").read_text(encoding="utf-8")).body)
    for name, statement in stub.items():
        if not isinstance(statement, ast.FunctionDef):
            continue
        # The first line of pybind11's docstring is the signature.
        signature = (inspect.getdoc(getattr(_engine, name)) or "").partition("\n")[0]
        for argument in [*statement.args.args, *statement.args.kwonlyargs]:
            assert f"{argument.arg}: " in signature, f"{name}({argument.arg}) is not in: {signature}"
