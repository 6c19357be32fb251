from apps.kernel.apps import RoomConfig


class NotificationsConfig(RoomConfig):
    name = "apps.notifications"
