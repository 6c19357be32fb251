from apps.kernel.apps import RoomConfig


class ApiConfig(RoomConfig):
    name = "apps.api"

    def ready(self) -> None:
        super().ready()
        from apps.api import schema  # noqa: F401 - tells the schema generator of our authentication
