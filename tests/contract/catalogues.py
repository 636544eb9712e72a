"""Collects every text a user sees: ``python -m tests.contract.catalogues`` (``make messages``).

Writes a template per domain, ``flasknb/locale/<domain>.pot``, and brings each language's ``.po`` files up to it: new
messages come empty, changed ones are marked fuzzy, none is thrown away. Tests compare the templates with the sources.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from flasknb.conversion.formats import USUAL_FORMATS
from flasknb.language.catalogues import PAGES, SCRIPTS, SENTENCES
from flasknb.language.finished import pattern_of

REPO = Path(__file__).resolve().parents[2]
PACKAGE = REPO / "flasknb"
LOCALE = PACKAGE / "locale"
SOURCES = REPO / "frontend" / "src"
KEYWORDS = {
    "_": None, "mark": None, "gettext": None, "counted": (1, 2), "ngettext": (1, 2), "pgettext": ((1, "c"), 2)
}  # fmt: skip
COMMENT_TAG = "Translators:"
MARKS = frozenset({"sentence", "say", "say_finished"})
OWN_TALK = frozenset({"cli", "openapi", "testing"})
"""What speaks to operators on a terminal, or to programs."""
LEAST_LITERAL_CHARS = 4
UNKEPT_HEADERS = (
    *(b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Last-Translator', b'"Language-Team', b'"Report-Msgid-Bugs-To'),
    b'"Generated-By',
)

Message = tuple[str, str | tuple[str, ...], list[str], str | None]
"""Where, the text or its two forms, comments, context."""


def templates() -> dict[str, Catalog]:
    """Domain → what the sources say at this moment."""
    found = {PAGES: _of_templates(), SCRIPTS: _of_scripts(), SENTENCES: _of_server()}
    return {domain: _catalog(messages) for domain, messages in found.items()}


def languages() -> list[str]:
    """Names of the languages that somebody translates to."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def translation(language: str, domain: str) -> Catalog:
    """The catalogue as it is in the repository."""
    with _po(language, domain).open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def as_text(catalog: Catalog) -> bytes:
    """The form in which a catalogue is kept: file names without lines, which would change with every commit."""
    written = BytesIO()
    write_po(written, catalog, width=110, include_lineno=False, include_previous=True)
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(UNKEPT_HEADERS))


def _po(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def _catalog(messages: Iterable[Message]) -> Catalog:
    catalog = Catalog(project="flasknb", fuzzy=False, charset="utf-8")
    catalog.header_comment = "# Made by `make messages` from the sources: not to be edited."
    for where, text, comments, context in sorted(messages, key=lambda one: (one[0], str(one[1]))):
        catalog.add(text, locations=[(where, None)], auto_comments=comments, context=context)
    return catalog


def _of_templates() -> Iterator[Message]:
    for path in sorted((PACKAGE / "templates").glob("*.html")):
        yield from _extracted(path, "jinja2.ext:babel_extract", {"extensions": "jinja2.ext.i18n"})


def _of_scripts() -> Iterator[Message]:
    for path in sorted(SOURCES.rglob("*.ts")):
        yield from _extracted(path, "javascript", {"parse_template_string": "true"})


def _extracted(path: Path, method: str, options: dict[str, str]) -> Iterator[Message]:
    where = path.relative_to(REPO).as_posix()
    with path.open("rb") as file:
        found = extract(method, file, KEYWORDS, [COMMENT_TAG], options, strip_comment_tags=True)
        yield from ((where, text, comments, context) for _line, text, comments, context in found if text)


def _of_server() -> Iterator[Message]:
    where = "flasknb/conversion/formats.py"
    yield from ((where, label, [], None) for _name, label in USUAL_FORMATS)
    where = "flasknb/blueprints/errors.py"
    yield from ((where, status.phrase, [], None) for status in HTTPStatus if status >= 400)
    known: dict[tuple[str, ...], str] = {}  # one message where only the names of its placeholders differ
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] not in OWN_TALK:
            where = path.relative_to(REPO).as_posix()
            for text in sentences_in(path.read_text("utf-8")):
                yield where, known.setdefault(pattern_of(text).literals, text), [], None


