"""Who may talk to the server, from which sites, and with which secrets."""

from __future__ import annotations

import re
from typing import Any

from traitlets import Bool, Bytes, HasTraits, Int, List, TraitError, Type, Unicode, validate

MAX_BODY_BYTES = 512 * 1024 * 1024


class Access(HasTraits):
    """Options of the door."""

    allow_origin = Unicode("", help="Origin that may use the API from another site; * for all.").tag(config=True)
    allow_origin_pat = Unicode("", help="Regular expression for such origins; must match the whole origin.").tag(
        config=True
    )
    allow_credentials = Bool(False, help="Let those origins send cookies; not together with *.").tag(config=True)
    disable_check_xsrf = Bool(False, help="Accept writes without the _xsrf value. Unsafe.").tag(config=True)
    authenticate_prometheus = Bool(True, help="Ask for a login at /metrics.").tag(config=True)
    max_body_size = Int(MAX_BODY_BYTES, min=0, help="Largest request body, bytes.").tag(config=True)
    cookie_secret = Bytes(b"", help="Secret that signs cookies; empty: read from cookie_secret_file.").tag(config=True)
    cookie_secret_file = Unicode(
        "", help="File of that secret, one per line, newest last. Default: jupyter_cookie_secret in the runtime folder."
    ).tag(config=True)
    extra_log_scrub_param_keys = List(
        Unicode(), help="Further words: a query parameter whose name contains one is hidden in the log."
    ).tag(config=True)
    nbconvert_csp_sandbox = Bool(
        True, help="Keep converted notebooks in a browser sandbox, without access to the server."
    ).tag(config=True)
    identity_provider_class = Type(
        "flasknb.auth.identity.PasswordIdentityProvider",
        klass=object,
        help="Identity provider: a subclass of ours, or a class with get_user(handler), sync or async.",
    ).tag(config=True)
    authorizer_class = Type(
        "flasknb.auth.authorizer.AllowAllAuthorizer",
        klass=object,
        help="Authorizer: is_authorized(user, action, resource), or with a handler in front; sync or async.",
    ).tag(config=True)

    @validate("allow_origin_pat")
    def _compiles(self, proposal: dict[str, Any]) -> str:
        try:
            re.compile(proposal["value"])
        except re.error as error:
            raise TraitError(f"allow_origin_pat is no regular expression: {error}") from error
        return str(proposal["value"])
