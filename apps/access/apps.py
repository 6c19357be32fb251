from apps.kernel.apps import RoomConfig


class AccessConfig(RoomConfig):
    name = "apps.access"
