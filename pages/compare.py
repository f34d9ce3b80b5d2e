"""Which of two models is better, by how much, and on which images?"""

import streamlit as st

from dashboard import cached, controls, filters, gallery, memory, opening, say, sharing, words
from dashboard.charts import compare as charts
from dashboard.drawing import draw
from dashboard.names import as_text, plain
from dashboard.panels import Finished, panel
from engine import comparison
from engine.comparison import CHANGES, Paired
from engine.digits import noun as noun_of
from engine.models import MODELS
from engine.risk_coverage import MODEL_SHARES, model_table, risk_coverage
from engine.wording import PER_CENT

PER_PAGE = 18
BOOK = ("L1 mean", "L2 mean")  # the first pair of models to look at
DEFAULTS = {"compare_show": CHANGES[0], "compare_page": 1}
POINTS = {"change": "points", "low": "points low", "high": "points high"}  # as the table has them
ORDERS = {"fixed": "margin", "broken": "margin", "both right": "margin", "both wrong": "gap"}

subset = (*filters.ALL_NAMES, filters.COMPARED)
asked = opening.asked_for("compare_to", *DEFAULTS, *subset)
before = opening.open_study()
digits, palette = before.digits, controls.theme()
noun = noun_of(before.classes)
first = opening.name_of(before)
models = [*MODELS, *opening.own_studies(digits)]
others = [name for name in models if name != first]
default = next(name for name in reversed(BOOK) if name != first)
memory.restore(**DEFAULTS)
memory.restore(compare_to=default)
memory.reset_unless("compare_to", lambda name: name in others, default)
with st.container(horizontal=True, vertical_alignment="bottom"):
    second = st.selectbox(
        f"{plain(first)} (the model in the sidebar) against",
        others,
        index=others.index(default),
        key="compare_to",
        bind="query-params",
        width=340,
    )
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen = filters.filters(before, filters.COMPARED, "all")
    st.button("Clear filters", key="compare_clear", on_click=filters.clear, type="tertiary")
after = opening.named_study(digits, second)
second = opening.name_of(after)
memory.remember("compare_to", *DEFAULTS)
filters.say_what_was_ignored(asked, st.session_state)

compared = comparison.compare(before, after)[chosen.mask(before.table)]
if compared.empty:
    st.info("No test image fits these filters. Clear them, or let one of them go, to see more.")
    raise Finished
if len(compared) < len(before.table):
    some = say.images.selection(len(compared), len(before.table), chosen, noun)
    st.caption(f"Compared are, by what {plain(first)} answers: {some}")
paired = Paired.of(compared)
st.markdown(say.models.paired(paired, plain(first), plain(second), chosen.by_answer))

with panel("The four groups"):
    boxes = st.container(horizontal=True)
    counts = compared["change"].value_counts().reindex(CHANGES, fill_value=0)
    for change, meaning in say.models.changes(plain(first), plain(second)).items():
        boxes.metric(
            change.capitalize(),
            f"{counts[change]:,}",
            words.share(counts[change], paired.images),
            delta_arrow="off",
            delta_color="off",
            help=f"{meaning}. In brackets the 95{PER_CENT} interval of the share.",
            width=150,
        )


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
    memory.reset_unless("compare_page", lambda page: page <= n_pages, 1)
    page = st.pagination(n_pages, key="compare_page", bind="query-params") if n_pages > 1 else 1
    memory.remember(*DEFAULTS)
    shown = rows.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    if which == "fixed":  # shown with the answer they were saved from
        shown = shown.assign(predicted=shown["was"], right=False)
    st.caption(say.models.shown_as(which, plain(first), plain(second)))
    model = first if which == "fixed" else second
    gallery.gallery(
        shown,
        digits.testing,
        palette,
        key="compare_gallery",
        label=f"Test images that are {which}",
        on_open=lambda index: filters.open_image(index, model=model),
        by=ORDERS[which],
    )


images()

tabs = (f"Per {noun}", "Difference of the matrices", "All models")
memory.restore(compare_tab=tabs[0])
memory.reset_unless("compare_tab", lambda tab: tab in tabs, tabs[0])
per_digit, matrix, every = st.tabs(
    tabs,
    key="compare_tab",
    on_change="rerun",
    bind="query-params",
)
memory.remember("compare_tab")
if per_digit.open:
    with per_digit, panel(tabs[0]):
        changes = comparison.changes_by_digit(compared)
        draw(
            cached.chart(charts.change_chart, changes, palette, of=digits),
            alt=f"Change of each {noun}'s recall from {first} to {second}: "
            + ", ".join(
                f"{r.digit} {words.minus(f'{r.change:+.1%}')}" for r in changes.itertuples()
            ),
        )
        whose = {"right before": f"right: {first}", "right after": f"right: {second}"}
        told = changes.rename(columns=POINTS | whose | {"digit": noun})
        told[list(POINTS.values())] *= 100
        st.caption(
            "The change of each recall is in percentage points, with the ends of its "
            f"95{PER_CENT} interval."
        )
        controls.table(
            told, f"Fixed and broken per {noun}", signed=dict.fromkeys(POINTS.values(), "+.1f")
        )
        controls.csv_button(told, "digitscope-changes.csv")
if matrix.open:
    with matrix, panel("Difference of the matrices"):
        draw(
            cached.chart(
                charts.difference_chart,
                comparison.matrix_difference(compared, before.classes),
                before.classes,
                palette,
                of=digits,
            ),
            alt=f"Confusion matrix of {second} minus that of {first}. "
            + as_text(say.models.paired(paired, first, second, chosen.by_answer)),
        )
if every.open:
    with every, panel("All models"):
        waiting = [name for name in MODELS if not cached.ready(digits, name)]
        if waiting:
            st.markdown(
                f"Not fitted on these data yet: {', '.join(waiting)}. All of them take about a "
                "minute on MNIST, once."
            )
            if st.button("Fit them now", key="compare_fit"):
                for name in waiting:
                    opening.fitted(digits, name)
                st.rerun()
        studies = {name: cached.study(digits, name) for name in MODELS if name not in waiting}
        studies |= opening.own_studies(digits)
        curves = {name: risk_coverage(study.table) for name, study in studies.items()}
        table = model_table(studies, curves)
        draw(
            charts.coverage_chart(curves, palette),
            alt="Accuracy against the share of images kept by margin. All of them: "
            + ", ".join(f"{row.model} {row.accuracy:.1%}" for row in table.itertuples()),
        )
        controls.table(table, "All models on all test images", MODEL_SHARES)
        controls.csv_button(table, "digitscope-models.csv")

sharing.link_here()
