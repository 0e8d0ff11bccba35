"""Bets placed before a result is seen: questions, outcomes and tallies."""

from nnhelpers.lessons.bets.answers import Choice, Number, Share
from nnhelpers.lessons.bets.outcomes import Answer, Outcome, Tally
from nnhelpers.lessons.bets.room import RoomBets, read_bets
from nnhelpers.lessons.bets.sketch import Sketch
