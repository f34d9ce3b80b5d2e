"""Datasets that others bring: every format gives the same figures, and bad ones are refused."""

import gzip
import io
import struct
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest
from PIL import Image
from sklearn.neighbors import NearestCentroid

from engine.datasets.dataset import Reason, Skipped
from engine.datasets.labels import class_labels
from engine.evaluation.evaluation import evaluate
from engine.importers.idx import read_idx
from engine.importers.load import read_path, read_upload
from engine.importers.npz import from_npz
from engine.importers.resize import sizes_said
from engine.io.tables import read_npz
from engine.runtime.errors import Refused
from engine.runtime.limits import SERVER, UPLOAD
from tests.support.named import AWKWARD, renamed

SIDES = (("train", "training"), ("t10k", "testing"))


def idx(array):
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(np.uint8).tobytes()


def png(image, form="PNG"):
    file = io.BytesIO()
    Image.fromarray(image).save(file, form)
    return file.getvalue()


def zipped(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_a_file_whose_path_is_too_long_is_skipped_and_makes_no_other_path_longer():
    files = {f"{n % 2}/{n}.png": png(np.eye(9, dtype="u1") * n) for n in range(1, 21)}
    dataset = read_upload(zipped({**files, f"0/{'x' * 60_000}.png": b"y"}), "x")
    assert [(one.file[:3], one.reason) for one in dataset.skipped] == [("0/x", Reason.LONG)]
    assert dataset.training.files.dtype.itemsize < 4 * 200


def as_idx(dataset, pack=lambda content: content, end=""):
    return zipped(
        {
            f"{start}-{what}-idx{n}-ubyte{end}": pack(idx(getattr(getattr(dataset, side), what)))
            for start, side in SIDES
            for what, n in (("images", 3), ("labels", 1))
        }
    )


def as_gzipped_idx(dataset):
    return as_idx(dataset, lambda content: gzip.compress(content, 1), ".gz")


def as_npz(dataset):
    file, (one, other) = io.BytesIO(), (dataset.training, dataset.testing)
    np.savez(file, x_train=one.images, y_train=one.labels, x_test=other.images, y_test=other.labels)
    return file.getvalue()


def as_table(dataset):
    parts = []
    for split, name in ((dataset.training, "training"), (dataset.testing, "testing")):
        flat = split.images.reshape(len(split), -1)
        part = pd.DataFrame(flat, columns=[f"pixel{n}" for n in range(flat.shape[1])])
        parts.append(part.assign(label=split.labels, split=name))
    return pd.concat(parts, ignore_index=True)


def as_csv(dataset):
    return as_table(dataset).to_csv(index=False).encode()


def as_parquet(dataset):
    file = io.BytesIO()
    as_table(dataset).to_parquet(file, index=False)
    return file.getvalue()


def as_tree(dataset):
    return zipped(
        {
            f"set/{name}/{label}/{place:05d}.png": png(image)
            for split, name in ((dataset.training, "train"), (dataset.testing, "test"))
            for place, (image, label) in enumerate(zip(split.images, split.labels, strict=True))
        }
    )


FORMATS = [as_idx, as_gzipped_idx, as_npz, as_csv, as_parquet, as_tree]


def refusal(content, wanted):
    with pytest.raises(Refused) as caught:
        read_upload(content, "bad")
    assert wanted in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_digits_in_every_format_give_the_same_figures(small, small_evaluation, form):
    dataset = read_upload(form(small), "brought")
    for side in ("training", "testing"):
        assert np.array_equal(getattr(dataset, side).images, getattr(small, side).images)
        assert np.array_equal(getattr(dataset, side).labels, getattr(small, side).labels)
    evaluation = evaluate(dataset, "L1 mean")
    pd.testing.assert_frame_equal(
        evaluation.table.drop(columns="file"), small_evaluation.table.drop(columns="file")
    )


def as_large_csv(dataset):
    """As `as_csv`, by a faster writer."""
    file = pa.BufferOutputStream()
    pyarrow.csv.write_csv(pa.Table.from_pandas(as_table(dataset), preserve_index=False), file)
    return file.getvalue().to_pybytes()


@pytest.mark.slow
@pytest.mark.parametrize("form", [as_idx, as_gzipped_idx, as_npz, as_large_csv, as_parquet])
def test_mnist_in_every_format_of_arrays_gives_the_same_figures(
    mnist, mnist_evaluation, tmp_path, form
):
    path = tmp_path / "MNIST"
    path.write_bytes(form(mnist))
    dataset = read_path(path)
    assert dataset.key == mnist.key  # the same images and labels, in the same order
    evaluation = evaluate(dataset, "L1 mean")
    assert evaluation.n_right == 6685
    assert np.array_equal(evaluation.counts, mnist_evaluation.counts)
    assert np.array_equal(evaluation.table["margin"], mnist_evaluation.table["margin"])


def as_folder(root, _):
    return root


def as_zip(root, folder):
    with zipfile.ZipFile(folder / "mnist_png.zip", "w") as archive:
        for path in root.rglob("*.png"):
            archive.write(path, path.relative_to(root.parent))
    return folder / "mnist_png.zip"


@pytest.mark.slow
@pytest.mark.parametrize("form", [as_folder, as_zip])
def test_mnists_own_files_give_the_same_figures(
    mnist, mnist_home, mnist_evaluation, tmp_path, form
):
    dataset = read_path(form(mnist_home / "data" / "mnist_png", tmp_path))
    assert (len(dataset.training), len(dataset.testing), dataset.skipped) == (60_000, 10_000, ())
    for split, wanted in ((dataset.training, mnist.training), (dataset.testing, mnist.testing)):
        order = {str(name): place for place, name in enumerate(split.files)}
        prefix = "mnist_png/" if form is as_zip else ""
        places = [order[prefix + name] for name in wanted.files.tolist()]
        assert np.array_equal(split.images[places], wanted.images)
        assert np.array_equal(split.labels[places], wanted.labels)
    evaluation = evaluate(dataset, "L1 mean")
    assert evaluation.n_right == 6685
    assert np.array_equal(evaluation.counts, mnist_evaluation.counts)


def photographs():
    """Colour pictures of mixed sizes, dark on bright paper, of three shapes with names."""
    random, files = np.random.default_rng(0), {}
    for name in ("Kreis groß", "cross", "bar"):
        for number in range(20):
            side = int(random.integers(16, 40))
            picture = np.full((side, side + 4, 3), 245, dtype=np.uint8)
            rows, columns = np.indices(picture.shape[:2]) / side - 0.5
            inside = {
                "Kreis groß": np.abs(np.hypot(rows, columns) - 0.3) < 0.08,
                "cross": (np.abs(rows) < 0.08) | (np.abs(columns) < 0.08),
                "bar": np.abs(columns) < 0.15,
            }[name]
            picture[inside] = random.integers(0, 90, 3)
            files[f"{name}/{number}.{'jpg' if number % 2 else 'png'}"] = png(
                picture, "JPEG" if number % 2 else "PNG"
            )
    return files


def test_colour_images_of_mixed_sizes_and_named_classes_are_learned():
    dataset = read_upload(zipped(photographs() | {"notes.txt": b"hello"}), "shapes")
    assert np.unique(dataset.training.labels).tolist() == ["Kreis groß", "bar", "cross"]
    assert (len(dataset.training), len(dataset.testing)) == (48, 12)
    assert np.median(dataset.training.images[:, 0]) < 20  # paper is 0 now, ink bright
    evaluation = evaluate(dataset, "L2 mean")
    assert evaluation.n_right >= 11
    flat = (dataset.training.images / 255).reshape(48, -1)
    judge = NearestCentroid().fit(flat, dataset.training.labels)
    wanted = judge.predict((dataset.testing.images / 255).reshape(12, -1))
    assert evaluation.table["predicted"].tolist() == wanted.tolist()
    assert dataset.skipped == (Skipped("notes.txt", Reason.NO_PICTURE),)


def test_sizes_and_what_was_done_are_said_with_their_counts():
    said = sizes_said(Counter({(28, 28): 40, (30, 20): 3, (9, 9): 2}), (28, 28))
    assert said == [
        "They came in 3 sizes: 40 of 28×28, 3 of 30×20, 2 of 9×9 (rows × columns, in pixels). "
        "5 were scaled to fit 28×28, keeping their proportions, and centred on the grey of their "
        "border."
    ]
    assert sizes_said(Counter({(28, 28): 40}), (28, 28)) == []
    many = sizes_said(Counter({(n, n): 1 for n in range(1, 8)}), (1, 1))[0]
    assert "7 sizes" in many and "1 of 4×4, 3 of others (rows" in many and "6 were scaled" in many


def test_a_photograph_that_was_only_turned_upright_is_not_called_scaled():
    turned = Image.Exif()
    turned[0x0112] = 6
    file = io.BytesIO()
    picture = Image.new("L", (40, 30), 200)
    picture.paste(20, (10, 10, 20, 20))
    picture.save(file, "JPEG", exif=turned)
    dataset = read_upload(
        zipped({f"{c}/{n}.jpg": file.getvalue() for c in "ab" for n in range(5)}), "x"
    )
    assert dataset.size == (40, 30)
    assert not [line for line in dataset.done if "scaled" in line]


@pytest.mark.parametrize("name", ["label", "Label", "CLASS"])
def test_the_labels_of_a_table_are_read_as_they_are_written(name):
    rows = [f"{label},{n},0,0,0" for n, label in enumerate(["01", "1", "1e0"] * 6)]
    content = "\n".join([f"{name},a,b,c,d", *rows]).encode()
    assert np.unique(read_upload(content, "x").training.labels).tolist() == ["01", "1", "1e0"]


def test_the_split_is_stratified_and_always_the_same():
    one, two = (read_upload(zipped(photographs()), "shapes") for _ in range(2))
    assert one.key == two.key
    assert np.unique(one.testing.labels, return_counts=True)[1].tolist() == [4, 4, 4]


def test_colour_arrays_become_grey_as_pillow_has_it():
    colours = np.random.default_rng(0).integers(0, 256, (40, 6, 5, 3), dtype=np.uint8)
    colours[:, 0] = colours[:, -1] = colours[:, :, 0] = colours[:, :, -1] = 0
    dataset = from_npz({"images": colours, "labels": np.arange(40) % 2}, "colours", UPLOAD)
    both = np.concatenate([dataset.training.images, dataset.testing.images])
    wanted = [np.asarray(Image.fromarray(one).convert("L")) for one in colours]
    assert sorted(map(bytes, both)) == sorted(map(bytes, wanted))


def test_class_names_are_numbers_only_if_all_are():
    assert class_labels(["0", "10", "2"]).tolist() == [0, 10, 2]
    assert class_labels(["0", "10", "two"]).tolist() == ["0", "10", "two"]
    assert class_labels(["01", "1"]).tolist() == ["01", "1"]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["a"], "have 1 class;"),
        ([f"c{n}" for n in range(101)], "have 101 classes"),
        (["a", ""], "a name that can be seen"),
        (["a", " \u3000"], "a name that can be seen"),
        (["a", "\u200d"], "a name that can be seen"),
        (["a", "x" * 41], "41 characters; wanted at most 40"),
        (["a", "b\0c"], "character U+0000"),
        (["a", "b\nc"], "character U+000A"),
        (["a", "b\u202ec"], "character U+202E"),
        (["a", "any"], "stands for all classes"),
        (["a", "Any"], "stands for all classes"),
        (["a", " a"], "' a' and 'a'; wanted names that differ"),
        (["b c", "b\u00a0c"], "names that differ"),
        (["b c", "b  c"], "names that differ"),
        (["é", "e\u0301"], "names that differ"),
        (["ab", "a\u200db"], "names that differ"),
    ],
)
def test_classes_that_cannot_be_told_apart_on_the_screen_are_refused(names, wanted):
    with pytest.raises(Refused) as caught:
        class_labels(names)
    assert wanted in str(caught.value)
    assert str(caught.value).isprintable()


