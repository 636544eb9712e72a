"""The file of the user's configuration that keeps a password's hash, chosen by command or in the login form."""

from __future__ import annotations

from pathlib import Path

from flasknb.config.files import BrokenConfigFile
from flasknb.config.json_files import PRIVATE_MODE, read_object, write_object

FILE_NAME = "jupyter_server_config.json"
SECTION, OPTION = "IdentityProvider", "hashed_password"
FOLDER_MODE = 0o700


def keep_hash(config_dir: Path, hashed: str) -> Path:
    """Set the hash in the file, which may hold more, in one step; the file is then 0600. Its path.

    Raises:
        BrokenConfigFile: the file holds something else than options in one JSON object; it is left as it is.
        OSError: the folder cannot be written.
    """
    path = config_dir / FILE_NAME
    content = read_object(path)
    section = content.setdefault(SECTION, {})
    if not isinstance(section, dict):
        raise BrokenConfigFile(f"{path}: {SECTION} is no JSON object; correct the file first, it was left as it is")
    section[OPTION] = hashed
    config_dir.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    write_object(path, content, mode=PRIVATE_MODE)
    return path
