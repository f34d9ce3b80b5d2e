"""The label review in a browser: decided by keys, kept through reloads, tabs and servers lost."""

import re
import subprocess
import sys

import numpy as np
import pytest

from engine.label_review.decisions import Decision, Place, Verdict
from engine.label_review.neighbors import neighbor_shares
from engine.label_review.reviewed import reviewed
from engine.label_review.suspects import suspects
from tests.support.browsing import MARKS, Visitor
from tests.support.server import ROOT, serving, wait_until_healthy

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = MARKS
LABELS = "labels?data=Embedded"


def frame(page):
    return page.get_by_role("group", name="Label review")


def decide(page, keys: str) -> None:
    frame(page).focus()
    for key in keys:
        page.keyboard.press(key)


def told(page, said: str) -> None:
    sync_api.expect(page.get_by_text(said, exact=True)).to_be_visible()


@pytest.fixture
def ranked(small):
    return suspects(neighbor_shares(small, "test"), small.testing.labels)


def test_every_key_decides_and_the_next_suspect_is_there_at_once(visitor, ranked):
    page = visitor.open(LABELS)
    counter = frame(page).locator(".count")
    sync_api.expect(counter).to_contain_text(f"Suspect 1 of {len(ranked)} · 0 decided")
    sync_api.expect(counter).to_contain_text(f"test image {ranked['index'][0]}")
    decide(page, "cksnl")
    sync_api.expect(counter).to_contain_text(f"Suspect 6 of {len(ranked)} · 5 decided")
    parts = "1 changed, 1 kept, 1 with several right classes, 1 with no right class"
    told(page, f"5 decisions: {parts}, 1 left for later.")
    decide(page, "u")
    sync_api.expect(counter).to_contain_text(f"Suspect 5 of {len(ranked)} · 4 decided")
    told(page, f"4 decisions: {parts}.")
    visitor.content()


def test_a_digit_changes_to_that_class_and_the_given_one_keeps(visitor, ranked):
    page = visitor.open(LABELS)
    given = str(ranked["given"][0])
    other = next(d for d in "0123456789" if d not in (given, str(ranked["proposed"][0])))
    decide(page, other + str(ranked["given"][1]))
    told(page, "2 decisions: 1 changed, 1 kept.")
    page.get_by_text("All decisions (2)").click()
    frame(page).get_by_role("button", name="← Back").click()
    frame(page).get_by_role("button", name="← Back").click()
    sync_api.expect(frame(page).locator(".decided")).to_have_text(f"Decided: changed to {other}")
    sync_api.expect(frame(page).locator("select")).to_have_value(other)
    visitor.content()


def test_decisions_are_there_after_a_reload_and_gone_once_forgotten(visitor):
    page = visitor.open(LABELS)
    decide(page, "cc")
    page.reload()
    visitor.settle()
    told(page, "2 decisions: 2 changed.")
    page.get_by_role("button", name="Forget all decisions").click()
    told(page, "Nothing is decided yet.")
    page.reload()
    visitor.settle()
    sync_api.expect(frame(page).locator(".count")).to_contain_text("· 0 decided")
    told(page, "Nothing is decided yet.")
    visitor.content()


def test_another_page_and_back_lose_no_decision(visitor):
    page = visitor.open(LABELS)
    decide(page, "c")
    told(page, "1 decision: 1 changed.")
    page.get_by_role("link", name="Errors", exact=True).click()
    visitor.settle()
    page.go_back()
    visitor.settle()
    told(page, "1 decision: 1 changed.")
    sync_api.expect(frame(page).locator(".count")).to_contain_text("Suspect 2 of")
    visitor.content()


def test_applied_decisions_are_a_dataset_of_its_own_on_every_page(visitor, small, ranked):
    page = visitor.open(LABELS)
    decide(page, "c")
    told(page, "1 decision: 1 changed.")
    sync_api.expect(
        page.get_by_text(re.compile("by the labels as given, .* as reviewed"))
    ).to_be_visible()
    page.get_by_role("button", name="Apply to the data").click()
    name = "My Embedded digits, reviewed"
    sync_api.expect(page.get_by_text(f"{name} is in the list of data now")).to_be_visible()
    first = Place("test", int(ranked["index"][0]))
    now = reviewed(small, {first: Decision(Verdict.CHANGE, str(ranked["proposed"][0]))})
    left = suspects(neighbor_shares(now, "test"), now.testing.labels)
    sync_api.expect(page.get_by_text(f"Suspect 1 of {len(left)} ·")).to_be_visible()
    page.get_by_role("link", name="Overview", exact=True).click()
    visitor.settle()
    sync_api.expect(page.get_by_role("combobox", name=re.compile("Data"))).to_have_value(name)
    visitor.content()


