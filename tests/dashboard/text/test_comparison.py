"""What is said of a model, and when nothing is."""

import numpy as np
import pytest

from dashboard.text.comparison import convergence
from engine.models.logistic_regression import LogisticRegression
from engine.models.nearest_template import NearestTemplate


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (100, "Its fit was stopped after 100 iterations, before it converged."),
        (99, "Its fit converged after 99 iterations."),
        (1, "Its fit converged after 1 iteration."),
    ],
)
def test_whether_a_fit_converged_is_said(done, said):
    model = LogisticRegression(max_iter=100)
    model.n_iter_ = np.array([done])
    assert convergence(model).replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_model_without_iterations_has_nothing_to_say():
    assert convergence(NearestTemplate()) == "" == convergence(LogisticRegression())
