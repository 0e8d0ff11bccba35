"""A ledger of an article's claims, each held against a number computed in the notebook."""

import html
from dataclasses import dataclass, field

HOLDS, CONDITIONAL, FAILS = "holds", "holds under conditions", "does not hold"
_MARKS = {HOLDS: "✓", CONDITIONAL: "(✓)", FAILS: "✗"}


# What the articles say, by the row under which the series files it; GB is Glorot and Bengio, 2010,
# HE is He et al., 2015, IS Ioffe and Szegedy, 2015, SA Santurkar et al., 2018, SC Schoenholz et
# al., 2017, LU Lu et al., 2019, YA Yang et al., 2019.
CLAIMS = {
    "S0-10": "mostly one hidden unit is active where the other is not",
    "S0-13": "Keras's default draws weights from U(-L, L), with L given by the layer's size",
    "S0-14": "0, 1 and 2 of two units are active in 25, 50 and 25 % of the cases",
    "S0-18": "a unit is active on about half of the data, a random half",
    "S0-20": "far from 0 a unit is active on almost all of the data or almost none",
    "S0-21": "always active units all end up with the same weights",
    "S0-22": "where the data are far from 0, more units will not help",
    "S0-23": "moving the data leaves the number of active units unchanged",
    "S0-25": "the overlap of any two units is uniform on (0, 1/2)",
    "S0-27": "two ReLU units learn to separate the disc from the ring",
    "S0-29": "at (10, 10) the ReLU network stays frozen",
    "S0-31": "most activations have a threshold, so moved data freeze them all alike",
    "S0-34": "at (10, 10) sigmoid units still just do logistic regression",
    "S0-35": "normalizing the data is basically a requirement",
    "S1-2": "normalizing keeps the network from freezing at its start",
    "S1-7": "a ReLU unit that no example activates is not updated",
    "S1-14": "P(wx > 0) is 1/2 because positive inputs make it P(w > 0)",
    "S1-20": "near (10, 10) a sigmoid is effectively 0 or 1 most of the time",
    "S2-1": "normalization stabilizes training",
    "S2-2": "normalization speeds up convergence",
    "S2-3": "normalization prevents vanishing and exploding gradients",
    "S2-4": "normalization improves generalization",
    "S2-5": "inputs of large variance make ReLU units always active or never",
    "S2-6": "large inputs saturate sigmoid and tanh",
    "S2-8": "raw make_classification data train to a lower accuracy than standardized",
    "S2-11": "without normalized inputs, choose activations that are less sensitive to scale",
    "S3-2": "the 3-4-4-1 network has 9 units and 41 parameters",
    "S3-6": "with all weights from N(0, 1) the first loss is 12.517",
    "S3-10": "too large initial weights saturate sigmoid units",
    "S3-11": "positive inputs give one example's gradients one sign; a batch mitigates it",
    "S3-12": "tanh(x) = 2 sigmoid(2x) - 1",
    "S3-12, preference": "tanh is always preferred to the sigmoid",
    "S3-13": "with a learning rate too high, as much as 40 % of a ReLU network can be dead",
    "S3-14": "whether leaky ReLU is a benefit is unclear",
    "S3-21": "expect tanh to work worse than ReLU",
    "S3-21, sigmoid": "never use the sigmoid",
    "S4-1": "the derivative of ReLU at 0 is 1",
    "S4-2": "|f''| < 0.02 makes the sigmoid flat beyond about 3.87, near-linear within 0.16",
    "S4-3": "units learn well whose pre-activations are in neither zone",
    "S4-4": "the update of a weight is proportional to its input",
    "S4-5": "with positive features both weights move in the same direction in every update",
    "S4-9": "centring the inputs ends the zig-zag",
    "S4-11": "Var(YW) has three parts; a dot product of n terms has variance n Var(Y) Var(W)",
    "S4-12": "with unit-variance inputs and weights the variance grows n-fold in every layer",
    "S4-13": "too large weights make slopes of 0, too small ones a linear network",
    "S4-15": "units with identical weights get identical updates and stay identical",
    "S4-15, bias": "a hugely negative bias makes a unit dead",
    "S4-16": "with all weights 0 nothing is learned",
    "S4-16, activation": "with weights of 0 the activations are 0",
    "S4-17": "from N(0, 1) ReLU's variance grows by layer, tanh has two peaks",
    "S4-18": "from N(0, 0.01^2) the outputs collapse to the near-linear zone",
    "S4-19": "Glorot's weights make every dot product have unit variance",
    "S4-19, output": "tanh and sigmoid are nearly linear, so the outputs have it too",
    "S4-19, average": "Glorot averages the two scaling factors of forward and backward",
    "S4-20": "He: with half of the ReLUs active, 2/n_in keeps the variance",
    "S4-21": "the analysis of variances fails with residual connections",
    "S4-22": "layer-wise pre-training gives a better start",
    "S4-22, bottleneck": "an autoencoder's bottleneck works like principal components",
    "S4-23": "batch norm gives every unit mean beta and standard deviation gamma",
    "S4-24": "batch norm allows higher learning rates",
    "S4-24, saturation": "batch norm makes saturating activations usable",
    "S4-24, noise": "batch norm regularizes",
    "S4-24, L2": "with batch norm, L2 has no regularizing effect",
    "S4-25": "batch norm after the third layer: the sigmoid network learns after all",
    "S4-25, others": "with ReLU and tanh it changes little",
    "S4-26": "while training, batch norm's output roughly keeps mean 0 and variance 1",
    "S4-27": "it is enough to normalize every few layers",
    "S4-27, dropout": "behind dropout batch norm meets another variance in inference",
    "S4-28": "trainable = False puts batch norm in inference mode",
    "S3-20": "batch norm makes networks much more robust to a bad start",
    "S3-20, place": "batch norm belongs between the dense layer and the activation",
    "S3-16": "small networks end at very different losses, large ones hardly",
    "GB-2": "four sigmoid layers: the last saturates, the loss stalls at guessing, then escapes",
    "HE-3": "30 ReLU layers: He's start learns, Glorot's stalls",
    "LU-1": "the deeper and narrower a ReLU network, the likelier it is born dead",
    "IS-1": "three sigmoid layers train faster and further, their inputs keep still",
    "IS-2": "batch norm reduces internal covariate shift",
    "SA-1": "batch norm makes the loss smoother along the gradient",
    "YA-1": "in a deep network batch norm makes gradients explode",
    "SC-5": "tanh networks train down to about six correlation lengths",
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim and what came out.

    Attributes
    ----------
    row : str
        Where it stands in the articles, such as "S0-14".
    text : str
        The claim in a few words.
    found : str
        What this notebook measured.
    verdict : str
        "holds", "holds under conditions" or "does not hold".
    condition : str
        Under which conditions, where there are any.
    """

    row: str
    text: str
    found: str
    verdict: str
    condition: str = ""

    def __repr__(self) -> str:
        verdict = f"{self.verdict}{_in_brackets(self.condition)}"
        return f'{self.row}, "{self.text}": {verdict}; {self.found}'


@dataclass
class Ledger:
    """Claims in the order in which they were checked; shows itself as a table."""

    claims: list[Claim] = field(default_factory=list)

    def check(self, row: str, *, found: str, holds: bool, condition: str = "") -> Claim:
        """Enter a claim with its verdict; checking a row again replaces it.

        Parameters
        ----------
        row : str
            A key of `CLAIMS`.
        found : str
            What was measured.
        holds : bool
            A comparison with the number measured.
        condition : str
            If given and the claim holds, it holds under this condition.

        Raises
        ------
        ValueError
            If the row is unknown or `found` is empty.
        """
        if row not in CLAIMS:
            raise ValueError(f"row must be one of {', '.join(CLAIMS)}; got {row!r}")
        if not found:
            raise ValueError("found must say what was measured, got an empty text")
        verdict = (CONDITIONAL if condition else HOLDS) if holds else FAILS
        claim = Claim(
            row=row,
            text=CLAIMS[row],
            found=found,
            verdict=verdict,
            condition=condition * bool(holds),
        )
        self.claims = [kept for kept in self.claims if kept.row != row] + [claim]
        return claim

    def count(self, verdict: str) -> int:
        """Count the claims with this verdict."""
        return sum(claim.verdict == verdict for claim in self.claims)

    def __repr__(self) -> str:
        lines = (
            f"{c.row}: {c.text} | {c.found} | {c.verdict}{_in_brackets(c.condition)}"
            for c in self.claims
        )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in _COLUMNS)
        rows = "".join(f"<tr>{_cells(claim)}</tr>" for claim in self.claims)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


_COLUMNS = ("row", "the article says", "measured here", "verdict")


def _cells(claim: Claim) -> str:
    verdict = f"{_MARKS[claim.verdict]} {claim.verdict}{_in_brackets(claim.condition)}"
    texts = (claim.row, claim.text, claim.found, verdict)
    row, *others = (html.escape(text) for text in texts)
    cells = "".join(f"<td style='text-align:left'>{text}</td>" for text in others)
    return f"<td style='white-space:nowrap'>{row}</td>{cells}"


def _in_brackets(condition: str) -> str:
    return f" ({condition})" if condition else ""
