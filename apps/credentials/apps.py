from apps.kernel.apps import RoomConfig


class CredentialsConfig(RoomConfig):
    name = "apps.credentials"
