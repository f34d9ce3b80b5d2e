"""The Classify page without a browser: strokes and files go in, the right words come out."""

import io
import re
import zipfile

import altair as alt
import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.session import keys
from dashboard.views.classify.batch import RATES
from engine.inference.prediction import answer
from engine.inference.rejection import BLANK, REASONS
from engine.io.numbers import small
from engine.models.registry import MODELS
from engine.preprocessing.ink_checks import Rejection
from engine.preprocessing.pipeline import STEPS, prepare
from engine.preprocessing.size_normalization import form_of
from engine.preprocessing.strokes import draw, read_strokes

ZERO = [{"pen": 0.08, "points": [[0.5 + 0.2 * np.cos(t), 0.5 + 0.3 * np.sin(t)]
                                 for t in np.linspace(0, 6.4, 40)]}]  # fmt: skip
ONE = [{"pen": 0.08, "points": [[0.5, 0.1], [0.5, 0.9]]}]
TWO_ZEROS = [
    {"pen": 0.05, "points": [[x / 2 + side, y] for x, y in ZERO[0]["points"]]} for side in (0, 0.5)
]


def strokes(drawing: list) -> dict:
    return {"strokes": [{**one, "points": [list(map(float, p)) for p in one["points"]]}
                        for one in drawing]}  # fmt: skip


def a_zero(dataset):
    """The first test image of a 0."""
    return dataset.testing.images[dataset.testing.labels == 0][0]


@pytest.fixture
def classify(visit):
    """Opens the page on the embedded digits, draws if asked, and gives the app."""

    def open_page(drawing: list | None = None, **params: str) -> AppTest:
        app = visit("classify", **params)
        if drawing is not None:
            app.session_state["classify_pad"] = strokes(drawing)
            app.run()
        assert not app.exception
        return app

    return open_page


def text(app: AppTest) -> str:
    kinds = (app.subheader, app.markdown, app.caption, app.warning, app.info, app.text)
    pages = [element.proto.body for element in app.get("html")]
    return "\n".join([e.value for kind in kinds for e in kind] + pages)


def headline(app: AppTest) -> str:
    (box,) = [e.proto.body for e in app.get("html") if 'role="status"' in e.proto.body]
    return box.split("line-height:0.95")[1].split(">")[1].split("<")[0]


def png(image: np.ndarray, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, kind)
    return file.getvalue()


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader(key="classify_files").set_value([(n, b, "image/png") for n, b in files])
    app.run()
    assert not app.exception
    return app


def test_before_anything_is_drawn_the_page_invites_and_guesses_nothing(classify):
    app = classify()
    assert "Draw one digit on the pad" in text(app)
    assert "the answer</div>" not in text(app)


@pytest.mark.parametrize(("drawing", "digit"), [(ZERO, 0), (ONE, 1)])
def test_a_drawing_is_answered_as_the_engine_answers_it(classify, small_evaluation, drawing, digit):
    app = classify(drawing)
    lines = read_strokes(strokes(drawing)["strokes"])
    form = form_of(small_evaluation.dataset.training.images)
    found = answer(small_evaluation, prepare(draw(lines), form, strokes=lines).image)
    assert headline(app) == str(found.digit) == str(digit)
    assert f"Runner-up {found.order[1]} (+{small(found.margin)})." in text(app)


def test_two_digits_are_refused_until_an_answer_is_wanted_all_the_same(classify):
    app = classify(TWO_ZEROS)
    assert headline(app) == "?" and REASONS[Rejection.SEVERAL] in text(app)
    app.toggle(key="classify_anyway").set_value(True).run()
    assert headline(app) in "0123456789"


def test_is_it_a_seven_is_answered_for_any_digit(classify):
    app = classify(ZERO)
    for digit, word in (
        (0, "**Yes:** 0 is the prediction"),
        (7, "**No:** the prediction is 0; 7 is "),
    ):
        app.button_group(key="classify_asked").set_value(digit).run()
        assert word in text(app)


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        ("L1 mean", "from every template"),
        ("Logistic", "whose answer has 1 − probability above"),
        ("5 neighbours", "whose answer has 1 − share of the votes above"),
    ],
)
def test_the_rules_of_refusal_speak_of_templates_only_where_there_are_some(classify, model, rule):
    (said,) = [e.value for e in classify(ZERO, model=model, classify_tab="Preparation").markdown
               if "No answer is given to" in e.value]  # fmt: skip
    assert rule in said and ("template" in said) == (model == "L1 mean")
    assert "turned away" not in said.replace("is not turned away", "")  # of test images: no limit


@pytest.mark.parametrize("model", list(MODELS))
def test_a_drawing_survives_a_change_of_model(classify, model):
    app = classify(ZERO)
    app.selectbox(key="model").set_value(model).run()
    assert headline(app) == "0"


