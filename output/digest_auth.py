"""The answer to a server that asks for a password by HTTP digest (RFC 7616), as Virtuoso does."""

import hashlib
import re
import secrets

from extract.errors import PlankgError

_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def digest_answer(challenge: str, method: str, path: str, user: str, password: str, *, nonce: str | None = None) -> str:
    """Return the header `Authorization` for a request, from the header `WWW-Authenticate`.

    `path` is the request's path with its query; `nonce` the client's own (a random one).

    Raises PlankgError when the challenge cannot be answered.

    >>> challenge = 'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b", opaque="5ccc"'
    >>> digest_answer(challenge, "GET", "/dir/index.html", "Mufasa", "Circle", nonce="0a4f")[:60]
    'Digest username="Mufasa", realm="testrealm@host.com", nonce='
    """
    asked = {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) or plain for name, quoted, plain in _PARAMETER.findall(challenge)
    }
    algorithm = asked.get("algorithm", "MD5").upper()
    offered = [word.strip() for word in asked.get("qop", "").split(",") if word.strip()]
    if algorithm not in _HASHES or "nonce" not in asked or (offered and "auth" not in offered):
        raise PlankgError(f"the server asks for a password in a way that is not known here: {challenge}")

    def hashed(*parts: str) -> str:
        return _HASHES[algorithm](":".join(parts).encode(), usedforsecurity=False).hexdigest()

    own = nonce or secrets.token_hex(16)
    secret, request = hashed(user, asked.get("realm", ""), password), hashed(method, path)
    fields = {"username": user, "realm": asked.get("realm", ""), "nonce": asked["nonce"], "uri": path}
    if offered:
        count = "00000001"
        fields |= {"response": hashed(secret, asked["nonce"], count, own, "auth", request), "cnonce": own}
    else:
        count = ""
        fields["response"] = hashed(secret, asked["nonce"], request)
    if "opaque" in asked:
        fields["opaque"] = asked["opaque"]
    escaped = {name: re.sub(r'(["\\])', r"\\\1", value) for name, value in fields.items()}
    header = "Digest " + ", ".join(f'{name}="{value}"' for name, value in escaped.items())
    header += f", algorithm={algorithm}" if "algorithm" in asked else ""
    return header + (f", qop=auth, nc={count}" if count else "")
