"""Which of two models is better, by how much, and on which images?"""

import streamlit as st

from dashboard import text
from dashboard.charting import comparison as comparison_charts
from dashboard.charting.render import draw
from dashboard.components import gallery
from dashboard.services import charts, evaluations
from dashboard.session import url_state
from dashboard.text import numbers
from dashboard.text.markdown import as_text, plain
from dashboard.views import dataset_and_model
from dashboard.widgets import clicks, filters, inputs, sharing
from dashboard.widgets.panel import Finished, panel
from engine.datasets.dataset import class_noun as noun_of
from engine.evaluation import comparison
from engine.evaluation.comparison import CHANGES, Paired
from engine.evaluation.risk_coverage import MODEL_SHARES, model_table, risk_coverage
from engine.io.numbers import PER_CENT, minus, percent
from engine.models.registry import MODELS

PER_PAGE = 18
BOOK = ("L1 mean", "L2 mean")  # the first pair of models to look at
DEFAULTS = {"compare_show": CHANGES[0], "compare_page": 1}
POINTS = {"change": "points", "low": "points low", "high": "points high"}  # as the table has them
ORDERS = {"fixed": "margin", "broken": "margin", "both right": "margin", "both wrong": "gap"}

subset = (*filters.ALL_NAMES, filters.COMPARED)
asked = dataset_and_model.asked_for("compare_to", *DEFAULTS, *subset)
before = dataset_and_model.open_evaluation()
dataset, palette = before.dataset, inputs.theme()
class_noun = noun_of(before.classes)
first = dataset_and_model.name_of(before)
models = [*MODELS, *dataset_and_model.own_evaluations(dataset)]
others = [name for name in models if name != first]
default = next(name for name in reversed(BOOK) if name != first)
url_state.restore(**DEFAULTS)
url_state.restore(compare_to=default)
url_state.reset_unless("compare_to", lambda name: name in others, default)
with st.container(horizontal=True, vertical_alignment="bottom"):
    second = st.selectbox(
        f"{plain(first)} (the model in the sidebar) against",
        others,
        index=others.index(default),
        key="compare_to",
        bind="query-params",
        width=340,
    )
after = dataset_and_model.named_evaluation(dataset, second)
second = dataset_and_model.name_of(after)
if before.is_partial or after.is_partial:
    before, after = before.on(after.table["index"]), after.on(before.table["index"])
    if before.table.empty:
        st.info("The two have no test image in common, so there is nothing to compare.")
        raise Finished
    st.caption(f"Compared are the images that both have judged: {numbers.judged_on(before)}.")
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = filters.filters(before, filters.COMPARED, "all")
    st.button("Clear filters", key="compare_clear", on_click=filters.clear, type="tertiary")
url_state.remember("compare_to", *DEFAULTS)
filters.say_what_was_ignored(asked, st.session_state)

compared = comparison.compare(before, after)[chosen.mask(before.table)]
if compared.empty:
    st.info("No test image fits these filters. Clear them, or let one of them go, to see more.")
    raise Finished
if len(compared) < len(before.table):
    some = text.images.selection(len(compared), len(before.table), chosen, class_noun)
    st.caption(f"Compared are, by what {plain(first)} answers: {some}")
paired = Paired.of(compared)
st.markdown(text.comparison.paired(paired, plain(first), plain(second), chosen.by_answer))

with panel("The four groups"):
    boxes = st.container(horizontal=True)
    counts = compared["change"].value_counts().reindex(CHANGES, fill_value=0)
    for change, meaning in text.comparison.changes(plain(first), plain(second)).items():
        boxes.metric(
            change.capitalize(),
            f"{counts[change]:,}",
            numbers.share(counts[change], paired.images),
            delta_arrow="off",
            delta_color="off",
            help=f"{meaning}. In brackets the 95{PER_CENT} interval of the share.",
            width=150,
        )


def to_cell() -> None:
    """A click in the difference of the matrices opens what the second model answers so."""
    cell = clicks.picked("difference", "cell")
    if cell:
        clicks.renew("difference")
        url_state.go("errors", **filters.only(model=second, answers="all", **cell))


@st.fragment
def images() -> None:
    """The images of one of the four groups; choosing another runs this part of the page only."""
    if "go_to" in st.session_state:
        st.rerun()  # an opened image leads to another page, which this part alone cannot open
    with panel("The images"):
        show_group()


