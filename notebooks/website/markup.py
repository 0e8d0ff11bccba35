"""What a page's HTML still needs: links between pages, pictures as files, nothing inline."""

import base64
import io
import re
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from PIL import Image

from website.prose import anchor

_WIDTH = re.compile(r"width:(\d+)px")
_PAGE = re.compile(r"^([^:#]*)\.(?:ipynb|md)(#.*)?$")
_SECTION = re.compile(r"^\d+, section (.+)$")
_PNG = "data:image/png;base64,"


def finished(text: str, *, path: Path) -> str:
    """Return the HTML of a page that is to stand at `path`; its pictures become files beside it."""
    soup = BeautifulSoup(text, features="html.parser")
    for number, image in enumerate(soup.select(f"img[src^='{_PNG}']")):
        _as_file(image, folder=path.with_suffix(""), name=f"output-{number}.png")
    for link in soup.select("a[href]"):
        link["href"] = _address(link)
    _link_sections(soup)
    for table in soup.select("table"):
        table.wrap(soup.new_tag("div", attrs={"class": "wide", "tabindex": "0", "role": "group"}))
    for code in soup.select("div.highlight pre"):
        code["tabindex"] = "0"
    for element in soup.select("[style]"):
        del element["style"]
    return str(soup)


def _as_file(image: Tag, *, folder: Path, name: str) -> None:
    """Put a picture into a file; it keeps its width, and the room it needs."""
    content = base64.b64decode(image["src"].removeprefix(_PNG))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    pixels = Image.open(io.BytesIO(content))
    width = int(_WIDTH.search(image["style"])[1])
    height = round(width * pixels.height / pixels.width)
    image.attrs |= {"width": str(width), "height": str(height), "loading": "lazy"}
    image["src"] = f"{folder.name}/{name}"


def _address(link: Tag) -> str:
    """Return where a link leads on the site; a link that names a section leads to it."""
    href = link["href"]
    found = _PAGE.match(href)
    if found is None:
        return href.lower() if href.startswith("#") else href
    section = _SECTION.match(link.get_text())
    inside = f"#{anchor(section[1])}" if section else (found[2] or "").lower()
    return f"{found[1]}.html{inside}"


def _link_sections(soup: BeautifulSoup) -> None:
    """Let the sections in a table of contents lead to themselves."""
    headings = {each.get_text(): each["id"] for each in soup.select("h2[id]")}
    for cell in soup.select("td:first-child"):
        if (words := cell.get_text()) in headings:
            link = soup.new_tag("a", href=f"#{headings[words]}")
            link.extend(list(cell.children))
            cell.append(link)
