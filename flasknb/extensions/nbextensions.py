"""Installs and removes nbextensions: files, folders, archives and downloads, in one of the places Jupyter looks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flasknb.extensions.archives import Archive, is_archive
from flasknb.extensions.copying import Report, copy_newer, link, remove
from flasknb.extensions.locations import checked_name
from flasknb.extensions.problems import UnusableExtension

DOWNLOAD_TIMEOUT_S = 30.0
MAX_DOWNLOAD_BYTES = 256 * 1024 * 1024
CHUNK_BYTES = 64 * 1024


def install(
    what: str,
    nbextensions_dir: Path,
    report: Report,
    *,
    destination: str = "",
    overwrite: bool = False,
    symlink: bool = False,
) -> Path:
    """Install a file, a folder, an archive, or what a URL leads to.

    Args:
        destination: name inside ``nbextensions_dir``; default: that of ``what``. Archives are unpacked as they are.

    Returns:
        What was installed; for an archive the folder with all nbextensions.

    Raises:
        UnusableExtension: there is no such thing, it is harmful, or its place is taken.
        OSError: the disk refuses.
    """
    is_url = what.startswith(("http://", "https://"))
    name = Path(unquote(urlsplit(what).path)).name if is_url else Path(what).expanduser().absolute().name
    if symlink and (is_url or is_archive(name)):
        raise UnusableExtension("Only a file or a folder on this machine can be linked: leave out --symlink")
    if destination and is_archive(name):
        raise UnusableExtension("An archive is unpacked with the names in it: leave out --destination")
    with _local_file(what, is_url, name) as source:
        if is_archive(name):
            return _unpack(source, nbextensions_dir, report, overwrite)
        target = _inside(nbextensions_dir, checked_name(destination or name, "the name of an nbextension"))
        report(f"Installing {source} -> {target}" if not is_url else f"Installing {what} -> {target}")
        _place(source, target, report, overwrite, symlink)
        return target


def uninstall(name: str, folders: Sequence[Path], report: Report) -> bool:
    """Remove the nbextension ``name`` from every one of ``folders``; whether any had it. Raises UnusableExtension."""
    checked_name(name, "the name of an nbextension")
    removed = [remove(_inside(folder, name), report) for folder in folders]
    return any(removed)


def has_require(require: str, folders: Sequence[Path]) -> bool:
    """Whether a page that asks for ``require`` would get a file."""
    name = f"{require}.js"
    return any((folder / name).is_file() for folder in folders) and ".." not in require.split("/")


def _inside(folder: Path, name: str) -> Path:
    """The place called ``name``. Raises UnusableExtension where a link on the way leads out of ``folder``."""
    place = folder / name
    if not place.parent.resolve().is_relative_to(folder.resolve()):
        raise UnusableExtension(f"{place} is inside a link to {place.parent.resolve()}: remove that link first")
    return place


def _place(source: Path, target: Path, report: Report, overwrite: bool, symlink: bool) -> None:
    if overwrite:
        remove(target, report)
    if symlink:
        link(source, target, report)
    else:
        copy_newer(source, target, report)


def _unpack(archive: Path, nbextensions_dir: Path, report: Report, overwrite: bool) -> Path:
    report(f"Extracting: {archive} -> {nbextensions_dir}")
    with tempfile.TemporaryDirectory(prefix="flasknb-") as folder, Archive(archive) as opened:
        opened.unpack(Path(folder))
        for entry in sorted(Path(folder).iterdir()):
            _place(entry, nbextensions_dir / entry.name, report, overwrite, symlink=False)
    return nbextensions_dir


@contextmanager
def _local_file(what: str, is_url: bool, name: str) -> Iterator[Path]:
    if not is_url:
        source = Path(what).expanduser()
        if not source.exists():
            raise UnusableExtension(f"No such file or directory: {what}")
        yield source.absolute()
        return
    checked_name(name, "the name of a file to download")
    with tempfile.TemporaryDirectory(prefix="flasknb-") as folder:
        path = Path(folder) / name
        _download(what, path)
        yield path


def _download(url: str, path: Path) -> None:
    """Raises UnusableExtension."""
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        with urlopen(url, timeout=DOWNLOAD_TIMEOUT_S) as answer, path.open("wb") as file:  # noqa: S310 - http(s) only
            while chunk := answer.read(CHUNK_BYTES):
                file.write(chunk)
                if file.tell() > MAX_DOWNLOAD_BYTES:
                    raise UnusableExtension(f"{url} is longer than {MAX_DOWNLOAD_BYTES // 1024**2} MB")
    except HTTPError as error:
        with error:  # it is an answer too, with a connection
            raise UnusableExtension(f"{url} cannot be downloaded: {error}") from None
    except (OSError, ValueError) as error:
        raise UnusableExtension(f"{url} cannot be downloaded: {error}") from error
