"""Penalties on a code: what it costs to be busy, or to be easily disturbed.

Unlike the losses they are not in nats; each says its own unit. A weight, lambda,
turns them into nats per image, so that they can be added to a reconstruction loss.
"""

from keras import ops

from course_utils.losses.shapes import sum_inside


def l1_penalty(z):
    """Measures how busy a code is: the sum of its activations without their signs.

    Formula:

        sum(abs(z), axis=-1)

    Args:
        z: Float tensor of shape `(batch, units)`, activations (not weights).

    Returns:
        Float tensor of shape `(batch,)`, in units of activation per image.
    """
    return sum_inside(ops.abs(z))


def kl_sparsity(z, rho=0.05):
    """Measures how far the units' average activity is from a small target.

    Formula:

        rho_hat = mean(z, axis=0)
        sum(rho * log(rho / rho_hat) + (1 - rho) * log((1 - rho) / (1 - rho_hat)))

    Every unit is seen as a coin that shows heads with probability rho_hat. It needs
    a batch: one image says little about how often a unit is active.

    Args:
        z: Float tensor of shape `(batch, units)`, activations in [0, 1], such as
            those of a sigmoid. The averages are kept 1e-7 away from 0 and 1.
        rho: Float in (0, 1), the target.

    Returns:
        Float scalar, in nats per batch, summed over the units: it is already an
        average over the images, so it must not be divided by their number.

    Raises:
        ValueError: If `rho` is not between 0 and 1.

    Source:
        Ng, "Sparse autoencoder", CS294A lecture notes (2011).
    """
    if not 0 < rho < 1:
        raise ValueError(f"Expected rho between 0 and 1. Received: rho={rho}")
    rho_hat = ops.clip(ops.mean(z, axis=0), 1e-7, 1 - 1e-7)
    on = rho * ops.log(rho / rho_hat)
    off = (1 - rho) * ops.log((1 - rho) / (1 - rho_hat))
    return ops.sum(on + off)


def contractive_penalty(h, kernel):
    """Measures how sensitive the code of one sigmoid layer is to its input.

    The squared Frobenius norm of the Jacobian of `h = sigmoid(x @ kernel + bias)`,
    in closed form.

    Formula:

        sum((h * (1 - h))**2 * sum(kernel**2, axis=0), axis=-1)

    Args:
        h: Float tensor of shape `(batch, units)`, the activations, in [0, 1].
        kernel: Float tensor of shape `(pixels, units)`, the layer's weights as
            Keras keeps them.

    Returns:
        Float tensor of shape `(batch,)`, in squared activations per squared unit
        of input, per image.

    Raises:
        ValueError: If the two do not have the same number of units.

    Source:
        Rifai et al., "Contractive Auto-Encoders" (ICML 2011).
    """
    if h.shape[-1] != kernel.shape[-1]:
        raise ValueError(
            "Expected as many columns of the kernel as units. "
            f"Received: {tuple(kernel.shape)} for {h.shape[-1]} units"
        )
    slope = ops.square(h * (1 - h))
    return ops.sum(slope * ops.sum(ops.square(kernel), axis=0), axis=-1)
