from apps.kernel.apps import RoomConfig


class CatalogConfig(RoomConfig):
    name = "apps.catalog"
