"""The operations whose signature here is not the whole of torch's: of what they are given nothing is refused for it."""

from __future__ import annotations

# What torch says of these cannot be read from it, or is more than one signature says: other names, fewer arguments in another
# overload, more of them by position. A test holds the list against torch.
_FUNCTIONS = """
    _grouped_mm add addmm as_tensor asarray baddbmm can_cast cholesky_solve dequantize dsplit eq
    fft.fftfreq fft.rfftfreq from_numpy get_default_dtype glu histogram hsplit isin linalg.lstsq
    linalg.matrix_rank linalg.tensorsolve lu lu_solve ne orgqr ormqr polygamma promote_types
    resize_as_ result_type rrelu rrelu_ rsub searchsorted sort sparse.mm special.airy_ai
    special.chebyshev_polynomial_t special.chebyshev_polynomial_u special.chebyshev_polynomial_v
    special.chebyshev_polynomial_w special.hermite_polynomial_h special.hermite_polynomial_he
    special.laguerre_polynomial_l special.legendre_polynomial_p special.polygamma
    special.scaled_modified_bessel_k0 special.scaled_modified_bessel_k1
    special.shifted_chebyshev_polynomial_t special.shifted_chebyshev_polynomial_u
    special.shifted_chebyshev_polynomial_v special.shifted_chebyshev_polynomial_w special.softmax
    special.spherical_bessel_j0 split_copy spmm sub subtract tensor tensor_split tensordot
    tril_indices triu_indices unique unique_consecutive view_copy vsplit where
"""
_OF_NN = """
    adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d elu_ fractional_max_pool2d
    fractional_max_pool3d logsigmoid max_pool1d max_pool2d max_pool3d rrelu_
"""
_METHODS = """
    H T __abs__ __bool__ __float__ __getitem__ __index__ __int__ __matmul__ __setitem__ add add_ addmm
    apply_ as_subclass baddbmm bfloat16 bool byte cdouble cfloat char cholesky_solve copy_
    cumulative_trapezoid dequantize double dtype eq float half histogram int ipu itemsize long lu_solve
    map_ nbytes ndim ndimension ne nelement new_tensor numpy orgqr ormqr polygamma random_
    repeat_interleave resize_as resize_as_ shape short sort sub sub_ subtract subtract_ tensor_split
    tolist trapezoid trapz uniform_ untyped_storage where xpu
"""
# These still take the number that multiplies an operand before it: `torch.add(x, 2, y)`. torch documents none of that.
OLD_ORDER = ("addbmm", "addcdiv", "addcmul", "addmv", "addr", "sspaddmm")

LENIENT = frozenset(
    (
        *(f"torch.{name}" for name in (*_FUNCTIONS.split(), *OLD_ORDER)),
        *(f"torch.nn.functional.{name}" for name in _OF_NN.split()),
        *(f"torch.Tensor.{name}" for name in _METHODS.split()),
        *(f"torch.Tensor.{name}{end}" for name in OLD_ORDER for end in ("", "_")),
    )
)
