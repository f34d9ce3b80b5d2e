"""The comparison as a report: the sentence, the lists, the marks, and the CSV of the same rows."""

import datetime
import io

import pandas as pd

from engine.evaluation.annotations import Mark
from engine.evaluation.comparison import compare
from engine.evaluation.evaluation import evaluate
from engine.io.csv_export import csv_bytes
from engine.report.comparison import changed, comparison_report
from engine.runtime.limits import MAX_REPORT_IMAGES
from tests.engine.report.test_errors import Seen

NOW = datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC)
NAMES = "Nearest mean, L1", "<b>mine</b>"


def test_it_names_who_is_better_and_shows_what_is_fixed_and_broken(small, small_evaluation):
    after = evaluate(small, "L2 mean")
    was, now = small_evaluation.table["right"], after.table["right"]
    fixed, broken = after.table["index"][~was & now], after.table["index"][was & ~now]
    marks = {int(broken.iloc[0]): Mark("ambiguous", "=1+1")}
    compared = compare(small_evaluation, after)
    page = comparison_report(NAMES, after, compared, "http://here", NOW, marks=marks)
    seen = Seen(page)
    assert seen.open == [] and all(a.startswith("data:image/png") for a in seen.addresses)
    assert len(seen.addresses) == sum(min(len(x), MAX_REPORT_IMAGES) for x in (fixed, broken))
    assert f"Fixed: {len(fixed)}</h2>" in page and f"Broken: {len(broken)}</h2>" in page
    assert f"gets {was.sum()} right and &lt;b&gt;mine&lt;/b&gt; {now.sum()}" in page
    assert "<b>mine" not in page and "⚑ ambiguous" in page and "=1+1" in page
    assert after.table["file"][broken.index[0]] in page


def test_the_csv_has_the_same_images_with_both_predictions(small, small_evaluation):
    after = evaluate(small, "L2 mean")
    rows = changed(compare(small_evaluation, after))
    table = pd.read_csv(io.BytesIO(csv_bytes(rows)))
    first = small_evaluation.table.set_index("index")["predicted"]
    second = after.table.set_index("index")["predicted"]
    assert table["was"].tolist() == first[table["index"]].tolist()
    assert table["predicted"].tolist() == second[table["index"]].tolist()
    changes = table.groupby("change")["index"].apply(set)
    true = after.table.set_index("index")["true"]
    assert changes["fixed"] == {i for i in true.index if first[i] != true[i] == second[i]}
    assert changes["broken"] == {i for i in true.index if first[i] == true[i] != second[i]}
