"""Check that a machine can run the notebooks, and say how to fix what is wrong.

This module imports the rest of the package only inside its checks, so it starts even where the
package does not.
"""

import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

from nnhelpers.tables import html_table

_EXTRA = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""")
_NAME = re.compile(r"[\w-]+")
_AGAIN = "then restart the kernel"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The outcome of one check.

    Attributes
    ----------
    wrong : tuple of str
        Sentences that say what is wrong and what to do; empty if nothing is.
    """

    what: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Environment:
    """All findings, displayed as a table."""

    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return "\n".join(f"{mark} {what}: {words}" for mark, what, words in self._rows())

    def _repr_html_(self) -> str:
        return html_table(("", "looked at", "found"), list(self._rows()))

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        for finding in self.findings:
            for words in finding.wrong or ("all is well",):
                yield "✗" if finding.wrong else "✓", finding.what, words


def check() -> Environment:
    """Check Python, the packages, Keras, the training engine and the live panels.

    Compiles the engine if need be, which takes about half a minute.

    Examples
    --------
    >>> print(str(check()).splitlines()[0])
    ✓ Python: all is well
    """
    looks = {
        "Python": _python,
        "packages": _packages,
        "Keras": _keras,
        "training engine": _engine,
        "live panels": _panels,
    }
    return Environment(tuple(_looked_at(what, look) for what, look in looks.items()))


def _looked_at(what: str, look: Callable[[], Iterator[str]]) -> Finding:
    """Run one check; an exception in it becomes a finding."""
    try:
        return Finding(what=what, wrong=tuple(look()))
    except Exception as error:
        return Finding(what=what, wrong=(f"could not be looked at: {_told(error)}",))


def _python() -> Iterator[str]:
    here = ".".join(map(str, sys.version_info[:3]))
    declared = _declared("Requires-Python")[0]
    if not _allows(declared, here):
        yield (
            f"this is Python {here}, and {declared} is needed: install such a Python, make a new "
            "environment with it, and install the package there"
        )


def _packages() -> Iterator[str]:
    for requirement in _declared("Requires-Dist"):
        if not _EXTRA.search(requirement):
            yield from _missing_or_old(requirement)


def _keras() -> Iterator[str]:
    for requirement in _declared("Requires-Dist"):
        if _name(requirement) == "keras":
            yield from _missing_or_old(requirement)
    if importlib.util.find_spec("tensorflow") is None:
        yield (
            "tensorflow is not installed: panels, simulations and training work without, the cells "
            'that build Keras models do not; pip install "nnhelpers[keras]" adds it where there is '
            f"a TensorFlow for this machine, {_AGAIN}"
        )
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend != "tensorflow":
        yield (
            f"KERAS_BACKEND is set to {backend!r}, and the lessons need Keras on TensorFlow: unset "
            "it, or set it to tensorflow, before Jupyter starts"
        )


def _engine() -> Iterator[str]:
    from nnhelpers import training

    if not training.prepare():
        yield (
            "it works, but cannot be kept, and every kernel compiles it anew for half a minute: "
            "set NUMBA_CACHE_DIR to a folder that you may write to, before Jupyter starts"
        )


def _panels() -> Iterator[str]:
    if "ipykernel" not in sys.modules:
        yield "this is no notebook: open it in JupyterLab, where panels have sliders"
    elif "google.colab" in sys.modules:
        return  # A notebook's first cell enables its widgets.
    elif importlib.util.find_spec("jupyterlab_widgets") is None:
        yield (
            "jupyterlab_widgets is not installed beside this Python: if a panel has no sliders, "
            "pip install jupyterlab_widgets where Jupyter itself runs, then reload the page"
        )


def _declared(field: str) -> list[str]:
    try:
        return metadata.metadata("nnhelpers").get_all(field) or []
    except metadata.PackageNotFoundError:
        raise LookupError(
            "nnhelpers itself is not installed: in its folder run pip install ."
        ) from None


def _missing_or_old(requirement: str) -> Iterator[str]:
    name, wanted = _name(requirement), requirement.partition(";")[0].strip()
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        yield f'{name} is not installed: pip install "{wanted}", {_AGAIN}'
        return
    if not _allows(wanted.removeprefix(name), version):
        yield f'{name} is {version}: pip install --upgrade "{wanted}", {_AGAIN}'


def _name(requirement: str) -> str:
    return _NAME.match(requirement)[0]


def _allows(limits: str, version: str) -> bool:
    """Whether a version is within limits such as ">=3.11,<3.14"."""
    for sign, limit in re.findall(r"(>=|<)\s*([\d.]+)", limits):
        reached = _parts(version) >= _parts(limit)
        if reached != (sign == ">="):
            return False
    return True


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.match(r"[\d.]*\d", version)[0].split("."))


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
