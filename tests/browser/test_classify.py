"""The Classify page in a real Chromium: mouse, finger, keys, files, clipboard and a camera."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.preprocessing.strokes import draw, read_strokes
from tests.support.browsing import CHROMIUM, FLAGS, MARKS, Visitor

pytestmark = MARKS
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)]
CARD = "div[role=status][style]"
TOUCH = {"has_touch": True, "is_mobile": True}


def open_pad(visitor: Visitor, path: str = "classify"):
    shown = visitor.open(path)
    pad = shown.locator(".paper")
    expect(pad).to_be_visible()
    return shown, pad


def draw_with_mouse(shown, pad, points: list) -> None:
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    shown.mouse.move(*places[0])
    shown.mouse.down()
    for place in places[1:]:
        shown.mouse.move(*place, steps=10)
    shown.mouse.up()


def answer_is(shown, digit: str) -> None:
    expect(shown.locator(CARD).first).to_contain_text(digit)


def test_a_seven_drawn_with_the_mouse_is_a_seven(visitor):
    shown, pad = open_pad(visitor)
    draw_with_mouse(shown, pad, SEVEN)
    answer_is(shown, "7")
    expect(shown.locator("iframe")).to_have_count(0)
    visitor.content()


def test_undo_takes_a_stroke_back_and_clear_can_be_undone(visitor):
    shown, pad = open_pad(visitor)
    draw_with_mouse(shown, pad, SEVEN)
    draw_with_mouse(shown, pad, [(0.1, 0.9), (0.9, 0.9)])
    lines = shown.locator(".ink polyline")
    expect(lines).to_have_count(2)
    shown.get_by_role("button", name="Undo").click()
    expect(lines).to_have_count(1)
    answer_is(shown, "7")
    shown.get_by_role("button", name="Clear").click()
    expect(shown.get_by_text("Draw one digit on the pad")).to_be_visible()
    shown.get_by_role("button", name="Undo").click()
    answer_is(shown, "7")
    visitor.content()


def test_a_drawing_survives_another_page_and_another_model(visitor):
    shown, pad = open_pad(visitor)
    draw_with_mouse(shown, pad, SEVEN)
    answer_is(shown, "7")
    shown.get_by_role("link", name="Templates").click()
    visitor.settle()
    shown.get_by_role("link", name="Classify").click()
    visitor.settle()
    expect(shown.locator(".ink polyline")).to_have_count(1)
    answer_is(shown, "7")
    shown.get_by_role("combobox", name="Model").click()
    shown.get_by_role("option", name="L2 mean").click()
    expect(shown.locator(".ink polyline")).to_have_count(1)
    answer_is(shown, "7")
    visitor.content()


def test_a_finger_draws_and_the_page_does_not_scroll_under_it(browser, address):
    visitor = Visitor(browser, address, **TOUCH)
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    try:
        shown, pad = open_pad(visitor)
        box = pad.bounding_box()
        before = shown.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
        touch = shown.context.new_cdp_session(shown)
        places = [(0.5, 0.12), (0.49, 0.3), (0.51, 0.5), (0.5, 0.7), (0.5, 0.9)]
        for kind, place in zip(
            ["touchStart", *["touchMove"] * 4, "touchEnd"], [*places, None], strict=True
        ):
            points = [
                {"x": box["x"] + place[0] * box["width"], "y": box["y"] + place[1] * box["height"]}
            ] if place else []  # fmt: skip
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        answer_is(shown, "1")
        after = shown.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
        assert after == before
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390
        visitor.content()
    finally:
        visitor.context.close()


def test_a_one_is_drawn_with_the_keys_alone(visitor):
    shown, pad = open_pad(visitor)
    pad.focus()
    for key in ["Space", *["ArrowDown"] * 14, "Space"]:
        shown.keyboard.press(key)
    answer_is(shown, "1")
    shown.keyboard.press("Backspace")
    expect(shown.get_by_text("Draw one digit on the pad")).to_be_visible()
    for key in ["Home", "Space", *["PageDown"] * 6, "Enter"]:
        shown.keyboard.press(key)
    expect(shown.locator(".ink polyline")).to_have_count(1)
    shown.keyboard.press("Delete")
    expect(shown.locator(".ink polyline")).to_have_count(0)
    visitor.content()


def seven() -> np.ndarray:
    return draw(read_strokes([{"pen": 0.08, "points": SEVEN}]))


def test_pictures_are_uploaded_and_a_bad_one_is_said_beside_the_good_ones(visitor, tmp_path):
    shown = visitor.open("classify?classify_from=Upload")
    Image.fromarray(255 - seven()).save(tmp_path / "seven.jpg")
    (tmp_path / "![x](http:evil)<b>.png").write_bytes(b"no picture")
    shown.locator("input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    answer_is(shown, "7")
    expect(shown.get_by_text("Choose a row to see its reasons below.")).to_be_visible()
    visitor.content()


def test_a_picture_is_pasted_from_the_clipboard(visitor, tmp_path):
    shown = visitor.open("classify?classify_from=Paste")
    Image.fromarray(255 - seven()).save(tmp_path / "seven.png")
    bytes_of_it = list((tmp_path / "seven.png").read_bytes())
    shown.locator(".box").evaluate(
        """(box, bytes) => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], "x.png", { type: "image/png" }));
            box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files }));
        }""",
        bytes_of_it,
    )
    answer_is(shown, "7")
    visitor.content()


@pytest.fixture
def filmed(browser, tmp_path: Path) -> Iterator:
    """A Chromium whose camera sees a seven: a film of grey paper in raw YUV frames."""
    paper = np.full((480, 640), 190, np.uint8)
    paper[100:380, 180:460] = np.where(seven() > 127, 40, 190)
    film = tmp_path / "seven.y4m"
    colour = np.full(paper.size // 2, 128, np.uint8).tobytes()
    frame = b"FRAME\n" + paper.tobytes() + colour
    film.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + 5 * frame)
    flags = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    camera = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    yield camera
    camera.close()


def test_a_digit_held_before_the_camera_is_answered(filmed, address):
    visitor = Visitor(filmed, address, permissions=["camera"])
    try:
        shown = visitor.open("classify?classify_from=Camera")
        shown.wait_for_function("document.querySelector('video')?.readyState === 4")
        shown.get_by_role("button", name="Take Photo").click()
        answer_is(shown, "7")
        visitor.content()
    finally:
        visitor.context.close()


def test_pixels_drawn_in_what_if_change_the_answer_at_once_and_are_restored(visitor):
    shown = visitor.open("classify?classify_from=Data+set&classify_tab=What+if")
    pixels = shown.locator("canvas.pixels")
    expect(shown.get_by_text("Nothing is changed yet")).to_be_visible()
    pixels.scroll_into_view_if_needed()
    pixels.click(position={"x": 20, "y": 20})
    expect(shown.get_by_text("With 1 pixel changed")).to_be_visible()
    shown.keyboard.press("ArrowLeft")
    shown.keyboard.press("Space")
    expect(shown.get_by_text("pixels changed the answer")).to_be_visible()
    shown.get_by_role("button", name="Restore").click()
    expect(shown.get_by_text("Nothing is changed yet")).to_be_visible()
    visitor.content()


def test_the_score_is_kept_and_downloaded(visitor):
    shown, pad = open_pad(visitor, "classify?classify_tab=Score")
    draw_with_mouse(shown, pad, SEVEN)
    answer_is(shown, "7")
    shown.locator(".st-key-classify_true").get_by_text("7", exact=True).click()
    expect(shown.get_by_text("1 of 1 right").first).to_be_visible()
    with shown.expect_download() as download:
        shown.get_by_role("button", name="Download drawings").click()
    assert download.value.suggested_filename == "my_digits.zip"
    visitor.content()


def test_every_control_of_the_page_has_a_name(visitor):
    shown, pad = open_pad(visitor, "classify?classify_tab=What+if")
    draw_with_mouse(shown, pad, SEVEN)
    answer_is(shown, "7")
    tree = shown.locator('[data-testid="stMain"]').aria_snapshot()
    nameless = [line for line in tree.splitlines() if line.strip() in ("- button", "- slider",
                "- textbox", "- application", "- img")]  # fmt: skip
    assert nameless == []


def test_pixels_set_on_one_drawing_are_gone_with_the_next(visitor):
    shown, pad = open_pad(visitor, "classify?classify_tab=What+if")
    draw_with_mouse(shown, pad, SEVEN)
    pixels = shown.locator("canvas.pixels")
    expect(pixels).to_be_visible()
    visitor.settle()
    pixels.click(position={"x": 20, "y": 20})
    expect(shown.get_by_text("With 1 pixel changed")).to_be_visible()
    for end in ((0.6, 0.5), (0.65, 0.51)):
        draw_with_mouse(shown, pad, [(0.45, 0.5), end])
        expect(shown.get_by_text("Nothing is changed yet")).to_be_visible()
        expect(shown.get_by_role("button", name="Restore")).to_be_disabled()
    pixels.click(position={"x": 20, "y": 20})
    expect(shown.get_by_text("With 1 pixel changed")).to_be_visible()
    shown.get_by_role("button", name="Undo all changes").click()
    expect(shown.get_by_text("Nothing is changed yet")).to_be_visible()
    visitor.content()


def test_a_slider_of_what_if_moves_the_image_and_the_answer_follows(visitor):
    shown = visitor.open("classify?classify_from=Data+set&classify_tab=What+if")
    shown.get_by_role("slider", name="Shift right (pixels)").focus()
    for _ in range(3):
        shown.keyboard.press("ArrowRight")
    expect(shown.get_by_text("pixels changed the answer")).to_be_visible()
    shown.get_by_role("tab", name="Why").click()
    shown.get_by_role("tab", name="What if").click()
    expect(shown.get_by_text("pixels changed the answer")).to_be_visible()
    visitor.content()
