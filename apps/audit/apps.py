from apps.kernel.apps import RoomConfig


class AuditConfig(RoomConfig):
    name = "apps.audit"
