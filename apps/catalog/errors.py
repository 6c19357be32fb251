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
INPUT_IN_A_CIRCLE = declare(
    "INPUT_IN_A_CIRCLE",
    "%(input)s was itself made from this version: that would be a circle.",
    "Name the versions it was really made from.",
)
INPUT_KNOWN = declare(
    "INPUT_KNOWN", "%(input)s is already named as an input, in this role.", "Nothing to do."
)
INPUT_MISSING = declare(
    "INPUT_MISSING", "No input is named.", "Name at least one version that this one was made from."
)
CARRIED_BY_HAND = declare(
    "CARRIED_BY_HAND",
    "Which columns went into which is known only where the portal itself made the version.",
    "Name the input alone, or prepare a view of it.",
)
LABELS_COME_FROM_A_FILE = declare(
    "LABELS_COME_FROM_A_FILE",
    "Label sets, their versions and what they were made from are not registered by hand.",
    "Bring the file of labels for the version of the dataset: it is measured, and becomes the next version.",
)
BASE_IS_A_MODEL = declare(
    "BASE_IS_A_MODEL",
    "Only a model is fine-tuned, and only from a model; «%(input)s» is named as its base.",
    "Say that a model was trained on a dataset, and a dataset made from another.",
)
