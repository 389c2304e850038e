"""The comments part of a worksheet: perfxl's notes added and taken off, what persons wrote left as it is written."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from perfxl.grid.address import Ref, parse_a1
from perfxl.workbooks.marks.model import NOTE_TITLE
from perfxl.workbooks.markup import new_parser, parse, text_element, unescaped
from perfxl.workbooks.splice import Extent, Splice, extent, opened, spliced, start_tag

AUTHOR = NOTE_TITLE

NEW_PART = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{main}"><authors/><commentList/></comments>'


class Run(NamedTuple):
    """A piece of a note's text: its element (a run, or a text without one), its `t`, and what that says."""

    element: Extent
    text_element: Extent
    text: str


class Comment(NamedTuple):
    """A note as it stands in its part."""

    at: Ref
    author: int
    element: Extent
    runs: tuple[Run, ...]
    behind: int  # where another run goes

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join([run.text for run in self.runs])


class Comments(NamedTuple):
    """A comments part as read."""

    data: bytes
    prefix: str
    authors: tuple[str, ...]
    author_elements: tuple[Extent, ...]
    authors_element: Extent
    list_element: Extent
    comments: dict[Ref, Comment]

    def is_thread(self, comment: Comment) -> bool:
        """Whether a note only stands in for a threaded comment, for programs that know none."""
        return comment.author < len(self.authors) and self.authors[comment.author].startswith("tc=")


class NoteEdit(NamedTuple):
    """What is to happen to a note: the spans of its text that go, then the texts that come, each a run of its own."""

    removed: tuple[tuple[int, int], ...] = ()
    added: tuple[str, ...] = ()


def read_comments(data: bytes) -> Comments:
    """Read a comments part, given as UTF-8.

    Raises:
        ValueError: it is not well-formed, or is no comments part.
    """
    prefix = ""
    authors: list[str] = []
    author_elements: list[Extent] = []
    authors_element: Extent | None = None
    list_element: Extent | None = None
    comments: dict[Ref, Comment] = {}
    starts: dict[str, int] = {}
    attrs_of: dict[str, str] = {}
    runs: list[Run] = []
    pieces: list[str] = []
    text_part = Extent(0, 0, 0)
    text = ""
    behind = 0
    in_run = phonetic = False

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal prefix, attrs_of, in_run, phonetic, behind
        if not starts:
            prefix = name[: -len("comments")]
        local = name[len(prefix) :]
        at = parser.CurrentByteIndex
        starts[local] = at
        if local == "comment":
            attrs_of = attrs
            runs.clear()
        elif local == "text":
            behind = 0
        elif local == "r":
            in_run = True
        elif local == "rPh":
            phonetic = True
            behind = behind or at
        elif local in ("t", "author"):
            pieces.clear()

    def end(name: str) -> None:
        nonlocal authors_element, list_element, in_run, phonetic, behind, text_part, text
        local = name[len(prefix) :]
        if local not in ("authors", "author", "commentList", "comment", "text", "r", "t", "rPh"):
            return
        place = extent(data, starts[local], parser.CurrentByteIndex)
        if local == "t" and not phonetic:
            text_part, text = place, unescaped("".join(pieces))
            if not in_run:
                runs.append(Run(place, place, text))
        elif local == "r":
            in_run = False
            if text_part.start > place.start:
                runs.append(Run(place, text_part, text))
        elif local == "rPh":
            phonetic = False
        elif local == "text":
            behind = behind or place.close
        elif local == "comment":
            at = parse_a1(attrs_of["ref"])
            comments[at] = Comment(at, int(attrs_of.get("authorId", "0")), place, tuple(runs), behind)
        elif local == "author":
            authors.append("".join(pieces))
            author_elements.append(place)
        elif local == "authors":
            authors_element = place
        elif local == "commentList":
            list_element = place

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    try:
        parse(parser, data)
    except KeyError as error:
        raise ValueError(f"attribute {error} missing") from error
    if authors_element is None or list_element is None:
        raise ValueError("no authors or no commentList")
    return Comments(
        data, prefix, tuple(authors), tuple(author_elements), authors_element, list_element, comments
    )  # fmt: skip


