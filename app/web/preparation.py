"""Exams are read, and their pages cut, before the first student opens one: neither is done in a moment."""

import gc
import logging
from threading import Event, Thread

from app.exams.large_pages import use_large_pages
from app.services.library import Exams
from app.store import queries
from app.store.database import Store
from app.web.papers import Papers

log = logging.getLogger(__name__)


class Preparation:
    """A thread beside the first requests after a start: saves that come again after a break need not wait for it."""

    def __init__(self, store: Store, exams: Exams, papers: Papers) -> None:
        self._store = store
        self._exams = exams
        self._papers = papers
        self._thread = Thread(target=self._prepare, name="preparation", daemon=True)
        self._ended = Event()

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Until all is prepared."""
        self._thread.join()

    def stop(self) -> None:
        """After the version that is being prepared."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def of(self, version_id: int) -> None:
        """Prepare one version; at once if that has been done."""
        with self._store.read() as db:
            exam = self._exams.of(db, version_id)
        self._papers.prepare(exam, version_id)

    def _prepare(self) -> None:
        try:
            with self._store.read() as db:
                versions = queries.versions_in_use(db)
            for version_id in versions:
                if self._ended.is_set():
                    return
                self.of(version_id)
            use_large_pages()  # and no search for garbage: as at the start with all that was there then
            gc.freeze()
        except Exception as error:  # whoever opens the page meets the same fault, and is told of it
            log.warning("an exam could not be prepared", exc_info=error)
