"""What can be wrong with assets, locations and versions."""

from apps.policy.reason import declare

ASSET_NAME_TAKEN = declare(
    "ASSET_NAME_TAKEN",
    "There is already a %(kind)s called «%(name)s» in this domain.",
    "Choose another name, or add a version to the one that exists.",
)
LOCATION_OVERLAPS = declare(
    "LOCATION_OVERLAPS",
    "%(bucket)s/%(prefix)s overlaps a storage location that is registered already.",
    "Choose a prefix that neither contains other registered data nor lies within them.",
)
LOCATION_TAKEN = declare(
    "LOCATION_TAKEN",
    "%(bucket)s/%(prefix)s is already registered.",
    "Use the location that exists.",
)
LOCATION_OUTSIDE_ROOTS = declare(
    "LOCATION_OUTSIDE_ROOTS",
    "%(bucket)s/%(prefix)s lies outside what the lake's connection may reach.",
    "Choose a place within: %(roots)s; or ask an administrator to widen the connection.",
)
LOCATION_OF_ANOTHER_ASSET = declare(
    "LOCATION_OF_ANOTHER_ASSET",
    "This storage location belongs to another asset.",
    "Register a location for this asset.",
)
LOCATION_IN_USE = declare(
    "LOCATION_IN_USE",
    "Version %(version)s lies at this storage location.",
    "Register a location of its own for every version: a key opens a location as a whole.",
)
COLUMN_TWICE = declare(
    "COLUMN_TWICE", "The column «%(column)s» is named twice.", "Give each column a name of its own."
)
COLUMN_NAMELESS = declare("COLUMN_NAMELESS", "A column has no name.", "Give every column a name.")
VERSION_MISSING = declare(
    "VERSION_MISSING",
    "The asset has no version yet.",
    "Add a version before publishing.",
)
ASSET_RETIRED = declare("ASSET_RETIRED", "The asset is retired.", "Register a new asset, or use another one.")
INPUT_IS_ITSELF = declare(
    "INPUT_IS_ITSELF",
    "A version cannot be made from a version of the same asset that comes after it.",
    "Name the versions it was really made from.",
)