def test_any_printable_name_is_a_class_and_is_kept_as_it_is_written():
    names = [*AWKWARD, "x" * 40, "می\u200cشود"]
    assert class_labels(names).tolist() == names
    assert class_labels(["a  b", "c "]).tolist() == ["a b", "c"]
    assert class_labels(["e\u0301", "b"]).tolist() == ["é", "b"]


def test_a_table_whose_classes_look_like_missing_values_keeps_them(small):
    names = ["NA", "nan", "None", "null", "n/a", "-", "True", "1e5", "00", "0"]
    dataset = read_upload(as_csv(renamed(small, names)), "named")
    assert np.unique(dataset.training.labels).tolist() == sorted(names)


@pytest.mark.case(16, 17)
def test_entries_that_lead_astray_are_skipped_by_name(tmp_path):
    files = photographs()
    link = zipfile.ZipInfo("bar/link.png")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO(zipped(files | {"../bar/out.png": b"x", "/etc/bar/x.png": b"x"}))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("__MACOSX/bar/x.png", "x")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("bar/0.png", b"again")
    skipped = read_upload(file.getvalue(), "shapes").skipped
    assert len(skipped) == 5
    wanted = {Reason.LINK, Reason.OUTSIDE, Reason.TWICE, Reason.HIDDEN}
    assert {one.reason for one in skipped} == wanted
    assert not list(Path(tmp_path).iterdir())


