import gc
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """An app of the house: its errors are declared and its subscribers enlisted when Django is ready."""

    default = False  # this base is imported into every apps module; Django must not hesitate between the two
    default_auto_field = "django.db.models.BigAutoField"

    def __init_subclass__(cls) -> None:
        cls.default = True

    def ready(self) -> None:
        for room in ("errors", "subscribers"):
            if find_spec(f"{self.name}.{room}"):
                import_module(f"{self.name}.{room}")


class KernelConfig(RoomConfig):
    """Queries are put together from thousands of small objects that die at once. Looking for circles after
    every 700 of them was a fifth of the work of a command."""

    name = "apps.kernel"
    BETWEEN_COLLECTIONS = 50_000

    def ready(self) -> None:
        super().ready()
        gc.freeze()
        gc.set_threshold(self.BETWEEN_COLLECTIONS, *gc.get_threshold()[1:])
