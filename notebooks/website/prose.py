"""Markdown as HTML without a script: formulas as MathML, words of the glossary explained."""

import html
import re

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from nnhelpers.lessons import glossary

_TERM = re.compile(r"glossary\.(?:md|html)#(.+)$")
_BOXED = re.compile(r"\\boxed\{(.*)\}\s*$", re.DOTALL)
# Names of several letters are words, not products.
_NAME = re.compile(r"\\mathrm\{([A-Za-z]{2,})\}")
# A raised prime would be raised twice: the sign itself stands high.
_PRIME = re.compile(r"<msup><mi>(\w)</mi><mi>(&#x0203[2-4];)</mi></msup>")


def mathml(latex: str, *, display: str = "inline") -> str:
    """Write a formula as MathML."""
    plain = _NAME.sub(r"\\text{\1}", latex).replace(r"\_", "_")
    return _PRIME.sub(r"<mrow><mi>\1</mi><mtext>\2</mtext></mrow>", convert(plain, display=display))


class _Renderer(IPythonRenderer):
    """What this site does otherwise than nbconvert."""

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def block_math(self, body: str) -> str:
        boxed = _BOXED.match(body.strip())
        looks = "formula boxed" if boxed else "formula"
        return (
            f'<span class="{looks}">{mathml(boxed[1] if boxed else body, display="block")}</span>'
        )

    def heading(self, text: str, level: int, **attrs: str) -> str:
        return f'<h{level} id="{anchor(text)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        found = _TERM.search(url)
        if found is None or found[1] not in meanings():
            return super().link(text, url, title)
        described = f'class="term" aria-describedby="meaning-{found[1]}"'
        return f'<a {described} href="{html.escape(url)}">{text}</a>'


def anchor(heading: str) -> str:
    """Return the name that a heading is linked by."""
    words = html.unescape(re.sub("<.*?>", "", heading)).strip()
    return html.escape(re.sub(r"\s+", "-", words).lower())


def meanings() -> dict[str, str]:
    """Return what the words of the glossary mean, by their anchors."""
    return {term.anchor: term.meaning for term in glossary.TERMS}


def prose(markdown: str) -> str:
    """Write Markdown as HTML."""
    return MarkdownWithMath(renderer=_Renderer(escape=False)).render(markdown)
