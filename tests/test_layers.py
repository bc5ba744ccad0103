"""Guards the house's layers: a module imports only from lower ones, and siblings do not know each other."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rag", "embeddings", "prompts", "api", "eval")
# Low to high; the entries of one line are siblings.
LAYERS = (
    ("rag.types", "rag.errors"),
    ("rag.search_types",),
    ("rag.protocols", "rag.presets", "rag.config_values", "rag.addresses", "rag.contract", "rag.text", "prompts"),
    ("rag.config",),
    ("rag.ingest", "rag.index", "rag.retrieve", "embeddings"),
    ("rag.answer",),
    ("rag.assembly",),
    ("eval",),
    ("api",),
)
FORBIDDEN = (("eval", "rag.answer"), ("eval", "rag.text.figures"))
# `rag.protocols` and `rag.contract` speak of the values in `rag.types`; `rag.errors` stands alone.
PRINTERS = ("api", "eval", "embeddings.train")


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.split(".")[0] in PACKAGES}


def place(module: str) -> tuple[int, str] | None:
    for level, entries in enumerate(LAYERS):
        for entry in entries:
            if module == entry or module.startswith(f"{entry}."):
                return level, entry
    return None


MODULES = dict(modules())


@pytest.mark.parametrize("module", [name for name in MODULES if name != "rag"])
def test_every_module_has_a_layer(module: str) -> None:
    assert place(module) is not None


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_lower_layers_or_its_own_folder(module: str) -> None:
    own = place(module)
    for name in imports(MODULES[module]):
        other = place(name)
        if own is None or other is None or other[1] == own[1]:
            continue
        assert other[0] < own[0], f"{module} imports {name}"


@pytest.mark.parametrize(("package", "secret"), FORBIDDEN)
def test_the_evaluation_does_not_use_what_it_measures(package: str, secret: str) -> None:
    for module, path in MODULES.items():
        if module.startswith(package):
            assert not [name for name in imports(path) if name.startswith(secret)], module


@pytest.mark.parametrize("module", [name for name in MODULES if not name.startswith(PRINTERS)])
def test_only_the_doors_and_the_evaluation_print(module: str) -> None:
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert "print" not in calls


def test_the_lowest_layer_uses_the_standard_library_only() -> None:
    for name in LAYERS[0]:
        assert not imports(MODULES[name]), name


def test_init_files_are_bare_but_for_the_two_public_functions() -> None:
    for module, path in MODULES.items():
        if path.name != "__init__.py" or module == "embeddings":
            continue
        body = ast.parse(path.read_text("utf-8")).body
        assert all(isinstance(node, ast.Expr) for node in body), module


def test_no_test_folder_is_a_package_that_could_hide_a_real_one() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))
