import datetime
import html
import html.parser
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.datasets.dataset import Dataset, Split
from engine.evaluation.annotations import Mark
from engine.evaluation.evaluation import Evaluation, evaluate
from engine.evaluation.external_predictions import evaluate_predictions, read_predictions
from engine.evaluation.metrics import per_digit
from engine.report.conclusion import conclusion
from engine.report.errors import Opened, report
from engine.runtime.limits import MAX_REPORT_IMAGES

NOW = datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC)


class Seen(html.parser.HTMLParser):
    """Every address a browser would fetch, every picture's words, and the tags left open."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.addresses, self.alts, self.open = [], [], []
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.addresses += [found[name] for name in ("src", "href") if name in found]
        if tag == "img":
            self.alts.append(found["alt"])
        elif tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def make(evaluation, rows, what="These.", address="http://here/errors?true=2"):
    return report(evaluation, rows, what, address, NOW)


def test_the_report_is_whole_html_and_fetches_nothing(small_evaluation):
    wrong = small_evaluation.table[~small_evaluation.table["right"]]
    seen = Seen(make(small_evaluation, wrong))
    assert seen.open == []
    assert len(seen.addresses) == 10 + min(len(wrong), MAX_REPORT_IMAGES)
    assert all(address.startswith("data:image/png;base64,") for address in seen.addresses)
    assert all(seen.alts)


def test_under_each_image_is_the_number_the_images_are_ordered_by(small_evaluation):
    worst = small_evaluation.table.sort_values("gap", ascending=False).head(3)
    text = report(small_evaluation, worst, "The worst.", "", NOW, by="gap")
    assert "distance to the true class minus distance to the prediction" in text
    under = zip(worst["gap"], worst["index"], strict=True)
    for gap, index in under:
        written = re.search(rf"([\d.]+) · #{index}\b", text)[1]
        assert float(written) == pytest.approx(gap, rel=0.01)
    assert "distance to runner-up minus distance to prediction" in make(small_evaluation, worst)


def test_the_report_has_the_figures_the_names_the_date_and_the_link(small_evaluation):
    text = make(small_evaluation, small_evaluation.table)
    right, images = small_evaluation.n_right, small_evaluation.n_images
    assert f"{right:,} of {images:,} test images are right" in text
    assert "2026-01-02 03:04 UTC" in text
    assert "Embedded digits" in text
    assert "<h1>L1 mean on Embedded digits</h1>" in text
    assert "http://here/errors?true=2" in text
    assert f"The first {MAX_REPORT_IMAGES} are shown." in text
    cells = re.findall(r"<td style=\"background[^>]*>([\d,]*)</td>", text)
    found = np.array([int(cell.replace(",", "") or 0) for cell in cells]).reshape(10, 10)
    assert (found == small_evaluation.counts).all()


def test_text_from_outside_is_shown_as_text(small_evaluation):
    evaluation = replace(
        small_evaluation, dataset=Dataset("<img src=http://x>", *_splits(small_evaluation.dataset))
    )
    text = make(
        evaluation, evaluation.table.head(1), "<script>alert(1)</script>", "http://h/?a=<b>"
    )
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "<img src=http://x>" not in text


def _splits(dataset):
    return dataset.training, dataset.testing


def test_a_view_without_images_or_errors_has_a_report_too(toy):
    counts = np.array([[1, 0], [0, 1]])
    empty = pd.DataFrame(columns=["index", "file", "true", "predicted", "right", "margin"])

    class Fitted:
        classes_, metric, templates_ = np.array([0, 1]), "l1", np.zeros((2, 4))
        unit = "mean absolute difference per pixel"

    from engine.models.registry import MODELS

    evaluation = Evaluation(toy, MODELS["L1 mean"], Fitted(), empty, counts)
    assert per_digit(counts, Fitted.classes_)["recall"].tolist() == [1, 1]
    assert "No test image is wrong." in make(evaluation, empty)


def test_a_class_without_test_images_has_dashes_for_its_rates(small):
    kept = small.testing.labels != 4
    testing = Split(
        *(a[kept] for a in (small.testing.images, small.testing.labels, small.testing.files))
    )
    evaluation = evaluate(replace(small, testing=testing), "L1 mean")
    document = make(evaluation, evaluation.table)
    assert "nan" not in document
    assert '<th scope="row">4</th><td>0</td>\n<td>–</td><td>–</td>' in document


@pytest.mark.parametrize("rows", [0, 1, 61])
def test_it_says_so_when_not_all_images_are_shown(small_evaluation, rows):
    text = make(small_evaluation, small_evaluation.table.head(rows))
    assert ("are shown." in text) == (rows > MAX_REPORT_IMAGES)


def test_it_begins_with_what_the_errors_come_to(small_evaluation):
    text = make(small_evaluation, small_evaluation.table)
    start = text[: text.index("<h2>")]
    for sentence in conclusion(small_evaluation):
        assert html.escape(sentence) in start
    scores = small_evaluation.scores
    surplus = scores["called"] - scores["right"]
    assert f"predicted as {scores['digit'][surplus.argmax()]} ({surplus.max()} of" in start


def test_the_opened_image_has_its_reason_and_marks_have_their_notes(small_evaluation):
    wrong = small_evaluation.table[~small_evaluation.table["right"]]
    one, other = wrong["index"].iloc[0], wrong["index"].iloc[1]
    marks = {int(one): Mark("mislabelled", "looks <like> a 7"), int(other): Mark("ambiguous")}
    opened = Opened(int(one), ("Predicted so & so.", "The template of 1 is nearer."))
    text = report(small_evaluation, wrong, "All.", "", NOW, opened=opened, marks=marks)
    assert Seen(text).open == []
    assert f"Test image {one}</h2>" in text and "Predicted so &amp; so." in text
    assert "The template of 1 is nearer." in text
    assert text.count("looks &lt;like&gt; a 7") == 2
    assert text.count("⚑ mislabelled") == 2 and text.count("⚑ ambiguous") == 1
    assert all(file in text for file in wrong["file"].head(MAX_REPORT_IMAGES))


def test_predictions_without_scores_have_a_report_without_margins(small):
    content = pd.DataFrame({"index": range(599), "predicted": 1}).to_csv(index=False).encode()
    evaluation = evaluate_predictions(small, read_predictions(content, small), "mine")
    text = make(evaluation, evaluation.table)
    assert "nan" not in text and "1 → 1" in text
