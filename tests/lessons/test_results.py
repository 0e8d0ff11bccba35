"""Results of a reader in a file, and a folder of them summed up; what is foreign is named."""

import json

import pytest
from published import FOLDER

from nnhelpers import files
from nnhelpers.lessons import bets, exercises, results

RIGHT, WRONG = 19.0, 20.0
NAME = "offset_where_one_in_twenty_splits"
MISTAKE = "not yet: this solves 1/c = 1/20; the law is 1/(c + 1)"
ANSWER = bets.Share(bet=0.4)


def tally(*sure, truth=0.45):
    bet = {"answer": ANSWER, "truth": truth}
    outcomes = (
        bets.Outcome(question=f"Question <{i}>?", sure=each, **bet) for i, each in enumerate(sure)
    )
    return bets.Tally(outcomes=tuple(outcomes))


def hand_in(*answers):
    for answer in answers:
        exercises.check(**{NAME: answer})


@pytest.fixture(autouse=True)
def _a_new_notebook(monkeypatch):
    monkeypatch.setattr(exercises, "_said", {})


@pytest.fixture
def folder(tmp_path):
    """Two readers: one solves the exercise at the third try, the other makes one mistake."""
    hand_in(WRONG, WRONG, RIGHT)
    results.save_results(tmp_path / "anna.json", bets=tally(0.9, 0.6))
    exercises._said.clear()
    hand_in(WRONG)
    results.save_results(tmp_path / "ben.json", bets=tally(0.9, truth=0.95))
    return tmp_path


def test_the_example_of_a_class_is_read_and_asks_what_lesson_1_asks():
    lesson = (FOLDER / "01_normalization.ipynb").read_text(encoding="utf-8")
    found = results.read_results(FOLDER / "example_class")
    assert (len(found.readers), set(found.skipped)) == (3, {"README.md"})
    assert all(name in lesson for name, *_ in found.by_question() + found.by_exercise())


def test_tries_are_counted_up_to_the_right_answer_and_an_open_cell_is_none():
    hand_in(...)
    assert exercises.tried() == ()
    hand_in(WRONG, WRONG, RIGHT, WRONG, RIGHT)
    (tries,) = exercises.tried()
    assert (tries.exercise, tries.right, tries.n) == (NAME, True, 3)
    assert tries.mistakes == (MISTAKE, MISTAKE)


def test_a_long_answer_is_not_kept_whole():
    exercises.check(sigmoid_slope="a" * 5_000)
    assert len(exercises.tried()[0].mistakes[0]) == 200


def test_a_file_holds_the_revealed_bets_and_the_tries_with_its_version(tmp_path):
    hand_in(WRONG)
    waiting = bets.Outcome(question="Later?", answer=ANSWER, sure=0.5)
    placed = bets.Tally(outcomes=(*tally(0.9).outcomes, waiting))
    saved = results.save_results(tmp_path / "anna.json", bets=placed)
    assert repr(saved) == "1 revealed bet, 1 exercise"
    bet = {"question": "Question <0>?", "bet": "40%", "sure": 0.9, "truth": "45%", "hit": True}
    tries = {"exercise": NAME, "right": False, "mistakes": [MISTAKE]}
    assert json.loads((tmp_path / "anna.json").read_text(encoding="utf-8")) == {
        "format": "results of a reader of nnhelpers",
        "version": 1,
        "bets": [bet],
        "exercises": [tries],
    }
    assert results.read_results(tmp_path).readers == (saved,)