def test_links_in_a_folder_are_not_followed(tmp_path):
    root = tmp_path / "data"
    for name, content in photographs().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / "bar" / "link.png").symlink_to("/etc/hostname")
    (root / "loop").symlink_to(root)
    dataset = read_path(root)
    assert dataset.skipped == (Skipped("bar/link.png", Reason.LINK),)


@pytest.mark.case(14, 18)
def test_archives_that_swell_or_hold_too_much_are_refused_before_memory_is_spent():
    bomb = zipped({"a/b.png": b"\0" * 300_000_000})
    many = zipped({f"a/{n}": b"" for n in range(UPLOAD.entries + 1)})
    lying = many.replace(struct.pack("<HH", 20_001, 20_001), struct.pack("<HH", 5, 5))
    flat = {f"{n % 2}/{n}.png": png(np.zeros((2000, 2000), np.uint8)) for n in range(2)}
    flat |= {f"{n % 2}/{n}.png": flat["0/0.png"] for n in range(90)}
    tracemalloc.start()
    refusal(bomb, "more than 100,000,000 bytes")
    refusal(many, "20,001 files; at most 20,000")
    refusal(lying, "more than 20,000 files")
    assert tracemalloc.get_traced_memory()[1] < 60_000_000
    tracemalloc.stop()
    refusal(zipped(flat), "more than 300,000,000 pixels")


