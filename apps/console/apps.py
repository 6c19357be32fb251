from apps.kernel.apps import RoomConfig


class ConsoleConfig(RoomConfig):
    name = "apps.console"