def sentences_in(source: str) -> list[str]:
    """Patterns of the sentences in Python ``source``: first arguments of errors, and what is marked as a sentence."""
    tree = ast.parse(source)
    constants = {
        target.id: _unwrapped(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and (_is_error(node) or _name(node) in MARKS):
            found += [_pattern(text, constants) for text in _texts(node.args[0], constants)]
    return sorted({text for text in found if _says_something(text)})


def _is_error(call: ast.Call) -> bool:
    from flasknb import errors

    kind = getattr(errors, _name(call), None)
    return isinstance(kind, type) and issubclass(kind, errors.FlasknbError)


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        name = call.func.id
        return "" if hasattr(builtins, name) else name
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _texts(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[ast.expr]:
    node = _unwrapped(node)
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body, constants)
        yield from _texts(node.orelse, constants)
    elif isinstance(node, ast.Name) and node.id in constants and not isinstance(constants[node.id], ast.Name):
        yield from _texts(constants[node.id], constants)
    elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node


def _unwrapped(node: ast.expr) -> ast.expr:
    """What is inside ``sentence(…)``."""
    return node.args[0] if isinstance(node, ast.Call) and _name(node) in MARKS and node.args else node


def _pattern(node: ast.expr, constants: dict[str, ast.expr]) -> str:
    pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
    used: dict[str, int] = {}
    text = ""
    for piece in pieces:
        constant = _constant(piece, constants)
        if constant is None:
            name = _placeholder(piece)
            used[name] = used.get(name, 0) + 1
            text += f"%({name}{used[name] if used[name] > 1 else ''})s"
        else:
            text += constant.replace("%", "%%")
    return text


def _constant(piece: ast.expr, constants: dict[str, ast.expr]) -> str | None:
    """The text of a literal, and of a module's text constant that stands in an f-string."""
    if isinstance(piece, ast.FormattedValue) and isinstance(piece.value, ast.Name):
        piece = constants.get(piece.value.id, piece)
    return piece.value if isinstance(piece, ast.Constant) and isinstance(piece.value, str) else None


def _placeholder(piece: ast.expr) -> str:
    """The last name in ``{shown(api_path)!r}``: what a translator should know it by."""
    inside = piece.value if isinstance(piece, ast.FormattedValue) else piece
    if isinstance(inside, ast.BoolOp):
        inside = inside.values[0]
    names = [
        (node.attr if isinstance(node, ast.Attribute) else node.id)
        for node in ast.walk(inside)
        if isinstance(node, ast.Attribute | ast.Name)
    ]
    words = [node.value for node in ast.walk(inside) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    word = next((word for word in words if word.isidentifier()), None)
    name = word or next((name for name in names if name not in ("shown", "type", "str", "_kind")), "value")
    return re.sub(r"\W", "", name).lower().strip("_") or "value"


def _says_something(text: str) -> bool:
    """Not what is all placeholders: any sentence would fit it."""
    return len(re.sub(r"%\(\w+\)s|\W", "", text)) >= LEAST_LITERAL_CHARS


def main() -> None:
    """Write the templates and bring every language up to them."""
    for domain, template in templates().items():
        (LOCALE / f"{domain}.pot").write_bytes(as_text(template))
        for language in languages():
            path = _po(language, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalog = translation(language, domain) if path.exists() else Catalog(locale=language, domain=domain)
            catalog.update(template, no_fuzzy_matching=False, update_creation_date=False)
            catalog.fuzzy = False
            catalog.header_comment = f"# flasknb in the language {language}, part {domain}."
            path.write_bytes(as_text(catalog))
            waiting = sum(
                1
                for one in catalog
                if one.id and (one.fuzzy or not all(one.string if one.pluralizable else (one.string,)))
            )
            print(f"{language} {domain}: {len(catalog)} messages, {waiting} to be translated")


if __name__ == "__main__":
    main()
