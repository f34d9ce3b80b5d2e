"""Which digits are taken for which, and how sure is each rate?"""

import streamlit as st

from dashboard import controls, gallery, opening, words
from dashboard.charts import confusion, scores
from engine import evaluation

SHOW = {"Counts": "count", "% of true": "true", "% of predicted": "predicted"}
SHOWN_AT_ONCE = 12

st.title("Which digits are taken for which?")
study = opening.open_study()
palette = controls.theme()
st.markdown(f"{words.headline(study.n_right, study.n_images)}. {words.sink(study.scores)}")

left, right = st.columns([3, 2], gap="large")
with left:
    bar = st.container(horizontal=True, vertical_alignment="center")
    shown = bar.segmented_control(
        "Cells show",
        list(SHOW),
        default="Counts",
        required=True,
        key="cells",
        bind="query-params",
    )
    hide = bar.toggle("Hide the diagonal", key="errors_only", bind="query-params")
    log = bar.toggle("Log colour", key="log", bind="query-params")
    event = st.altair_chart(
        confusion.matrix_chart(
            study.counts,
            study.classes,
            SHOW[shown],
            hide,
            log,
            palette,
            "True digit (down) against predicted digit (across)",
        ),
        key="matrix",
        on_select="rerun",
        alt=f"Confusion matrix. {words.headline(study.n_right, study.n_images)}. "
        f"{words.sink(study.scores)} The same figures are in the table below.",
    )
with right:
    st.altair_chart(
        scores.rate_bars(
            study.scores,
            "recall",
            "Recall: of a digit's images, how many are called it",
            palette,
            reference=study.n_right / study.n_images,
        ),
        alt=f"Recall of each digit. {words.best_and_worst(study.scores)}",
    )
    st.altair_chart(
        scores.rate_bars(
            study.scores, "precision", "Precision: of what is called it, how many are", palette
        ),
        alt=f"Precision of each digit. {words.sink(study.scores)}",
    )

if "opened" in st.session_state:  # a picture under the matrix was clicked: on to its reasons
    st.switch_page(
        "../pages/errors.py",
        query_params=opening.link_params(image=str(st.session_state.pop("opened"))),
    )

picked = event["selection"].get("cell") or []
if picked:
    true, predicted = int(picked[0]["true"]), int(picked[0]["predicted"])
    st.subheader(f"{true} called {predicted}")
    st.markdown(words.cell(study.counts, study.classes, true, predicted))
    rows = study.table.query("true == @true and predicted == @predicted")
    gallery.gallery(
        rows.sort_values("margin", ascending=False).head(SHOWN_AT_ONCE),
        study.digits.testing,
        palette,
        key="confusion_gallery",
        label=f"Test images of {true} called {predicted}",
        on_open=lambda index: st.session_state.update(opened=index),
    )
    st.page_link(
        "../pages/errors.py",
        label=f"All {words.count(len(rows), 'image')} on the errors page",
        query_params=opening.link_params(true=str(true), predicted=str(predicted), answers="all"),
    )
else:
    st.caption("Click a cell of the matrix to see its images.")

st.subheader("Most confused pairs")
st.dataframe(
    evaluation.most_confused(study.counts, study.classes).head(10),
    hide_index=True,
    column_config={
        "share of true": st.column_config.NumberColumn(format="percent"),
        "share of predicted": st.column_config.NumberColumn(format="percent"),
    },
    alt="The ten most frequent confusions with both shares",
)
st.subheader("Per digit")
shares = [
    name for name in study.scores.columns if name not in ("digit", "images", "right", "called")
]
st.dataframe(
    study.scores,
    hide_index=True,
    column_config={name: st.column_config.NumberColumn(format="percent") for name in shares},
    alt="Precision, recall and F1 of each digit with 95 % intervals",
)
