from apps.kernel.apps import RoomConfig


class ClassificationConfig(RoomConfig):
    name = "apps.classification"
