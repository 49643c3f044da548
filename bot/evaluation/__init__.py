"""How right the desk is: labelled questions, answered and compared."""

from bot.evaluation.scoring import Figures, Judged, Label, curve, figures, groups, judge, read_labels

__all__ = ["Figures", "Judged", "Label", "curve", "figures", "groups", "judge", "read_labels"]
