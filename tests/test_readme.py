"""What the README promises: its commands are those of the tests, its Python says what it shows."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_two_commands_stand_at_the_top_and_the_second_is_what_has_to_pass() -> None:
    first, second = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert README.index(first) < README.index(second) < README.index("---")
    assert "\n" not in first + second
    assert second in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_shown_values_are_those_of_the_code() -> None:
    (block,) = [b for b in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "roc_auc(" in b]
    names: dict[str, object] = {}
    exec(block.partition("\n\n")[0], names)  # noqa: S102 our own text
    shown = re.findall(r"^(\S.*?)  +# (\S+)$", block, re.MULTILINE)
    assert len(shown) == 2
    for expression, value in shown:
        assert eval(expression, names) == eval(value)  # noqa: S307 our own text