@pytest.mark.parametrize(
    ("name", "placed", "error", "words"),
    [
        ("anna.json", tally(), ValueError, "bets must hold a revealed bet .*, got none"),
        ("anna.json", 3, TypeError, "bets must be of type Tally, got 3"),
        ("anna.ipynb", tally(0.9), ValueError, r"path must end in .json, got .*anna.ipynb"),
        ("no/anna.json", tally(0.9), FileNotFoundError, "path must lie in a folder that exists"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_leaves_all_files(name, placed, error, words, tmp_path):
    for old in ("anna.json", "anna.ipynb"):
        (tmp_path / old).write_text("old", encoding="utf-8")
    with pytest.raises(error, match=words):
        results.save_results(tmp_path / name, bets=placed)
    texts = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert texts == {"anna.json": "old", "anna.ipynb": "old"}


def test_a_file_is_replaced_only_when_the_new_one_is_complete(tmp_path):
    path = tmp_path / "anna.json"
    path.write_text("old", encoding="utf-8")

    def write_half():
        with files.replacing(path) as part:
            part.write_text("ne", encoding="utf-8")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_half()
    assert [each.name for each in tmp_path.iterdir()] == ["anna.json"]
    assert path.read_text(encoding="utf-8") == "old"


def test_a_class_is_summed_up_by_question_sureness_exercise_and_mistake(folder):
    found = results.read_results(folder)
    assert found.by_question() == [
        ("Question <0>?", "2", "1 (50%)", "90%"),
        ("Question <1>?", "1", "1 (100%)", "60%"),
    ]
    assert found.by_sureness() == [
        ("60% to 74% sure", "1", "1 (100%)", "60%"),
        ("90% sure or more", "2", "1 (50%)", "90%"),
    ]
    assert found.by_exercise() == [(NAME, "2", "1 (50%)", "2.0")]
    assert found.by_mistake() == [(MISTAKE, NAME, "2")]
    words = "2 readers; 67% of 3 bets right, 80% sure on average, 13 points more than right"
    assert found.summary() == words
    assert repr(found).endswith(words)
    for table in ("question", "how sure", "exercise", "mistake"):
        assert f"\n{table} " in f"\n{found!r}"
    assert found._repr_html_().count("<table>") == 4
    assert "Question &lt;0&gt;?" in found._repr_html_()


def test_without_readers_there_is_a_sentence_and_no_table(tmp_path):
    assert repr(results.read_results(tmp_path)) == "0 readers"


BET = {"question": "a", "bet": "1", "truth": "1", "sure": 0.5, "hit": True}
TRIES = {"exercise": "a", "right": True, "mistakes": []}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": "another"}, "no file of results"),
        ({"version": 2}, "version must be 1, got 2"),
        ({"bets": 3}, "not iterable"),
        ({"bets": [3]}, "must be a mapping"),
        ({"bets": [BET | {"sure": 1.5}]}, "sure must lie between 0 and 1, got 1.5"),
        ({"bets": [BET | {"sure": float("nan")}]}, "sure must lie between 0 and 1, got nan"),
        ({"bets": [BET | {"hit": 1}]}, "hit must be of type bool, got 1"),
        ({"bets": [BET | {"more": 1}]}, "unexpected keyword argument 'more'"),
        ({"bets": [{"question": "a"}]}, "missing 4 required"),
        ({"exercises": [TRIES | {"exercise": ["a"]}]}, "must be of type str, got"),
        ({"exercises": [TRIES | {"mistakes": [["a"]]}]}, "must be of type str, got"),
        ({"exercises": [TRIES | {"mistakes": 3}]}, "mistakes must be of type"),
        ({"exercises": [TRIES | {"mistakes": "ab"}]}, "mistakes must be of type"),
        ({"exercises": [TRIES | {"right": None}]}, "right must be of type bool"),
    ],
)
def test_a_file_with_one_thing_wrong_is_named_and_left_out(change, why, folder):
    anna = json.loads((folder / "anna.json").read_text(encoding="utf-8"))
    (folder / "cleo.json").write_text(json.dumps(anna | change), encoding="utf-8")
    found = results.read_results(folder)
    assert (len(found.readers), list(found.skipped)) == (2, ["cleo.json"])
    assert why in found.skipped["cleo.json"]
    assert f"1 file left out: cleo.json ({found.skipped['cleo.json']})" in found.summary()


FOREIGN = {
    "a.json": b"",
    "b.json": b'{"format": ',
    "c.json": b"\xff\xfe\x00",
    "d.json": b"[" * 100_000,
    "e.ipynb": b"[1, 2]",
    "f.json": b" " * 1_000_001,
}


def test_foreign_files_are_named_hidden_ones_and_folders_passed_over(folder):
    for name, content in (FOREIGN | {".part-1-anna.json": b"half"}).items():
        (folder / name).write_bytes(content)
    (folder / "more").mkdir()
    found = results.read_results(folder)
    assert list(found.skipped) == list(FOREIGN)
    assert all(found.skipped.values())
    assert len(found.readers) == 2
    assert all((folder / name).read_bytes() == content for name, content in FOREIGN.items())
