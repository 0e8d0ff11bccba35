"""Numbers formatted alike in captions, tables, readouts and labels; never as minus zero."""

import numpy as np

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def superscript(number: int) -> str:
    """Write a whole number as a superscript.

    Examples
    --------
    >>> "10" + superscript(-3)
    '10⁻³'
    """
    return str(int(number)).translate(_SUPERSCRIPTS)


def subscript(number: int) -> str:
    """Write a whole number that is not negative as a subscript.

    Examples
    --------
    >>> "w" + subscript(12)
    'w₁₂'
    """
    return str(int(number)).translate(_SUBSCRIPTS)


def counted(number: int, noun: str) -> str:
    """Write a number and its noun, in the plural unless the number is 1.

    Examples
    --------
    >>> counted(1, "layer"), counted(1200, "network")
    ('1 layer', '1,200 networks')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def percent(share: float) -> str:
    """Write a share in percent with three significant digits; "none" if it is not finite.

    Examples
    --------
    >>> percent(2 / 3), percent(1.0), percent(float("nan"))
    ('66.7%', '100%', 'none')
    """
    return f"{100 * share:.3g}%" if np.isfinite(share) else "none"


def whole_percent(share: float) -> str:
    """Write a share in whole percent, with one decimal below 9.5% and from 99.5%.

    Examples
    --------
    >>> whole_percent(0.5), whole_percent(0.004), whole_percent(0.9999), whole_percent(1)
    ('50%', '0.4%', '99.9%', '100%')
    """
    if share in (0, 1) or 0.095 <= share < 0.995:
        return f"{share:.0%}"
    return f"{min(share, 0.999):.1%}"


def decimal(number: float, decimals: int = 2) -> str:
    """Write a number with a fixed number of decimals and a true minus sign.

    Examples
    --------
    >>> decimal(-0.001), decimal(-1.5), decimal(1234.5678, 1)
    ('0.00', '−1.50', '1,234.6')
    """
    return f"{round(float(number), decimals) + 0.0:,.{decimals}f}".replace("-", "−")


def fine_decimal(number: float) -> str:
    """Write a number with two decimals, or if that reads as 0.00, with one significant digit.

    Examples
    --------
    >>> fine_decimal(0.5), fine_decimal(0.0004), fine_decimal(1e-12)
    ('0.50', '0.0004', '0')
    """
    if abs(number) < 1e-9:
        return "0"
    return f"{number:.1g}".replace("-", "−") if abs(number) < 0.0095 else decimal(number)


def digits(number: float, count: int) -> str:
    """Write a number with `count` significant digits.

    Examples
    --------
    >>> digits(1023.4, 3), digits(0.03124, 3)
    ('1,020', '0.0312')
    """
    return f"{float(f'{number:.{count}g}') + 0.0:,g}"


def short(number: float) -> str:
    """Write a number that is not negative with three significant digits.

    Below 0.001 and from 1000 on it has two, with an exponent.

    Examples
    --------
    >>> short(0.39421), short(412.6), short(4.1e-9)
    ('0.394', '413', '4.1e-09')
    """
    if number == 0:
        return "0"
    rounded = float(f"{number:.3g}")
    if 1e-3 <= rounded < 1e3:
        return f"{number:.{2 - int(np.floor(np.log10(rounded)))}f}"
    return f"{number:.1e}"


def power(number: float) -> str:
    """Write a number that is not negative with one significant digit.

    Below 1 and from 100,000 on it has a power of ten.

    Examples
    --------
    >>> power(3120), power(4.2e-15)
    ('3,000', '4·10⁻¹⁵')
    """
    if number == 0:
        return "0"
    digit, exponent = f"{number:.0e}".split("e")
    if 0 <= int(exponent) < 5:
        return f"{float(digit) * 10 ** int(exponent):,.0f}"
    return f"{digit}·10{superscript(exponent)}"


def ratio(number: float) -> str:
    """Put a positive ratio into words, as roughly as repeats of a simulation allow.

    Examples
    --------
    >>> ratio(1 / 24_900), ratio(2.1), ratio(0.9), ratio(3e9)
    ('1/25,000 of', '2 times', 'as large as', '10⁹ times')
    """
    if number == 0:
        return "nothing of"
    if 2 / 3 < number < 3 / 2:
        return "as large as"
    return f"1/{_rough(1 / number)} of" if number < 1 else f"{_rough(number)} times"


def reach(low: float, high: float) -> str:
    """Write the ends of a range with three significant digits, or once if they read alike.

    Examples
    --------
    >>> reach(0.1, 0.52), reach(0.5, 0.5)
    ('0.1 to 0.52', '0.5')
    """
    first, last = digits(low, 3), digits(high, 3)
    return first if first == last else f"{first} to {last}"


def _rough(number: float) -> str:
    """Round to one digit, with steps of half a digit below 3: 24,900 and 25,100 read alike."""
    size = 10 ** np.floor(np.log10(number))
    half = 2 if number < 3 * size and number >= 10 else 1
    rounded = round(half * number / size) / half * size
    if rounded < 1e7:
        return f"{rounded:,.0f}"
    return "10" + superscript(round(np.log10(number)))
