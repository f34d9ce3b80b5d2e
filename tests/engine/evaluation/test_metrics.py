import numpy as np
import pytest
import sklearn.metrics
from scipy import stats
from scipy.stats import binomtest

from engine.datasets.dataset import Split
from engine.evaluation import metrics

# The notebook's own steps on the real files: true digit down, predicted digit across.
MNIST_MATRIX = [
    [799, 54, 0, 10, 3, 26, 49, 9, 10, 20],
    [0, 1133, 0, 1, 0, 0, 1, 0, 0, 0],
    [17, 446, 437, 24, 24, 0, 23, 24, 26, 11],
    [1, 320, 5, 615, 1, 5, 3, 15, 18, 27],
    [0, 165, 0, 0, 656, 0, 11, 1, 0, 149],
    [6, 325, 0, 145, 19, 291, 21, 23, 3, 59],
    [9, 148, 4, 0, 37, 5, 754, 0, 0, 1],
    [1, 199, 2, 0, 7, 0, 0, 786, 2, 31],
    [11, 371, 0, 51, 9, 7, 11, 15, 431, 68],
    [9, 117, 1, 7, 41, 1, 4, 41, 5, 783],
]
MNIST_RECALL = [0.8153, 0.9982, 0.4234, 0.6089, 0.6680, 0.3262, 0.7871, 0.7646, 0.4425, 0.7760]


def test_the_notebooks_matrix_comes_out_on_mnist(mnist_evaluation):
    assert mnist_evaluation.counts.tolist() == MNIST_MATRIX
    assert (mnist_evaluation.n_right, mnist_evaluation.n_images) == (6685, 10_000)
    assert [round(r, 4) for r in mnist_evaluation.scores["recall"]] == pytest.approx(
        MNIST_RECALL, abs=1e-4
    )


def test_scores_agree_with_scikit_learn_image_by_image(small_evaluation):
    table, scores = small_evaluation.table, small_evaluation.scores
    options = {"average": None, "labels": small_evaluation.classes}
    for name, referee in (
        ("precision", sklearn.metrics.precision_score),
        ("recall", sklearn.metrics.recall_score),
        ("F1", sklearn.metrics.f1_score),
    ):
        np.testing.assert_allclose(
            scores[name], referee(table["true"], table["predicted"], **options)
        )
    assert scores["images"].sum() == scores["called"].sum() == len(table)
    assert small_evaluation.n_right == sklearn.metrics.accuracy_score(
        table["true"], table["predicted"], normalize=False
    )


@pytest.mark.parametrize(("k", "n"), [(0, 5), (5, 5), (1, 3), (446, 1032), (6685, 10_000)])
def test_wilson_agrees_with_scipy(k, n):
    wanted = binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    assert metrics.wilson(k, n) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_a_rate_of_nothing_has_no_interval():
    assert np.isnan(metrics.wilson(0, 0)).all()


def test_wilson_ends_exactly_at_none_and_all():
    n = np.arange(1, 3000)
    assert (metrics.wilson(np.zeros_like(n), n)[0] == 0).all()
    assert (metrics.wilson(n, n)[1] == 1).all()


def test_a_digit_without_images_has_a_dash_for_a_rate_not_a_zero():
    counts = np.array([[3, 1, 0], [0, 2, 0], [0, 0, 0]])
    scores = metrics.per_digit(counts, np.array([0, 1, 2])).set_index("digit")
    assert np.isnan(scores.loc[2, ["recall", "precision", "F1", "recall low"]].astype(float)).all()
    assert scores.loc[0, "recall"] == 0.75


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
@pytest.mark.parametrize("names", [np.arange(6), np.array(list("abcdef"))])
def test_matrix_and_rates_are_scikit_learns_also_where_classes_do_not_occur(names):
    random = np.random.default_rng(1)
    true, predicted = names[random.integers(0, 5, 60)], names[random.integers(1, 6, 60)]
    true[true == names[2]], predicted[predicted == names[2]] = names[0], names[1]
    counts = metrics.matrix(true, predicted, names)
    assert (
        counts.tolist() == sklearn.metrics.confusion_matrix(true, predicted, labels=names).tolist()
    )
    wanted = sklearn.metrics.precision_recall_fscore_support(
        true, predicted, labels=names, zero_division=np.nan
    )
    found = metrics.per_digit(counts, names)[["precision", "recall", "F1", "images"]]
    np.testing.assert_allclose(found.to_numpy().T, wanted, rtol=1e-15)


