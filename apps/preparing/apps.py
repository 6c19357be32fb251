from apps.kernel.apps import RoomConfig


class PreparingConfig(RoomConfig):
    name = "apps.preparing"
