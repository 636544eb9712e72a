"""What pages have told of the documents of one kernel's sessions: which bytes they know, and up to which message."""

from __future__ import annotations

from collections import OrderedDict

from flasknb.kernel_bridge.executions import KnownDocument

DOCUMENTS_KNOWN = 64


class KnownDocuments:
    """The newest word about each session's document. Event loop only."""

    def __init__(self) -> None:
        self._by_session: OrderedDict[str, KnownDocument] = OrderedDict()

    def get(self, session_id: str) -> KnownDocument | None:
        """What is known of the document of this session."""
        return self._by_session.get(session_id)

    def note(self, session_id: str, content_hash: str, *, seq: int | None, saved_ms: int) -> None:
        """A page knows the document of this session with these bytes, see ``KnownDocument``."""
        before = self._by_session.get(session_id)
        if seq is None and before is not None and before.content_hash == content_hash:
            return  # it has been read again
        self._by_session[session_id] = KnownDocument(content_hash, seq, saved_ms)
        self._by_session.move_to_end(session_id)
        if len(self._by_session) > DOCUMENTS_KNOWN:
            self._by_session.popitem(last=False)
