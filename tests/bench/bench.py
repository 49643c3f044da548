"""How long answers take, beside plain search, by words and by meaning, over the same clauses in the same run.

`make bench` measures with written questions of the pack; `make bench QUESTIONS=file.jsonl` with those of a file whose
lines have a "text".
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from types import ModuleType

import bm25
import e5

from bot.desk import Desk
from intents import Understanding, load_understanding
from intents.lexicon import Lexicon, load_lexicon
from intents.questions import QUESTIONS
from knowledge import load_pack

HERE = Path(__file__).parent
EVERY = 30
"""Of the written questions each thirtieth is taken: about 150."""
REPEATS_IN_A_PIPE = 4
COLD_STARTS = 7
LARGER = 100
QUESTION = "can I share applicant data with an event co-host?"


def main() -> None:
    """Print the table."""
    questions = _questions(Path(sys.argv[1]) if sys.argv[1:] and sys.argv[1] else None)
    print(f"{len(questions)} questions, {sys.version.split()[0]}, times in milliseconds")
    print(f"{'':<14}{'median':>9}{'p99':>9}{'a second':>11}{'cold start':>12}")
    for name in ("cues", "learned"):
        ask = [sys.executable, "-m", "bot", "--reader", name, "ask"]
        desk = _desk(name)
        _row(name, desk.ask, questions, [*ask, "--jsonl"], ask, QUESTION)
    for name, search in (("BM25", bm25), ("e5-small", e5)):
        _search_row(name, search, questions)
    usual, large = (_lexicon_time(times, questions) for times in (1, LARGER))
    print(f"\ncues with {LARGER} times the lexicon: median {large:.2f} ms, {large / usual:.1f} times as long")
    for name in ("cues", "learned"):
        print(f"memory with {name}: {_memory(name):.0f} MB")


def _search_row(name: str, search: ModuleType, questions: Sequence[str]) -> None:
    """A row for plain search, where its package is installed."""
    try:
        searcher = search.searcher()
    except ImportError as error:
        print(f"{name:<14}{error.name} is not installed")
        return
    command = [sys.executable, str(search.__file__)]
    _row(name, searcher, questions, command, command, json.dumps({"text": QUESTION}))


def _lexicon_time(times: int, questions: Sequence[str]) -> float:
    """The median time, in milliseconds, of a question with a lexicon so many times as large."""
    pack = load_pack("atrustia")
    lexicon = load_lexicon(pack)
    made = tuple(
        (f"{phrase.rstrip('*')} {_word(number)}", entry)
        for number in range(1, times)
        for phrase, entry in lexicon.facts
    )
    larger = Lexicon(lexicon.facts + made, lexicon.signs, lexicon.claims)
    desk = Desk(pack, Understanding(pack, larger, None))
    return median(_in_process(desk.ask, questions)) * 1000


def _word(number: int) -> str:
    """A word that nobody says, another for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)) + "qx"


def _memory(reader: str) -> float:
    """What a process takes at most, in MB, that reads a few questions."""
    code = (
        "import re, sys; from bot.desk import Desk;"
        "from intents import load_understanding; from knowledge import load_pack;"
        "pack = load_pack('atrustia');"
        "desk = Desk(pack, load_understanding(pack, cues_alone=sys.argv[1] == 'cues'));"
        "[desk.ask(line) for line in sys.stdin];"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024)"
    )
    command = [sys.executable, "-c", code, reader]
    result = subprocess.run(command, input=f"{QUESTION}\n" * 5, capture_output=True, text=True, check=True)
    return float(result.stdout)


def _desk(reader: str) -> Desk:
    pack = load_pack("atrustia")
    return Desk(pack, load_understanding(pack, cues_alone=reader == "cues"))


def _questions(path: Path | None) -> list[str]:
    lines = (path or load_pack("atrustia").path / QUESTIONS).read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines if line.strip()]
    return texts if path else texts[::EVERY]


def _row(
    name: str,
    answer: Callable[[str], object],
    questions: Sequence[str],
    piped: Sequence[str],
    started: Sequence[str],
    question: str,
) -> None:
    times = sorted(_in_process(answer, questions))
    rate = _through_a_pipe(piped, questions)
    start = median(_once(started, question) for _ in range(COLD_STARTS))
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"{name:<14}{median(times) * 1000:>9.2f}{p99 * 1000:>9.2f}{rate:>11.0f}{start * 1000:>12.0f}")


def _in_process(answer: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """The time of each question, after one round that fills the caches of what does not depend on the question."""
    times = []
    for question in (*questions[:5], *questions):
        begun = time.perf_counter()
        answer(question)
        times.append(time.perf_counter() - begun)
    return times[5:]


def _through_a_pipe(command: Sequence[str], questions: Sequence[str]) -> float:
    """Questions a second through one process, its start counted in."""
    lines = "".join(json.dumps({"text": question}) + "\n" for question in questions) * REPEATS_IN_A_PIPE
    begun = time.perf_counter()
    result = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    took = time.perf_counter() - begun
    count = len(questions) * REPEATS_IN_A_PIPE
    assert len(result.stdout.splitlines()) == count
    return count / took


def _once(command: Sequence[str], question: str) -> float:
    begun = time.perf_counter()
    subprocess.run(command, input=question, capture_output=True, text=True, check=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
