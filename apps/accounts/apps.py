from apps.kernel.apps import RoomConfig


class AccountsConfig(RoomConfig):
    name = "apps.accounts"