def pair(images, labels):
    return zipped(
        {
            f"{start}-{what}-ubyte": content
            for start in ("train", "t10k")
            for what, content in (("images-idx3", images), ("labels-idx1", labels))
        }
    )


IMAGES, LABELS = idx(np.zeros((4, 3, 3))), idx(np.arange(4) % 2)
BAD = {
    "nothing": (zipped({}), "No image was found"),
    "no pictures": (zipped({"a/x.txt": b"x", "b/y.txt": b"y"}), "No image was found in 2 files"),
    "one class": (zipped({f"a/{n}.png": png(np.eye(4, dtype="u1")) for n in range(4)}), "1 class"),
    "cut zip": (zipped({"a/b": b"x" * 99})[:-30], "damaged or cut short"),
    "not a zip": (b"PK and nothing", "damaged or cut short"),
    "idx cut": (pair(IMAGES[:-1], LABELS), "says 4×3×3 = 36 bytes, and 35 follow"),
    "idx lies": (pair(b"\0\0\x08\3" + b"\xff" * 12 + b"x", LABELS), "and 1 follow"),
    "idx of floats": (pair(b"\0\0\x0d\3" + b"x" * 99, LABELS), "begins with 00 00 08"),
    "idx short of labels": (pair(IMAGES, idx(np.arange(3))), "4 images and labels (3,)"),
    "idx without labels": (zipped({"train-images-idx3-ubyte": IMAGES}), "Wanted train-labels-idx1"),
    "csv without label": (b"a,b,c,d\n1,2,3,4\n", "Found 0 label columns and 4 others"),
    "csv not square": (b"label,a,b,c\n1,2,3,4\n", "1 label columns and 3 others"),
    "csv of a million columns": (b"label," + b"1," * 1_000_000, "first line is too long"),
    "csv of text": (b"label,a,b,c,d\n1,x,3,4,5\n", "no number from 0 to 255"),
    "csv too bright": (b"label,a,b,c,d\n1,256,3,4,5\n", "no number from 0 to 255"),
    "csv of fractions": (b"label,a,b,c,d\n1,0.5,3,4,5\n", "a fraction"),
    "binary": (b"\0\1\2\3", "Found 0 label columns"),
    "too large": (b"x" * (UPLOAD.packed + 1), "at most 36,000,000 are taken"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_data_set_is_refused(name):
    refusal(*BAD[name])


@pytest.mark.case(19)
def test_an_encrypted_archive_is_refused():
    content = bytearray(zipped({"a/b.png": b"x"}))
    at = content.rfind(b"PK\1\2")
    content[at + 8] |= 1
    refusal(bytes(content), "encrypted")


def test_a_class_with_one_image_and_one_only_tested_are_refused():
    files = photographs()
    refusal(zipped(files | {"lone/1.png": files["bar/0.png"]}), "'lone' has 1 image")
    split = {
        f"{'test' if n % 4 == 0 else 'train'}/{p}": c for n, (p, c) in enumerate(files.items())
    }
    assert len(read_upload(zipped(split), "split").testing) == 15
    late = split | {"test/late/1.png": files["bar/0.png"]}
    refusal(zipped(late), "'late' is in the test images only")
    refusal(zipped(split | {"bar/x.png": files["bar/0.png"]}), "neither in training nor in testing")


def test_a_gzipped_idx_file_is_unpacked_no_further_than_allowed():
    bomb = gzip.compress(idx(np.zeros((200, 1000, 1000))), 1)
    with pytest.raises(Refused, match="200,000,000 bytes; at most 100,000,000"):
        read_idx(bomb, UPLOAD)
    with pytest.raises(Refused, match="36 bytes, and more follow"):
        read_idx(gzip.compress(IMAGES + b"x"), UPLOAD)
    with pytest.raises(Refused, match="cut short"):
        read_idx(gzip.compress(IMAGES)[:-9], SERVER)


def test_arrays_of_different_length_or_kind_are_refused():
    x, y = np.arange(36, dtype=np.uint8).reshape(4, 3, 3), np.arange(4) % 2
    for arrays, wanted in (
        ({"images": x, "labels": y[:3]}, "4 images and labels"),
        ({"images": x.astype(complex), "labels": y}, "wanted numbers"),
        ({"images": x * 0, "labels": y}, "Every pixel of every image is 0"),
        ({"images": x, "labels": y + 0.5}, "A label is 0.5"),
        ({"pictures": x, "labels": y}, "wanted x_train"),
    ):
        with pytest.raises(Refused, match=wanted):
            from_npz(arrays, "bad", UPLOAD)
    file = io.BytesIO()
    np.savez(file, images=np.array([{}]), labels=y)
    with pytest.raises(Refused, match="numbers or text"):
        read_npz(file.getvalue())
