"""Nobody who opens an exam waits for its page to be cut: that was done before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.store.database import Store
from app.web.papers import OwnWork
from app.web.site import Site
from tests import factories


def test_after_a_start_what_can_be_opened_is_ready(sqlite_url: str, tmp_path: Path) -> None:
    store = Store(sqlite_url)
    store.open()
    being_sat = factories.published(store, "As it was").id
    factories.started(store, factories.user(store), datetime.now(UTC))
    nobody_sits_it = factories.published(store, "As it was meant").id
    newest = factories.published(store, "As it is").id
    store.close()

    app = create_app(Settings(database_url=sqlite_url, directory=tmp_path))
    with TestClient(app):
        site: Site = app.state.site
        site.preparation.wait()

        assert is_ready(site, newest)
        assert is_ready(site, being_sat)
        assert not is_ready(site, nobody_sits_it)


def test_a_look_at_the_start_page_makes_a_new_version_ready(sqlite_url: str, tmp_path: Path) -> None:
    app = create_app(Settings(database_url=sqlite_url, directory=tmp_path))
    with TestClient(app) as client:
        site: Site = app.state.site
        version = factories.published(site.store).id
        now = datetime.now(UTC)
        client.cookies.set("endterm", factories.token(site.store, factories.user(site.store), now))

        assert not is_ready(site, version)
        assert client.get("/exams/small").status_code == 200
        assert is_ready(site, version)


def is_ready(site: Site, version_id: int) -> bool:
    """Whether a student's page comes without reading or cutting anything."""
    now = datetime.now(UTC)
    own = OwnWork("public", "account", now, now + timedelta(minutes=90), "token", {})
    return site.papers.remembered_page(version_id, own) is not None