def test_the_shown_confidence_is_counted_and_has_its_interval(classify):
    said = text(classify(ZERO))
    assert (
        "with a margin like this" in said
        and "training images answered 0" in said
        and "were right" in said
    )
    assert "\u00a0%\u00a0(" in said


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("Why", "is nearer than that of"),
        ("Preparation", "No answer is given to"),
        ("What if", "Nothing is changed yet: the answer is 0"),
        ("Nearest images", "training images nearest to this one are 0s"),
        ("Flip", "is enough, and fewer are not"),
        ("Every model", "models answer 0"),
        ("Score", "the score is kept here"),
    ],
)
def test_every_tab_opens_by_its_link_and_says_its_piece(classify, tab, words):
    app = classify(ZERO, classify_tab=tab)
    assert words in text(app)


def test_every_step_can_be_switched_off(classify):
    app = classify(ZERO, classify_tab="Preparation")
    for step in STEPS:
        app.button_group(key="classify_steps").set_value([s for s in STEPS if s != step]).run()
        assert not app.exception
        assert f"{step}: off" in text(app)


def test_one_uploaded_picture_is_answered(classify, small):
    image = np.kron(a_zero(small), np.ones((12, 12), np.uint8))
    app = upload(classify(classify_from="Upload"), ("zero.png", png(255 - np.pad(image, 20))))
    assert headline(app) == "0"


def test_several_uploads_give_a_table_and_the_first_answer(classify, small):
    good = png(np.pad(np.kron(a_zero(small), np.ones((12, 12), np.uint8)), 20))
    blank = png(np.full((50, 50), 255, np.uint8))
    app = upload(
        classify(classify_from="Upload"), ("bad.png", b"no"), ("blank.png", blank), ("0.png", good)
    )
    table = next(t.value for t in app.dataframe if "file" in t.value)
    assert table["answer"].tolist()[2] == "0"
    (without,) = [m.value for m in app.markdown if m.value.startswith("No answer is given to")]
    refused, blank = without.replace("\\", "").splitlines()[1:]
    assert refused.startswith("- bad.png: This is not a picture")
    assert blank == f"- blank.png: {BLANK}"
    assert headline(app) == "0" and "the answer to 0.png" in text(app)
    (trust,) = [m.value for m in app.markdown if "with a margin like this" in m.value]
    told = [float(rate) for rate in re.findall(r"\*\*([\d.]+)\u00a0%", trust)]
    assert len(told) == 2  # the card says the two rates of the table
    assert told == pytest.approx([table[name][2] for name in RATES], abs=0.5)
    assert (table["so"][2] == "usually wrong") == ("usually wrong" in trust)


@pytest.mark.case(27)
@pytest.mark.parametrize(
    "name", ["![x](http://evil/x.png).png", "<img src=x onerror=alert(1)>.png"]
)
def test_a_hostile_name_is_shown_as_plain_text_only(classify, name):
    app = upload(classify(classify_from="Upload"), (name, b"no"))
    assert [e.value for e in app.text] == [name]
    assert not [e for e in (*app.markdown, *app.caption, *app.warning) if "evil" in e.value]
    assert not [e for e in app.get("html") if "onerror" in e.proto.body]


@pytest.mark.case(13)
def test_more_files_than_are_taken_are_left_out_with_words(classify, small):
    image = png(small.testing.images[0])
    files = [(f"{number}.png", image) for number in range(27)]
    app = upload(classify(classify_from="Upload"), *files)
    assert "The first 24 of 27 files are taken" in text(app)


def test_an_image_of_the_data_set_opens_by_its_link_and_is_not_prepared(classify, small_evaluation):
    wrong = small_evaluation.table[~small_evaluation.table["right"]].iloc[3]
    app = classify(classify_from="Data set", classify_index=str(wrong["index"]))
    assert headline(app) == str(wrong["predicted"])
    assert f"; it is a {wrong['true']}" in text(app)
    assert "Cropped" not in text(app)


@pytest.mark.parametrize("index", ["-1", "99999", "nan", "1e400", "<script>", "", "0.4", "1e-320"])
def test_a_hostile_index_opens_the_first_image(classify, small, index):
    app = classify(classify_from="Data set", classify_index=index)
    assert f"test image 0, a {small.testing.labels[0]}" in text(app)


@pytest.mark.parametrize(
    "params",
    [
        {"classify_from": "Telepathy"}, {"classify_tab": "Nowhere"}, {"classify_asked": "77"},
        {"classify_steps": "Magic"}, {"classify_split": "No images"},
    ],
)  # fmt: skip
def test_unknown_choices_in_a_link_fall_back(classify, params):
    assert headline(classify(ZERO, **params)) == "0"


@pytest.mark.parametrize(
    "state", [{}, {"strokes": None}, {"strokes": "x"}, {"strokes": [{"points": [[9, "a"]]}]}]
)
def test_what_is_no_drawing_is_an_empty_pad(visit, state):
    app = visit("classify")
    app.session_state["classify_pad"] = state
    app.run()
    assert not app.exception and "Draw one digit" in text(app)


