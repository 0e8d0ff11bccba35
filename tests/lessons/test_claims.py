"""Claims that are judged by numbers, and the places of all rows of the articles."""

import pytest
from published import FOLDER
from rules import read, sections_of

from nnhelpers.lessons import claims

LAST = {"S0": 35, "S1": 24, "S2": 11, "S3": 21, "S4": 29}


def test_a_verdict_follows_from_the_comparison_and_the_condition():
    ledger = claims.Ledger()
    ledger.check("S0-14", found="0.5", holds=True)
    ledger.check("S0-18", found="0.5", holds=True, condition="no bias")
    ledger.check("S0-22", found="0.9", holds=False, condition="no bias")
    verdicts = [claim.verdict for claim in ledger.claims]
    assert verdicts == ["holds", "holds under conditions", "does not hold"]
    assert [ledger.count(verdict) for verdict in verdicts] == [1, 1, 1]
    assert ledger.claims[2].condition == ""


def test_checking_a_row_again_replaces_it_so_that_a_cell_can_run_twice():
    ledger = claims.Ledger()
    for holds in (True, False):
        ledger.check("S0-14", found="0.5", holds=holds)
    assert [claim.verdict for claim in ledger.claims] == ["does not hold"]


def test_the_table_shows_each_claim_with_its_number_as_text_not_as_markup():
    ledger = claims.Ledger()
    ledger.check("S0-25", found="0.01 < 0.03", holds=True)
    table = ledger._repr_html_()
    assert claims.CLAIMS["S0-25"] in table
    assert "0.01 &lt; 0.03" in table
    assert repr(ledger).startswith("S0-25: the overlap")


@pytest.mark.parametrize(("row", "found"), [("S9-1", "0.5"), ("S0-14", "")])
def test_an_unknown_row_or_an_empty_finding_is_refused_and_nothing_entered(row, found):
    ledger = claims.Ledger()
    with pytest.raises(ValueError, match=r"row must be one of .*'S9-1'|found must say"):
        ledger.check(row, found=found, holds=True)
    assert ledger.claims == []


def test_every_row_of_the_articles_has_a_place_and_every_place_exists():
    asked = {f"{article}-{row}" for article, last in LAST.items() for row in range(1, last + 1)}
    assert asked - {place["row"] for place in claims.PLACES} == set()
    for place in claims.PLACES:
        assert place["section"] in sections_of(read(place["notebook"])), place


def test_the_printed_table_is_up_to_date():
    assert (FOLDER / "deeper" / "README.md").read_text(encoding="utf-8") == claims.table()