def edited_comments(found: Comments, edits: Mapping[Ref, NoteEdit]) -> tuple[bytes, list[Ref], list[Ref]]:
    """The part with its notes changed; the cells whose note came in, and those whose note went, both for one that is all new."""
    splices: list[Splice] = []
    new: list[Ref] = []
    gone: list[Ref] = []
    redrawn: list[Ref] = []
    added: list[str] = []
    author = len(found.authors) if AUTHOR not in found.authors else found.authors.index(AUTHOR)
    for at, edit in edits.items():
        comment = found.comments.get(at)
        if comment is None:
            if edit.added:
                new.append(at)
                added.append(_comment(found.prefix, at, author, edit.added))
        else:
            changes = _within(found, comment, edit)
            if changes is None:
                gone.append(at)
                splices.append(Splice(comment.element.start, comment.element.end, b""))
            else:
                splices += changes
                if edit.added and not _without(comment.text, edit.removed).strip():
                    redrawn.append(at)
    splices += _appended(found.data, found.list_element, f"{found.prefix}commentList", "".join(added))
    if added and author == len(found.authors):
        name = f"<{found.prefix}author>{AUTHOR}</{found.prefix}author>"
        splices += _appended(found.data, found.authors_element, f"{found.prefix}authors", name)
    elif not added and author == len(found.authors) - 1:
        used = any(comment.author == author for at, comment in found.comments.items() if at not in gone)
        if not used:  # it is the last one, so that no other number moves
            place = found.author_elements[author]
            splices.append(Splice(place.start, place.end, b""))
    return spliced(found.data, splices), [*new, *redrawn], [*gone, *redrawn]


def _within(found: Comments, comment: Comment, edit: NoteEdit) -> list[Splice] | None:
    """The changes within a note, None where nothing is left of it."""
    splices: list[Splice] = []
    left = ""
    offset = 0
    for run in comment.runs:
        text = _without(run.text, [(start - offset, stop - offset) for start, stop in edit.removed])
        offset += len(run.text)
        left += text
        if text == run.text:
            continue
        place = run.text_element if text else run.element
        new = text_element(found.prefix, text).encode() if text else b""
        splices.append(Splice(place.start, place.end, new))
    if not edit.added and not left.strip():
        return None
    if edit.added:
        runs = _runs(found.prefix, edit.added, "\n" if left.strip() else "")
        splices.append(Splice(comment.behind, comment.behind, runs.encode()))
    return splices


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    kept = []
    at = 0
    for start, stop in sorted(spans):
        start, stop = max(start, at), min(stop, len(text))
        if start < stop:
            kept.append(text[at:start])
            at = stop
    return "".join([*kept, text[at:]])


def _appended(data: bytes, place: Extent, name: str, content: str) -> list[Splice]:
    if not content:
        return []
    if place.is_empty_tag:
        tag = start_tag(data, place.start)
        return [Splice(place.start, place.end, opened(tag) + content.encode() + f"</{name}>".encode())]
    return [Splice(place.close, place.close, content.encode())]


def _comment(prefix: str, at: Ref, author: int, texts: Sequence[str]) -> str:
    runs = _runs(prefix, texts, "")
    return f'<{prefix}comment ref="{at.a1}" authorId="{author}"><{prefix}text>{runs}</{prefix}text></{prefix}comment>'


# The first line stands out; the record below is small and grey: it is for programs.
_FONTS = (
    '<{p}b/><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="宋体"/><{p}family val="3"/><{p}charset val="134"/>',
    '<{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="宋体"/><{p}family val="3"/><{p}charset val="134"/>',
    '<{p}sz val="6"/><{p}color rgb="FFA6A6A6"/><{p}rFont val="宋体"/><{p}family val="3"/><{p}charset val="134"/>',
)


def _runs(prefix: str, texts: Sequence[str], before: str) -> str:
    """A run for each of title, text and record."""
    runs = []
    for number, (font, text) in enumerate(zip(_FONTS, texts, strict=True)):
        shown = (before if number == 0 else "\n") + text
        look = font.replace("{p}", prefix)
        runs.append(f"<{prefix}r><{prefix}rPr>{look}</{prefix}rPr>{text_element(prefix, shown)}</{prefix}r>")
    return "".join(runs)
