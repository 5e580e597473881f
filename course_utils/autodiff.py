"""Gradients by automatic differentiation: the one thing Keras has no word for.

This is the only module that names a backend. Everything else in the course
uses `keras` and `keras.ops`.
"""

import tensorflow as tf
from keras import ops


def gradient(function, x):
    """Returns the gradient of the sum of `function(x)` with respect to `x`.

    Where `function` treats the rows of a batch apart, row i of the result is
    the gradient of the value of row i.

    Args:
        function: Function from a tensor like `x` to a tensor of any shape.
        x: Float tensor of any shape.

    Returns:
        Float tensor of the shape of `x`.

    Raises:
        ValueError: If `function(x)` does not depend on `x`.
    """
    x = ops.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = ops.sum(function(x))
    return _connected(tape.gradient(total, x))


def gradient_of_weights(compute, variables):
    """Returns the gradient of a number with respect to a model's variables.

    Args:
        compute: Function without arguments that returns a scalar tensor.
        variables: List of `keras.Variable`, such as `model.trainable_variables`.

    Returns:
        List of float tensors shaped like the variables; zeros for a variable
        on which the number does not depend.
    """
    with tf.GradientTape() as tape:
        total = compute()
    values = [variable.value for variable in variables]
    return tape.gradient(total, values, unconnected_gradients="zero")


def jacobian(function, x):
    """Returns the Jacobian of `function` at each row of a batch.

    Args:
        function: Function from a tensor of shape `(batch, n)` to one of shape
            `(batch, m)` that treats the rows apart.
        x: Float tensor of shape `(batch, n)`.

    Returns:
        Float tensor of shape `(batch, m, n)`.

    Raises:
        ValueError: If `function(x)` does not depend on `x`.
    """
    x = ops.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return _connected(tape.batch_jacobian(y, x, unconnected_gradients="none"))


def _connected(slope):
    if slope is None:
        raise ValueError(
            "Expected a function whose value depends on x. "
            "Received: one with no path of gradients back to it."
        )
    return slope
