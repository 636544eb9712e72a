"""A password chosen in the login form: kept in the user's configuration, and known to every worker at once.

The configuration file is what the next start reads. Workers that run look at a file of the instance, which tells which
passwords it replaces: one that was configured anew since then is not among them, and counts.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from flasknb.auth.password_file import OPTION, keep_hash
from flasknb.config.files import BrokenConfigFile
from flasknb.config.json_files import PRIVATE_MODE, read_object, write_object
from flasknb.errors import SaveFailed

log = logging.getLogger(__name__)

NOTE_NAME = "chosen-password.json"
REPLACED_KEPT = 50
Seen = tuple[int, int, int]
NOTHING: Seen = (0, 0, 0)


class ChosenPassword:
    """The hash that counts now. Any thread: a race reads the file twice, nothing worse."""

    def __init__(self, instance_dir: Path, configured: str) -> None:
        """``configured``: the hash that the options hold, ``""`` for none."""
        self._note, self._configured = instance_dir / NOTE_NAME, configured
        self._seen, self._hashed = NOTHING, configured

    def hashed(self) -> str:
        """The hash that counts, chosen here or at another worker."""
        try:
            found = self._note.stat()
        except OSError:
            return self._configured
        seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        if seen != self._seen:
            self._hashed, self._seen = self._read(), seen
        return self._hashed

    def choose(self, hashed: str, config_dir: Path) -> None:
        """Make ``hashed`` the one, from now on and after the next start. Raises SaveFailed; then nothing changes."""
        try:
            keep_hash(config_dir, hashed)
            replaced = [*self._replaced(), _digest(self.hashed())][-REPLACED_KEPT:]
            write_object(self._note, {"replaces": replaced, OPTION: hashed}, mode=PRIVATE_MODE)
        except (OSError, BrokenConfigFile) as error:
            log.error("password cannot be kept reason=%s", error)
            raise SaveFailed(
                "The password cannot be kept in your configuration folder; the server's log says why."
            ) from error

    def _read(self) -> str:
        try:
            note = read_object(self._note)
        except (OSError, BrokenConfigFile) as error:
            log.error("chosen password cannot be read reason=%s", error)
            return self._configured
        replaces, hashed = note.get("replaces"), note.get(OPTION)
        is_ours = isinstance(replaces, list) and _digest(self._configured) in replaces
        return hashed if is_ours and isinstance(hashed, str) else self._configured

    def _replaced(self) -> list[str]:
        replaces = read_object(self._note).get("replaces")
        return [one for one in replaces if isinstance(one, str)] if isinstance(replaces, list) else []


def _digest(hashed: str) -> str:
    return hashlib.sha256(hashed.encode()).hexdigest()
