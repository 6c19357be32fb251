from apps.kernel.apps import RoomConfig


class LabelingConfig(RoomConfig):
    name = "apps.labeling"
