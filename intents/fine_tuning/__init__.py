"""Fine-tuning sentence models on a pack's written questions. Needs the extra `train`; the desk runs without it."""

from intents.fine_tuning.base import multilingual
from intents.fine_tuning.english import english
from intents.fine_tuning.ship import ship
from intents.fine_tuning.tune import fine_tune

__all__ = ["english", "fine_tune", "multilingual", "ship"]
