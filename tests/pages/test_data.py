"""The data page: predictions are taken or refused in words, and stay with their viewer."""

import io
import re
import zipfile

import numpy as np
import pandas as pd
import pytest

from dashboard.server.gc_freeze import freeze_again
from dashboard.services.stores import PerDataset
from dashboard.session import keys, uploads
from engine.datasets.mnist.load import store_folder
from engine.evaluation.evaluation import evaluate
from engine.evaluation.external_predictions import sample_csv
from engine.evaluation.filters import attribute_of
from engine.runtime.lru_cache import LruCache
from engine.runtime.memory_budget import Budget
from tests.engine.importers.test_load import as_gzipped_idx, photographs, zipped
from tests.pages.test_pages import PAGES, said


def upload(app, content, name="mine.csv"):
    return field(app, "data_predictions").set_value((name, content, "text/csv")).run()


def field(app, name):
    """The uploader of that name; its key changes after every file."""
    return next(one for one in app.file_uploader if one.key.startswith(name))


def on_page(app, page):
    app.switch_page(f"../pages/{page}.py")
    return app.run()


@pytest.fixture(scope="module")
def content(small):
    return sample_csv(evaluate(small, "L2 mean"))


def test_a_sample_that_is_uploaded_becomes_a_model_with_the_same_figures(visit, small, content):
    app = upload(visit("data"), content)
    assert not app.exception
    right = evaluate(small, "L2 mean").n_right
    assert f"Predictions mine**: {right} of 599 test images are right" in said(app)
    assert "Predictions mine" in app.selectbox(key="model").options
    assert "Taken as Predictions mine" in app.success[0].value
    app.button(key="data_predictions_open").click().run()
    assert app.selectbox(key="model").value == "Predictions mine"


@pytest.mark.parametrize("scores", [True, False])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_with_predictions_alone(visit, small, page, scores):
    if scores:
        content = sample_csv(evaluate(small, "L2 mean"))
    else:
        answers = np.arange(len(small.testing)) % 10
        table = pd.DataFrame({"file": small.testing.files, "predicted": answers})
        content = table.to_csv(index=False).encode()
    app = upload(visit("data"), content)
    app.selectbox(key="model").set_value("Predictions mine").run()
    app = on_page(app, page)
    assert not app.exception
    if page != "playground":  # which has no model
        assert app.selectbox(key="model").value == "Predictions mine"


@pytest.mark.parametrize("page", PAGES)
def test_predictions_without_scores_have_no_ranks_and_no_margins(visit, small, page):
    answers = (small.testing.labels + (np.arange(len(small.testing)) % 3 == 0)) % 10
    table = pd.DataFrame({"index": range(len(answers)), "predicted": answers})
    app = upload(visit("data"), table.to_csv(index=False).encode())
    app.selectbox(key="model").set_value("Predictions mine").run()
    app = on_page(app, page)
    assert not app.exception and not app.error
    keys = {one.key for one in [*app.radio, *app.selectbox, *app.slider]}
    assert not keys & {"rank", "margins"}
    assert not re.search(r"\bnan\b", said(app))
    if page == "errors":
        orders = app.selectbox(key="sort").options
        assert [one for one in orders if not attribute_of(one)] == ["index", "random"]
        assert (
            f"Predicted {answers[0]}**, without scores. **True: {small.testing.labels[0]}**"
            in said(app)
        )


def test_two_viewers_uploads_never_meet(visit, small, content):
    other = pd.DataFrame({"index": range(599), "predicted": small.testing.labels})
    one = upload(visit("data"), content)
    two = upload(visit("data"), other.to_csv(index=False).encode())
    three = visit("data")
    assert "599 of 599 test images are right" in said(two)
    assert "599 of 599" not in said(one.run())
    assert "Predictions mine" not in three.selectbox(key="model").options


