"""Plain search over the clauses of a policy, to measure the desk beside: BM25, by the package bm25s.

As a program: reads one question a line, writes the three best clauses of each as JSON.
"""

import json
import sys
from collections.abc import Callable

import bm25s

from knowledge import load_pack


def searcher(pack: str = "atrustia") -> Callable[[str], list[str]]:
    """A search over the clauses of a pack: a question in, the ids of the three best clauses out."""
    clauses = [clause for clause in load_pack(pack).policy.clauses.values() if clause.text]
    index = bm25s.BM25()
    index.index(bm25s.tokenize([clause.text for clause in clauses], show_progress=False), show_progress=False)

    def search(question: str) -> list[str]:
        tokens = bm25s.tokenize([question], show_progress=False, return_ids=False)
        found, _ = index.retrieve(tokens, k=3, show_progress=False)
        return [clauses[place].id for place in found[0]]

    return search


if __name__ == "__main__":
    find = searcher()
    for line in sys.stdin:
        print(json.dumps({"citations": find(json.loads(line)["text"])}))
