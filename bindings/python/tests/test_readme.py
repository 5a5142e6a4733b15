"""The README's snippets are run in its order; what stands below one is what it prints."""

import re
from pathlib import Path

from conftest import CORPUS

README = Path(__file__).parent.parent / "README.md"
SNIPPET = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def test_the_readme(monkeypatch, capsys):
    monkeypatch.chdir(CORPUS / "sets" / "partners")
    names = {"__name__": "readme"}
    snippets = SNIPPET.findall(README.read_text(encoding="utf-8"))
    assert len(snippets) == README.read_text(encoding="utf-8").count("```python")
    for code, printed in snippets:
        exec(compile(code, README, "exec"), names)
        said = capsys.readouterr().out
        assert not printed or said == printed
