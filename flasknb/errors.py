"""Every error a user of flasknb can meet, and the one table from class to HTTP status.

Service packages raise these; blueprints never catch them (one handler writes the answer). An error also crosses the
bridge as ``(class name, message, fields)`` and comes out as the same class, so constructors take the finished sentence
first and plain JSON values after it.
"""

from __future__ import annotations

from collections.abc import Mapping


def sentence(text: str) -> str:
    """``text`` itself. Marks for translators what reaches a user other than as an argument of an error."""
    return text


class FlasknbError(Exception):
    """A problem with a sentence for the user: what was wrong, with which value, what to do.

    Args:
        message: the sentence; the ``message`` field of the JSON answer.
        reason: short machine-readable cause, the ``reason`` field; also the HTTP reason phrase where a client
            compares it ("bad type", "bad format").
        fields: further JSON fields of the answer (``short_message`` of a session that could not start, ...).
    """

    def __init__(self, message: str, *, reason: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.fields: dict[str, str] = dict(fields or {})


class BadRequest(FlasknbError):
    """The request itself makes no sense: malformed JSON, a missing field, an impossible value."""


class BadPath(FlasknbError):
    """A path that leads out of the root, or that the platform reads as something else than a file."""


class UnusablePath(BadPath):
    """A path no file can have: NUL or control characters, lone surrogates, too long. The client's mistake."""


class EntryMissing(FlasknbError):
    """No such file, folder or checkpoint, or one that is hidden."""


class EntryExists(FlasknbError):
    """The name is taken."""


class EntryChangedOnDisk(FlasknbError):
    """The file differs from the copy the browser is saving. The user decides which one stays."""


class UnreadableNotebook(FlasknbError):
    """The file is no notebook this version can read: not JSON, a future nbformat, binary."""


class NotAllowed(FlasknbError):
    """Known to us, but not allowed: permissions of the disk, the authorizer, a foreign Host."""


class NotLoggedIn(FlasknbError):
    """Nobody, or somebody whose login has ended. Pages answer with the login form instead."""


class WrongCredentials(FlasknbError):
    """A password or token that is not ours."""


class TooManyAttempts(FlasknbError):
    """Too many wrong passwords from one address; ``fields["retry_after"]`` are the seconds to wait."""


class TooLarge(FlasknbError):
    """More bytes than the server accepts."""


class DiskFull(FlasknbError):
    """No space or quota left; the old bytes are intact."""


class SaveFailed(FlasknbError):
    """The disk refused for another reason; the old bytes are intact."""


class KernelMissing(FlasknbError):
    """No kernel of that id."""


class KernelSpecMissing(FlasknbError):
    """No kernel specification of that name."""


class KernelFailed(FlasknbError):
    """The kernel did not start or did not restart; the message ends with the tail of its stderr."""


class OutOfResources(KernelFailed):
    """The machine has no process, memory or descriptor left for it; ``fields["retry_after"]`` are seconds to wait."""


class TooManyKernels(FlasknbError):
    """A limit of kernels or of their starts is reached; ``fields["retry_after"]`` are seconds to wait."""


class KernelIdTaken(FlasknbError):
    """A client asked for a kernel id that is in use."""


class ExecutionMissing(FlasknbError):
    """No execution of that id waits, or ever did."""


class ExecutionBegun(FlasknbError):
    """The execution runs already or is over: it cannot be taken out of the queue any more."""


class KernelDead(FlasknbError):
    """The kernel is there, but dead: nothing can run until it is restarted."""


class QueueOverflow(FlasknbError):
    """So much waits for a kernel that nothing more is taken."""


class SessionMissing(FlasknbError):
    """No session of that id."""


class SessionFailed(FlasknbError):
    """A session could not get its kernel; ``fields["short_message"]`` is the one-line version."""


class KernelGone(FlasknbError):
    """The session is known, its kernel went away on its own."""


class TerminalMissing(FlasknbError):
    """No terminal of that name."""


class TerminalFailed(FlasknbError):
    """A terminal did not start: the system gives no pty, or there is no shell."""


class TooManyTerminals(FlasknbError):
    """The limit of terminals is reached: one has to end first."""


class SidecarUnavailable(FlasknbError):
    """The process that owns the kernels cannot be reached or does not answer in time. Contents still work."""


class GatewayUnavailable(FlasknbError):
    """The remote gateway that runs the kernels cannot be reached, or cannot do it now. Contents still work."""


class GatewayRefused(FlasknbError):
    """The remote gateway does not let this server in, or is no gateway. An administrator can mend it."""


class FrontEndMissing(FlasknbError):
    """The browser side was not built, or not completely. The message names the command that builds it."""


class ConversionFailed(FlasknbError):
    """A notebook could not be converted or bundled; the message is what the converter said."""


class ConversionBusy(FlasknbError):
    """As many conversions are running as may run at once."""


class ClientGone(FlasknbError):
    """Nobody waits for the answer any more. Ends the work; nobody reads the message."""


class NotSupportedHere(FlasknbError):
    """This way of running the server cannot do it; the message says what to do instead."""


HTTP_STATUS: Mapping[type[FlasknbError], int] = {
    BadRequest: 400,
    BadPath: 404,
    UnusablePath: 400,
    EntryMissing: 404,
    EntryExists: 409,
    EntryChangedOnDisk: 409,
    UnreadableNotebook: 400,
    NotAllowed: 403,
    NotLoggedIn: 403,
    WrongCredentials: 401,
    TooManyAttempts: 429,
    TooLarge: 413,
    DiskFull: 507,
    SaveFailed: 500,
    KernelMissing: 404,
    KernelSpecMissing: 404,
    KernelFailed: 500,
    OutOfResources: 503,
    TooManyKernels: 429,
    KernelIdTaken: 409,
    ExecutionMissing: 404,
    ExecutionBegun: 409,
    KernelDead: 409,
    QueueOverflow: 429,
    SessionMissing: 404,
    SessionFailed: 501,
    KernelGone: 410,
    TerminalMissing: 404,
    TerminalFailed: 503,
    TooManyTerminals: 429,
    SidecarUnavailable: 503,
    GatewayUnavailable: 503,
    GatewayRefused: 502,
    FrontEndMissing: 503,
    ConversionFailed: 500,
    ConversionBusy: 503,
    ClientGone: 499,
    NotSupportedHere: 501,
}


def status_of(error: FlasknbError) -> int:
    """HTTP status of ``error``: its class's row, else the nearest base class's, else 500."""
    return next((HTTP_STATUS[base] for base in type(error).__mro__ if base in HTTP_STATUS), 500)
