from apps.kernel.apps import RoomConfig


class ComplianceConfig(RoomConfig):
    name = "apps.compliance"
