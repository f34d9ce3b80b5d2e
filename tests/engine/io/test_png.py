"""Many images in one picture: each is found again where the gallery looks for it."""

import numpy as np
import pytest

from engine.io.png import sheet


@pytest.mark.parametrize("n", [1, 3, 4, 9])
def test_each_image_lies_in_its_cell_with_paper_around_it(n):
    images = np.random.default_rng(n).integers(1, 256, (n, 5, 7), dtype=np.uint8)
    whole = sheet(images, columns=4, gap=1)
    assert whole.shape == (-(-n // 4) * 7, 4 * 9)
    for place, image in enumerate(images):
        row, column = divmod(place, 4)
        cell = whole[7 * row : 7 * row + 7, 9 * column : 9 * column + 9]
        assert (cell[1:-1, 1:-1] == image).all()
        assert cell.sum() == image.sum(dtype=int)
    assert whole.sum() == images.sum(dtype=int)


def test_no_image_is_an_empty_picture():
    assert sheet(np.empty((0, 5, 7), np.uint8), columns=4).shape == (0, 36)
