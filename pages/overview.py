"""How good is this classifier, and where does it fail first?"""

import streamlit as st

from dashboard import cached, controls, opening, pictures, words
from dashboard.charts import scores
from dashboard.drawing import draw
from dashboard.names import as_text
from dashboard.panels import panel
from engine import evaluation
from engine.digits import noun as noun_of

study = opening.open_study()
palette = controls.theme()

with panel("The figures"):
    noun = noun_of(study.classes)
    each = f"Each {noun} has one template. " if study.explains else ""
    st.markdown(
        f"{each}The answer is the {noun} {study.model.rule}. "
        f"On {words.plain(study.digits.name)}, **{words.headline(study.n_right, study.n_images)}**."
    )

    n_wrong = study.n_images - study.n_right
    figures = st.container(horizontal=True)
    figures.metric("Accuracy", words.percent(study.n_right / study.n_images, 2), width=150)
    figures.metric(
        "Errors", f"{n_wrong:,}", help="Test images that are taken for another", width=150
    )
    figures.metric("Training images", f"{len(study.digits.training):,}", width=150)
    known = study.scores.dropna(subset="recall").set_index("digit")["recall"]
    for label, digit in ((f"Easiest {noun}", known.idxmax()), (f"Hardest {noun}", known.idxmin())):
        name, rate = words.plain(digit), words.percent(known[digit])
        short = len(str(digit)) < 6  # enough to stand large
        figures.metric(
            label,
            name if short else rate,
            rate if short else name,
            delta_arrow="off",
            delta_color="off",
            width=150 if short else "content",
        )

left, right = st.columns([3, 2], gap="large")
if study.explains:
    with left, panel("The templates"):
        st.subheader(f"The {len(study.classes)} templates")
        st.html(
            pictures.grid(
                study.templates,
                [str(digit) for digit in study.classes],
                [f"template of {digit}" for digit in study.classes],
                palette,
                most_in_row=5 if len(study.classes) <= 10 else 10,
            )
        )
with left, panel("How often each digit is recognised"):
    draw(
        cached.drawn(
            ("recall", palette.name),
            lambda: scores.rate_bars(
                study.scores,
                "recall",
                f"How often each {noun} is recognised",
                palette,
                reference=study.n_right / study.n_images,
            ),
            study,
        ),
        alt=f"Recall of each {noun}. {as_text(words.best_and_worst(study.scores))}",
    )


def go(label: str, page: str, **choices: str) -> None:
    """A link to the page that shows what the sentence above it says."""
    icon = ":material/arrow_forward:"
    st.page_link(f"../pages/{page}.py", label=label, icon=icon, query_params=choices)


with right, panel("From the figure to its reason"):
    st.subheader("From the figure to its reason")
    st.markdown(words.best_and_worst(study.scores))
    go(f"Which {'digits' if noun == 'digit' else 'classes'} are taken for which", "confusion")
    place = evaluation.sink(study.scores)
    if place is None:
        st.markdown("Every test image is right.")
    else:
        digit = str(study.scores["digit"][place])
        st.markdown(words.sink(study.scores))
        go(f"The images that are wrongly called {words.plain(digit)}", "errors", predicted=digit)
    if study.explains:
        st.markdown(
            "An image is charged for ink that a template has and the image has not. "
            + words.least_ink(study.templates, study.classes, study.counts)
        )
        go("How much ink each template asks for", "templates")
    st.markdown("Squared differences, medians or learned templates judge the same images anew.")
    go("What another model fixes and breaks", "compare")
    st.markdown("Where a better model is sure and yet wrong, the label itself may be wrong.")
    go("The surest errors of 5 neighbours", "errors", model="5 neighbours", sort="most confident")