def show_group() -> None:
    """The choice of a group and its images, page by page."""
    which = st.segmented_control(
        "Images that are",
        CHANGES,
        default=CHANGES[0],
        required=True,
        key="compare_show",
        bind="query-params",
    )
    rows = compared[compared["change"] == which]
    if rows.empty:
        st.info(f"No test image is {which}.")
        return
    rows = rows.sort_values(ORDERS[which], ascending=False, kind="stable")
    n_pages = -(-len(rows) // PER_PAGE)
    url_state.reset_unless("compare_page", lambda page: page <= n_pages, 1)
    page = st.pagination(n_pages, key="compare_page", bind="query-params") if n_pages > 1 else 1
    url_state.remember(*DEFAULTS)
    shown = rows.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    if which == "fixed":  # shown with the answer they were saved from
        shown = shown.assign(predicted=shown["was"], right=False)
    st.caption(text.comparison.shown_as(which, plain(first), plain(second)))
    model = first if which == "fixed" else second
    gallery.gallery(
        shown,
        dataset.testing,
        palette,
        key="compare_gallery",
        label=f"Test images that are {which}",
        on_open=lambda index: filters.open_image(index, model=model),
        by=ORDERS[which],
    )


images()

tabs = (f"Per {class_noun}", "Difference of the matrices", "All models")
url_state.restore(compare_tab=tabs[0])
url_state.reset_unless("compare_tab", lambda tab: tab in tabs, tabs[0])
per_digit, matrix, every = st.tabs(
    tabs,
    key="compare_tab",
    on_change="rerun",
    bind="query-params",
)
url_state.remember("compare_tab")
if per_digit.open:
    with per_digit, panel(tabs[0]):
        changes = comparison.changes_by_digit(compared)
        draw(
            charts.chart(comparison_charts.change_chart, changes, palette, of=dataset),
            alt=f"Change of each {class_noun}'s recall from {first} to {second}: "
            + ", ".join(f"{r.digit} {minus(f'{r.change:+.1%}')}" for r in changes.itertuples()),
        )
        whose = {"right before": f"right: {first}", "right after": f"right: {second}"}
        told = changes.rename(columns=POINTS | whose | {"digit": class_noun})
        told[list(POINTS.values())] *= 100
        st.caption(
            "The change of each recall is in percentage points, with the ends of its "
            f"95{PER_CENT} interval."
        )
        inputs.table(
            told,
            f"Fixed and broken per {class_noun}",
            signed=dict.fromkeys(POINTS.values(), "+.1f"),
        )
        inputs.csv_button(told, "digitscope-changes.csv")
if matrix.open:
    with matrix, panel("Difference of the matrices"):
        draw(
            charts.chart(
                comparison_charts.difference_chart,
                comparison.matrix_difference(compared, before.classes),
                before.classes,
                palette,
                of=dataset,
            ),
            key=clicks.key_of("difference"),
            on_select=to_cell,
            alt=f"Confusion matrix of {second} minus that of {first}. "
            + as_text(text.comparison.paired(paired, first, second, chosen.by_answer)),
        )
if every.open:
    with every, panel("All models"):
        waiting = [name for name in MODELS if not evaluations.ready(dataset, name)]
        if waiting:
            st.markdown(
                f"Not fitted on these data yet: {', '.join(waiting)}. All of them take about a "
                "minute on MNIST, once."
            )
            if st.button("Fit them now", key="compare_fit"):
                for name in waiting:
                    dataset_and_model.fitted(dataset, name)
                st.rerun()
        judged = {
            name: evaluations.evaluation(dataset, name) for name in MODELS if name not in waiting
        }
        judged |= dataset_and_model.own_evaluations(dataset)
        if before.is_partial:
            judged = {
                n: some
                for n, one in judged.items()
                if (some := one.on(before.table["index"])).n_images
            }
        curves = {name: risk_coverage(evaluation.table) for name, evaluation in judged.items()}
        table = model_table(judged, curves)
        draw(
            comparison_charts.coverage_chart(curves, palette),
            alt="Accuracy against the share of images kept by margin. All of them: "
            + ", ".join(f"{row.model} {percent(row.accuracy, 1)}" for row in table.itertuples()),
        )
        inputs.table(
            table,
            f"All models on the {numbers.count(before.n_images, 'test image')} compared",
            MODEL_SHARES,
        )
        inputs.csv_button(table, "digitscope-models.csv")

sharing.link_here()
