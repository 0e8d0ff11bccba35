"""A page's HTML without a script: formulas as MathML, words explained, pictures as files."""

import base64
import html
import io
import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from PIL import Image

from nnhelpers.lessons import glossary

# What the words of the glossary mean, by their anchors.
MEANINGS = {term.anchor: term.meaning for term in glossary.TERMS}

_TERM = re.compile(r"glossary\.(?:md|html)#(.+)$")
_BOXED = re.compile(r"\\boxed\{(.*)\}\s*$", re.DOTALL)
# Names of several letters are words, not products.
_NAME = re.compile(r"\\mathrm\{([A-Za-z]{2,})\}")
# A raised prime would be raised twice: the sign itself stands high.
_PRIME = re.compile(r"<msup><mi>(\w)</mi><mi>(&#x0203[2-4];)</mi></msup>")
_WIDTH = re.compile(r"width:(\d+)px")
_PAGE = re.compile(r"^([^:#]*)\.(?:ipynb|md)(#.*)?$")
_SECTION = re.compile(r"^\d+, section (.+)$")
_PNG = "data:image/png;base64,"


class _Renderer(IPythonRenderer):
    """What this site does otherwise than nbconvert."""

    def inline_math(self, body: str) -> str:
        return _mathml(body)

    def block_math(self, body: str) -> str:
        boxed = _BOXED.match(body.strip())
        looks = "formula boxed" if boxed else "formula"
        formula = _mathml(boxed[1] if boxed else body, display="block")
        return f'<span class="{looks}">{formula}</span>'

    def heading(self, text: str, level: int, **attrs: str) -> str:
        return f'<h{level} id="{_anchor(text)}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        found = _TERM.search(url)
        if found is None or found[1] not in MEANINGS:
            return super().link(text, url, title)
        described = f'class="term" aria-describedby="meaning-{found[1]}"'
        return f'<a {described} href="{html.escape(url)}">{text}</a>'


def prose(markdown: str) -> str:
    """Write Markdown as HTML."""
    return MarkdownWithMath(renderer=_Renderer(escape=False)).render(markdown)


def _mathml(latex: str, *, display: str = "inline") -> str:
    plain = _NAME.sub(r"\\text{\1}", latex).replace(r"\_", "_")
    return _PRIME.sub(r"<mrow><mi>\1</mi><mtext>\2</mtext></mrow>", convert(plain, display=display))


def _anchor(heading: str) -> str:
    """Return the name that a heading is linked by."""
    words = html.unescape(re.sub("<.*?>", "", heading)).strip()
    return html.escape(re.sub(r"\s+", "-", words).lower())


def finished(text: str, *, path: Path) -> str:
    """Return the HTML of a page that is to stand at `path`; its pictures become files beside it."""
    soup = BeautifulSoup(text, features="html.parser")
    for number, image in enumerate(soup.select(f"img[src^='{_PNG}']")):
        _as_file(image, path=path.with_suffix("") / f"output-{number}.png")
    for link in soup.find_all("a", href=True):
        link["href"] = _address(link)
    _link_sections(soup)
    for table in soup.find_all("table"):
        table.wrap(soup.new_tag("div", attrs={"class": "wide", "tabindex": "0", "role": "group"}))
    for code in soup.select("div.highlight pre"):
        code["tabindex"] = "0"
    for element in soup.find_all(style=True):
        del element["style"]
    return str(soup)


def picture_file(address: str, *, path: Path) -> tuple[int, int]:
    """Put a picture that its address holds into a file; return its width and height in pixels."""
    content = base64.b64decode(address.removeprefix(_PNG))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Image.open(io.BytesIO(content)).size


def _as_file(image: Tag, *, path: Path) -> None:
    """Put a picture into a file; it keeps its width, and the room it needs."""
    pixels_wide, pixels_high = picture_file(image["src"], path=path)
    width = int(_WIDTH.search(image["style"])[1])
    height = round(width * pixels_high / pixels_wide)
    image.attrs |= {"width": str(width), "height": str(height), "loading": "lazy"}
    image["src"] = f"{path.parent.name}/{path.name}"


def _address(link: Tag) -> str:
    """Return where a link leads on the site; a link that names a section leads to it."""
    href = link["href"]
    found = _PAGE.match(href)
    if found is None:
        return href.lower() if href.startswith("#") else href
    section = _SECTION.match(link.get_text())
    inside = f"#{_anchor(section[1])}" if section else (found[2] or "").lower()
    return f"{found[1]}.html{inside}"


def _link_sections(soup: BeautifulSoup) -> None:
    """Let the sections in a table of contents lead to themselves."""
    headings = {each.get_text(): each["id"] for each in soup.find_all("h2", id=True)}
    for cell in soup.select("td:first-child"):
        if (words := cell.get_text()) in headings:
            link = soup.new_tag("a", href=f"#{headings[words]}")
            link.extend(list(cell.children))
            cell.append(link)
