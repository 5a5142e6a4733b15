"""The wheel, as somebody gets it: what it says of itself, and that it alone is enough."""

import email
import functools
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from conftest import COMPONENTS, CORPUS, ROOT, tomllib
from test_readme import README, SNIPPET

import admit

# Beside the environment that `make python` has put it into.
[WHEEL] = Path(sys.prefix, "wheels").glob("*.whl")
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
OLDEST = 10


def metadata(name):
    with zipfile.ZipFile(WHEEL) as wheel:
        text = wheel.read(f"admit-{admit.__version__}.dist-info/{name}")
    return email.message_from_bytes(text)


def test_what_it_says_of_itself():
    workspace = tomllib.loads((ROOT / "Cargo.toml").read_text("utf-8"))["workspace"]["package"]
    said = metadata("METADATA")
    assert said["Name"] == "admit"
    assert said["Version"] == admit.__version__ == workspace["version"]
    assert said["License-Expression"] == workspace["license"]
    assert said["License-File"] == "LICENSE"
    assert said["Requires-Python"] == f">=3.{OLDEST}"
    assert said["Requires-Dist"] is None
    assert said.get_payload().strip() == README.read_text("utf-8").strip()
    classifiers = said.get_all("Classifier")
    assert "Typing :: Typed" in classifiers
    assert f"Programming Language :: Python :: 3.{OLDEST}" in classifiers
    assert not [classifier for classifier in classifiers if classifier.startswith("License")]


def test_its_tag():
    abi = "cp{0}{1}-cp{0}{1}t".format(*sys.version_info) if FREE_THREADED else f"cp3{OLDEST}-abi3"
    tags = metadata("WHEEL").get_all("Tag")
    assert tags
    for tag in tags:
        assert re.fullmatch(rf"{abi}-(many|musl)?linux_\w+", tag)


def test_what_is_inside():
    package = Path(__file__).parent.parent / "python" / "admit"
    source = {f"admit/{file.name}" for file in package.iterdir() if file.suffix in (".py", ".pyi", ".typed")}
    about = f"admit-{admit.__version__}.dist-info"
    with zipfile.ZipFile(WHEEL) as wheel:
        names = set(wheel.namelist())
        [library] = {name for name in names if name.endswith(".so")}
        assert library.startswith("admit/_admit.")
        assert source >= {"admit/__init__.py", "admit/_admit.pyi", "admit/_errors.pyi", "admit/py.typed"}
        assert names == source | {library} | {
            f"{about}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "licenses/LICENSE")
        }
        assert wheel.read(f"{about}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        # Nothing of where it was built; the compiler writes that into the library, for messages of panics.
        for name in names - {library}:
            assert os.fsencode(f"{ROOT}/") not in wheel.read(name), name


def start(name):
    """The interpreter of this name, where it starts and makes environments."""
    found = shutil.which(name)
    if found is None:
        return None
    # For those who have several with pyenv: which of them is meant.
    environ = {**os.environ, "PYENV_VERSION": name.removeprefix("python")}
    code = "import sys, venv; print(sys.executable)"
    said = subprocess.run([found, "-c", code], env=environ, capture_output=True, text=True)
    return said.stdout.strip() if said.returncode == 0 else None


@functools.cache
def others():
    """The other versions of Python that are here; the wheel is for all of them."""
    versions = range(OLDEST, 20) if not FREE_THREADED else []
    names = [f"python3.{minor}" for minor in versions if minor != sys.version_info.minor]
    return {name: python for name in names if (python := start(name))}


@pytest.mark.parametrize("name", ["this", *others()])
def test_a_new_environment(name, tmp_path):
    """The README's first lines run with nothing but the wheel, in a copy of its folder."""

    def run(*command, **named):
        said = subprocess.run(command, capture_output=True, text=True, timeout=120, **named)
        assert said.returncode == 0, said.stderr
        return said.stdout

    base = sys.executable if name == "this" else others()[name]
    run(base, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    pip = [python, "-m", "pip", "--isolated", "--disable-pip-version-check"]
    run(*pip, "install", "--no-index", "--no-compile", WHEEL)
    assert run(*pip, "check").strip() == "No broken requirements found."

    for folder in CORPUS / "sets" / "partners", CORPUS / "callouts", COMPONENTS:
        shutil.copytree(folder, tmp_path / folder.relative_to(CORPUS))
    code, printed = SNIPPET.findall(README.read_text("utf-8"))[0]
    code += "admit.show_versions()"
    said = run(python, "-I", "-c", code, cwd=tmp_path / "sets" / "partners")
    assert said.startswith(f"{printed}admit             {admit.__version__}\n")
