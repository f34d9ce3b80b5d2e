"""The classifiers one can choose, each a scikit-learn estimator; `registry` lists them."""
