"""Static files under an address that names their content: browsers keep them for good, and never an old one.

The name is that of the whole folder, so that modules and style sheets reach each other by relative paths.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

FOR_GOOD = "public, max-age=31536000, immutable"


class Static:
    """The files of a folder and the addresses they are served from, as they are when the app starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._version = version_of(folder)

    def url(self, path: str) -> str:
        """The address of a file: `css/base.css` is `/static/9f86d081884c/css/base.css`."""
        return f"/static/{self._version}/{path}"

    def has(self, path: str) -> bool:
        """Whether a file is there; those of other projects may not be."""
        return (self._folder / path).is_file()

    @property
    def stylesheets(self) -> tuple[str, ...]:
        """All style sheets; `layers.css` comes first, because it says which layer counts more."""
        files = sorted(
            (self._folder / "css").rglob("*.css"), key=lambda file: (file.name != "layers.css", file)
        )
        return tuple(file.relative_to(self._folder).as_posix() for file in files)

    def serve(self, app: Starlette) -> None:
        """Serve the folder. A page that was opened before an update still finds its files, as they are now."""
        app.mount("/static/{version}", _Files(self._folder, self._version), name="static")


def version_of(folder: Path) -> str:
    """Twelve hex digits over the names and contents of all files."""
    whole = sha256()
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        whole.update(
            f"{file.relative_to(folder).as_posix()} {sha256(file.read_bytes()).hexdigest()}\n".encode()
        )
    return whole.hexdigest()[:12]


class _Files(StaticFiles):
    def __init__(self, folder: Path, version: str) -> None:
        super().__init__(directory=folder)
        self._version = version

    def file_response(self, full_path: Any, stat_result: Any, scope: Any, status_code: int = 200) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        is_current = scope["path_params"]["version"] == self._version
        response.headers["Cache-Control"] = FOR_GOOD if is_current else "no-cache"
        return response
