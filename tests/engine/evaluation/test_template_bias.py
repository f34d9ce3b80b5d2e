import numpy as np
import pytest
from scipy import stats

from engine.evaluation.evaluation import evaluate
from engine.evaluation.template_bias import properties, relation, spearman


def surplus_of(evaluation) -> np.ndarray:
    table = evaluation.table
    classes = list(evaluation.classes)
    return np.array([(table["predicted"] == c).sum() - (table["true"] == c).sum() for c in classes])


def test_on_mnist_l1_predicts_the_templates_with_most_blank_pixels_too_often(mnist_evaluation):
    found = relation(mnist_evaluation.templates, mnist_evaluation.counts)
    blank = [(template < 0.02).sum() for template in mnist_evaluation.templates]
    referee = stats.spearmanr(blank, surplus_of(mnist_evaluation))
    assert found.name == "blank pixels"
    assert found.rho == pytest.approx(referee.statistic)
    assert found.p == pytest.approx(3 * referee.pvalue)


@pytest.mark.parametrize("model", ["L1 mean", "L2 mean"])
def test_nothing_is_claimed_of_the_embedded_digits_where_nothing_holds(small, model):
    evaluation = evaluate(small, model)
    tests = [
        stats.spearmanr(values, surplus_of(evaluation)).pvalue
        for values in properties(evaluation.templates).values()
    ]
    assert min(tests) * 3 > 0.05
    assert relation(evaluation.templates, evaluation.counts) is None


def test_a_few_classes_are_tested_by_all_orders():
    draw = np.random.default_rng(5)
    first, second = draw.normal(size=6), draw.integers(0, 4, 6)
    exact = stats.permutation_test(
        (first,),
        lambda x: stats.spearmanr(x, second).statistic,
        permutation_type="pairings",
        n_resamples=np.inf,
        vectorized=False,
    )
    rho, p = spearman(first, second)
    assert rho == pytest.approx(exact.statistic)
    assert p == pytest.approx(exact.pvalue)


@pytest.mark.parametrize("k", [8, 9, 10, 11, 36, 47, 100])
def test_more_classes_are_tested_as_scipy_does_also_with_ties(k):
    draw = np.random.default_rng(k)
    first = draw.normal(size=k)
    for second in (draw.integers(0, 4, k), draw.normal(size=k), first + draw.normal(size=k)):
        referee = stats.spearmanr(first, second)
        rho, p = spearman(first, second)
        assert rho == pytest.approx(referee.statistic)
        assert p == pytest.approx(referee.pvalue, abs=1e-12)


@pytest.mark.parametrize("k", [8, 9])
@pytest.mark.parametrize("sign", [1, -1])
def test_classes_in_perfect_order_have_a_p_value_of_nothing(k, sign):
    rho, p = spearman(np.arange(k), sign * np.arange(k))
    assert rho == pytest.approx(sign)
    assert 0 <= p < 1e-6


def test_three_classes_in_order_prove_nothing():
    templates = np.array([0.1, 0.2, 0.3])[:, None, None] * np.ones((3, 2, 2))
    counts = np.array([[5, 0, 0], [2, 3, 0], [2, 1, 2]])
    assert relation(templates, counts) is None


def test_nothing_is_claimed_when_no_class_is_predicted_too_often():
    templates = np.random.default_rng(1).random((10, 4, 4))
    assert relation(templates, np.diag(np.arange(10))) is None
