from apps.kernel.apps import RoomConfig


class ReviewsConfig(RoomConfig):
    name = "apps.reviews"
