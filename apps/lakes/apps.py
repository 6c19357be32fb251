from apps.kernel.apps import RoomConfig


class LakesConfig(RoomConfig):
    name = "apps.lakes"
