"""Named changes of a template classifier, and the model that a few of them together make.

`catalogue` lists them, `recipe` composes them, and `recipe.model_named` knows every model there is.
"""
