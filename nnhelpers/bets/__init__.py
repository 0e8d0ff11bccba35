"""Bets placed before a result is seen: what can be asked, what came out, how well the bets do."""

from nnhelpers.bets.answers import Choice, Number, Share
from nnhelpers.bets.outcomes import Answer, Outcome, Tally
from nnhelpers.bets.sketch import Sketch
