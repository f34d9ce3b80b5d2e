"""Classes that came as numbers take names on the Data page, and every page says these."""

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


def test_names_given_again_replace_the_first(visit):
    app = name_them(name_them(visit("data"), "1 Boot"), "Boot Shoe")
    assert not app.error and app.selectbox(key="data").value == "My Embedded digits, named"
    assert app.selectbox(key="data").options.count("My Embedded digits, named") == 1