def test_what_is_refused_is_said_and_what_was_there_stays(visit, content):
    app = upload(visit("data"), content)
    app = upload(app, b"index;predicted\n0;12\n", "![x](http://e.org).csv")
    assert not app.exception
    assert "1 prediction is wrong" in app.error[0].value
    assert "Predictions mine" in app.selectbox(key="model").options
    app = upload(app, content.replace(b"\n1,", b"\n1000000,", 1), "other.csv")
    assert "other.csv: 1 index is wrong" in app.error[0].value.replace("\\", "")
    assert "line 3: '1000000' is not known" in app.code[0].value


def test_a_second_file_of_the_same_name_gets_a_name_of_its_own(visit, small, content):
    app = upload(visit("data"), content)
    app = upload(app, sample_csv(evaluate(small, "L1 median")))
    names = [name for name in app.selectbox(key="model").options if "mine" in name]
    assert len(names) == 2 and names[1].startswith("Predictions mine ")


def test_removed_predictions_are_gone_and_the_sidebar_falls_back(visit, content):
    app = upload(visit("data"), content)
    app.selectbox(key="model").set_value("Predictions mine").run()
    app.button(key="data_remove_Predictions mine").click().run()
    assert not app.exception
    assert app.selectbox(key="model").value == "L1 mean"
    assert not app.session_state[keys.PREDICTIONS]


def test_predictions_can_be_compared_with_a_model(visit, small, content):
    app = upload(visit("data"), content)
    app = on_page(app, "compare")
    app.selectbox(key="compare_to").set_value("Predictions mine").run()
    assert not app.exception
    assert "**Predictions mine**" in said(app)


def test_a_link_to_someone_elses_predictions_opens_on_the_first_model(visit):
    app = visit("overview", model="Predictions mine")
    assert not app.exception
    assert app.selectbox(key="model").value == "L1 mean"


def upload_images(app, content, name="shapes.zip"):
    return field(app, "data_images").set_value([(name, content, "application/zip")]).run()