def test_each_row_of_outcomes_agrees_with_its_own_distances(small_evaluation):
    table, classes = small_evaluation.table, small_evaluation.classes
    distance = table[[f"distance to {d}" for d in classes]].to_numpy()
    for row, own in zip(table.itertuples(), distance, strict=True):
        ranked = sorted(range(10), key=lambda d: (own[d], d))
        assert row.predicted == ranked[0]
        assert row.rank == ranked.index(row.true) + 1
        assert row.margin == own[ranked[1]] - own[ranked[0]] >= 0
        assert row.gap == own[row.true] - own[ranked[0]]
        assert row.right == (row.true == row.predicted)


def test_a_rank_is_scipys_and_missing_where_scipy_sees_a_tie():
    random = np.random.default_rng(5)
    distance = random.integers(0, 6, (300, 4)) / 6  # with many ties
    labels = np.arange(300) % 4
    split = Split(np.zeros((300, 1, 1), np.uint8), labels, np.arange(300).astype(str))
    ranks = metrics.outcomes(split, distance, np.arange(4))["rank"]
    own = np.arange(300), labels
    least, most = (stats.rankdata(distance, m, axis=1)[own] for m in ("min", "max"))
    assert ranks.isna().tolist() == (least < most).tolist()
    assert 0 < ranks.isna().sum() < 300
    assert ranks.dropna().tolist() == least[least == most].tolist()


def test_distances_that_are_no_scores_give_no_margin_gap_or_rank(toy):
    distance = np.array([[0.0, 1.0], [0.0, 1.0]])
    table = metrics.outcomes(toy.testing, distance, np.array([0, 1]), scored=False)
    assert table["predicted"].tolist() == [0, 0]
    measures = ["margin", "gap", "rank", "distance to 0", "distance to 1"]
    assert table[measures].isna().all(axis=None)


def test_a_tie_goes_to_the_smaller_digit_and_leaves_no_margin(toy):
    distance = np.array([[0.5, 0.5], [0.5, 0.5]])
    table = metrics.outcomes(toy.testing, distance, np.array([0, 1]))
    assert table["predicted"].tolist() == [0, 0]
    assert table["margin"].tolist() == [0, 0]
    assert table["rank"].isna().all()


def test_misclassified_are_the_wrong_ones(small_evaluation):
    wrong = metrics.misclassified(small_evaluation.table)
    assert len(wrong) == small_evaluation.n_images - small_evaluation.n_right
    assert (wrong["true"] != wrong["predicted"]).all()


def test_the_most_confused_pairs_have_both_denominators():
    counts = np.array([[5, 3, 0], [0, 7, 0], [4, 1, 5]])
    pairs = metrics.most_confused(counts, np.array([0, 1, 2]))
    assert pairs[["true", "predicted", "images"]].values.tolist() == [
        [2, 0, 4],
        [0, 1, 3],
        [2, 1, 1],
    ]
    assert pairs["share of true"].tolist() == [4 / 10, 3 / 8, 1 / 10]
    assert pairs["share of predicted"].tolist() == [4 / 9, 3 / 11, 1 / 11]


def test_no_errors_give_no_pairs_and_no_images_an_empty_matrix():
    assert metrics.most_confused(np.diag([3, 4]), np.array([0, 1])).empty
    nothing = np.array([], dtype=int)
    assert metrics.matrix(nothing, nothing, np.arange(2)).tolist() == [[0, 0], [0, 0]]


def test_the_sink_is_the_column_with_most_errors_and_none_where_nothing_is_wrong():
    counts = np.array(MNIST_MATRIX)
    assert metrics.sink(metrics.per_digit(counts, np.arange(10))) == 1
    assert metrics.sink(metrics.per_digit(np.diag([3, 4]), np.arange(2))) is None
