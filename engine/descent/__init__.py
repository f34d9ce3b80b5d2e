"""The notebook's gradient descent on a parabola: step by step, in closed form, and judged."""
