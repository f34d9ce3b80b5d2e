from engine.io.file_names import natural_order


def test_names_with_numbers_come_in_the_order_of_the_numbers():
    wanted = ["1.png", "2.png", "10.png", "a/2/b10", "a/10/b9", "a/10/b10", "digit 2", "digit 10"]
    assert sorted(sorted(wanted), key=natural_order) == wanted


def test_numbers_of_any_length_and_with_zeros_in_front_have_one_order():
    long = "9" * 10_000
    assert sorted([long, "1", "01", "001", "2", ""], key=natural_order) == [
        "", "001", "01", "1", "2", long
    ]  # fmt: skip
