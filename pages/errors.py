"""What do the wrong ones look like, and what was each of them close to?"""

import streamlit as st

from dashboard import controls, gallery, opening, pictures, words
from dashboard.charts import scores
from engine import evaluation

st.title("What do the wrong ones look like?")
study = opening.open_study()
palette = controls.theme()

digits = ["any", *map(str, study.classes)]
bar = st.container(horizontal=True)
true = bar.selectbox("True digit", digits, key="true", bind="query-params", width=120)
predicted = bar.selectbox(
    "Predicted digit", digits, key="predicted", bind="query-params", width=130
)
answers = bar.selectbox(
    "Answers", ["wrong", "right", "all"], key="answers", bind="query-params", width=120
)
sort = bar.selectbox("Sort by", list(evaluation.SORTS), key="sort", bind="query-params", width=200)
per_page = bar.selectbox("Per page", [24, 48, 96], key="per_page", bind="query-params", width=100)

rows = evaluation.choose(study.table, true, predicted, answers, sort)
st.markdown(words.selection(len(rows), study.table, true, predicted, answers))
if rows.empty:
    st.info("No test image fits these filters. Choose 'any' in one of them to see more.")
    st.stop()


def open_image(index: int) -> None:
    st.session_state["image"] = index


left, right = st.columns([3, 2], gap="large")
n_pages = -(-len(rows) // per_page)
page = left.pagination(n_pages, key="page", bind="query-params") if n_pages > 1 else 1
visible = rows.iloc[(page - 1) * per_page : page * per_page]
chosen = right.number_input(
    "Image (index in the test set)",
    0,
    len(study.table) - 1,
    value=None,
    placeholder="the first one shown",
    key="image",
    bind="query-params",
)
row = visible.iloc[0] if chosen is None else study.table.iloc[chosen]

with left:
    gallery.gallery(
        visible,
        study.digits.testing,
        palette,
        key="errors_gallery",
        label="Test images that fit the filters",
        on_open=open_image,
        chosen=row["index"],
    )
with right:
    picture, facts = st.columns(2)
    image = study.digits.testing.images[row["index"]]
    picture.html(pictures.grid([image], [""], [gallery.alt_text(row)], palette, most_in_row=1))
    with facts:
        verdict = "right" if row["right"] else f"wrong: called {row['predicted']}"
        st.markdown(f"**A {row['true']}, {verdict}**")
        st.markdown(
            f"Margin to the runner-up {words.small(row['margin'])}. The true digit is "
            f"number {row['rank']} of {len(study.classes)}, "
            f"{words.small(row['gap'])} behind the winner."
        )
        st.code(row["file"], language=None)
    distances = row[[f"distance to {digit}" for digit in study.classes]].to_numpy(dtype=float)
    st.altair_chart(
        scores.distance_bars(
            distances,
            study.classes,
            row["true"],
            row["predicted"],
            "mean difference per pixel",
            palette,
        ),
        alt=f"Distances of {gallery.alt_text(row)}, to each template",
    )