def test_it_was_a_keeps_score_and_packs_the_drawings(classify):
    app = classify(ZERO, classify_tab="Score")
    app.button_group(key="classify_true").set_value(3).run()
    assert "**Wrong.** Recorded so far: 0 of 1 right" in text(app)
    app.button_group(key="classify_true").set_value(0).run()
    assert "**Right.** Recorded so far: 1 of 1 right" in text(app)
    app.session_state["classify_pad"] = strokes(ONE)
    app.run()
    assert app.button_group(key="classify_true").value is None
    app.button_group(key="classify_true").set_value(7).run()
    assert "1 of 2 right" in text(app)
    entries = app.session_state[keys.ENTRIES]
    assert [(entry.answer, entry.true) for entry in entries] == [(0, 0), (1, 7)]
    app.button(key="classify_forget").click().run()
    assert app.session_state[keys.ENTRIES] == []


def test_a_pixel_set_in_what_if_changes_the_distances(classify):
    app = classify(ZERO, classify_tab="What if")
    app.session_state["classify_pixels"] = {"pixels": [[index, 255] for index in range(0, 64, 2)]}
    app.run()
    assert "pixels changed the answer is" in text(app)


@pytest.mark.parametrize(
    ("name", "value"),
    [("right", 2.0), ("down", -1.0), ("turn", 30.0), ("size", 0.7), ("weight", 1.0),
     ("weight", -1.0), ("blur", 1.0), ("noise", 0.3)],
)  # fmt: skip
def test_every_slider_of_what_if_changes_the_image_and_can_be_undone(classify, name, value):
    app = classify(ZERO, classify_tab="What if")
    app.slider(key=f"classify_{name}").set_value(value).run()
    assert not app.exception and "changed the answer is" in text(app)
    app.button(key="classify_undo_all").click().run()
    assert not app.exception and "Nothing is changed yet" in text(app)


def test_a_pasted_picture_is_judged_like_an_upload(classify, small):
    import base64

    app = classify(classify_from="Paste")
    image = png(np.pad(np.kron(a_zero(small), np.ones((12, 12), np.uint8)), 20))
    for picture, words in (
        (base64.b64encode(image).decode(), None),
        (base64.b64encode(b"nonsense").decode(), "not a picture"),
        ("no base64!", "empty"),
    ):
        app.session_state["classify_paste"] = {"picture": picture}
        app.run()
        assert not app.exception
        assert words in text(app) if words else headline(app) == "0"


def test_what_is_left_out_of_a_drawing_or_a_paste_is_said(classify):
    app = classify([{"points": [[0.5, 0.5]]}] * 201)
    assert "has 201 strokes and 201 points; of these the first 200 strokes" in text(app)
    app = classify(classify_from="Paste")
    app.session_state["classify_paste"] = {"picture": "A" * 3_000_001}
    assert "has 3,000,001 letters in base64; at most 3,000,000 are taken" in text(app.run())


def test_every_chart_is_valid_and_says_what_it_shows(classify):
    for tab in ("Why", "What if", "Flip"):
        shown = classify(ZERO, classify_tab=tab).get("vega_lite_chart")
        assert len(shown) >= 2
        assert all(len(chart.proto.alt) > 20 for chart in shown)
        assert all(alt.Chart.from_json(chart.proto.spec) for chart in shown)  # else it raises


def test_the_zip_of_the_page_opens(classify):
    app = classify(ZERO, classify_tab="Score")
    app.button_group(key="classify_true").set_value(0).run()
    from engine.inference.feedback import as_zip

    packed = zipfile.ZipFile(io.BytesIO(as_zip(app.session_state[keys.ENTRIES])))
    assert sorted(packed.namelist()) == ["001_true_0.png", "digits.csv"]


def test_an_index_beyond_a_smaller_split_falls_back_instead_of_failing(classify):
    app = classify(classify_from="Data set", classify_split="Training images")
    app.number_input(key="classify_index").set_value(1100.0).run()
    assert "training image 1,100" in text(app)
    app.selectbox(key="classify_split").set_value("Test images").run()
    assert not app.exception
    assert "test image" in text(app)


@pytest.mark.parametrize("value", ["1e400", "nan", "-7e9", "<b>", "1e-320", "", "0.4"])
@pytest.mark.parametrize("name", ["right", "turn", "blur"])
def test_a_hostile_what_if_in_a_link_changes_nothing(classify, name, value):
    link = {f"classify_{name}": value if name != "blur" or value != "0.4" else "0.04"}
    assert "Nothing is changed yet" in text(classify(ZERO, classify_tab="What if", **link))


def test_a_what_if_is_in_its_link(classify):
    app = classify(ZERO, classify_tab="What if", classify_right="2", classify_blur="0.5")
    assert "pixels changed the answer is" in text(app)
    assert app.slider(key="classify_right").value == 2
