"""Fine-tuning the sentence model on a pack's written questions. Needs the extra `train`; the desk runs without it."""

from intents.fine_tuning.ship import ship
from intents.fine_tuning.tune import fine_tune

__all__ = ["fine_tune", "ship"]
