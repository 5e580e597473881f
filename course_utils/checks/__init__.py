"""The exercise checks, one function per exercise: `answer = checks.name(answer)`."""

from course_utils.checks.clustering import (
    admixture_step,
    assign,
    log_likelihood,
    recover_ancestry,
    responsibilities,
    update,
)
from course_utils.checks.convolutional import (
    conv_decoder,
    convolve,
    layer_sizes,
    poster_decoder,
    transposed_convolution,
)
from course_utils.checks.deepfake import (
    better_swap,
    nearest_picture,
    reconstruct_both,
    stop_at,
    swap_faces,
)
from course_utils.checks.denoising import (
    add_noise,
    occlude,
    psnr,
    restore,
    training_pairs,
)
from course_utils.checks.dense import (
    build_decoder,
    build_encoder,
    compact_autoencoder,
    compression_ratio,
    reconstruction_losses,
    smallest_code,
)
from course_utils.checks.encoding import (
    count_words,
    decode,
    encode,
    surviving_dimensions,
    three_pixels,
)
from course_utils.checks.linear import (
    pca_bound,
    principal_angles,
    principal_axes,
    unmix,
)
from course_utils.checks.sparse import (
    class_selectivity,
    jacobian_norm,
    kl_sparsity,
    sparsity_regulariser,
)
from course_utils.checks.start import difference, to_rows
from course_utils.checks.variational import (
    elbo,
    kl_divergence,
    latent_grid,
    reparameterise,
    variational_autoencoder,
)

__all__ = [
    "add_noise",
    "admixture_step",
    "assign",
    "better_swap",
    "build_decoder",
    "build_encoder",
    "class_selectivity",
    "compact_autoencoder",
    "compression_ratio",
    "conv_decoder",
    "convolve",
    "count_words",
    "decode",
    "difference",
    "elbo",
    "encode",
    "jacobian_norm",
    "kl_divergence",
    "kl_sparsity",
    "latent_grid",
    "layer_sizes",
    "log_likelihood",
    "nearest_picture",
    "occlude",
    "pca_bound",
    "poster_decoder",
    "principal_angles",
    "principal_axes",
    "psnr",
    "reconstruct_both",
    "reconstruction_losses",
    "recover_ancestry",
    "reparameterise",
    "responsibilities",
    "restore",
    "smallest_code",
    "sparsity_regulariser",
    "stop_at",
    "surviving_dimensions",
    "swap_faces",
    "three_pixels",
    "to_rows",
    "training_pairs",
    "transposed_convolution",
    "unmix",
    "update",
    "variational_autoencoder",
]
