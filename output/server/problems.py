"""What is answered when a request cannot be: problem details (RFC 9457) as JSON."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response


class ProblemError(Exception):
    """A request that is refused; `status` is the HTTP status, the message says what is wrong and what to do."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more

    def response(self) -> Response:
        """Return the problem as an HTTP response."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": _clean(self.detail),
            **self.more,
        }
        return Response(
            json.dumps(body, ensure_ascii=False) + "\n",
            self.status,
            headers={**self.headers, "Cache-Control": "no-store"},
            media_type="application/problem+json",
        )


def _clean(text: str) -> str:
    """Return a text that UTF-8 can hold, of moderate length."""
    return text[:2000].encode("utf-8", "replace").decode("utf-8")
