"""The faults and bad inputs that must cost nobody anything: each has a number and a test.

A test of a case carries ``@pytest.mark.case(number, …)``;
`pytest tests/robustness/test_cases.py -s` prints which test belongs to which case.
"""

import re
from pathlib import Path

import pytest

CASES = {
    1: "a cut-off PNG in the data set is named and counted, and the app goes on",
    2: "an empty or garbage PNG likewise",
    3: "images of another size or kind in the data set are converted by one rule, or counted",
    4: "a digit without images is a dash, not a crash",
    5: "a missing folder of a digit likewise",
    6: "folders that are no digits are named as ignored",
    7: "an uploaded PNG of 13,000 × 13,000 pixels is refused by its header",
    8: "a 16-bit RGBA PNG of 6,000 × 13,000 pixels likewise",
    9: "a PNG that claims 20,000 × 20,000 pixels likewise",
    10: "a text chunk that unpacks to a hundred megabytes costs no memory",
    11: "EPS, TIFF, SVG and GIF called .png are refused",
    12: "a file beyond the limit is turned away by the server itself",
    13: "of 60 files at once, some are taken and it is said which are left out",
    14: "a zip bomb is refused before it is unpacked",
    15: "a zip that lies about its sizes is refused",
    16: "entries that lead out of an archive are written nowhere",
    17: "links, second files of one name and overlapping entries of an archive cost nothing",
    18: "an archive of 200,000 entries is refused before it is opened",
    19: "an encrypted archive, a zip within a zip and a tar are refused in words",
    20: "CSV: empty, wrong columns, semicolons, other encodings, binary",
    21: "CSV: values that are no class are named with their lines, never rounded",
    22: "CSV: missing, double and unknown images are counted",
    23: "CSV of far too many rows",
    24: "CSV of a million columns is refused by its first line",
    25: "CSV with one huge cell or an unclosed quote",
    26: "no exported cell is a formula",
    27: "names are shown as plain text and fetch nothing",
    28: "hostile links fall back to the defaults",
    29: "a value between the steps of a link is rounded or replaced",
    30: "a diverging descent stops at the last finite loss and says so",
    31: "twenty at the most steps at once hold nobody up",
    32: "twenty visits to a cold app load the data once",
    33: "twenty visits wait for one failing load",
    34: "a stranger who clears the caches costs half a second",
    35: "a kill while the store is written",
    36: "two servers share one store",
    37: "a damaged, older or poisoned store is rebuilt, and runs nothing",
    38: "a store that is read-only or full",
    39: "no network, in every way",
    40: "a server that answers with an error, a portal's page or too little",
    41: "a half-made folder from an earlier run is repaired",
    42: "a connection that breaks in the middle of a run",
    43: "hundreds of visits that break off leave nothing behind",
    44: "back, forward, reload, deep links and unknown pages",
    45: "forged and garbage messages leave the server alive",
    46: "two viewers' files never meet",
    47: "a panel that fails says so in its own place",
    48: "a broken torchvision does not keep the app from starting",
}
TESTS = sorted(Path(__file__).parents[1].rglob("test_*.py"))


def marked() -> dict[int, list[str]]:
    """The tests of each case, as file::name."""
    found: dict[int, list[str]] = {}
    for path in TESTS:
        text = path.read_text()
        for mark in re.finditer(r"@pytest\.mark\.case\(([\d, ]+)\)(?:.|\n)*?def (\w+)", text):
            for number in map(int, mark[1].split(",")):
                found.setdefault(number, []).append(f"{path.name}::{mark[2]}")
    return found


@pytest.mark.parametrize("number", sorted(CASES))
def test_every_case_has_a_test(number):
    tests = marked().get(number, [])
    assert tests, CASES[number]
    print(f"\n{number:2} {CASES[number]}: {', '.join(tests)}")


def test_no_mark_is_of_no_case():
    assert set(marked()) <= set(CASES)