@pytest.mark.parametrize("model", ["L1 mean", "L2 mean", "Logistic", "5 neighbours"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_for_colour_images_with_named_classes(visit, page, model):
    app = upload_images(visit("data"), zipped(photographs()))
    app.selectbox(key="data").set_value("My shapes").run()
    app.selectbox(key="model").set_value(model).run()
    assert "Kreis groß" in said(app)
    app = on_page(app, page)
    assert not app.exception
    if page != "playground":
        assert app.selectbox(key="data").value == "My shapes"


def test_a_hundred_long_names_are_enough_for_no_page_to_fail(visit):
    random = np.random.default_rng(0)
    file, names = io.BytesIO(), [f"class {n:02d} with a rather long name" for n in range(100)]
    images = random.integers(0, 256, (600, 9, 9), dtype=np.uint8)
    images[:, [0, -1]] = 0
    np.savez_compressed(file, images=images, labels=np.repeat(names, 6))
    app = upload_images(visit("data"), file.getvalue(), "hundred.npz")
    app.button(key="data_images_open").click().run()
    for page in PAGES:
        app = on_page(app, page)
        assert not app.exception and not app.error
    app = on_page(app, "errors")
    app.selectbox(key="against").set_value(names[7]).run()
    assert f"and not {names[7]}?" in said(app)


def test_two_classes_are_enough_for_every_page(visit):
    files = {path: content for path, content in photographs().items() if "bar" not in path}
    app = upload_images(visit("data"), zipped(files))
    app.selectbox(key="data").set_value("My shapes").run()
    for page in PAGES:
        app = on_page(app, page)
        assert not app.exception


def test_the_errors_page_names_the_class_of_each_image(visit):
    app = upload_images(visit("data"), zipped(photographs()))
    app.selectbox(key="data").set_value("My shapes").run()
    app = on_page(app, "errors")
    app.radio(key="answers").set_value("all").run()
    app.radio(key="true").set_value("cross").run()
    assert "on images of cross" in said(app)
    assert "**Predicted cross**" in said(app)


def test_bad_images_are_refused_and_the_open_data_stay(visit):
    app = upload_images(visit("data"), b"PK and nothing")
    assert not app.exception
    assert "damaged or cut short" in app.error[0].value
    assert app.selectbox(key="data").value == "Embedded"
    assert app.selectbox(key="data").options == ["MNIST", "Embedded"]


def test_the_open_button_shows_the_data_that_were_just_brought(visit):
    app = upload_images(visit("data"), zipped(photographs()))
    app.button(key="data_images_open").click().run()
    assert app.selectbox(key="data").value == "My shapes"
    assert "Kreis groß" in said(app)


def loose(dataset):
    """The four IDX files of a dataset, each by itself, as an uploader takes them."""
    with zipfile.ZipFile(io.BytesIO(as_gzipped_idx(dataset))) as archive:
        return [(n, archive.read(n), "application/gzip") for n in archive.namelist()]


def test_the_four_idx_files_are_taken_at_once_and_wait_for_each_other(visit, small):
    files, app = loose(small), visit("data")
    app = field(app, "data_images").set_value(files[:3]).run()
    assert "Add t10k-labels-idx1-ubyte to make the set whole" in app.info[0].value.replace("\\", "")
    assert "A file shown in red" in app.info[0].value  # which the server never sees
    assert not app.error and app.selectbox(key="data").options == ["MNIST", "Embedded"]
    app = field(app, "data_images").set_value(files).run()
    assert not app.exception
    app.button(key="data_images_open").click().run()
    right = evaluate(small, "L1 mean").n_right
    assert f"{right} of 599 test images" in said(on_page(app, "overview"))


def test_files_that_make_no_set_are_refused_in_one_sentence(visit, small):
    files = loose(small)
    more = ("more-" + files[0][0], files[0][1], "")
    app = field(visit("data"), "data_images").set_value([*files, more]).run()
    assert not app.exception
    assert "both train images" in app.error[0].value.replace("\\", "")


def test_an_uploads_bytes_are_let_go_once_they_are_read(visit, monkeypatch):
    freed = []
    name = "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager.remove_file"
    monkeypatch.setattr(name, lambda self, session_id, file_id: freed.append(file_id))
    app = upload_images(visit("data"), zipped(photographs()))
    upload_images(app, b"PK and nothing")
    assert len(freed) == 2


def test_what_all_viewers_bring_is_bounded_and_freed_when_it_is_removed(visit, monkeypatch):
    content = zipped(photographs())
    one = upload_images(visit("data"), content)
    size = one.session_state[keys.DATASETS]["My shapes"].nbytes
    budget = Budget(round(1.5 * size))
    monkeypatch.setattr(uploads, "BUDGET", budget)
    one = upload_images(one, content, "again.zip")
    two = upload_images(visit("data"), content)
    assert "this server keeps for what its viewers bring" in two.error[0].value
    assert two.selectbox(key="data").value == "Embedded"
    one.selectbox(key="data").set_value("My again").run()
    for model in ("L2 mean", "5 neighbours"):
        one.selectbox(key="model").set_value(model).run()
    one = on_page(one, "training")
    one.button(key="train").click().run()
    assert one.session_state[keys.TRAINING].job.ended(within_s=60)
    assert "My templates" in one.run().selectbox(key="model").options
    for page in PAGES:
        one = on_page(one, page)
    one = on_page(one, "data")
    one.button(key="data_drop_My again").click().run()
    assert "My templates" not in one.run().selectbox(key="model").options
    freeze_again()  # as the server does now and then
    assert budget.held == 0
    assert "Taken as" in upload_images(two, content).success[0].value


def test_a_viewers_own_data_leave_nothing_in_the_local_store(visit):
    app = upload_images(visit("data"), zipped(photographs()))
    app.button(key="data_images_open").click().run()
    app.selectbox(key="model").set_value("Logistic").run()
    key = app.session_state[keys.DATASETS]["My shapes"].key
    assert "Logistic" in app.selectbox(key="model").value
    assert not list(store_folder().rglob(f"{key}*"))


def test_near_duplicates_are_looked_for_on_request_and_shown_in_pairs(visit, monkeypatch):
    monkeypatch.setattr("dashboard.services.datasets._searches", PerDataset("none yet", 2))
    app = visit("data")
    assert "within" not in said(app)
    app.button(key="data_near").click().run()
    assert not app.exception
    assert "within 15\u00a0%" in said(app)
    app.select_slider(key="data_apart").set_value(30).run()
    assert "have a training image within 30\u00a0%" in said(app)
    assert len(app.dataframe) >= 2
    other = visit("data")  # what one viewer asked for is there for all
    assert "within 15\u00a0%" in said(other)


def test_the_page_says_what_was_done_to_images_as_they_were_read(visit):
    files = photographs() | {"notes.txt": b"hello"}
    app = upload_images(visit("data"), zipped(files))
    app.button(key="data_images_open").click().run()
    text = said(app).replace("\\", "")
    assert "They came in" in text and "of others (rows × columns, in pixels)" in text
    assert "60 of 60 are in colour" in text
    assert "12 of 60, as near to a fifth of each class as can be, are held out" in text
    assert "dark on bright paper" in text
    assert "notes.txt: " in app.code[0].value


def test_removed_data_fall_back_to_the_first_set(visit):
    app = upload_images(visit("data"), zipped(photographs()))
    app.button(key="data_drop_My shapes").click().run()
    assert not app.exception
    assert "My shapes" not in app.selectbox(key="data").options


@pytest.fixture
def named(monkeypatch, tmp_path):
    """A server that was started with two datasets, one of them no dataset."""
    (tmp_path / "shapes.zip").write_bytes(zipped(photographs()))
    (tmp_path / "bad.csv").write_text("a,b")
    monkeypatch.setattr("sys.argv", ["Home.py", "--data", str(tmp_path / "shapes.zip")])
    monkeypatch.setenv("DIGITSCOPE_DATA", str(tmp_path / "bad.csv"))
    monkeypatch.setattr("dashboard.services.datasets._loads", LruCache())
    return tmp_path


def test_data_named_by_the_server_are_offered_to_everyone(visit, named):
    app = visit("data", data="Data shapes")
    app.selectbox(key="data").set_value("Data shapes").run()
    assert not app.exception and "Kreis groß" in said(app)
    app.selectbox(key="data").set_value("Data bad").run()
    assert not app.exception
    reason = app.error[0].value.replace("\\", "")
    assert "because Data bad could not be read: Found 0 label" in reason
    assert str(named) not in reason


def test_named_data_that_are_missing_are_said_without_their_path_and_read_again(visit, named):
    content = (named / "shapes.zip").read_bytes()
    (named / "shapes.zip").unlink()
    app = visit("data").selectbox(key="data").set_value("Data shapes").run()
    assert not app.exception
    assert "No such file or directory" in app.error[0].value
    assert str(named) not in app.error[0].value.replace("\\", "")
    (named / "shapes.zip").write_bytes(content)
    app.button(key="data_again").click().run()
    assert not app.error and "Kreis groß" in said(app)


@pytest.mark.parametrize("path", ["/etc", "/etc/passwd", "../README.md", "shapes.zip"])
def test_a_viewer_cannot_name_a_path_in_a_link(visit, named, path):
    app = visit("overview", data=path)
    assert not app.exception
    assert app.selectbox(key="data").value == "MNIST"


def test_choices_made_on_other_data_are_let_go(visit):
    app = upload_images(visit("data"), zipped(photographs()))
    app = on_page(app, "errors")
    app.radio(key="true").set_value("8").run()
    app.radio(key="rank").set_value("9").run()
    app = on_page(app, "templates")
    app.selectbox(key="first").set_value("7").run()
    app.selectbox(key="data").set_value("My shapes").run()
    assert not app.exception
    assert app.selectbox(key="first").value in ("Kreis groß", "bar", "cross")
    app = on_page(app, "errors")
    assert (app.radio(key="true").value, app.radio(key="rank").value) == ("any", "any")
    for page in PAGES:
        app = on_page(app, page)
        assert not app.exception
