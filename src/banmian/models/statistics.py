"""Intervals of shares, used wherever one is stated."""

from math import sqrt

Z = 1.96  # standard errors on either side that hold 95 in 100 samples


def wilson_interval(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, (0, 1) of nothing (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    if not n:
        return 0.0, 1.0
    share = count / n
    middle, spread = share + Z**2 / (2 * n), Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n * n))
    return (middle - spread) / (1 + Z**2 / n), (middle + spread) / (1 + Z**2 / n)


def newcombe_difference(old: int, n_old: int, new: int, n_new: int) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two shares, new - old.

    Newcombe's hybrid of Wilson intervals (1998, method 10,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I).
    """
    p, q = (count / n if n else float("nan") for count, n in ((old, n_old), (new, n_new)))
    (p_low, p_high), (q_low, q_high) = wilson_interval(old, n_old), wilson_interval(new, n_new)
    return q - p - sqrt((q - q_low) ** 2 + (p_high - p) ** 2), q - p + sqrt((q_high - q) ** 2 + (p - p_low) ** 2)