def test_corrections_leave_and_come_back_in_a_fresh_browser(visitor, browser, address, tmp_path):
    page = visitor.open(LABELS)
    decide(page, "cn")
    told(page, "2 decisions: 1 changed, 1 with no right class.")
    with page.expect_download() as download:
        page.get_by_role("button", name="corrections.csv").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)
    other = Visitor(browser, address)
    try:
        fresh = other.open(LABELS)
        fresh.locator("input[type=file]").last.set_input_files(tmp_path / "corrections.csv")
        told(fresh, "2 decisions loaded.")
        told(fresh, "2 decisions: 1 changed, 1 with no right class.")
        sync_api.expect(frame(fresh).locator(".count")).to_contain_text("· 2 decided")
        other.content()
    finally:
        other.context.close()


@pytest.mark.slow
def test_a_hundred_suspects_of_mnist_are_decided_by_keys(visitor):
    page = visitor.open("labels?data=MNIST")
    look = page.get_by_role("button", name="Look for suspects")
    # Another test may have asked already; a cold server reads MNIST before it shows either.
    look.or_(frame(page)).first.wait_for(timeout=120_000)
    if look.count():
        look.click()
    frame(page).wait_for(timeout=300_000)
    visitor.settle()
    sync_api.expect(frame(page).locator(".count")).to_contain_text("Suspect 1 of 100 · 0 decided")
    decide(page, "ck" * 50)
    sync_api.expect(frame(page).locator(".count")).to_contain_text("· 100 decided")
    told(page, "100 decisions: 50 changed, 50 kept.")
    shown = page.get_by_text("50 labels changed and 0 images set aside")
    sync_api.expect(shown).to_be_visible()
    visitor.content()


def test_two_tabs_add_to_each_other_and_forget_together(visitor):
    page = visitor.open(LABELS)
    other = visitor.context.new_page()
    other.goto(page.url)
    sync_api.expect(frame(other).locator(".count")).to_contain_text("· 0 decided")
    page.bring_to_front()
    decide(page, "c")
    sync_api.expect(frame(other).locator(".count")).to_contain_text("· 1 decided")
    other.bring_to_front()
    frame(other).get_by_role("button", name="Next →").click()
    decide(other, "n")
    parts = "1 changed, 1 with no right class"
    for one in (page, other):
        told(one, f"2 decisions: {parts}.")
    other.get_by_role("button", name="Forget all decisions").click()
    for one in (page, other):
        told(one, "Nothing is decided yet.")
    visitor.content()


def test_a_visit_that_begins_elsewhere_knows_of_the_decisions(visitor):
    page = visitor.open(LABELS)
    decide(page, "cn")
    told(page, "2 decisions: 1 changed, 1 with no right class.")
    page = visitor.open("data?data=Embedded&part=Project")
    waiting = "By the labels as given: your 2 decisions on the page Labels wait to be applied."
    sync_api.expect(page.get_by_text(waiting)).to_be_attached()
    visitor.content()


@pytest.fixture
def doubted(tmp_path, small):
    """A file of the embedded digits in which 40 test labels are false."""
    labels = small.testing.labels.copy()
    labels[:40] = (labels[:40] + 1) % 10
    path = tmp_path / "doubted.npz"
    np.savez(
        path,
        x_train=small.training.images,
        y_train=small.training.labels,
        x_test=small.testing.images,
        y_test=labels,
    )
    return path


@pytest.mark.slow
def test_no_decision_is_lost_when_twenty_tabs_are_killed(browser, tmp_path, doubted):
    """Every time one more, and the tab is gone before the server hears of it."""
    named = ["--", "--data", str(doubted)]
    with serving(options=named, DIGITSCOPE_HOME=str(tmp_path)) as server:
        visitor = Visitor(browser, server.address)
        for n in range(21):
            page = visitor.open("labels?data=Data doubted")
            sync_api.expect(frame(page).locator(".count")).to_contain_text(f"· {n} decided")
            decide(page, "l")
            page.close()
            visitor.page = visitor.context.new_page()
            visitor.page.set_default_timeout(30_000)
        visitor.context.close()


def started_again(server) -> subprocess.Popen:
    """A new process where the killed one listened: the browser's storage belongs to the address."""
    place = ["--server.port", server.address.rsplit(":", 1)[1], "--server.address", "127.0.0.1"]
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "dashboard/Home.py", *place],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_no_decision_is_lost_when_the_server_is_killed(browser, tmp_path):
    with serving(DIGITSCOPE_HOME=str(tmp_path)) as server:
        visitor, running = Visitor(browser, server.address), server.process
        try:
            for n in range(1, 6):
                page = visitor.open(LABELS)
                decide(page, "l")
                running.kill()
                running.wait()
                running = started_again(server)
                wait_until_healthy(type(server)(server.address, running, server.log))
                page = visitor.open(LABELS)
                counter = frame(page).locator(".count")
                sync_api.expect(counter).to_contain_text(f"· {n} decided")
        finally:
            visitor.context.close()
            running.terminate()
            running.wait(20)
