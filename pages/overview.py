"""How good is this classifier, and where does it fail first?"""

import streamlit as st

from dashboard import controls, opening, pictures, words
from dashboard.charts import scores
from dashboard.panels import panel

NEXT = {
    "confusion": "Which digits are taken for which?",
    "errors": "What do the wrong ones look like, and why?",
    "templates": "What is in a template?",
    "compare": "Would another model do better?",
    "classify": "What does it say of my own handwriting?",
    "training": "Can the templates learn to do better?",
    "playground": "How does a model learn by small steps?",
}

study = opening.open_study()
palette = controls.theme()

with panel("The figures"):
    each = "Each digit has one template. " if study.explains else ""
    st.markdown(
        f"{each}The answer is the digit {study.model.rule}. "
        f"On {words.plain(study.digits.name)}, **{words.headline(study.n_right, study.n_images)}**."
    )

    n_wrong = study.n_images - study.n_right
    figures = st.container(horizontal=True)
    figures.metric("Accuracy", words.percent(study.n_right / study.n_images, 2), width=150)
    figures.metric(
        "Errors", f"{n_wrong:,}", help="Test images that are taken for another digit", width=150
    )
    figures.metric("Training images", f"{len(study.digits.training):,}", width=150)
    known = study.scores.dropna(subset="recall").set_index("digit")["recall"]
    for label, digit in (("Easiest digit", known.idxmax()), ("Hardest digit", known.idxmin())):
        figures.metric(
            label,
            f"{digit}",
            words.percent(known[digit]),
            delta_arrow="off",
            delta_color="off",
            width=150,
        )

if study.explains:
    st.subheader(f"The {len(study.classes)} templates")
    with panel("The templates"):
        st.html(
            pictures.grid(
                study.templates,
                [str(digit) for digit in study.classes],
                [f"template of {digit}" for digit in study.classes],
                palette,
            )
        )

left, right = st.columns([3, 2], gap="large")
with left, panel("How often each digit is recognised"):
    st.altair_chart(
        scores.rate_bars(
            study.scores,
            "recall",
            "How often each digit is recognised",
            palette,
            reference=study.n_right / study.n_images,
        ),
        alt=f"Recall of each digit. {words.best_and_worst(study.scores)}",
    )
with right, panel("What stands out"):
    st.subheader("What stands out")
    st.markdown(words.best_and_worst(study.scores))
    st.markdown(words.sink(study.scores) or "Every test image is right.")
with right:
    st.subheader("Where to look next")
    for page, question in NEXT.items():
        st.page_link(
            f"../pages/{page}.py",
            label=question,
            icon=":material/arrow_forward:",
        )
