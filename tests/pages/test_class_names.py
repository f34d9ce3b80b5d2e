"""Classes that came as numbers take names on the Data page, and every page says these."""

import re

import numpy as np
import pytest

from engine.datasets.dataset import Dataset, Split
from tests.pages.test_data import field
from tests.support.named import packed

FASHION = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat"]
FASHION += ["Sandal", "Shirt", "Sneaker", "Bag", "Boot"]


def said(app) -> str:
    kinds = (app.markdown, app.caption, app.error, app.metric, app.subheader)
    return "\n".join(
        f"{one.label if hasattr(one, 'label') else ''}{one.value}" for k in kinds for one in k
    )


def name_them(app, text: str):
    app.text_area(key="class_names").set_value(text)
    return app.button(key="class_names_use").click().run()


def test_named_classes_are_chosen_and_are_no_digits_any_more(visit):
    app = visit("data")
    app = name_them(app, "\n".join(f"{place} {name}" for place, name in enumerate(FASHION)))
    assert not app.exception and not app.error
    assert app.selectbox(key="data").value == "My Embedded digits, named"
    app.switch_page("../pages/overview.py").run()
    assert "digit" not in said(app).replace("Embedded digits", "").lower()
    assert any(name in said(app).replace("\\", "") for name in FASHION)


def test_what_is_no_name_is_said_and_nothing_changes(visit):
    app = name_them(visit("data"), "12 Boot")
    assert "No name was taken" in app.error[0].value and "wanted a class" in app.error[0].value
    assert app.selectbox(key="data").value != "My Embedded digits, named"
    app = name_them(app, "1 Boot")
    assert app.selectbox(key="data").value == "My Embedded digits, named"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"index,predicted\n0,7\n",
            "does not name the classes. Line 1 is 'index,predicted'; wanted",
        ),
        (b"3 Boot\n", ""),
    ],
)
def test_a_file_is_judged_as_it_comes(visit, content, said):
    app = field(visit("data"), "class_names_file").set_value(("x.csv", content, "text/csv")).run()
    if said:
        assert app.error[0].value.replace("\\", "").startswith(f"x.csv {said}")
    else:
        assert not app.error and "names the classes" in app.success[0].value


def test_names_given_again_replace_the_first(visit):
    app = name_them(name_them(visit("data"), "1 Boot"), "Boot Shoe")
    assert not app.error and app.selectbox(key="data").value == "My Embedded digits, named"
    assert app.selectbox(key="data").options.count("My Embedded digits, named") == 1


def garments(small) -> bytes:
    """Ten shapes that are no digits, called 0 to 9, as Fashion-MNIST comes."""
    random = np.random.default_rng(1)
    shapes = random.integers(0, 255, (10, 8, 8))
    splits = [
        Split(
            np.clip(shapes[s.labels] + random.normal(0, 90, s.images.shape), 0, 255).astype("u1"),
            s.labels,
            s.files,
        )
        for s in (small.training, small.testing)
    ]
    return packed(Dataset("garments", *splits))


TITLES = re.compile(r'"(?:title|text|subtitle)": ?"[^"]*\bdigit')


def test_no_page_calls_what_does_not_look_like_digits_so_until_the_viewer_does(visit, small):
    app = visit("data")
    app = field(app, "data_images").set_value([("garments.npz", garments(small), "")]).run()
    app.button(key="data_images_open").click().run()
    for page in ("overview", "confusion", "errors", "templates", "compare", "classify"):
        app.switch_page(f"../pages/{page}.py").run()
        assert not app.exception and not app.error
        assert "digit" not in said(app).lower(), page
        charts = app.get("vega_lite_chart")
        assert not [c.proto.alt for c in charts if "digit" in c.proto.alt], page
        assert not [TITLES.findall(c.proto.spec) for c in charts if TITLES.search(c.proto.spec)]
    app.switch_page("../pages/data.py").run()
    app.button(key="class_names_digits").click().run()
    app.switch_page("../pages/overview.py").run()
    assert not app.exception and "digit has one template" in said(app)
    assert any(TITLES.search(c.proto.spec) for c in app.get("vega_lite_chart"))
